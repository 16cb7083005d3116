import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import jobfirst.migrating.operations
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        jobfirst.migrating.operations.RenderedOnce(
            operations=[
                migrations.CreateModel(
                    name='AccessRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(auto_now_add=True)),
                        ('action', models.CharField(max_length=60)),
                        ('outcome', models.CharField(choices=[('shown', 'Shown'), ('refused', 'Refused')], max_length=10)),
                        ('citizens', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                        ('asked_for', models.CharField(blank=True, max_length=80)),
                        ('reason', models.TextField(blank=True)),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-pk'],
                        'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['citizens'], name='audit_access_citizens'), models.Index(fields=['user', '-at'], name='audit_access_user')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='accessrecord',
                    trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8b4db2d625bb60625cc2afde78f82c0436860f5f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9817f', table='audit_accessrecord', when='BEFORE')),
                ),
            ],
        ),
    ]
