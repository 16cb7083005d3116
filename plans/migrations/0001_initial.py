import django.db.models.deletion
import jobfirst.migrating.operations
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('cases', '0001_initial'),
        ('companies', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        jobfirst.migrating.operations.RenderedOnce(
            operations=[
                migrations.CreateModel(
                    name='ActivityLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('submission', models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('kind', models.CharField(choices=[('visit', 'Company visit or coffee'), ('sniffing', 'Sniffing internship'), ('conversation', 'Conversation with employees, interns or managers'), ('other', 'Other')], max_length=20, verbose_name='kind')),
                        ('what', models.CharField(max_length=200, verbose_name='what')),
                        ('where', models.CharField(blank=True, max_length=200, verbose_name='where')),
                        ('who', models.CharField(max_length=200, verbose_name='who')),
                        ('starts_on', models.DateField(verbose_name='from')),
                        ('ends_on', models.DateField(verbose_name='to')),
                        ('done', models.BooleanField(blank=True, null=True, verbose_name='done')),
                        ('cancelled', models.BooleanField(default=False, verbose_name='cancelled')),
                        ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='companies.company', verbose_name='company')),
                        ('course', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='activities', to='cases.course')),
                    ],
                    options={
                        'verbose_name': 'activity',
                        'verbose_name_plural': 'activities',
                        'ordering': ['starts_on', 'pk'],
                        'indexes': [models.Index(fields=['course', 'starts_on'], name='plans_activity_course')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='plans_activity_dates', violation_error_message='The end must not be before the start.')],
                    },
                ),
                migrations.CreateModel(
                    name='ActivityLineEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('submission', models.UUIDField(blank=True, editable=False, null=True)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('kind', models.CharField(choices=[('visit', 'Company visit or coffee'), ('sniffing', 'Sniffing internship'), ('conversation', 'Conversation with employees, interns or managers'), ('other', 'Other')], max_length=20, verbose_name='kind')),
                        ('what', models.CharField(max_length=200, verbose_name='what')),
                        ('where', models.CharField(blank=True, max_length=200, verbose_name='where')),
                        ('who', models.CharField(max_length=200, verbose_name='who')),
                        ('starts_on', models.DateField(verbose_name='from')),
                        ('ends_on', models.DateField(verbose_name='to')),
                        ('done', models.BooleanField(blank=True, null=True, verbose_name='done')),
                        ('cancelled', models.BooleanField(default=False, verbose_name='cancelled')),
                        ('company', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='companies.company', verbose_name='company')),
                        ('course', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.course')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='plans.activityline')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='PlanForJob',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('submission', models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('number', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                        ('made_on', models.DateField(verbose_name='made on')),
                        ('made_by_name', models.CharField(blank=True, editable=False, max_length=254)),
                        ('citizen_name', models.CharField(editable=False, max_length=150)),
                        ('municipality_name', models.CharField(editable=False, max_length=60)),
                        ('mentor_name', models.CharField(blank=True, editable=False, max_length=254)),
                        ('starts_on', models.DateField(verbose_name='from')),
                        ('ends_on', models.DateField(editable=False, verbose_name='to')),
                        ('model', models.CharField(choices=[('same_workplace', 'Combination at the same workplace'), ('new_workplace', 'Combination at a new workplace'), ('ladder', 'Ladder, possibly through wage subsidy')], max_length=20, verbose_name='model')),
                        ('job_goal', models.TextField(verbose_name='consolidated job goal')),
                        ('flex_job_considered', models.BooleanField(verbose_name='flex job is considered')),
                        ('flex_job_note', models.TextField(blank=True, verbose_name='about flex job')),
                        ('effort', models.CharField(choices=[('extended_internship', '1: extended internship'), ('new_workplace', '2: new workplace'), ('wage_subsidy', '3: wage subsidy'), ('ordinary_employment', '4: ordinary employment, including flex job')], max_length=30, verbose_name='effort')),
                        ('tasks_and_times', models.TextField(verbose_name='tasks and times')),
                        ('ordinary_hours_aim', models.DecimalField(decimal_places=2, max_digits=4, verbose_name='ordinary hours a week aimed at')),
                        ('ordinary_hours', models.DecimalField(decimal_places=2, default=0, max_digits=4, verbose_name='ordinary hours a week agreed')),
                        ('wage', models.CharField(blank=True, max_length=150, verbose_name='wage')),
                        ('mentor_continues', models.BooleanField(verbose_name='the mentor support continues')),
                        ('mentor_until', models.DateField(blank=True, null=True, verbose_name='mentor support until')),
                        ('mentor_tasks', models.TextField(blank=True, verbose_name="the mentor's extent and tasks")),
                        ('mentor_end_reason', models.TextField(blank=True, verbose_name='why the mentor support ends')),
                        ('last_meeting', models.TextField(verbose_name='summary of the last meeting')),
                        ('course_owner_name', models.CharField(blank=True, editable=False, max_length=254)),
                        ('coordinating_caseworker_name', models.CharField(blank=True, editable=False, max_length=254)),
                        ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='cases.course')),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'plan for job',
                        'verbose_name_plural': 'plans for job',
                        'ordering': ['-number'],
                        'constraints': [models.UniqueConstraint(fields=('course', 'number'), name='plans_plan_version'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='plans_plan_dates'), models.CheckConstraint(condition=models.Q(('ordinary_hours_aim__gt', 0)), name='plans_plan_aims_at_hours', violation_error_message='A plan for job must aim at ordinary hours.'), models.CheckConstraint(condition=models.Q(models.Q(('mentor_continues', True), ('mentor_until__isnull', False), models.Q(('mentor_tasks', ''), _negated=True)), models.Q(('mentor_continues', False), ('mentor_until__isnull', True), models.Q(('mentor_end_reason', ''), _negated=True)), _connector='OR'), name='plans_plan_mentor', violation_error_message='Write until when the mentor support continues and what it is, or why it ends.'), models.CheckConstraint(condition=models.Q(('citizen_name', ''), _negated=True), name='plans_plan_citizen')],
                    },
                ),
                migrations.CreateModel(
                    name='PlanForJobEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('submission', models.UUIDField(blank=True, editable=False, null=True)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('number', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                        ('made_on', models.DateField(verbose_name='made on')),
                        ('made_by_name', models.CharField(blank=True, editable=False, max_length=254)),
                        ('citizen_name', models.CharField(editable=False, max_length=150)),
                        ('municipality_name', models.CharField(editable=False, max_length=60)),
                        ('mentor_name', models.CharField(blank=True, editable=False, max_length=254)),
                        ('starts_on', models.DateField(verbose_name='from')),
                        ('ends_on', models.DateField(editable=False, verbose_name='to')),
                        ('model', models.CharField(choices=[('same_workplace', 'Combination at the same workplace'), ('new_workplace', 'Combination at a new workplace'), ('ladder', 'Ladder, possibly through wage subsidy')], max_length=20, verbose_name='model')),
                        ('job_goal', models.TextField(verbose_name='consolidated job goal')),
                        ('flex_job_considered', models.BooleanField(verbose_name='flex job is considered')),
                        ('flex_job_note', models.TextField(blank=True, verbose_name='about flex job')),
                        ('effort', models.CharField(choices=[('extended_internship', '1: extended internship'), ('new_workplace', '2: new workplace'), ('wage_subsidy', '3: wage subsidy'), ('ordinary_employment', '4: ordinary employment, including flex job')], max_length=30, verbose_name='effort')),
                        ('tasks_and_times', models.TextField(verbose_name='tasks and times')),
                        ('ordinary_hours_aim', models.DecimalField(decimal_places=2, max_digits=4, verbose_name='ordinary hours a week aimed at')),
                        ('ordinary_hours', models.DecimalField(decimal_places=2, default=0, max_digits=4, verbose_name='ordinary hours a week agreed')),
                        ('wage', models.CharField(blank=True, max_length=150, verbose_name='wage')),
                        ('mentor_continues', models.BooleanField(verbose_name='the mentor support continues')),
                        ('mentor_until', models.DateField(blank=True, null=True, verbose_name='mentor support until')),
                        ('mentor_tasks', models.TextField(blank=True, verbose_name="the mentor's extent and tasks")),
                        ('mentor_end_reason', models.TextField(blank=True, verbose_name='why the mentor support ends')),
                        ('last_meeting', models.TextField(verbose_name='summary of the last meeting')),
                        ('course_owner_name', models.CharField(blank=True, editable=False, max_length=254)),
                        ('coordinating_caseworker_name', models.CharField(blank=True, editable=False, max_length=254)),
                        ('course', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.course')),
                        ('made_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='plans.planforjob')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='activityline',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "plans_activitylineevent" ("cancelled", "company_id", "course_id", "created_at", "done", "ends_on", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "starts_on", "submission", "version", "what", "where", "who") VALUES (NEW."cancelled", NEW."company_id", NEW."course_id", NEW."created_at", NEW."done", NEW."ends_on", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."starts_on", NEW."submission", NEW."version", NEW."what", NEW."where", NEW."who"); RETURN NULL;', hash='59a16d80c5cb2595a016bc16f1a1e3adb05cf72b', operation='INSERT', pgid='pgtrigger_insert_insert_1bea4', table='plans_activityline', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='activityline',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "plans_activitylineevent" ("cancelled", "company_id", "course_id", "created_at", "done", "ends_on", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "starts_on", "submission", "version", "what", "where", "who") VALUES (NEW."cancelled", NEW."company_id", NEW."course_id", NEW."created_at", NEW."done", NEW."ends_on", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."starts_on", NEW."submission", NEW."version", NEW."what", NEW."where", NEW."who"); RETURN NULL;', hash='3511a52db6dd5e876c19d532a5541dee2502ea7d', operation='UPDATE', pgid='pgtrigger_update_update_da77d', table='plans_activityline', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='activityline',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "plans_activitylineevent" ("cancelled", "company_id", "course_id", "created_at", "done", "ends_on", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "starts_on", "submission", "version", "what", "where", "who") VALUES (OLD."cancelled", OLD."company_id", OLD."course_id", OLD."created_at", OLD."done", OLD."ends_on", OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."starts_on", OLD."submission", OLD."version", OLD."what", OLD."where", OLD."who"); RETURN NULL;', hash='df520f0cd3ae3dba62f576f60fef1e3ca4e376dd', operation='DELETE', pgid='pgtrigger_delete_delete_2d82d', table='plans_activityline', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='activitylineevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d687b085f33a313745b3dcb2a642309e6c26414b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9d1cb', table='plans_activitylineevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='planforjob',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f385bb758a934f1e84d5821f442036bb8b08e3e4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_91a3c', table='plans_planforjob', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='planforjob',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "plans_planforjobevent" ("citizen_name", "coordinating_caseworker_name", "course_id", "course_owner_name", "created_at", "effort", "ends_on", "flex_job_considered", "flex_job_note", "id", "job_goal", "last_meeting", "made_by_id", "made_by_name", "made_on", "mentor_continues", "mentor_end_reason", "mentor_name", "mentor_tasks", "mentor_until", "model", "municipality_name", "number", "ordinary_hours", "ordinary_hours_aim", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "starts_on", "submission", "tasks_and_times", "version", "wage") VALUES (NEW."citizen_name", NEW."coordinating_caseworker_name", NEW."course_id", NEW."course_owner_name", NEW."created_at", NEW."effort", NEW."ends_on", NEW."flex_job_considered", NEW."flex_job_note", NEW."id", NEW."job_goal", NEW."last_meeting", NEW."made_by_id", NEW."made_by_name", NEW."made_on", NEW."mentor_continues", NEW."mentor_end_reason", NEW."mentor_name", NEW."mentor_tasks", NEW."mentor_until", NEW."model", NEW."municipality_name", NEW."number", NEW."ordinary_hours", NEW."ordinary_hours_aim", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."starts_on", NEW."submission", NEW."tasks_and_times", NEW."version", NEW."wage"); RETURN NULL;', hash='5ed71299b77a7b923a583316dcef8082fd71931e', operation='INSERT', pgid='pgtrigger_insert_insert_79560', table='plans_planforjob', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='planforjob',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "plans_planforjobevent" ("citizen_name", "coordinating_caseworker_name", "course_id", "course_owner_name", "created_at", "effort", "ends_on", "flex_job_considered", "flex_job_note", "id", "job_goal", "last_meeting", "made_by_id", "made_by_name", "made_on", "mentor_continues", "mentor_end_reason", "mentor_name", "mentor_tasks", "mentor_until", "model", "municipality_name", "number", "ordinary_hours", "ordinary_hours_aim", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "starts_on", "submission", "tasks_and_times", "version", "wage") VALUES (NEW."citizen_name", NEW."coordinating_caseworker_name", NEW."course_id", NEW."course_owner_name", NEW."created_at", NEW."effort", NEW."ends_on", NEW."flex_job_considered", NEW."flex_job_note", NEW."id", NEW."job_goal", NEW."last_meeting", NEW."made_by_id", NEW."made_by_name", NEW."made_on", NEW."mentor_continues", NEW."mentor_end_reason", NEW."mentor_name", NEW."mentor_tasks", NEW."mentor_until", NEW."model", NEW."municipality_name", NEW."number", NEW."ordinary_hours", NEW."ordinary_hours_aim", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."starts_on", NEW."submission", NEW."tasks_and_times", NEW."version", NEW."wage"); RETURN NULL;', hash='be611248aa462bdbdc9feec3a188d9e8bf97664e', operation='UPDATE', pgid='pgtrigger_update_update_3776d', table='plans_planforjob', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='planforjob',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "plans_planforjobevent" ("citizen_name", "coordinating_caseworker_name", "course_id", "course_owner_name", "created_at", "effort", "ends_on", "flex_job_considered", "flex_job_note", "id", "job_goal", "last_meeting", "made_by_id", "made_by_name", "made_on", "mentor_continues", "mentor_end_reason", "mentor_name", "mentor_tasks", "mentor_until", "model", "municipality_name", "number", "ordinary_hours", "ordinary_hours_aim", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "starts_on", "submission", "tasks_and_times", "version", "wage") VALUES (OLD."citizen_name", OLD."coordinating_caseworker_name", OLD."course_id", OLD."course_owner_name", OLD."created_at", OLD."effort", OLD."ends_on", OLD."flex_job_considered", OLD."flex_job_note", OLD."id", OLD."job_goal", OLD."last_meeting", OLD."made_by_id", OLD."made_by_name", OLD."made_on", OLD."mentor_continues", OLD."mentor_end_reason", OLD."mentor_name", OLD."mentor_tasks", OLD."mentor_until", OLD."model", OLD."municipality_name", OLD."number", OLD."ordinary_hours", OLD."ordinary_hours_aim", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."starts_on", OLD."submission", OLD."tasks_and_times", OLD."version", OLD."wage"); RETURN NULL;', hash='263b7de0f834354e6e00d158a0244770f37912f8', operation='DELETE', pgid='pgtrigger_delete_delete_2d30f', table='plans_planforjob', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='planforjobevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='aa6608fd0448aeecd4757ebd46ef58d74ff78cde', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c9db3', table='plans_planforjobevent', when='BEFORE')),
                ),
            ],
        ),
    ]
