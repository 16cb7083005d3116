"""The employee representative on the agreement; versions made before keep the form that they were signed in."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0018_postal_codes'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='workagreement',
            name='content_is_final',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='workagreement',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='workagreement',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='workagreement',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='workagreement',
            name='content_format',
            field=models.PositiveSmallIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='workagreement',
            name='representative_confirmed_on',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='workagreement',
            name='representative_name',
            field=models.CharField(blank=True, default='', editable=False, max_length=150),
        ),
        migrations.AddField(
            model_name='workagreementevent',
            name='content_format',
            field=models.PositiveSmallIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='workagreementevent',
            name='representative_confirmed_on',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='workagreementevent',
            name='representative_name',
            field=models.CharField(blank=True, default='', editable=False, max_length=150),
        ),
        migrations.AlterField(
            model_name='workagreement',
            name='content_format',
            field=models.PositiveSmallIntegerField(default=2, editable=False),
        ),
        migrations.AlterField(
            model_name='workagreementevent',
            name='content_format',
            field=models.PositiveSmallIntegerField(default=2, editable=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workagreement',
            trigger=pgtrigger.compiler.Trigger(name='content_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."submission" IS DISTINCT FROM (NEW."submission") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."made_on" IS DISTINCT FROM (NEW."made_on") OR OLD."made_by_id" IS DISTINCT FROM (NEW."made_by_id") OR OLD."made_by_name" IS DISTINCT FROM (NEW."made_by_name") OR OLD."citizen_name" IS DISTINCT FROM (NEW."citizen_name") OR OLD."municipality_name" IS DISTINCT FROM (NEW."municipality_name") OR OLD."mentor_name" IS DISTINCT FROM (NEW."mentor_name") OR OLD."placement_id" IS DISTINCT FROM (NEW."placement_id") OR OLD."content_format" IS DISTINCT FROM (NEW."content_format") OR OLD."tasks" IS DISTINCT FROM (NEW."tasks") OR OLD."goals" IS DISTINCT FROM (NEW."goals") OR OLD."subgoals" IS DISTINCT FROM (NEW."subgoals") OR OLD."company_contact_id" IS DISTINCT FROM (NEW."company_contact_id") OR OLD."support_needs" IS DISTINCT FROM (NEW."support_needs") OR OLD."accommodations" IS DISTINCT FROM (NEW."accommodations") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."company_name" IS DISTINCT FROM (NEW."company_name") OR OLD."company_cvr" IS DISTINCT FROM (NEW."company_cvr") OR OLD."p_number" IS DISTINCT FROM (NEW."p_number") OR OLD."workplace_name" IS DISTINCT FROM (NEW."workplace_name") OR OLD."workplace_address" IS DISTINCT FROM (NEW."workplace_address") OR OLD."company_contact_name" IS DISTINCT FROM (NEW."company_contact_name") OR OLD."company_contact_title" IS DISTINCT FROM (NEW."company_contact_title") OR OLD."company_contact_phone" IS DISTINCT FROM (NEW."company_contact_phone") OR OLD."company_contact_email" IS DISTINCT FROM (NEW."company_contact_email") OR OLD."job_consultant_name" IS DISTINCT FROM (NEW."job_consultant_name") OR OLD."placement_kind" IS DISTINCT FROM (NEW."placement_kind") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."internship_hours" IS DISTINCT FROM (NEW."internship_hours") OR OLD."ordinary_hours" IS DISTINCT FROM (NEW."ordinary_hours") OR OLD."representative_name" IS DISTINCT FROM (NEW."representative_name") OR OLD."representative_confirmed_on" IS DISTINCT FROM (NEW."representative_confirmed_on") OR OLD."progression_questions" IS DISTINCT FROM (NEW."progression_questions") OR OLD."questions_are_own_choice" IS DISTINCT FROM (NEW."questions_are_own_choice"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='82fcd695b3cc1cddfe8a0f8a40d01e6ce38401aa', operation='UPDATE', pgid='pgtrigger_content_is_final_60d58', table='companies_workagreement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workagreement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "companies_workagreementevent" ("accommodations", "citizen_name", "company_contact_email", "company_contact_id", "company_contact_name", "company_contact_phone", "company_contact_title", "company_cvr", "company_name", "content_format", "created_at", "ends_on", "goals", "id", "internship_hours", "job_consultant_name", "made_by_id", "made_by_name", "made_on", "mentor_name", "municipality_name", "number", "ordinary_hours", "p_number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placement_id", "placement_kind", "progression_questions", "public_id", "questions_are_own_choice", "representative_confirmed_on", "representative_name", "starts_on", "state", "subgoals", "submission", "support_needs", "tasks", "valid_from", "version", "workplace_address", "workplace_name") VALUES (NEW."accommodations", NEW."citizen_name", NEW."company_contact_email", NEW."company_contact_id", NEW."company_contact_name", NEW."company_contact_phone", NEW."company_contact_title", NEW."company_cvr", NEW."company_name", NEW."content_format", NEW."created_at", NEW."ends_on", NEW."goals", NEW."id", NEW."internship_hours", NEW."job_consultant_name", NEW."made_by_id", NEW."made_by_name", NEW."made_on", NEW."mentor_name", NEW."municipality_name", NEW."number", NEW."ordinary_hours", NEW."p_number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."placement_id", NEW."placement_kind", NEW."progression_questions", NEW."public_id", NEW."questions_are_own_choice", NEW."representative_confirmed_on", NEW."representative_name", NEW."starts_on", NEW."state", NEW."subgoals", NEW."submission", NEW."support_needs", NEW."tasks", NEW."valid_from", NEW."version", NEW."workplace_address", NEW."workplace_name"); RETURN NULL;', hash='341dfe0ac490046914d30b27333c4bebfa642663', operation='INSERT', pgid='pgtrigger_insert_insert_45801', table='companies_workagreement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workagreement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "companies_workagreementevent" ("accommodations", "citizen_name", "company_contact_email", "company_contact_id", "company_contact_name", "company_contact_phone", "company_contact_title", "company_cvr", "company_name", "content_format", "created_at", "ends_on", "goals", "id", "internship_hours", "job_consultant_name", "made_by_id", "made_by_name", "made_on", "mentor_name", "municipality_name", "number", "ordinary_hours", "p_number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placement_id", "placement_kind", "progression_questions", "public_id", "questions_are_own_choice", "representative_confirmed_on", "representative_name", "starts_on", "state", "subgoals", "submission", "support_needs", "tasks", "valid_from", "version", "workplace_address", "workplace_name") VALUES (NEW."accommodations", NEW."citizen_name", NEW."company_contact_email", NEW."company_contact_id", NEW."company_contact_name", NEW."company_contact_phone", NEW."company_contact_title", NEW."company_cvr", NEW."company_name", NEW."content_format", NEW."created_at", NEW."ends_on", NEW."goals", NEW."id", NEW."internship_hours", NEW."job_consultant_name", NEW."made_by_id", NEW."made_by_name", NEW."made_on", NEW."mentor_name", NEW."municipality_name", NEW."number", NEW."ordinary_hours", NEW."p_number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."placement_id", NEW."placement_kind", NEW."progression_questions", NEW."public_id", NEW."questions_are_own_choice", NEW."representative_confirmed_on", NEW."representative_name", NEW."starts_on", NEW."state", NEW."subgoals", NEW."submission", NEW."support_needs", NEW."tasks", NEW."valid_from", NEW."version", NEW."workplace_address", NEW."workplace_name"); RETURN NULL;', hash='3e8281f230f883b21a36bc9da7158b86ae6cf078', operation='UPDATE', pgid='pgtrigger_update_update_9deaf', table='companies_workagreement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workagreement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "companies_workagreementevent" ("accommodations", "citizen_name", "company_contact_email", "company_contact_id", "company_contact_name", "company_contact_phone", "company_contact_title", "company_cvr", "company_name", "content_format", "created_at", "ends_on", "goals", "id", "internship_hours", "job_consultant_name", "made_by_id", "made_by_name", "made_on", "mentor_name", "municipality_name", "number", "ordinary_hours", "p_number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placement_id", "placement_kind", "progression_questions", "public_id", "questions_are_own_choice", "representative_confirmed_on", "representative_name", "starts_on", "state", "subgoals", "submission", "support_needs", "tasks", "valid_from", "version", "workplace_address", "workplace_name") VALUES (OLD."accommodations", OLD."citizen_name", OLD."company_contact_email", OLD."company_contact_id", OLD."company_contact_name", OLD."company_contact_phone", OLD."company_contact_title", OLD."company_cvr", OLD."company_name", OLD."content_format", OLD."created_at", OLD."ends_on", OLD."goals", OLD."id", OLD."internship_hours", OLD."job_consultant_name", OLD."made_by_id", OLD."made_by_name", OLD."made_on", OLD."mentor_name", OLD."municipality_name", OLD."number", OLD."ordinary_hours", OLD."p_number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."placement_id", OLD."placement_kind", OLD."progression_questions", OLD."public_id", OLD."questions_are_own_choice", OLD."representative_confirmed_on", OLD."representative_name", OLD."starts_on", OLD."state", OLD."subgoals", OLD."submission", OLD."support_needs", OLD."tasks", OLD."valid_from", OLD."version", OLD."workplace_address", OLD."workplace_name"); RETURN NULL;', hash='a89dda56e145bcf6acf8ff26a9031a199883b0ca', operation='DELETE', pgid='pgtrigger_delete_delete_46fdb', table='companies_workagreement', when='AFTER')),
        ),
    ]
