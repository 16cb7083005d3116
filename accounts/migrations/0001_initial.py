import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import jobfirst.migrating.operations
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.migrations._reference_data import load_municipalities, load_trial_terms


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        jobfirst.migrating.operations.RenderedOnce(
            operations=[
                migrations.CreateModel(
                    name='Municipality',
                    fields=[
                        ('code', models.CharField(max_length=4, primary_key=True, serialize=False, validators=[django.core.validators.RegexValidator('^\\d{4}$')], verbose_name='municipality code')),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                    ],
                    options={
                        'verbose_name': 'municipality',
                        'verbose_name_plural': 'municipalities',
                        'ordering': ['name'],
                    },
                ),
                migrations.CreateModel(
                    name='Project',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('slug', models.SlugField(unique=True, verbose_name='project')),
                        ('name', models.CharField(max_length=120, verbose_name='name')),
                        ('starts_on', models.DateField(verbose_name='starts on')),
                        ('ends_on', models.DateField(verbose_name='ends on')),
                        ('target_count', models.PositiveIntegerField(verbose_name='target count')),
                        ('municipalities', models.ManyToManyField(related_name='projects', through='accounts.ProjectMunicipality', to='accounts.municipality', verbose_name='municipalities')),
                    ],
                    options={
                        'verbose_name': 'project',
                        'verbose_name_plural': 'projects',
                        'ordering': ['slug'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='accounts_project_dates', violation_error_message='The project must end after it starts.'), models.CheckConstraint(condition=models.Q(('target_count__gt', 0)), name='accounts_project_target')],
                    },
                ),
                migrations.CreateModel(
                    name='TrialTerms',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('valid_from', models.DateField(unique=True, verbose_name='valid from')),
                        ('minimum_age', models.PositiveSmallIntegerField(default=30, verbose_name='minimum age, years')),
                        ('public_support_months', models.PositiveSmallIntegerField(default=12, verbose_name='public support, months')),
                        ('enrolment_months', models.PositiveSmallIntegerField(default=12, verbose_name='enrolment, months')),
                        ('minimum_per_arm', models.PositiveSmallIntegerField(default=100, verbose_name='minimum per arm')),
                        ('sniffing_weeks', models.PositiveSmallIntegerField(default=13, verbose_name='sniffing period, weeks')),
                        ('internship_max_days', models.PositiveSmallIntegerField(default=91, verbose_name='internship, days at most')),
                        ('meeting_interval_days', models.PositiveSmallIntegerField(default=31, verbose_name='between meetings, days')),
                        ('retention_weeks', models.PositiveSmallIntegerField(default=13, verbose_name='retention window, weeks')),
                        ('retention_months', models.PositiveSmallIntegerField(default=3, verbose_name='retention window, months')),
                        ('plan_months', models.PositiveSmallIntegerField(default=6, verbose_name='plan for job, months')),
                        ('contact_weekday', models.PositiveSmallIntegerField(default=4, verbose_name='reminder of the contact, weekday')),
                        ('booking_lead_days', models.PositiveSmallIntegerField(default=7, verbose_name='before a meeting is due, days')),
                        ('agreement_lead_days', models.PositiveSmallIntegerField(default=14, verbose_name='before an agreement ends, days')),
                        ('plan_lead_days', models.PositiveSmallIntegerField(default=14, verbose_name='before the plan for job is due, days')),
                        ('retention_lead_days', models.PositiveSmallIntegerField(default=14, verbose_name='before the window ends, days')),
                        ('empty_week_lead_days', models.PositiveSmallIntegerField(default=7, verbose_name='before an empty week, days')),
                        ('enrolment_slack_percent', models.PositiveSmallIntegerField(default=10, verbose_name='slack in enrolment, per cent')),
                    ],
                    options={
                        'verbose_name': 'terms of the trial',
                        'verbose_name_plural': 'terms of the trial',
                        'ordering': ['-valid_from'],
                    },
                ),
                migrations.CreateModel(
                    name='TrialTermsEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('valid_from', models.DateField(verbose_name='valid from')),
                        ('minimum_age', models.PositiveSmallIntegerField(default=30, verbose_name='minimum age, years')),
                        ('public_support_months', models.PositiveSmallIntegerField(default=12, verbose_name='public support, months')),
                        ('enrolment_months', models.PositiveSmallIntegerField(default=12, verbose_name='enrolment, months')),
                        ('minimum_per_arm', models.PositiveSmallIntegerField(default=100, verbose_name='minimum per arm')),
                        ('sniffing_weeks', models.PositiveSmallIntegerField(default=13, verbose_name='sniffing period, weeks')),
                        ('internship_max_days', models.PositiveSmallIntegerField(default=91, verbose_name='internship, days at most')),
                        ('meeting_interval_days', models.PositiveSmallIntegerField(default=31, verbose_name='between meetings, days')),
                        ('retention_weeks', models.PositiveSmallIntegerField(default=13, verbose_name='retention window, weeks')),
                        ('retention_months', models.PositiveSmallIntegerField(default=3, verbose_name='retention window, months')),
                        ('plan_months', models.PositiveSmallIntegerField(default=6, verbose_name='plan for job, months')),
                        ('contact_weekday', models.PositiveSmallIntegerField(default=4, verbose_name='reminder of the contact, weekday')),
                        ('booking_lead_days', models.PositiveSmallIntegerField(default=7, verbose_name='before a meeting is due, days')),
                        ('agreement_lead_days', models.PositiveSmallIntegerField(default=14, verbose_name='before an agreement ends, days')),
                        ('plan_lead_days', models.PositiveSmallIntegerField(default=14, verbose_name='before the plan for job is due, days')),
                        ('retention_lead_days', models.PositiveSmallIntegerField(default=14, verbose_name='before the window ends, days')),
                        ('empty_week_lead_days', models.PositiveSmallIntegerField(default=7, verbose_name='before an empty week, days')),
                        ('enrolment_slack_percent', models.PositiveSmallIntegerField(default=10, verbose_name='slack in enrolment, per cent')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.trialterms')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='UserEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                        ('name', models.CharField(max_length=150, verbose_name='name')),
                        ('is_active', models.BooleanField(default=True, verbose_name='active')),
                        ('session_epoch', models.PositiveIntegerField(default=0, editable=False)),
                        ('invited_at', models.DateTimeField(editable=False, null=True)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                        ('name', models.CharField(max_length=150, verbose_name='name')),
                        ('is_active', models.BooleanField(default=True, verbose_name='active')),
                        ('session_epoch', models.PositiveIntegerField(default=0, editable=False)),
                        ('invited_at', models.DateTimeField(editable=False, null=True)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                        ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                    ],
                    options={
                        'verbose_name': 'user',
                        'verbose_name_plural': 'users',
                        'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='accounts_user_email_once'), models.CheckConstraint(condition=models.Q(('is_superuser', False)), name='accounts_user_no_superuser'), models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower(models.F('email')))), name='accounts_user_email_lower')],
                    },
                ),
                migrations.CreateModel(
                    name='Membership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('role', models.CharField(choices=[('project_leader', 'Project leader'), ('coordinating_caseworker', 'Coordinating caseworker'), ('course_owner', 'Course owner'), ('job_consultant', 'Job consultant'), ('mentor', 'Mentor'), ('agency', 'Agency'), ('administrator', 'Administrator')], max_length=30, verbose_name='role')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                        ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.project')),
                    ],
                    options={
                        'verbose_name': 'membership',
                        'verbose_name_plural': 'memberships',
                        'constraints': [models.UniqueConstraint(fields=('user', 'project', 'role'), name='accounts_membership_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('project__isnull', True), ('role__in', ['administrator', 'agency'])), models.Q(models.Q(('role__in', ['administrator', 'agency']), _negated=True), ('project__isnull', False)), _connector='OR'), name='accounts_membership_project', violation_error_message='The agency and administrators belong to no project, others to one.')],
                    },
                ),
                migrations.CreateModel(
                    name='MembershipEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('role', models.CharField(choices=[('project_leader', 'Project leader'), ('coordinating_caseworker', 'Coordinating caseworker'), ('course_owner', 'Course owner'), ('job_consultant', 'Job consultant'), ('mentor', 'Mentor'), ('agency', 'Agency'), ('administrator', 'Administrator')], max_length=30, verbose_name='role')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.membership')),
                        ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('project', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.project')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ProjectEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('slug', models.SlugField(db_index=False, verbose_name='project')),
                        ('name', models.CharField(max_length=120, verbose_name='name')),
                        ('starts_on', models.DateField(verbose_name='starts on')),
                        ('ends_on', models.DateField(verbose_name='ends on')),
                        ('target_count', models.PositiveIntegerField(verbose_name='target count')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.project')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='ProjectMunicipality',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('is_lead', models.BooleanField(default=False)),
                        ('municipality', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='place', to='accounts.municipality')),
                        ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='accounts.project')),
                    ],
                    options={
                        'ordering': ['-is_lead', 'municipality_id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('is_lead', True)), fields=('project',), name='accounts_project_one_lead')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='project',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_projectevent" ("ends_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "starts_on", "target_count") VALUES (NEW."ends_on", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."slug", NEW."starts_on", NEW."target_count"); RETURN NULL;', hash='896e5b13c6cca06e61d361974ae8232bfba6f887', operation='INSERT', pgid='pgtrigger_insert_insert_c28f2', table='accounts_project', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='project',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_projectevent" ("ends_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "starts_on", "target_count") VALUES (NEW."ends_on", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."slug", NEW."starts_on", NEW."target_count"); RETURN NULL;', hash='8d7265b5d0afa642d76ff68102c3b1ec590ca7e8', operation='UPDATE', pgid='pgtrigger_update_update_528f0', table='accounts_project', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='project',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_projectevent" ("ends_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "starts_on", "target_count") VALUES (OLD."ends_on", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."slug", OLD."starts_on", OLD."target_count"); RETURN NULL;', hash='cfe3bee0d433bc575104bde0ab5afd9bf8945ea8', operation='DELETE', pgid='pgtrigger_delete_delete_bce9b', table='accounts_project', when='AFTER')),
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
                pgtrigger.migrations.AddTrigger(
                    model_name='trialtermsevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='44e109d6c08e90ce738f2715a53d327280fbf547', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_829bf', table='accounts_trialtermsevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='userevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9e9498e73f6fbdf2642fb33fa14189f1ad2382c8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_45b21', table='accounts_userevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='user',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("created_at", "email", "id", "invited_at", "is_active", "is_superuser", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "session_epoch") VALUES (NEW."created_at", NEW."email", NEW."id", NEW."invited_at", NEW."is_active", NEW."is_superuser", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."session_epoch"); RETURN NULL;', hash='53f84d288ae1195e5d3fb3089009078ce33c8ced', operation='INSERT', pgid='pgtrigger_insert_insert_3867c', table='accounts_user', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='user',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."invited_at" IS DISTINCT FROM (NEW."invited_at") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."session_epoch" IS DISTINCT FROM (NEW."session_epoch"))', func='INSERT INTO "accounts_userevent" ("created_at", "email", "id", "invited_at", "is_active", "is_superuser", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "session_epoch") VALUES (NEW."created_at", NEW."email", NEW."id", NEW."invited_at", NEW."is_active", NEW."is_superuser", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."session_epoch"); RETURN NULL;', hash='69b4ab597b55edbeb8f9384639bc2bc3f0a9b9d2', operation='UPDATE', pgid='pgtrigger_update_update_0e890', table='accounts_user', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='user',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_userevent" ("created_at", "email", "id", "invited_at", "is_active", "is_superuser", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "session_epoch") VALUES (OLD."created_at", OLD."email", OLD."id", OLD."invited_at", OLD."is_active", OLD."is_superuser", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."session_epoch"); RETURN NULL;', hash='67ceeaf0b0742dfb6b86545d99d34206ad8e0f5a', operation='DELETE', pgid='pgtrigger_delete_delete_19f14', table='accounts_user', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='membership',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_membershipevent" ("created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "role", "user_id") VALUES (NEW."created_at", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."project_id", NEW."role", NEW."user_id"); RETURN NULL;', hash='becdab70976a3a4c1589ae889c156346c380bdfb', operation='INSERT', pgid='pgtrigger_insert_insert_fc05a', table='accounts_membership', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='membership',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_membershipevent" ("created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "role", "user_id") VALUES (NEW."created_at", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."project_id", NEW."role", NEW."user_id"); RETURN NULL;', hash='20c722e0d1ae22bba3102e0b20c7a552d317ee4d', operation='UPDATE', pgid='pgtrigger_update_update_20ab5', table='accounts_membership', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='membership',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_membershipevent" ("created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "role", "user_id") VALUES (OLD."created_at", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."project_id", OLD."role", OLD."user_id"); RETURN NULL;', hash='5fdef3ed182a433cbc21ac9437edfcbd12649e3a', operation='DELETE', pgid='pgtrigger_delete_delete_19a8f', table='accounts_membership', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='membershipevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e1f05704110766345bef638c18be4307af995a77', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9ee6c', table='accounts_membershipevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='projectevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e40c8a39cd94b4cc869b41cb43349d1d4891c3db', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b73e7', table='accounts_projectevent', when='BEFORE')),
                ),
            ],
        ),
        migrations.RunPython(load_municipalities, migrations.RunPython.noop),
        migrations.RunPython(load_trial_terms, migrations.RunPython.noop),
    ]
