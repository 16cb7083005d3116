"""The events that the stored courses have earned so far."""

from django.db import migrations

from grants.migrations._first_events import store_earned_events


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("cases", "0001_initial"),
        ("companies", "0001_initial"),
        ("randomization", "0001_initial"),
        ("grants", "0004_earned_events"),
    ]

    operations = [migrations.RunPython(store_earned_events, migrations.RunPython.noop)]
