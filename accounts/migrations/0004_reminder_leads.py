import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_no_superuser'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='trialterms',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='trialterms',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='trialterms',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='trialterms',
            name='agreement_lead_days',
            field=models.PositiveSmallIntegerField(default=14, verbose_name='before an agreement ends, days'),
        ),
        migrations.AddField(
            model_name='trialterms',
            name='booking_lead_days',
            field=models.PositiveSmallIntegerField(default=7, verbose_name='before a meeting is due, days'),
        ),
        migrations.AddField(
            model_name='trialterms',
            name='contact_weekday',
            field=models.PositiveSmallIntegerField(default=4, verbose_name='reminder of the contact, weekday'),
        ),
        migrations.AddField(
            model_name='trialterms',
            name='empty_week_lead_days',
            field=models.PositiveSmallIntegerField(default=7, verbose_name='before an empty week, days'),
        ),
        migrations.AddField(
            model_name='trialterms',
            name='enrolment_slack_percent',
            field=models.PositiveSmallIntegerField(default=10, verbose_name='slack in enrolment, per cent'),
        ),
        migrations.AddField(
            model_name='trialterms',
            name='plan_lead_days',
            field=models.PositiveSmallIntegerField(default=14, verbose_name='before the plan for job is due, days'),
        ),
        migrations.AddField(
            model_name='trialterms',
            name='retention_lead_days',
            field=models.PositiveSmallIntegerField(default=14, verbose_name='before the window ends, days'),
        ),
        migrations.AddField(
            model_name='trialtermsevent',
            name='agreement_lead_days',
            field=models.PositiveSmallIntegerField(default=14, verbose_name='before an agreement ends, days'),
        ),
        migrations.AddField(
            model_name='trialtermsevent',
            name='booking_lead_days',
            field=models.PositiveSmallIntegerField(default=7, verbose_name='before a meeting is due, days'),
        ),
        migrations.AddField(
            model_name='trialtermsevent',
            name='contact_weekday',
            field=models.PositiveSmallIntegerField(default=4, verbose_name='reminder of the contact, weekday'),
        ),
        migrations.AddField(
            model_name='trialtermsevent',
            name='empty_week_lead_days',
            field=models.PositiveSmallIntegerField(default=7, verbose_name='before an empty week, days'),
        ),
        migrations.AddField(
            model_name='trialtermsevent',
            name='enrolment_slack_percent',
            field=models.PositiveSmallIntegerField(default=10, verbose_name='slack in enrolment, per cent'),
        ),
        migrations.AddField(
            model_name='trialtermsevent',
            name='plan_lead_days',
            field=models.PositiveSmallIntegerField(default=14, verbose_name='before the plan for job is due, days'),
        ),
        migrations.AddField(
            model_name='trialtermsevent',
            name='retention_lead_days',
            field=models.PositiveSmallIntegerField(default=14, verbose_name='before the window ends, days'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trialterms',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_trialtermsevent" ("agreement_lead_days", "booking_lead_days", "contact_weekday", "empty_week_lead_days", "enrolment_months", "enrolment_slack_percent", "id", "internship_max_days", "meeting_interval_days", "minimum_age", "minimum_per_arm", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_lead_days", "plan_months", "public_support_months", "retention_lead_days", "retention_months", "retention_weeks", "sniffing_weeks", "valid_from") VALUES (NEW."agreement_lead_days", NEW."booking_lead_days", NEW."contact_weekday", NEW."empty_week_lead_days", NEW."enrolment_months", NEW."enrolment_slack_percent", NEW."id", NEW."internship_max_days", NEW."meeting_interval_days", NEW."minimum_age", NEW."minimum_per_arm", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_lead_days", NEW."plan_months", NEW."public_support_months", NEW."retention_lead_days", NEW."retention_months", NEW."retention_weeks", NEW."sniffing_weeks", NEW."valid_from"); RETURN NULL;', hash='c27d7aaf0fb7c83592fcababc52c91336dfc38ae', operation='INSERT', pgid='pgtrigger_insert_insert_193a0', table='accounts_trialterms', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trialterms',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_trialtermsevent" ("agreement_lead_days", "booking_lead_days", "contact_weekday", "empty_week_lead_days", "enrolment_months", "enrolment_slack_percent", "id", "internship_max_days", "meeting_interval_days", "minimum_age", "minimum_per_arm", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_lead_days", "plan_months", "public_support_months", "retention_lead_days", "retention_months", "retention_weeks", "sniffing_weeks", "valid_from") VALUES (NEW."agreement_lead_days", NEW."booking_lead_days", NEW."contact_weekday", NEW."empty_week_lead_days", NEW."enrolment_months", NEW."enrolment_slack_percent", NEW."id", NEW."internship_max_days", NEW."meeting_interval_days", NEW."minimum_age", NEW."minimum_per_arm", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_lead_days", NEW."plan_months", NEW."public_support_months", NEW."retention_lead_days", NEW."retention_months", NEW."retention_weeks", NEW."sniffing_weeks", NEW."valid_from"); RETURN NULL;', hash='f3bf8acb8496af1012e0061db388f95aada2c572', operation='UPDATE', pgid='pgtrigger_update_update_dffce', table='accounts_trialterms', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trialterms',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_trialtermsevent" ("agreement_lead_days", "booking_lead_days", "contact_weekday", "empty_week_lead_days", "enrolment_months", "enrolment_slack_percent", "id", "internship_max_days", "meeting_interval_days", "minimum_age", "minimum_per_arm", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_lead_days", "plan_months", "public_support_months", "retention_lead_days", "retention_months", "retention_weeks", "sniffing_weeks", "valid_from") VALUES (OLD."agreement_lead_days", OLD."booking_lead_days", OLD."contact_weekday", OLD."empty_week_lead_days", OLD."enrolment_months", OLD."enrolment_slack_percent", OLD."id", OLD."internship_max_days", OLD."meeting_interval_days", OLD."minimum_age", OLD."minimum_per_arm", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_lead_days", OLD."plan_months", OLD."public_support_months", OLD."retention_lead_days", OLD."retention_months", OLD."retention_weeks", OLD."sniffing_weeks", OLD."valid_from"); RETURN NULL;', hash='ef3619a7fbba09e354a7262de42a5e0e9441ad82', operation='DELETE', pgid='pgtrigger_delete_delete_ef11c', table='accounts_trialterms', when='AFTER')),
        ),
    ]
