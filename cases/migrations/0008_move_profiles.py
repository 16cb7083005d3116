"""The profile's one text becomes the first versions of its wishes; the day of the last CV update becomes that of the CV."""

from itertools import groupby

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations
from django.utils import timezone


def move_profiles(apps, schema_editor):
    """Store each text that the joint profile has had as a version, with its day and who wrote it.

    They become versions of the wishes: nobody but the citizen can say which part was a dream.
    """
    Course = apps.get_model("cases", "Course")
    Event = apps.get_model("cases", "CourseEvent")
    User = apps.get_model("accounts", "User")
    ProfileText = apps.get_model("cases", "ProfileText")
    Cv = apps.get_model("cases", "Cv")
    users = set(User.objects.values_list("pk", flat=True))
    written = set(Event.objects.exclude(profile="").values_list("pgh_obj_id", flat=True))
    events = Event.objects.filter(pgh_obj_id__in=written).order_by("pgh_obj_id", "pgh_id")
    rows = events.values_list("pgh_obj_id", "profile", "pgh_created_at", "pgh_context__metadata__user")
    courses = set(Course.objects.values_list("pk", flat=True))
    for course, texts in groupby(rows.iterator(), key=lambda row: row[0]):
        if course not in courses:
            continue
        before, number = "", 0
        for _course, text, at, user in texts:
            if text == before:
                continue
            before, number = text, number + 1
            ProfileText.objects.create(
                course_id=course,
                subject="wishes",
                number=number,
                version=number,
                text=text,
                written_on=timezone.localdate(at),
                written_by_id=user if user in users else None,
            )
    for course, day in Course.objects.exclude(cv_updated_on=None).values_list("pk", "cv_updated_on"):
        Cv.objects.create(course_id=course, changed_on=day)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the columns go in the same transaction


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0007_cv_and_profile'),
    ]

    operations = [
        migrations.RunPython(move_profiles, migrations.RunPython.noop),
        pgtrigger.migrations.RemoveTrigger(
            model_name='course',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='course',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='course',
            name='delete_delete',
        ),
        migrations.RemoveField(
            model_name='course',
            name='cv_updated_on',
        ),
        migrations.RemoveField(
            model_name='course',
            name='profile',
        ),
        migrations.RemoveField(
            model_name='courseevent',
            name='cv_updated_on',
        ),
        migrations.RemoveField(
            model_name='courseevent',
            name='profile',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='course',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_courseevent" ("citizen_id", "continued_from", "created_at", "end_reason", "ended_on", "id", "internship_from", "municipality_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "public_id", "referral_id", "retention_until", "started_on", "submission", "version") VALUES (NEW."citizen_id", NEW."continued_from", NEW."created_at", NEW."end_reason", NEW."ended_on", NEW."id", NEW."internship_from", NEW."municipality_id", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."project_id", NEW."public_id", NEW."referral_id", NEW."retention_until", NEW."started_on", NEW."submission", NEW."version"); RETURN NULL;', hash='d361217788852ec1f4391416a5cb783f9cb8778e', operation='INSERT', pgid='pgtrigger_insert_insert_feab1', table='cases_course', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='course',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_courseevent" ("citizen_id", "continued_from", "created_at", "end_reason", "ended_on", "id", "internship_from", "municipality_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "public_id", "referral_id", "retention_until", "started_on", "submission", "version") VALUES (NEW."citizen_id", NEW."continued_from", NEW."created_at", NEW."end_reason", NEW."ended_on", NEW."id", NEW."internship_from", NEW."municipality_id", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."project_id", NEW."public_id", NEW."referral_id", NEW."retention_until", NEW."started_on", NEW."submission", NEW."version"); RETURN NULL;', hash='125b0eb4250d41948a6c3b0a6e0bdb6aff5c5c42', operation='UPDATE', pgid='pgtrigger_update_update_5bd0e', table='cases_course', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='course',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_courseevent" ("citizen_id", "continued_from", "created_at", "end_reason", "ended_on", "id", "internship_from", "municipality_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "public_id", "referral_id", "retention_until", "started_on", "submission", "version") VALUES (OLD."citizen_id", OLD."continued_from", OLD."created_at", OLD."end_reason", OLD."ended_on", OLD."id", OLD."internship_from", OLD."municipality_id", OLD."outcome", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."project_id", OLD."public_id", OLD."referral_id", OLD."retention_until", OLD."started_on", OLD."submission", OLD."version"); RETURN NULL;', hash='dd305e55bbcf1b645dcbc83ec9817bad3371350a', operation='DELETE', pgid='pgtrigger_delete_delete_cae23', table='cases_course', when='AFTER')),
        ),
    ]
