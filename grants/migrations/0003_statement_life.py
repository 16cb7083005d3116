import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_reminder_leads'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('cases', '0001_initial'),
        ('grants', '0002_first_terms'),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('submission', models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('year', models.PositiveSmallIntegerField()),
                ('cut_off', models.DateField()),
                ('with_events', models.BooleanField(default=True)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('done', 'Made'), ('failed', 'Could not be made')], default='queued', max_length=10)),
                ('progress', models.PositiveSmallIntegerField(default=0)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('made_at', models.DateTimeField(blank=True, null=True)),
                ('name', models.CharField(blank=True, default='', max_length=120)),
                ('content', models.BinaryField(blank=True, null=True)),
                ('sha256', models.CharField(blank=True, default='', max_length=64)),
                ('citizens', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), blank=True, default=list, size=None)),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.project')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('statement', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='document', to='grants.statement')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('content__isnull', False), ('made_at__isnull', False), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='grants_document_done')],
            },
        ),
        migrations.CreateModel(
            name='StatementSpell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('placement', models.BigIntegerField()),
                ('company', models.CharField(max_length=8, verbose_name='CVR number')),
                ('kind', models.CharField(choices=[('sniffing', 'Sniffing internship'), ('internship', 'Internship'), ('wage_subsidy', 'Wage subsidy'), ('ordinary_employment', 'Ordinary employment'), ('flex_job', 'Flex job')], max_length=20, verbose_name='kind')),
                ('starts_on', models.DateField(verbose_name='starts on')),
                ('planned_end_on', models.DateField(blank=True, null=True, verbose_name='planned end')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('reason', models.CharField(blank=True, default='', max_length=30)),
                ('counted_days', models.PositiveIntegerField(default=0)),
                ('needed_days', models.PositiveIntegerField(default=0)),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.course')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spells', to='grants.statement')),
            ],
            options={
                'ordering': ['starts_on', 'placement'],
                'indexes': [models.Index(fields=['statement', 'course'], name='grants_spell_course')],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='statement',
            name='approved_is_final',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='statement',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='statement',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='statement',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='statementline',
            name='approved_is_final',
        ),
        migrations.RemoveConstraint(
            model_name='statement',
            name='grants_statement_once',
        ),
        migrations.RemoveConstraint(
            model_name='statement',
            name='grants_statement_second_person',
        ),
        migrations.RemoveConstraint(
            model_name='statementline',
            name='grants_line_once',
        ),
        migrations.RemoveField(
            model_name='statement',
            name='prepared_by',
        ),
        migrations.RemoveField(
            model_name='statementevent',
            name='prepared_by',
        ),
        migrations.AddField(
            model_name='statement',
            name='checked_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='checked at'),
        ),
        migrations.AddField(
            model_name='statement',
            name='checked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by'),
        ),
        migrations.AddField(
            model_name='statement',
            name='content_hash',
            field=models.CharField(default='', max_length=64),
        ),
        migrations.AddField(
            model_name='statement',
            name='declaration',
            field=models.TextField(default='', verbose_name='declaration'),
        ),
        migrations.AddField(
            model_name='statement',
            name='earned_before',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='earned before'),
        ),
        migrations.AddField(
            model_name='statement',
            name='paid_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='statement',
            name='paid_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='paid by'),
        ),
        migrations.AddField(
            model_name='statement',
            name='paid_on',
            field=models.DateField(blank=True, null=True, verbose_name='paid on'),
        ),
        migrations.AddField(
            model_name='statement',
            name='payment_reference',
            field=models.CharField(blank=True, default='', max_length=60, verbose_name='payment reference'),
        ),
        migrations.AddField(
            model_name='statement',
            name='pdf_sha256',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='statement',
            name='previous',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grants.statement'),
        ),
        migrations.AddField(
            model_name='statement',
            name='returned_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='sent back at'),
        ),
        migrations.AddField(
            model_name='statement',
            name='returned_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent back by'),
        ),
        migrations.AddField(
            model_name='statement',
            name='returned_reason',
            field=models.TextField(blank=True, default='', verbose_name='why it is sent back'),
        ),
        migrations.AddField(
            model_name='statement',
            name='scheme',
            field=models.ForeignKey(default=1, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grants.grantscheme'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='statement',
            name='state',
            field=models.CharField(choices=[('preparing', 'Being prepared'), ('submitted', 'Submitted'), ('checked', 'Checked'), ('approved', 'Approved'), ('paid', 'Paid'), ('returned', 'Sent back')], default='preparing', max_length=10, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='statement',
            name='submitted_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='submitted at'),
        ),
        migrations.AddField(
            model_name='statement',
            name='submitted_by',
            field=models.ForeignKey(default=1, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='submitted by'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='statementevent',
            name='checked_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='checked at'),
        ),
        migrations.AddField(
            model_name='statementevent',
            name='checked_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by'),
        ),
        migrations.AddField(
            model_name='statementevent',
            name='content_hash',
            field=models.CharField(default='', max_length=64),
        ),
        migrations.AddField(
            model_name='statementevent',
            name='declaration',
            field=models.TextField(default='', verbose_name='declaration'),
        ),
        migrations.AddField(
            model_name='statementevent',
            name='earned_before',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='earned before'),
        ),
        migrations.AddField(
            model_name='statementevent',
            name='paid_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='statementevent',
            name='paid_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='paid by'),
        ),
        migrations.AddField(
            model_name='statementevent',
            name='paid_on',
            field=models.DateField(blank=True, null=True, verbose_name='paid on'),
        ),
        migrations.AddField(
            model_name='statementevent',
            name='payment_reference',
            field=models.CharField(blank=True, default='', max_length=60, verbose_name='payment reference'),
        ),
        migrations.AddField(
            model_name='statementevent',
            name='pdf_sha256',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='statementevent',
            name='previous',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grants.statement'),
        ),
        migrations.AddField(
            model_name='statementevent',
            name='returned_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='sent back at'),
        ),
        migrations.AddField(
            model_name='statementevent',
            name='returned_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent back by'),
        ),
        migrations.AddField(
            model_name='statementevent',
            name='returned_reason',
            field=models.TextField(blank=True, default='', verbose_name='why it is sent back'),
        ),
        migrations.AddField(
            model_name='statementevent',
            name='scheme',
            field=models.ForeignKey(db_constraint=False, default=1, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='grants.grantscheme'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='statementevent',
            name='state',
            field=models.CharField(choices=[('preparing', 'Being prepared'), ('submitted', 'Submitted'), ('checked', 'Checked'), ('approved', 'Approved'), ('paid', 'Paid'), ('returned', 'Sent back')], default='preparing', max_length=10, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='statementevent',
            name='submitted_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='submitted at'),
        ),
        migrations.AddField(
            model_name='statementevent',
            name='submitted_by',
            field=models.ForeignKey(db_constraint=False, default=1, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='submitted by'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='statementline',
            name='corrects',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grants.statementline'),
        ),
        migrations.AddField(
            model_name='statementline',
            name='entry',
            field=models.CharField(choices=[('carried', 'As before'), ('new', 'New'), ('changed', 'Corrected'), ('adjustment', 'Adjustment')], default='new', max_length=10, verbose_name='entry'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='life', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE moving text[];', func="\n    IF TG_OP = 'DELETE' THEN\n        IF OLD.state <> 'preparing' THEN\n            RAISE EXCEPTION 'a statement that was submitted is never removed';\n        END IF;\n        RETURN OLD;\n    END IF;\n    IF TG_OP = 'INSERT' THEN\n        IF NEW.state <> 'preparing' THEN\n            RAISE EXCEPTION 'a statement begins with being prepared';\n        END IF;\n        RETURN NEW;\n    END IF;\n    IF OLD.state = 'preparing' AND NEW.state = 'preparing' THEN\n        RETURN NEW;\n    END IF;\n    IF OLD.state = 'preparing' AND NEW.state = 'submitted' THEN\n        PERFORM 1 FROM accounts_project WHERE id = NEW.project_id FOR NO KEY UPDATE;\n        IF EXISTS (SELECT 1 FROM grants_statement WHERE project_id = NEW.project_id AND id <> NEW.id\n                   AND state IN ('approved', 'paid') AND cut_off >= NEW.cut_off) THEN\n            RAISE EXCEPTION 'the cut-offs of a project must rise';\n        END IF;\n        IF NEW.paid_before <> (SELECT COALESCE(SUM(paid), 0) FROM grants_statement\n                               WHERE project_id = NEW.project_id AND state IN ('approved', 'paid')) THEN\n            RAISE EXCEPTION 'paid before is not what was paid before';\n        END IF;\n        IF EXISTS (\n            SELECT 1 FROM (\n                SELECT COALESCE(SUM(amount) FILTER (WHERE entry <> 'adjustment'), 0) AS earned,\n                       COALESCE(SUM(amount) FILTER (WHERE entry IN ('new', 'adjustment')), 0) AS since,\n                       COUNT(*) FILTER (WHERE entry <> 'adjustment' AND kind = 'start') AS starts,\n                       COUNT(*) FILTER (WHERE entry <> 'adjustment' AND kind = 'completion') AS completions\n                FROM grants_statementline WHERE statement_id = NEW.id\n            ) AS lines\n            WHERE lines.earned <> NEW.earned_to_date OR lines.since <> NEW.earned_to_date - NEW.earned_before\n               OR lines.starts <> NEW.starts OR lines.completions <> NEW.completions\n        ) THEN\n            RAISE EXCEPTION 'the lines of the statement do not add up to its figures';\n        END IF;\n        RETURN NEW;\n    END IF;\n    moving := CASE OLD.state || ' ' || NEW.state\n        WHEN 'submitted checked' THEN ARRAY['checked_by_id', 'checked_at']\n        WHEN 'checked approved' THEN ARRAY['approved_by_id', 'approved_at', 'pdf_sha256']\n        WHEN 'approved paid' THEN ARRAY['paid_on', 'payment_reference', 'paid_by_id', 'paid_at']\n        WHEN 'submitted returned' THEN ARRAY['returned_by_id', 'returned_at', 'returned_reason']\n        WHEN 'checked returned' THEN ARRAY['returned_by_id', 'returned_at', 'returned_reason']\n    END;\n    IF moving IS NULL OR (to_jsonb(NEW) - (moving || ARRAY['state', 'version']))\n                      <> (to_jsonb(OLD) - (moving || ARRAY['state', 'version'])) THEN\n        RAISE EXCEPTION 'a submitted statement is final: it may only take its next step';\n    END IF;\n    RETURN NEW;\n", hash='3d21e9db434bbeb611cf8af5a4c0b00e832d95c2', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_life_97777', table='grants_statement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grants_statementevent" ("approved_at", "approved_by_id", "ceiling", "checked_at", "checked_by_id", "completions", "content_hash", "created_at", "cut_off", "declaration", "earned_before", "earned_to_date", "id", "paid", "paid_at", "paid_before", "paid_by_id", "paid_on", "payable", "payment_reference", "pdf_sha256", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "project_id", "public_id", "returned_at", "returned_by_id", "returned_reason", "scheme_id", "starts", "state", "submission", "submitted_at", "submitted_by_id", "target_count", "version", "year") VALUES (NEW."approved_at", NEW."approved_by_id", NEW."ceiling", NEW."checked_at", NEW."checked_by_id", NEW."completions", NEW."content_hash", NEW."created_at", NEW."cut_off", NEW."declaration", NEW."earned_before", NEW."earned_to_date", NEW."id", NEW."paid", NEW."paid_at", NEW."paid_before", NEW."paid_by_id", NEW."paid_on", NEW."payable", NEW."payment_reference", NEW."pdf_sha256", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."previous_id", NEW."project_id", NEW."public_id", NEW."returned_at", NEW."returned_by_id", NEW."returned_reason", NEW."scheme_id", NEW."starts", NEW."state", NEW."submission", NEW."submitted_at", NEW."submitted_by_id", NEW."target_count", NEW."version", NEW."year"); RETURN NULL;', hash='d29b5b533ce595b6f2abf91349ba24126011d6c6', operation='INSERT', pgid='pgtrigger_insert_insert_f0a4d', table='grants_statement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "grants_statementevent" ("approved_at", "approved_by_id", "ceiling", "checked_at", "checked_by_id", "completions", "content_hash", "created_at", "cut_off", "declaration", "earned_before", "earned_to_date", "id", "paid", "paid_at", "paid_before", "paid_by_id", "paid_on", "payable", "payment_reference", "pdf_sha256", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "project_id", "public_id", "returned_at", "returned_by_id", "returned_reason", "scheme_id", "starts", "state", "submission", "submitted_at", "submitted_by_id", "target_count", "version", "year") VALUES (NEW."approved_at", NEW."approved_by_id", NEW."ceiling", NEW."checked_at", NEW."checked_by_id", NEW."completions", NEW."content_hash", NEW."created_at", NEW."cut_off", NEW."declaration", NEW."earned_before", NEW."earned_to_date", NEW."id", NEW."paid", NEW."paid_at", NEW."paid_before", NEW."paid_by_id", NEW."paid_on", NEW."payable", NEW."payment_reference", NEW."pdf_sha256", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."previous_id", NEW."project_id", NEW."public_id", NEW."returned_at", NEW."returned_by_id", NEW."returned_reason", NEW."scheme_id", NEW."starts", NEW."state", NEW."submission", NEW."submitted_at", NEW."submitted_by_id", NEW."target_count", NEW."version", NEW."year"); RETURN NULL;', hash='d3fefd504e5644705e4e3bb8d04e340a46913457', operation='UPDATE', pgid='pgtrigger_update_update_21f7d', table='grants_statement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "grants_statementevent" ("approved_at", "approved_by_id", "ceiling", "checked_at", "checked_by_id", "completions", "content_hash", "created_at", "cut_off", "declaration", "earned_before", "earned_to_date", "id", "paid", "paid_at", "paid_before", "paid_by_id", "paid_on", "payable", "payment_reference", "pdf_sha256", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "project_id", "public_id", "returned_at", "returned_by_id", "returned_reason", "scheme_id", "starts", "state", "submission", "submitted_at", "submitted_by_id", "target_count", "version", "year") VALUES (OLD."approved_at", OLD."approved_by_id", OLD."ceiling", OLD."checked_at", OLD."checked_by_id", OLD."completions", OLD."content_hash", OLD."created_at", OLD."cut_off", OLD."declaration", OLD."earned_before", OLD."earned_to_date", OLD."id", OLD."paid", OLD."paid_at", OLD."paid_before", OLD."paid_by_id", OLD."paid_on", OLD."payable", OLD."payment_reference", OLD."pdf_sha256", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."previous_id", OLD."project_id", OLD."public_id", OLD."returned_at", OLD."returned_by_id", OLD."returned_reason", OLD."scheme_id", OLD."starts", OLD."state", OLD."submission", OLD."submitted_at", OLD."submitted_by_id", OLD."target_count", OLD."version", OLD."year"); RETURN NULL;', hash='481173800581cf24a07e1439d409bad9c87bede1', operation='DELETE', pgid='pgtrigger_delete_delete_30048', table='grants_statement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementline',
            trigger=pgtrigger.compiler.Trigger(name='final', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF TG_OP <> 'INSERT' THEN\n        PERFORM 1 FROM grants_statement WHERE id = OLD.statement_id FOR SHARE;\n        IF (SELECT state FROM grants_statement WHERE id = OLD.statement_id) <> 'preparing' THEN\n            RAISE EXCEPTION 'the lines of a submitted statement are final';\n        END IF;\n    END IF;\n    IF TG_OP = 'DELETE' THEN\n        RETURN OLD;\n    END IF;\n    PERFORM 1 FROM grants_statement WHERE id = NEW.statement_id FOR SHARE;\n    IF (SELECT state FROM grants_statement WHERE id = NEW.statement_id) <> 'preparing' THEN\n        RAISE EXCEPTION 'the lines of a submitted statement are final';\n    END IF;\n    RETURN NEW;\n", hash='ebc3fde0c6da1846f6b2cfbc859bd60525c78b81', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_final_41769', table='grants_statementline', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'returned'), _negated=True), fields=('project', 'cut_off'), name='grants_statement_once', violation_error_message='The project already has a statement with this cut-off.'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('preparing', 'submitted', 'checked'))), fields=('project',), name='grants_statement_one_at_a_time', violation_error_message='A statement of the project is already on its way.'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'preparing'), models.Q(('submitted_at__isnull', False), models.Q(('content_hash', ''), _negated=True), models.Q(('declaration', ''), _negated=True)), _connector='OR'), name='grants_statement_submitted'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_at__isnull', True), ('checked_by__isnull', True)), models.Q(('checked_at__isnull', False), ('checked_by__isnull', False)), _connector='OR'), name='grants_statement_checked'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('state__in', ('approved', 'paid')), models.Q(('pdf_sha256', ''), _negated=True), ('checked_by__isnull', False)), models.Q(models.Q(('state__in', ('approved', 'paid')), _negated=True), ('approved_at__isnull', True), ('approved_by__isnull', True), ('pdf_sha256', '')), _connector='OR'), name='grants_statement_approved'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_by__isnull', True), models.Q(('checked_by', models.F('submitted_by')), _negated=True), _connector='OR'), models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('submitted_by')), _negated=True), _connector='OR'), models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('checked_by')), _negated=True), _connector='OR')), name='grants_statement_second_person', violation_error_message='Nobody checks or approves a statement of their own.'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paid_by__isnull', False), ('paid_on__isnull', False), ('state', 'paid'), models.Q(('payment_reference', ''), _negated=True)), models.Q(models.Q(('state', 'paid'), _negated=True), ('paid_on__isnull', True), ('payment_reference', '')), _connector='OR'), name='grants_statement_payment'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('returned_by__isnull', False), ('state', 'returned'), models.Q(('returned_reason', ''), _negated=True)), models.Q(models.Q(('state', 'returned'), _negated=True), ('returned_by__isnull', True), ('returned_reason', '')), _connector='OR'), name='grants_statement_returned'),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.UniqueConstraint(condition=models.Q(('entry', 'adjustment'), _negated=True), fields=('statement', 'course', 'kind'), name='grants_line_once'),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.UniqueConstraint(condition=models.Q(('entry', 'adjustment')), fields=('statement', 'corrects'), name='grants_line_adjusted_once'),
        ),
        migrations.AddConstraint(
            model_name='statementline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', False), ('entry', 'adjustment')), models.Q(models.Q(('entry', 'adjustment'), _negated=True), ('corrects__isnull', True)), _connector='OR'), name='grants_line_corrects'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='made_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'done\')', func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bed0406f868fb62cf91a4c8359ff5f9912dcd736', operation='UPDATE OR DELETE', pgid='pgtrigger_made_is_final_07f23', table='grants_document', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statementspell',
            trigger=pgtrigger.compiler.Trigger(name='final', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF TG_OP <> 'INSERT' THEN\n        PERFORM 1 FROM grants_statement WHERE id = OLD.statement_id FOR SHARE;\n        IF (SELECT state FROM grants_statement WHERE id = OLD.statement_id) <> 'preparing' THEN\n            RAISE EXCEPTION 'the lines of a submitted statement are final';\n        END IF;\n    END IF;\n    IF TG_OP = 'DELETE' THEN\n        RETURN OLD;\n    END IF;\n    PERFORM 1 FROM grants_statement WHERE id = NEW.statement_id FOR SHARE;\n    IF (SELECT state FROM grants_statement WHERE id = NEW.statement_id) <> 'preparing' THEN\n        RAISE EXCEPTION 'the lines of a submitted statement are final';\n    END IF;\n    RETURN NEW;\n", hash='b973007bff0aeae72739acd160fe6041ae0509fc', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_final_e14d5', table='grants_statementspell', when='BEFORE')),
        ),
    ]
