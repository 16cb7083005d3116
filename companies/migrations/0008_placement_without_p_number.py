from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0007_workplaces_of_placements'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='placement',
            name='p_number',
        ),
        migrations.RemoveField(
            model_name='placementevent',
            name='p_number',
        ),
    ]
