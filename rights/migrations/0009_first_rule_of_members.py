from django.db import migrations

from rights.migrations._rule_of_members import load_first_rule


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0008_kind_of_members"),
    ]

    operations = [
        migrations.RunPython(load_first_rule, migrations.RunPython.noop),
    ]
