"""The contexts of the history can be removed by the owner of the tables, while a citizen is erased.

As the triggers of the other tables (`jobfirst.database.owner.NO_TRIGGER_IGNORED`): nobody else can, and no other time.
"""

from django.db import migrations

FORWARDS = """
CREATE OR REPLACE FUNCTION audit_context_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF public._pgtrigger_should_ignore(TG_NAME) THEN RETURN coalesce(NEW, OLD); END IF;
  RAISE EXCEPTION 'Cannot update or delete rows from % table', TG_TABLE_NAME;
END $$;
"""
BACKWARDS = """
CREATE OR REPLACE FUNCTION audit_context_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Cannot update or delete rows from % table', TG_TABLE_NAME;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0007_erased_rows")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
