"""The page of sign-ins and roles shows the newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_numbered_contexts")]

    operations = [
        migrations.AddIndex(
            model_name="securityrecord",
            index=models.Index(fields=["-at"], name="audit_security_newest"),
        ),
    ]
