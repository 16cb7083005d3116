from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grants", "0002_grant_terms"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="submission",
            field=models.UUIDField(blank=True, editable=False, null=True, unique=True),
        ),
    ]
