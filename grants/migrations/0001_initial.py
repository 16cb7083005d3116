import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_reference_data'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('cases', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('submission', models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('cut_off', models.DateField(verbose_name='cut-off')),
                ('target_count', models.PositiveIntegerField(verbose_name='target count')),
                ('ceiling', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='ceiling')),
                ('starts', models.PositiveIntegerField(verbose_name='starts')),
                ('completions', models.PositiveIntegerField(verbose_name='completions')),
                ('earned_to_date', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='earned to date')),
                ('paid_before', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='paid before')),
                ('payable', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='payable')),
                ('paid', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='paid')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved at')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prepared by')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='accounts.project')),
            ],
            options={
                'verbose_name': 'statement',
                'verbose_name_plural': 'statements',
                'ordering': ['project', 'cut_off'],
                'constraints': [models.UniqueConstraint(fields=('project', 'cut_off'), name='grants_statement_once', violation_error_message='The project already has a statement with this cut-off.'), models.CheckConstraint(condition=models.Q(('payable', django.db.models.expressions.CombinedExpression(django.db.models.functions.comparison.Least('earned_to_date', 'ceiling'), '-', models.F('paid_before')))), name='grants_statement_payable'), models.CheckConstraint(condition=models.Q(('paid', django.db.models.functions.comparison.Greatest('payable', Decimal('0.00')))), name='grants_statement_paid'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), models.Q(('approved_by', models.F('prepared_by')), _negated=True)), _connector='OR'), name='grants_statement_second_person', violation_error_message='Nobody approves a statement they prepared themselves.')],
            },
        ),
        migrations.CreateModel(
            name='StatementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('submission', models.UUIDField(blank=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('cut_off', models.DateField(verbose_name='cut-off')),
                ('target_count', models.PositiveIntegerField(verbose_name='target count')),
                ('ceiling', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='ceiling')),
                ('starts', models.PositiveIntegerField(verbose_name='starts')),
                ('completions', models.PositiveIntegerField(verbose_name='completions')),
                ('earned_to_date', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='earned to date')),
                ('paid_before', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='paid before')),
                ('payable', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='payable')),
                ('paid', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='paid')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved at')),
                ('approved_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='grants.statement')),
                ('prepared_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prepared by')),
                ('project', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.project')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='GrantScheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(unique=True, verbose_name='valid from')),
                ('start_amount', models.DecimalField(decimal_places=2, max_digits=10, validators=[django.core.validators.MinValueValidator(0)], verbose_name='for the start')),
                ('completion_amount', models.DecimalField(decimal_places=2, max_digits=10, validators=[django.core.validators.MinValueValidator(0)], verbose_name='for the completion')),
                ('completion_days', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='days to completion')),
                ('tolerance_days', models.PositiveSmallIntegerField(default=0, verbose_name='days a course may be broken')),
                ('bridge_non_working_days', models.BooleanField(default=True, verbose_name='weekends and public holidays do not break')),
                ('counting_kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('sniffing', 'Sniffing internship'), ('internship', 'Internship'), ('wage_subsidy', 'Wage subsidy'), ('ordinary_employment', 'Ordinary employment'), ('flex_job', 'Flex job')], max_length=20), size=None, verbose_name='kinds that count')),
                ('ceiling_share', models.DecimalField(decimal_places=4, max_digits=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name="the ceiling's share")),
                ('own_choices', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('reason', models.TextField(verbose_name='reason')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'terms of the grant',
                'verbose_name_plural': 'terms of the grant',
                'ordering': ['valid_from'],
                'constraints': [models.CheckConstraint(condition=models.Q(('completion_amount__gte', 0), ('start_amount__gte', 0)), name='grants_scheme_amounts'), models.CheckConstraint(condition=models.Q(('completion_days__gte', 1)), name='grants_scheme_days'), models.CheckConstraint(condition=models.Q(('ceiling_share__gte', 0), ('ceiling_share__lte', 1)), name='grants_scheme_share'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='grants_scheme_reason')],
            },
        ),
        migrations.CreateModel(
            name='StatementLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('citizen', models.CharField(max_length=20, verbose_name='citizen')),
                ('kind', models.CharField(choices=[('start', 'Start of a company course'), ('completion', 'Completion of 13 weeks')], max_length=12, verbose_name='event')),
                ('on', models.DateField(verbose_name='date')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='amount')),
                ('basis', models.JSONField(default=dict)),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.course')),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grants.grantscheme')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='grants.statement')),
            ],
            options={
                'verbose_name': 'statement line',
                'verbose_name_plural': 'statement lines',
                'ordering': ['on', 'citizen', '-kind'],
                'constraints': [models.UniqueConstraint(fields=('statement', 'course', 'kind'), name='grants_line_once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='grantscheme',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dff011da1d0f8f6fa2150e31dd4aec6865f342e5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_30885', table='grants_grantscheme', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='approved_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."approved_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='68114bfa1bc827b6c8a04e344e1ed9fbd6030681', operation='UPDATE OR DELETE', pgid='pgtrigger_approved_is_final_6e444', table='grants_statement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grants_statementevent" ("approved_at", "approved_by_id", "ceiling", "completions", "created_at", "cut_off", "earned_to_date", "id", "paid", "paid_before", "payable", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_by_id", "project_id", "public_id", "starts", "submission", "target_count", "version", "year") VALUES (NEW."approved_at", NEW."approved_by_id", NEW."ceiling", NEW."completions", NEW."created_at", NEW."cut_off", NEW."earned_to_date", NEW."id", NEW."paid", NEW."paid_before", NEW."payable", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prepared_by_id", NEW."project_id", NEW."public_id", NEW."starts", NEW."submission", NEW."target_count", NEW."version", NEW."year"); RETURN NULL;', hash='ab43f49ae11b523ba7f4232a04fcb28171279d91', operation='INSERT', pgid='pgtrigger_insert_insert_f0a4d', table='grants_statement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grants_statementevent" ("approved_at", "approved_by_id", "ceiling", "completions", "created_at", "cut_off", "earned_to_date", "id", "paid", "paid_before", "payable", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_by_id", "project_id", "public_id", "starts", "submission", "target_count", "version", "year") VALUES (NEW."approved_at", NEW."approved_by_id", NEW."ceiling", NEW."completions", NEW."created_at", NEW."cut_off", NEW."earned_to_date", NEW."id", NEW."paid", NEW."paid_before", NEW."payable", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prepared_by_id", NEW."project_id", NEW."public_id", NEW."starts", NEW."submission", NEW."target_count", NEW."version", NEW."year"); RETURN NULL;', hash='2d546ac3feeb5e7255a964d77b456a569093c122', operation='UPDATE', pgid='pgtrigger_update_update_21f7d', table='grants_statement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grants_statementevent" ("approved_at", "approved_by_id", "ceiling", "completions", "created_at", "cut_off", "earned_to_date", "id", "paid", "paid_before", "payable", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prepared_by_id", "project_id", "public_id", "starts", "submission", "target_count", "version", "year") VALUES (OLD."approved_at", OLD."approved_by_id", OLD."ceiling", OLD."completions", OLD."created_at", OLD."cut_off", OLD."earned_to_date", OLD."id", OLD."paid", OLD."paid_before", OLD."payable", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."prepared_by_id", OLD."project_id", OLD."public_id", OLD."starts", OLD."submission", OLD."target_count", OLD."version", OLD."year"); RETURN NULL;', hash='704ace97f6ecb8411af85c12cb3fdcbcb8a37f6d', operation='DELETE', pgid='pgtrigger_delete_delete_30048', table='grants_statement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2541313af2ad583730e5f86c71ad8f6810ef5136', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_116ea', table='grants_statementevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementline',
            trigger=pgtrigger.compiler.Trigger(name='approved_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF TG_OP <> 'INSERT' THEN\n        PERFORM 1 FROM grants_statement WHERE id = OLD.statement_id FOR SHARE;\n        IF (SELECT approved_at FROM grants_statement WHERE id = OLD.statement_id) IS NOT NULL THEN\n            RAISE EXCEPTION 'the lines of an approved statement are final';\n        END IF;\n    END IF;\n    IF TG_OP = 'DELETE' THEN\n        RETURN OLD;\n    END IF;\n    PERFORM 1 FROM grants_statement WHERE id = NEW.statement_id FOR SHARE;\n    IF (SELECT approved_at FROM grants_statement WHERE id = NEW.statement_id) IS NOT NULL THEN\n        RAISE EXCEPTION 'the lines of an approved statement are final';\n    END IF;\n    RETURN NEW;\n", hash='ec8b0d3e7be1e2c2236ed44b13933f8b34c1f945', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_approved_is_final_078af', table='grants_statementline', when='BEFORE')),
        ),
    ]
