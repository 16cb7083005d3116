"""What was approved of a statement: its canonical text with its SHA-256, for ever (D30)."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from grants.models.snapshot import IS_ITS_HASH
from grants.models.statement import Statement
from jobfirst.models import only_growing

# Written in the transaction of the approval, before the statement takes that step.
ONLY_WITH_THE_APPROVAL = """
    IF (SELECT state FROM grants_statement WHERE id = NEW.statement_id) <> 'checked' THEN
        RAISE EXCEPTION 'what is approved is stored when a checked statement is approved';
    END IF;
    RETURN NEW;
"""


class StatementApproval(models.Model):
    """What was approved: figures, events, adjustments, doubts with their answers, and who took which step.

    `content` is canonical JSON (`grants.storage.approvals`), of which no template is part: its SHA-256 is
    printed on the approval sheet and can be reckoned again from the downloaded content at any time.
    """

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="approval")
    content = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("what was approved")
        verbose_name_plural = _("what was approved")
        triggers = [
            *only_growing(),
            pgtrigger.Trigger(
                name="is_its_hash", when=pgtrigger.Before, operation=pgtrigger.Insert, func=IS_ITS_HASH
            ),
            pgtrigger.Trigger(
                name="with_the_step",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=ONLY_WITH_THE_APPROVAL,
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]
