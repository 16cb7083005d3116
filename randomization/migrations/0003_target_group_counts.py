import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_reminder_leads'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('randomization', '0002_allocationevent_allocationevent_append_only_and_more'),
    ]

    operations = [
        migrations.CreateModel(
            name='TargetGroupCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField(verbose_name='as of')),
                ('resource_programme', models.PositiveIntegerField(verbose_name='citizens in target group A')),
                ('activity_ready', models.PositiveIntegerField(verbose_name='citizens in target group B')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='target_group_counts', to='accounts.municipality', verbose_name='municipality')),
            ],
            options={
                'verbose_name': 'count of the target groups',
                'verbose_name_plural': 'counts of the target groups',
                'ordering': ['municipality_id', '-as_of'],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'as_of'), name='randomization_target_count_once'), models.CheckConstraint(condition=models.Q(('resource_programme__gt', 0), ('activity_ready__gt', 0), _connector='OR'), name='randomization_target_count_any', violation_error_message='At least one of the target groups must have somebody in it.')],
            },
        ),
        migrations.CreateModel(
            name='TargetGroupCountEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('as_of', models.DateField(verbose_name='as of')),
                ('resource_programme', models.PositiveIntegerField(verbose_name='citizens in target group A')),
                ('activity_ready', models.PositiveIntegerField(verbose_name='citizens in target group B')),
                ('municipality', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.municipality', verbose_name='municipality')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='randomization.targetgroupcount')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='targetgroupcount',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "randomization_targetgroupcountevent" ("activity_ready", "as_of", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resource_programme") VALUES (NEW."activity_ready", NEW."as_of", NEW."id", NEW."municipality_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."resource_programme"); RETURN NULL;', hash='e3dbe211b26355d2ac9e15dd3d4c620687c4a78b', operation='INSERT', pgid='pgtrigger_insert_insert_a6c1d', table='randomization_targetgroupcount', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='targetgroupcount',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "randomization_targetgroupcountevent" ("activity_ready", "as_of", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resource_programme") VALUES (NEW."activity_ready", NEW."as_of", NEW."id", NEW."municipality_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."resource_programme"); RETURN NULL;', hash='5a15089e60ef7e5560f8ac1e91a67a1eea009c99', operation='UPDATE', pgid='pgtrigger_update_update_dcbe5', table='randomization_targetgroupcount', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='targetgroupcount',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "randomization_targetgroupcountevent" ("activity_ready", "as_of", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resource_programme") VALUES (OLD."activity_ready", OLD."as_of", OLD."id", OLD."municipality_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."resource_programme"); RETURN NULL;', hash='79436d5f89065ee7ead06299af0b458ec4ad993f', operation='DELETE', pgid='pgtrigger_delete_delete_45466', table='randomization_targetgroupcount', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='targetgroupcountevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0cb36328d46fe0a6093b7ce4584467f4ced41049', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_486ec', table='randomization_targetgroupcountevent', when='BEFORE')),
        ),
    ]
