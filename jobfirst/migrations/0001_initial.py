import jobfirst.migrating.operations
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        jobfirst.migrating.operations.RenderedOnce(
            operations=[
                migrations.CreateModel(
                    name='Installation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('mode', models.CharField(choices=[('rehearsal', 'rehearsal'), ('real', 'real')], max_length=10)),
                        ('set_up_at', models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='jobfirst_one_installation'), models.CheckConstraint(condition=models.Q(('mode__in', ['rehearsal', 'real'])), name='jobfirst_installation_mode')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='installation',
                    trigger=pgtrigger.compiler.Trigger(name='mode_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='012698c369b4bf0794e20403dae19a0c424befe4', operation='UPDATE OR DELETE', pgid='pgtrigger_mode_is_final_27232', table='jobfirst_installation', when='BEFORE')),
                ),
            ],
        ),
    ]
