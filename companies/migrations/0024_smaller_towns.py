from django.db import migrations

from companies.migrations._smaller_towns import add_smaller_towns


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0023_corrections'),
    ]

    operations = [
        migrations.RunPython(add_smaller_towns, migrations.RunPython.noop),
    ]
