"""Placements get workplaces by their P-numbers, contact persons the project that uses them.

Triggers of placements are off meanwhile: they would refuse the change of a withdrawn placement. The history
gets the workplaces as well, so that no P-number is lost with the column.
"""

from django.db import migrations

WORKPLACES = """
INSERT INTO companies_workplace (public_id, version, created_at, company_id, p_number, name, street, postal_code,
                                 town, is_closed)
SELECT gen_random_uuid(), 1, now(), company_id, p_number, '', '', '', '', false
FROM (
    SELECT company_id, p_number FROM companies_placement
    UNION
    SELECT company_id, p_number FROM companies_placementevent
) AS delivered
WHERE p_number ~ '^[0-9]{10}$' AND EXISTS (SELECT 1 FROM companies_company WHERE id = company_id)
"""

PLACEMENTS = """
ALTER TABLE {table} DISABLE TRIGGER USER;
UPDATE {table} AS placement SET workplace_id = workplace.id
FROM companies_workplace AS workplace
WHERE workplace.company_id = placement.company_id AND workplace.p_number = placement.p_number
      AND placement.p_number <> '';
"""

TRIGGERS_ON = "ALTER TABLE {table} ENABLE TRIGGER USER"

# A contact person whom several projects use stays shared.
CONTACTS_OF_AGREEMENTS = """
UPDATE companies_companycontact AS contact SET project_id = used.project
FROM (
    SELECT agreement.company_contact_id AS contact, min(course.project_id) AS project
    FROM companies_workagreement AS agreement
    JOIN companies_placement AS placement ON placement.id = agreement.placement_id
    JOIN cases_course AS course ON course.id = placement.course_id
    GROUP BY agreement.company_contact_id
    HAVING count(DISTINCT course.project_id) = 1
) AS used
WHERE used.contact = contact.id
"""

CONTACTS_OF_PLACEMENTS = """
UPDATE companies_companycontact AS contact SET project_id = used.project
FROM (
    SELECT placement.company_id AS company, min(course.project_id) AS project
    FROM companies_placement AS placement
    JOIN cases_course AS course ON course.id = placement.course_id
    GROUP BY placement.company_id
    HAVING count(DISTINCT course.project_id) = 1
) AS used
WHERE used.company = contact.company_id AND contact.project_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM companies_workagreement WHERE company_contact_id = contact.id)
"""

SEARCH_TEXTS = "UPDATE companies_company SET search_text = ''"  # the trigger computes it

PLACEMENT_TABLES = ('companies_placement', 'companies_placementevent')


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0001_initial'),
        ('companies', '0006_workplaces'),
    ]

    operations = [
        migrations.RunSQL(WORKPLACES, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(PLACEMENTS.format(table=table), migrations.RunSQL.noop)
            for table in PLACEMENT_TABLES
        ),
        migrations.RunSQL('SET CONSTRAINTS ALL IMMEDIATE', migrations.RunSQL.noop),
        *(
            migrations.RunSQL(TRIGGERS_ON.format(table=table), migrations.RunSQL.noop)
            for table in PLACEMENT_TABLES
        ),
        migrations.RunSQL(CONTACTS_OF_AGREEMENTS, migrations.RunSQL.noop),
        migrations.RunSQL(CONTACTS_OF_PLACEMENTS, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH_TEXTS, migrations.RunSQL.noop),
    ]
