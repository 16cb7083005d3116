from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grants', '0009_limits'),
    ]

    operations = [
        migrations.AlterField(
            model_name='statementline',
            name='kind',
            field=models.CharField(choices=[('start', 'Start of a company course'), ('completion', 'Completion')], max_length=12, verbose_name='event'),
        ),
    ]
