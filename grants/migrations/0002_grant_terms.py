"""`GrantScheme` is now `GrantTerms`, and the references to it are fields `terms`; the columns keep their names."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

GRANT_TERMS = "grants.grantterms"


class Migration(migrations.Migration):
    dependencies = [
        ("grants", "0001_initial"),
    ]

    operations = [
        # The trigger bears the name of its table: dropped from the old table, created on the new one.
        pgtrigger.migrations.RemoveTrigger(model_name="grantscheme", name="append_only"),
        migrations.RenameModel(old_name="GrantScheme", new_name="GrantTerms"),
        migrations.AlterField(
            model_name="statement",
            name="scheme",
            field=models.ForeignKey(
                db_column="scheme_id",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=GRANT_TERMS,
            ),
        ),
        migrations.RenameField(model_name="statement", old_name="scheme", new_name="terms"),
        migrations.AlterField(
            model_name="statementevent",
            name="scheme",
            field=models.ForeignKey(
                db_column="scheme_id",
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=GRANT_TERMS,
            ),
        ),
        migrations.RenameField(model_name="statementevent", old_name="scheme", new_name="terms"),
        migrations.AlterField(
            model_name="statementline",
            name="scheme",
            field=models.ForeignKey(
                db_column="scheme_id",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=GRANT_TERMS,
            ),
        ),
        migrations.RenameField(model_name="statementline", old_name="scheme", new_name="terms"),
        pgtrigger.migrations.AddTrigger(
            model_name="grantterms",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="299724d408df8010f49038854a9ab7c39bd95e5b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6ede0",
                    table="grants_grantterms",
                    when="BEFORE",
                ),
            ),
        ),
    ]
