import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('cases', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Company',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cvr', models.CharField(max_length=8, unique=True, verbose_name='CVR number')),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('ordinary_employees', models.PositiveIntegerField(blank=True, null=True, verbose_name='ordinary employees')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'company',
                'verbose_name_plural': 'companies',
                'ordering': ['name', 'cvr'],
                'constraints': [models.CheckConstraint(condition=models.Q(('cvr__regex', '^[0-9]{8}$')), name='companies_cvr_digits')],
            },
        ),
        migrations.CreateModel(
            name='CompanyContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('submission', models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('title', models.CharField(blank=True, max_length=100, verbose_name='title')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='companies.company')),
            ],
            options={
                'verbose_name': 'company contact',
                'verbose_name_plural': 'company contacts',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='CompanyContactEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('submission', models.UUIDField(blank=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('title', models.CharField(blank=True, max_length=100, verbose_name='title')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone')),
                ('company', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='companies.company')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='companies.companycontact')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CompanyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('cvr', models.CharField(max_length=8, verbose_name='CVR number')),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('ordinary_employees', models.PositiveIntegerField(blank=True, null=True, verbose_name='ordinary employees')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='companies.company')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Match',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('submission', models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('matched_on', models.DateField(verbose_name='matched on')),
                ('job_function', models.CharField(blank=True, max_length=150, verbose_name='job function')),
                ('why', models.TextField(blank=True, verbose_name='why it is a match')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='companies.company')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='cases.course')),
                ('registered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'match',
                'verbose_name_plural': 'matches',
                'ordering': ['-matched_on', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('course', 'company'), name='companies_match_once')],
            },
        ),
        migrations.CreateModel(
            name='MatchEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('submission', models.UUIDField(blank=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('matched_on', models.DateField(verbose_name='matched on')),
                ('job_function', models.CharField(blank=True, max_length=150, verbose_name='job function')),
                ('why', models.TextField(blank=True, verbose_name='why it is a match')),
                ('company', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='companies.company')),
                ('course', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.course')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='companies.match')),
                ('registered_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('submission', models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('p_number', models.CharField(blank=True, max_length=10, verbose_name='P-number')),
                ('kind', models.CharField(choices=[('sniffing', 'Sniffing internship'), ('internship', 'Internship'), ('wage_subsidy', 'Wage subsidy'), ('ordinary_employment', 'Ordinary employment'), ('flex_job', 'Flex job')], max_length=20, verbose_name='kind')),
                ('starts_on', models.DateField(verbose_name='starts on')),
                ('planned_end_on', models.DateField(blank=True, null=True, verbose_name='planned end')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('internship_hours', models.DecimalField(decimal_places=2, default=0, max_digits=4, verbose_name='internship hours a week')),
                ('ordinary_hours', models.DecimalField(decimal_places=2, default=0, max_digits=4, verbose_name='ordinary hours a week')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='companies.company', verbose_name='company')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to='cases.course')),
                ('match', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='companies.match')),
                ('renews', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='renewed_by', to='companies.placement')),
            ],
            options={
                'verbose_name': 'placement',
                'verbose_name_plural': 'placements',
                'ordering': ['starts_on', 'pk'],
                'indexes': [models.Index(fields=['course', 'starts_on'], name='companies_placement_course')],
                'constraints': [models.UniqueConstraint(fields=('course', 'company', 'kind', 'starts_on'), name='companies_placement_once', violation_error_message='This placement is already registered.'), models.CheckConstraint(condition=models.Q(('planned_end_on__isnull', True), ('planned_end_on__gte', models.F('starts_on')), _connector='OR'), name='companies_placement_planned', violation_error_message='The planned end must not be before the start.'), models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('ended_on__gte', models.F('starts_on')), _connector='OR'), name='companies_placement_ended', violation_error_message='The last day must not be before the start.'), models.CheckConstraint(condition=models.Q(('kind__in', ('ordinary_employment', 'flex_job')), ('planned_end_on__isnull', False), _connector='OR'), name='companies_placement_end_known', violation_error_message='Only employment may have no planned end.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'internship'), _negated=True), ('match__isnull', False), _connector='OR'), name='companies_internship_matched', violation_error_message='An internship starts when a match is recorded.'), models.CheckConstraint(condition=models.Q(('internship_hours__gte', 0), ('ordinary_hours__gte', 0)), name='companies_placement_hours')],
            },
        ),
        migrations.CreateModel(
            name='PlacementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('submission', models.UUIDField(blank=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('p_number', models.CharField(blank=True, max_length=10, verbose_name='P-number')),
                ('kind', models.CharField(choices=[('sniffing', 'Sniffing internship'), ('internship', 'Internship'), ('wage_subsidy', 'Wage subsidy'), ('ordinary_employment', 'Ordinary employment'), ('flex_job', 'Flex job')], max_length=20, verbose_name='kind')),
                ('starts_on', models.DateField(verbose_name='starts on')),
                ('planned_end_on', models.DateField(blank=True, null=True, verbose_name='planned end')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('internship_hours', models.DecimalField(decimal_places=2, default=0, max_digits=4, verbose_name='internship hours a week')),
                ('ordinary_hours', models.DecimalField(decimal_places=2, default=0, max_digits=4, verbose_name='ordinary hours a week')),
                ('company', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='companies.company', verbose_name='company')),
                ('course', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.course')),
                ('match', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='companies.match')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='companies.placement')),
                ('renews', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='companies.placement')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WorkAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('submission', models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('number', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('active', 'In force'), ('replaced', 'Replaced')], default='draft', max_length=10, verbose_name='state')),
                ('tasks', models.TextField(verbose_name='tasks')),
                ('goals', models.TextField(verbose_name='goals')),
                ('subgoals', models.TextField(blank=True, verbose_name='subgoals')),
                ('support_needs', models.TextField(blank=True, verbose_name='special support needs')),
                ('accommodations', models.TextField(blank=True, verbose_name='accommodations')),
                ('progression_questions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), blank=True, default=list, size=None)),
                ('made_on', models.DateField(verbose_name='made on')),
                ('company_contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='companies.companycontact', verbose_name='contact person')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='companies.placement')),
            ],
            options={
                'verbose_name': 'work agreement',
                'verbose_name_plural': 'work agreements',
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('placement', 'number'), name='companies_agreement_version')],
            },
        ),
        migrations.CreateModel(
            name='AgreementHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(verbose_name='weekday')),
                ('kind', models.CharField(choices=[('internship', 'Internship'), ('ordinary', 'Ordinary hours')], max_length=12, verbose_name='kind')),
                ('starts_at', models.TimeField(verbose_name='from')),
                ('ends_at', models.TimeField(verbose_name='to')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='schedule', to='companies.workagreement')),
            ],
            options={
                'ordering': ['weekday', 'starts_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('weekday__range', (1, 7))), name='companies_hours_weekday'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='companies_hours_order', violation_error_message='The working day must end after it starts.')],
            },
        ),
        migrations.CreateModel(
            name='WorkAgreementEvent',
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
                ('state', models.CharField(choices=[('draft', 'Draft'), ('active', 'In force'), ('replaced', 'Replaced')], default='draft', max_length=10, verbose_name='state')),
                ('tasks', models.TextField(verbose_name='tasks')),
                ('goals', models.TextField(verbose_name='goals')),
                ('subgoals', models.TextField(blank=True, verbose_name='subgoals')),
                ('support_needs', models.TextField(blank=True, verbose_name='special support needs')),
                ('accommodations', models.TextField(blank=True, verbose_name='accommodations')),
                ('progression_questions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), blank=True, default=list, size=None)),
                ('made_on', models.DateField(verbose_name='made on')),
                ('company_contact', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='companies.companycontact', verbose_name='contact person')),
                ('made_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='companies.workagreement')),
                ('placement', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='companies.placement')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AgreementHoursEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('weekday', models.PositiveSmallIntegerField(verbose_name='weekday')),
                ('kind', models.CharField(choices=[('internship', 'Internship'), ('ordinary', 'Ordinary hours')], max_length=12, verbose_name='kind')),
                ('starts_at', models.TimeField(verbose_name='from')),
                ('ends_at', models.TimeField(verbose_name='to')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='companies.agreementhours')),
                ('agreement', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='companies.workagreement')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='company',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "companies_companyevent" ("created_at", "cvr", "id", "name", "ordinary_employees", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."created_at", NEW."cvr", NEW."id", NEW."name", NEW."ordinary_employees", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='c353465f0a648138dc77b6a35f44ea609db590b5', operation='INSERT', pgid='pgtrigger_insert_insert_a4101', table='companies_company', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='company',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "companies_companyevent" ("created_at", "cvr", "id", "name", "ordinary_employees", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."created_at", NEW."cvr", NEW."id", NEW."name", NEW."ordinary_employees", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='09a6441c9decfc472e3aff2a2e2b9a3445a4b82e', operation='UPDATE', pgid='pgtrigger_update_update_3d5ae', table='companies_company', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='company',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "companies_companyevent" ("created_at", "cvr", "id", "name", "ordinary_employees", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."created_at", OLD."cvr", OLD."id", OLD."name", OLD."ordinary_employees", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='06e0d41ba484f48c9af95acba4aeff24828e46e1', operation='DELETE', pgid='pgtrigger_delete_delete_4fa84', table='companies_company', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companycontact',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "companies_companycontactevent" ("company_id", "created_at", "email", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "public_id", "submission", "title", "version") VALUES (NEW."company_id", NEW."created_at", NEW."email", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."public_id", NEW."submission", NEW."title", NEW."version"); RETURN NULL;', hash='3fe0d6852efd6e50ff5750fd7029bae6753ec4c1', operation='INSERT', pgid='pgtrigger_insert_insert_fb914', table='companies_companycontact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companycontact',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "companies_companycontactevent" ("company_id", "created_at", "email", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "public_id", "submission", "title", "version") VALUES (NEW."company_id", NEW."created_at", NEW."email", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."public_id", NEW."submission", NEW."title", NEW."version"); RETURN NULL;', hash='27a5dbcd790013c95290ba29ead344cfef7819ee', operation='UPDATE', pgid='pgtrigger_update_update_5a377', table='companies_companycontact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companycontact',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "companies_companycontactevent" ("company_id", "created_at", "email", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "public_id", "submission", "title", "version") VALUES (OLD."company_id", OLD."created_at", OLD."email", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."public_id", OLD."submission", OLD."title", OLD."version"); RETURN NULL;', hash='677ec18eab815c054f5887d8e2abe9ccef076782', operation='DELETE', pgid='pgtrigger_delete_delete_d33d2', table='companies_companycontact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companycontactevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f2d9f9374aa0c05f1b5977b991824d0b636e9c6f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_900a4', table='companies_companycontactevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='companyevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='05d3413d3fcf997ec12064383c808dae23fcee04', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0943d', table='companies_companyevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "companies_matchevent" ("company_id", "course_id", "created_at", "id", "job_function", "matched_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "registered_by_id", "submission", "version", "why") VALUES (NEW."company_id", NEW."course_id", NEW."created_at", NEW."id", NEW."job_function", NEW."matched_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."registered_by_id", NEW."submission", NEW."version", NEW."why"); RETURN NULL;', hash='e2ce8931e93065aeb4d161e6c55848cad45a1444', operation='INSERT', pgid='pgtrigger_insert_insert_756dc', table='companies_match', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "companies_matchevent" ("company_id", "course_id", "created_at", "id", "job_function", "matched_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "registered_by_id", "submission", "version", "why") VALUES (NEW."company_id", NEW."course_id", NEW."created_at", NEW."id", NEW."job_function", NEW."matched_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."registered_by_id", NEW."submission", NEW."version", NEW."why"); RETURN NULL;', hash='9d1551d7ed99e621eed72ac0b2ebbe1117a10115', operation='UPDATE', pgid='pgtrigger_update_update_3e50c', table='companies_match', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='match',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "companies_matchevent" ("company_id", "course_id", "created_at", "id", "job_function", "matched_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "registered_by_id", "submission", "version", "why") VALUES (OLD."company_id", OLD."course_id", OLD."created_at", OLD."id", OLD."job_function", OLD."matched_on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."registered_by_id", OLD."submission", OLD."version", OLD."why"); RETURN NULL;', hash='98e3feda23a73c2fd8d7ddb5d87fb82c7bac5de8', operation='DELETE', pgid='pgtrigger_delete_delete_92e8e', table='companies_match', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='matchevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='03235dc9f40c1a5c20c22852bbeb65cd5109a7f6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0b971', table='companies_matchevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "companies_placementevent" ("company_id", "course_id", "created_at", "ended_on", "id", "internship_hours", "kind", "match_id", "ordinary_hours", "p_number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_end_on", "public_id", "renews_id", "starts_on", "submission", "version") VALUES (NEW."company_id", NEW."course_id", NEW."created_at", NEW."ended_on", NEW."id", NEW."internship_hours", NEW."kind", NEW."match_id", NEW."ordinary_hours", NEW."p_number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."planned_end_on", NEW."public_id", NEW."renews_id", NEW."starts_on", NEW."submission", NEW."version"); RETURN NULL;', hash='b6b3b171bfb4d111fa768c4aa2e1e5a9485943d7', operation='INSERT', pgid='pgtrigger_insert_insert_b6a01', table='companies_placement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "companies_placementevent" ("company_id", "course_id", "created_at", "ended_on", "id", "internship_hours", "kind", "match_id", "ordinary_hours", "p_number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_end_on", "public_id", "renews_id", "starts_on", "submission", "version") VALUES (NEW."company_id", NEW."course_id", NEW."created_at", NEW."ended_on", NEW."id", NEW."internship_hours", NEW."kind", NEW."match_id", NEW."ordinary_hours", NEW."p_number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_end_on", NEW."public_id", NEW."renews_id", NEW."starts_on", NEW."submission", NEW."version"); RETURN NULL;', hash='b7776b9775b064405187d4abcfbb409ab6ea5a00', operation='UPDATE', pgid='pgtrigger_update_update_413c5', table='companies_placement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "companies_placementevent" ("company_id", "course_id", "created_at", "ended_on", "id", "internship_hours", "kind", "match_id", "ordinary_hours", "p_number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_end_on", "public_id", "renews_id", "starts_on", "submission", "version") VALUES (OLD."company_id", OLD."course_id", OLD."created_at", OLD."ended_on", OLD."id", OLD."internship_hours", OLD."kind", OLD."match_id", OLD."ordinary_hours", OLD."p_number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."planned_end_on", OLD."public_id", OLD."renews_id", OLD."starts_on", OLD."submission", OLD."version"); RETURN NULL;', hash='cce0528c2fbb2d6ab0acaa1dc45e06a9de33ddb5', operation='DELETE', pgid='pgtrigger_delete_delete_4106b', table='companies_placement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='placementevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e3a9397d0ccd1cd00da4bfadbb855df6a23d3e3f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c8021', table='companies_placementevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workagreement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "companies_workagreementevent" ("accommodations", "company_contact_id", "created_at", "goals", "id", "made_by_id", "made_on", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placement_id", "progression_questions", "public_id", "state", "subgoals", "submission", "support_needs", "tasks", "version") VALUES (NEW."accommodations", NEW."company_contact_id", NEW."created_at", NEW."goals", NEW."id", NEW."made_by_id", NEW."made_on", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."placement_id", NEW."progression_questions", NEW."public_id", NEW."state", NEW."subgoals", NEW."submission", NEW."support_needs", NEW."tasks", NEW."version"); RETURN NULL;', hash='51313070acf8bda44dede1527f2ed1f2f481a964', operation='INSERT', pgid='pgtrigger_insert_insert_45801', table='companies_workagreement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workagreement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "companies_workagreementevent" ("accommodations", "company_contact_id", "created_at", "goals", "id", "made_by_id", "made_on", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placement_id", "progression_questions", "public_id", "state", "subgoals", "submission", "support_needs", "tasks", "version") VALUES (NEW."accommodations", NEW."company_contact_id", NEW."created_at", NEW."goals", NEW."id", NEW."made_by_id", NEW."made_on", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."placement_id", NEW."progression_questions", NEW."public_id", NEW."state", NEW."subgoals", NEW."submission", NEW."support_needs", NEW."tasks", NEW."version"); RETURN NULL;', hash='dc60197f4465b282203eb00e47fa73849047b256', operation='UPDATE', pgid='pgtrigger_update_update_9deaf', table='companies_workagreement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workagreement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "companies_workagreementevent" ("accommodations", "company_contact_id", "created_at", "goals", "id", "made_by_id", "made_on", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placement_id", "progression_questions", "public_id", "state", "subgoals", "submission", "support_needs", "tasks", "version") VALUES (OLD."accommodations", OLD."company_contact_id", OLD."created_at", OLD."goals", OLD."id", OLD."made_by_id", OLD."made_on", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."placement_id", OLD."progression_questions", OLD."public_id", OLD."state", OLD."subgoals", OLD."submission", OLD."support_needs", OLD."tasks", OLD."version"); RETURN NULL;', hash='e3d0ae0c83c0b2d0fd3bfd3ffc8ce13e637aad24', operation='DELETE', pgid='pgtrigger_delete_delete_46fdb', table='companies_workagreement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agreementhoursevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='979955c65895c9c5c9c25da36151a187343d1502', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_87917', table='companies_agreementhoursevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agreementhours',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "companies_agreementhoursevent" ("agreement_id", "ends_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_at", "weekday") VALUES (NEW."agreement_id", NEW."ends_at", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts_at", NEW."weekday"); RETURN NULL;', hash='4b86bd965e432b4246ce2023e2c11eacf628473d', operation='INSERT', pgid='pgtrigger_insert_insert_eb06d', table='companies_agreementhours', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agreementhours',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "companies_agreementhoursevent" ("agreement_id", "ends_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_at", "weekday") VALUES (NEW."agreement_id", NEW."ends_at", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts_at", NEW."weekday"); RETURN NULL;', hash='97634865d59978b522591d28f1ddd8aac3e38f08', operation='UPDATE', pgid='pgtrigger_update_update_3f044', table='companies_agreementhours', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agreementhours',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "companies_agreementhoursevent" ("agreement_id", "ends_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_at", "weekday") VALUES (OLD."agreement_id", OLD."ends_at", OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."starts_at", OLD."weekday"); RETURN NULL;', hash='19170d1108fce90f0beb9473563c3e20625e0d60', operation='DELETE', pgid='pgtrigger_delete_delete_34c1e', table='companies_agreementhours', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workagreementevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='aad9603a85bc1403083db4585211ffdfbcc2ad0a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2f1da', table='companies_workagreementevent', when='BEFORE')),
        ),
    ]
