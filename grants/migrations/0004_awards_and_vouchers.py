import datetime
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_reminder_leads'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('grants', '0003_statement_life'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.AddField(
            model_name='grantscheme',
            name='fixed_grant',
            field=models.DecimalField(decimal_places=2, default=Decimal('850000.00'), max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='fixed grant per municipality, at most'),
        ),
        migrations.CreateModel(
            name='Award',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('target_count', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='target count')),
                ('reason', models.TextField(verbose_name='reason')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='accounts.project')),
            ],
            options={
                'verbose_name': 'award',
                'verbose_name_plural': 'awards',
                'ordering': ['project', '-valid_from'],
                'constraints': [models.UniqueConstraint(fields=('project', 'valid_from'), name='grants_award_once', violation_error_message='The project already has an award from that day.'), models.CheckConstraint(condition=models.Q(('target_count__gt', 0)), name='grants_award_target'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='grants_award_reason')],
            },
        ),
        migrations.CreateModel(
            name='BudgetLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('management', 'Project management and coordination, salaries'), ('staff', 'Other project staff, salaries'), ('teaching', 'Teaching'), ('materials', 'Materials'), ('transport', 'Transport'), ('rent', 'Rent'), ('communication', 'Communication and information'), ('audit', 'Audit'), ('other', 'Other, specified')], max_length=20, verbose_name='category')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='budget')),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='budget', to='grants.award')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('award', 'category'), name='grants_budget_once'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='grants_budget_amount')],
            },
        ),
        migrations.CreateModel(
            name='FixedGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='fixed grant')),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fixed_grants', to='grants.award')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality')),
            ],
            options={
                'ordering': ['municipality'],
                'constraints': [models.UniqueConstraint(fields=('award', 'municipality'), name='grants_fixed_once'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='grants_fixed_amount')],
            },
        ),
        migrations.CreateModel(
            name='Voucher',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('submission', models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('category', models.CharField(choices=[('management', 'Project management and coordination, salaries'), ('staff', 'Other project staff, salaries'), ('teaching', 'Teaching'), ('materials', 'Materials'), ('transport', 'Transport'), ('rent', 'Rent'), ('communication', 'Communication and information'), ('audit', 'Audit'), ('other', 'Other, specified')], max_length=20, verbose_name='category')),
                ('on', models.DateField(verbose_name='date')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='amount')),
                ('what', models.CharField(max_length=200, verbose_name='what it is for')),
                ('statutory', models.BooleanField(default=False, verbose_name="the jobcentre's statutory task, not eligible")),
                ('for_fixed_grant', models.BooleanField(default=False, verbose_name="the project leader's salary, for the fixed grant")),
                ('file_type', models.CharField(max_length=20)),
                ('file_size', models.PositiveIntegerField()),
                ('file_sha256', models.CharField(max_length=64)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.CharField(blank=True, default='', max_length=500, verbose_name='why it is withdrawn')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality', verbose_name='municipality')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vouchers', to='accounts.project')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'voucher',
                'verbose_name_plural': 'vouchers',
                'ordering': ['-on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='grants_voucher_amount'), models.CheckConstraint(condition=models.Q(('for_fixed_grant', True), ('statutory', True), _negated=True), name='grants_voucher_one_purpose'), models.CheckConstraint(condition=models.Q(('for_fixed_grant', False), ('category', 'management'), _connector='OR'), name='grants_voucher_salary', violation_error_message="Only the project leader's salary documents the fixed grant."), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='grants_voucher_withdrawn')],
            },
        ),
        migrations.CreateModel(
            name='VoucherEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('submission', models.UUIDField(blank=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('category', models.CharField(choices=[('management', 'Project management and coordination, salaries'), ('staff', 'Other project staff, salaries'), ('teaching', 'Teaching'), ('materials', 'Materials'), ('transport', 'Transport'), ('rent', 'Rent'), ('communication', 'Communication and information'), ('audit', 'Audit'), ('other', 'Other, specified')], max_length=20, verbose_name='category')),
                ('on', models.DateField(verbose_name='date')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='amount')),
                ('what', models.CharField(max_length=200, verbose_name='what it is for')),
                ('statutory', models.BooleanField(default=False, verbose_name="the jobcentre's statutory task, not eligible")),
                ('for_fixed_grant', models.BooleanField(default=False, verbose_name="the project leader's salary, for the fixed grant")),
                ('file_type', models.CharField(max_length=20)),
                ('file_size', models.PositiveIntegerField()),
                ('file_sha256', models.CharField(max_length=64)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.CharField(blank=True, default='', max_length=500, verbose_name='why it is withdrawn')),
                ('entered_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('municipality', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.municipality', verbose_name='municipality')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grants.voucher')),
                ('project', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.project')),
                ('withdrawn_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('pages', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='pages')),
                ('budget', models.DecimalField(decimal_places=2, max_digits=14, validators=[django.core.validators.MinValueValidator(0)], verbose_name='budget applied for')),
                ('target_count', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='target count applied for')),
                ('elements', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('roles', 'Roles'), ('job_goal', 'The job goal sets the course'), ('sniffing', 'Sniffing period'), ('adjust', 'Adjusted along the way'), ('match', 'Match and work agreement'), ('retention', 'Intensive retention support'), ('hours', 'Internship with ordinary hours'), ('plan', 'Plan for job'), ('kick_start', 'Kick-start and duration')], max_length=20), blank=True, default=list, size=None, verbose_name='core elements addressed')),
                ('partners', models.CharField(blank=True, max_length=200, verbose_name='joint partners')),
                ('deadline', models.DateTimeField(default=datetime.datetime(2015, 11, 9, 11, 0, tzinfo=datetime.timezone.utc), verbose_name='deadline')),
                ('pages_at_most', models.PositiveSmallIntegerField(default=12, verbose_name='pages at most')),
                ('reason', models.TextField(verbose_name='reason')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='accounts.project')),
            ],
            options={
                'verbose_name': 'application',
                'verbose_name_plural': 'applications',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='grants_application_reason')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='application',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='be86b4e2636dd9c20a11b4e4762eb5f33e815d31', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_12047', table='grants_application', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='award',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7ad863a9593dc02c98209a79e4f1f4e9ba4a236d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_608b2', table='grants_award', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='award',
            trigger=pgtrigger.compiler.Trigger(name='in_turn', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    PERFORM 1 FROM accounts_project WHERE id = NEW.project_id FOR NO KEY UPDATE;\n    IF EXISTS (SELECT 1 FROM grants_award WHERE project_id = NEW.project_id\n               AND valid_from >= NEW.valid_from)\n       OR EXISTS (SELECT 1 FROM grants_statement WHERE project_id = NEW.project_id\n                  AND state IN ('approved', 'paid') AND cut_off >= NEW.valid_from) THEN\n        RAISE EXCEPTION 'an award never changes what is past';\n    END IF;\n    RETURN NEW;\n", hash='df1bfac7c51e4e98367a3e4cb0070f30d2d4fccd', operation='INSERT', pgid='pgtrigger_in_turn_29ca9', table='grants_award', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='budgetline',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c142eeb13aa7737cc9d0ad3a844c7c7d6ab34561', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_30d4f', table='grants_budgetline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fixedgrant',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='62cb5f45d787ac6ea7d7d781a553f8fc1cc28919', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6c9de', table='grants_fixedgrant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='voucher',
            trigger=pgtrigger.compiler.Trigger(name='only_withdrawn', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL\n       OR (to_jsonb(NEW) - ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_reason', 'version'])\n       <> (to_jsonb(OLD) - ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_reason', 'version']) THEN\n        RAISE EXCEPTION 'a voucher is never changed; it may be withdrawn with a reason';\n    END IF;\n    RETURN NEW;\n", hash='a71f039637223eda68e368ae75a25e7b4b3fb910', operation='UPDATE OR DELETE', pgid='pgtrigger_only_withdrawn_29777', table='grants_voucher', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='voucher',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grants_voucherevent" ("amount", "category", "created_at", "entered_by_id", "file_sha256", "file_size", "file_type", "for_fixed_grant", "id", "municipality_id", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "public_id", "statutory", "submission", "version", "what", "withdrawn_at", "withdrawn_by_id", "withdrawn_reason") VALUES (NEW."amount", NEW."category", NEW."created_at", NEW."entered_by_id", NEW."file_sha256", NEW."file_size", NEW."file_type", NEW."for_fixed_grant", NEW."id", NEW."municipality_id", NEW."on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."project_id", NEW."public_id", NEW."statutory", NEW."submission", NEW."version", NEW."what", NEW."withdrawn_at", NEW."withdrawn_by_id", NEW."withdrawn_reason"); RETURN NULL;', hash='29b29719945d67fb7f7a37ef0399f616f9af1bc7', operation='INSERT', pgid='pgtrigger_insert_insert_004aa', table='grants_voucher', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='voucher',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grants_voucherevent" ("amount", "category", "created_at", "entered_by_id", "file_sha256", "file_size", "file_type", "for_fixed_grant", "id", "municipality_id", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "public_id", "statutory", "submission", "version", "what", "withdrawn_at", "withdrawn_by_id", "withdrawn_reason") VALUES (NEW."amount", NEW."category", NEW."created_at", NEW."entered_by_id", NEW."file_sha256", NEW."file_size", NEW."file_type", NEW."for_fixed_grant", NEW."id", NEW."municipality_id", NEW."on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."project_id", NEW."public_id", NEW."statutory", NEW."submission", NEW."version", NEW."what", NEW."withdrawn_at", NEW."withdrawn_by_id", NEW."withdrawn_reason"); RETURN NULL;', hash='152bf7c1fd7770e1a4e21ea43d754e49b6bae1da', operation='UPDATE', pgid='pgtrigger_update_update_fcea5', table='grants_voucher', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='voucher',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grants_voucherevent" ("amount", "category", "created_at", "entered_by_id", "file_sha256", "file_size", "file_type", "for_fixed_grant", "id", "municipality_id", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "public_id", "statutory", "submission", "version", "what", "withdrawn_at", "withdrawn_by_id", "withdrawn_reason") VALUES (OLD."amount", OLD."category", OLD."created_at", OLD."entered_by_id", OLD."file_sha256", OLD."file_size", OLD."file_type", OLD."for_fixed_grant", OLD."id", OLD."municipality_id", OLD."on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."project_id", OLD."public_id", OLD."statutory", OLD."submission", OLD."version", OLD."what", OLD."withdrawn_at", OLD."withdrawn_by_id", OLD."withdrawn_reason"); RETURN NULL;', hash='3903e2455a313b5777425409097eeaee6bd93cc3', operation='DELETE', pgid='pgtrigger_delete_delete_2099b', table='grants_voucher', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='voucherevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='302299094d83d81e4927c65394147e5ba961eafb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_13d82', table='grants_voucherevent', when='BEFORE')),
        ),
    ]
