from django.db import migrations

from rights.migrations._first_rules import load_first_rules


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(load_first_rules, migrations.RunPython.noop),
    ]
