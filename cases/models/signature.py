"""Signatures of a version of a course's document: the plan for job, the work agreement (D15, D21, D37)."""

import hashlib
from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jobfirst.models import Record
from jobfirst.values import text_limits

#: A drawing as the commands of an SVG path: whole numbers, moves and lines only.
DRAWING = r"(M[0-9]{1,3} [0-9]{1,3}(L[0-9]{1,3} [0-9]{1,3})*)*"
#: The box in which a signature is drawn.
DRAWING_WIDTH, DRAWING_HEIGHT = 320, 120

#: For a trigger before the insertion of a signature: what is hashed is what is stored beside the hash.
REFUSE_ANOTHER_HASH = """
    IF NEW.content_hash <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'the hash of a signature is not that of its content';
    END IF;
"""


class SigningMethod(models.TextChoices):
    DRAWN = "drawn", _("Drawn on the screen")
    NAME = "name", _("Confirmed by name")
    SIGNED_IN = "signed_in", _("Confirmed by the signed-in user")


def content_hash(content: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(content.encode()).hexdigest()


class DocumentSignature(Record):
    """A party's signature of one version: who, when, how, and the hash of what was seen. Never changes.

    `content` is the text that was hashed (`CourseDocument.sealed_content`), so that the seal can be checked
    whatever fields the document has later. A subclass names the document and the party; a signature given by
    mistake is voided by a row beside it (`DocumentSignatureVoid`, as `void`), and the party can then sign the
    version in another `attempt`.
    """

    method = models.CharField(_("How do you sign?"), max_length=10, choices=SigningMethod)
    name = models.CharField(_("name"), max_length=254)
    drawing = models.TextField(
        max_length=text_limits.DRAWING, blank=True, validators=[RegexValidator(rf"^{DRAWING}$")]
    )
    content = models.TextField(editable=False)
    content_hash = models.CharField(max_length=64, editable=False)
    signed_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by_name = models.CharField(max_length=254, blank=True, editable=False)
    attempt = models.PositiveSmallIntegerField(default=1, editable=False)

    jobfirst_append_only = True

    class Meta:
        abstract = True
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["signed_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name=""), name="%(app_label)s_signature_name"),
            models.CheckConstraint(
                condition=Q(method=SigningMethod.DRAWN) & ~Q(drawing="")
                | ~Q(method=SigningMethod.DRAWN) & Q(drawing=""),
                name="%(app_label)s_signature_drawing",
            ),
            models.CheckConstraint(
                condition=Q(drawing="") | Q(drawing__regex=rf"^{DRAWING}$"),
                name="%(app_label)s_signature_path",
            ),
        ]

    @property
    def is_voided(self) -> bool:
        """Whether it was given by mistake and voided."""
        return hasattr(self, "void")


class DocumentSignatureVoid(Record):
    """That a signature was given by mistake: who voided it, when (`created_at`), and why. Never changes.

    The signature and the version that it seals stay as they are. A subclass names the `signature`.
    """

    reason = models.CharField(_("reason"), max_length=300)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    voided_by_name = models.CharField(max_length=254, editable=False)

    jobfirst_append_only = True

    class Meta:
        abstract = True
        verbose_name = _("voided signature")
        verbose_name_plural = _("voided signatures")
        ordering = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="%(app_label)s_signature_void_reason"),
        ]
