"""The page of sign-ins and roles sorts by the moment; a refusal has one name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_numbered_contexts")]

    operations = [
        migrations.AddIndex(
            model_name="securityrecord",
            index=models.Index(fields=["-at"], name="audit_security_newest"),
        ),
        migrations.AlterField(
            model_name="accessrecord",
            name="outcome",
            field=models.CharField(
                choices=[("shown", "Shown"), ("refused", "Access refused")], max_length=10
            ),
        ),
    ]
