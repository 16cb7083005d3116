import django.contrib.postgres.fields
import django.db.models.deletion
import jobfirst.migrating.operations
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('cases', '0001_initial'),
    ]

    operations = [
        jobfirst.migrating.operations.RenderedOnce(
            operations=[
                migrations.CreateModel(
                    name='HeadMail',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('on', models.DateField()),
                        ('sent_at', models.DateTimeField(null=True)),
                        ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('on', 'recipient'), name='randomization_head_mail_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Stratum',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('target_group', models.CharField(choices=[('resource_programme', 'A: resource programme'), ('activity_ready', 'B: activity-ready')], max_length=20, verbose_name='target group')),
                        ('capacity', models.PositiveIntegerField(default=4096)),
                        ('root', models.BinaryField(max_length=32)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('commitment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='strata', to='randomization.commitment')),
                        ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='strata', to='accounts.municipality')),
                    ],
                    options={
                        'verbose_name': 'stratum',
                        'verbose_name_plural': 'strata',
                        'ordering': ['municipality_id', 'target_group'],
                        'constraints': [models.UniqueConstraint(fields=('municipality', 'target_group'), name='randomization_stratum_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Allocation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sequence', models.PositiveIntegerField(unique=True, verbose_name='number')),
                        ('pseudonym', models.CharField(max_length=20, verbose_name='citizen')),
                        ('project_slug', models.CharField(max_length=50, verbose_name='project')),
                        ('slot', models.PositiveIntegerField()),
                        ('arm', models.CharField(choices=[('participant', 'Participant'), ('control', 'Control')], max_length=11, verbose_name='arm')),
                        ('allocated_on', models.DateField(verbose_name='drawn on')),
                        ('drawn_at', models.DateTimeField()),
                        ('nonce', models.BinaryField(max_length=32)),
                        ('path', django.contrib.postgres.fields.ArrayField(base_field=models.BinaryField(max_length=32), size=None)),
                        ('previous_hash', models.BinaryField(max_length=32)),
                        ('row_hash', models.BinaryField(max_length=32, unique=True)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('citizen', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='allocation', to='cases.citizen')),
                        ('drawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='accounts.project')),
                        ('referral', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='allocation', to='cases.referral')),
                        ('claim', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='allocation', to='randomization.claim')),
                        ('stratum', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='randomization.stratum')),
                    ],
                    options={
                        'verbose_name': 'allocation',
                        'verbose_name_plural': 'allocations',
                        'ordering': ['sequence'],
                        'indexes': [models.Index(fields=['project', '-sequence'], name='randomization_ledger_project')],
                        'constraints': [models.UniqueConstraint(fields=('stratum', 'slot'), name='randomization_allocation_slot'), models.CheckConstraint(condition=models.Q(('arm__in', ['participant', 'control'])), name='randomization_arm'), models.CheckConstraint(condition=models.Q(('row_hash', models.F('previous_hash')), _negated=True), name='randomization_chain')],
                    },
                ),
                migrations.CreateModel(
                    name='AllocationEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveIntegerField(unique=True)),
                        ('kind', models.CharField(choices=[('referred_in_error', 'Referred in error'), ('withdrawn', 'Withdrew from the trial'), ('moved', 'Moved to another municipality'), ('died', 'Died')], max_length=20, verbose_name='what happened')),
                        ('happened_on', models.DateField(verbose_name='on')),
                        ('reason', models.TextField(verbose_name='reason')),
                        ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                        ('submission', models.UUIDField(null=True, unique=True)),
                        ('previous_hash', models.BinaryField(max_length=32)),
                        ('row_hash', models.BinaryField(max_length=32, unique=True)),
                        ('allocation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='randomization.allocation')),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                    ],
                    options={
                        'ordering': ['number'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='randomization_event_reason'), models.CheckConstraint(condition=models.Q(('kind__in', ['referred_in_error', 'withdrawn', 'moved', 'died'])), name='randomization_event_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='Claim',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('slot', models.PositiveIntegerField()),
                        ('claimed_on', models.DateField()),
                        ('transaction', models.BigIntegerField(default=0)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('citizen', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='claim', to='cases.citizen')),
                        ('claimed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.project')),
                        ('referral', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='claim', to='cases.referral')),
                        ('stratum', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='randomization.stratum')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('stratum', 'slot'), name='randomization_slot_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Commitment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agency_share_hash', models.BinaryField(max_length=32)),
                        ('operator_share_hash', models.BinaryField(max_length=32)),
                        ('specification', models.CharField(max_length=64)),
                        ('demo_seed', models.BigIntegerField(null=True)),
                        ('published_at', models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('agency_share_hash', 'operator_share_hash'), name='randomization_commitment_once')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='stratum',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b6a5f3944ca28cee23645b99cebef44017fa8621', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9063c', table='randomization_stratum', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='stratum',
                    trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;", hash='92ce306f00cfdc1a0563c73b185b5adc3ddc9097', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_26ba3', table='randomization_stratum', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='allocation',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cb84053cc9e53c4c3ecedbe3b6beeb39dd2b1748', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9ec28', table='randomization_allocation', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='allocation',
                    trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;", hash='2b5a81609989c43d6cf47d28c0a482d183a72577', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_94984', table='randomization_allocation', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='allocation',
                    trigger=pgtrigger.compiler.Trigger(name='in_turn', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE last RECORD;', func="\n                    SELECT COALESCE(MAX(sequence), 0) AS sequence INTO last FROM randomization_allocation;\n                    IF NEW.sequence <> last.sequence + 1 THEN\n                        RAISE EXCEPTION 'Allocation % is out of turn', NEW.sequence;\n                    END IF;\n                    IF NEW.previous_hash <> COALESCE(\n                        (SELECT row_hash FROM randomization_allocation WHERE sequence = last.sequence),\n                        decode(repeat('00', 32), 'hex')\n                    ) THEN\n                        RAISE EXCEPTION 'Allocation % does not continue the chain', NEW.sequence;\n                    END IF;\n                    IF NOT EXISTS (\n                        SELECT 1 FROM randomization_claim AS claim\n                        WHERE claim.id = NEW.claim_id AND claim.referral_id = NEW.referral_id\n                          AND claim.citizen_id = NEW.citizen_id AND claim.project_id = NEW.project_id\n                          AND claim.stratum_id = NEW.stratum_id AND claim.slot = NEW.slot\n                          AND claim.claimed_on = NEW.allocated_on\n                    ) THEN\n                        RAISE EXCEPTION 'Allocation % is not what was claimed', NEW.sequence;\n                    END IF;\n                    RETURN NEW;\n                ", hash='6f4b566f951646597c119fd17a11edb53a928d83', operation='INSERT', pgid='pgtrigger_in_turn_97e36', table='randomization_allocation', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='allocationevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='de7f60b9a43251e0f4de42f937553cf6e1ab5e19', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6abd5', table='randomization_allocationevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='allocationevent',
                    trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;", hash='03e12b316062a58aaa24182068db5b2c217d2e58', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_8c2ed', table='randomization_allocationevent', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='claim',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d54bc7a0322a77268ded86e6c55207e088377367', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0d57b', table='randomization_claim', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='claim',
                    trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;", hash='897a32fb2b4cbd3e5906e02dd0eba29b0c51d19f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_5687f', table='randomization_claim', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='claim',
                    trigger=pgtrigger.compiler.Trigger(name='in_turn', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF NEW.slot <> 1 + (SELECT COALESCE(MAX(slot), 0) FROM randomization_claim\n                                        WHERE stratum_id = NEW.stratum_id) THEN\n                        RAISE EXCEPTION 'Slot % of stratum % is out of turn', NEW.slot, NEW.stratum_id;\n                    END IF;\n                    NEW.transaction := pg_current_xact_id()::text::bigint;\n                    RETURN NEW;\n                ", hash='d572edcd3f207dbf12cd435d428780b30326c53b', operation='INSERT', pgid='pgtrigger_in_turn_efbed', table='randomization_claim', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='commitment',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d4d0e2b216b23ea4368b9011e10ef50fa5ebadb0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_180c2', table='randomization_commitment', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='commitment',
                    trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;", hash='7ca4963574a23fd0b31314211617551cedf60b18', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_8e21b', table='randomization_commitment', when='BEFORE')),
                ),
            ],
        ),
    ]
