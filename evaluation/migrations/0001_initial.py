import django.db.models.deletion
import jobfirst.migrating.operations
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        jobfirst.migrating.operations.RenderedOnce(
            operations=[
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
                        'constraints': [models.UniqueConstraint(fields=('municipality', 'as_of'), name='evaluation_target_count_once'), models.CheckConstraint(condition=models.Q(('resource_programme__gt', 0), ('activity_ready__gt', 0), _connector='OR'), name='evaluation_target_count_any', violation_error_message='At least one of the target groups must have somebody in it.')],
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
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='evaluation.targetgroupcount')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='targetgroupcount',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evaluation_targetgroupcountevent" ("activity_ready", "as_of", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resource_programme") VALUES (NEW."activity_ready", NEW."as_of", NEW."id", NEW."municipality_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."resource_programme"); RETURN NULL;', hash='1ac2a2da1e49c61a39b014e6f95b3e8add062fba', operation='INSERT', pgid='pgtrigger_insert_insert_5c7bb', table='evaluation_targetgroupcount', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='targetgroupcount',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "evaluation_targetgroupcountevent" ("activity_ready", "as_of", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resource_programme") VALUES (NEW."activity_ready", NEW."as_of", NEW."id", NEW."municipality_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."resource_programme"); RETURN NULL;', hash='7a3f0326f72fc62770d9d939eb1863c53345d8bf', operation='UPDATE', pgid='pgtrigger_update_update_6f623', table='evaluation_targetgroupcount', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='targetgroupcount',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evaluation_targetgroupcountevent" ("activity_ready", "as_of", "id", "municipality_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resource_programme") VALUES (OLD."activity_ready", OLD."as_of", OLD."id", OLD."municipality_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."resource_programme"); RETURN NULL;', hash='fe43a17d83a9aa95eb1b3a897e886f3a668314c8', operation='DELETE', pgid='pgtrigger_delete_delete_c230d', table='evaluation_targetgroupcount', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='targetgroupcountevent',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dea5ed2822d0911381bfe6b1c918833f5b20090f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_10bc6', table='evaluation_targetgroupcountevent', when='BEFORE')),
                ),
            ],
        ),
    ]
