"""What a file said of a placement so far names its company, kind and first day as well (D42)."""

from django.db import migrations

NAME_IDENTITY = """
UPDATE companies_placement placement
SET delivered = delivered || jsonb_build_object(
    'cvr', company.cvr, 'kind', placement.kind, 'starts_on', placement.starts_on::text
)
FROM companies_company company
WHERE company.id = placement.company_id AND delivered IS NOT NULL AND NOT delivered ? 'starts_on'
    AND withdrawn_at IS NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0021_text_limits'),
    ]

    operations = [
        migrations.RunSQL(NAME_IDENTITY, migrations.RunSQL.noop),
    ]
