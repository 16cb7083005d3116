"""Documents of a course that have versions: the work agreement, the plan for job (D15, D21, D37)."""

import datetime
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models.course import Course, CourseFunction
from jobfirst.models import Record


class CourseDocument(Record):
    """One version of a document of a course. It never changes after it was made.

    It holds copies of everything that it prints (names, contacts, days, hours), so that later changes
    elsewhere do not affect it. Every field is content unless `BOOKKEEPING` names it. Content is either
    written by users or, with `editable=False`, copied when the version is made. The fields of the form, the
    comparison with the newest version and the next version are derived from them. The template of the PDF
    places each field by hand, as the paper needs it; a test fails when it leaves one out
    (tests/documents.py, `fields_printed_by`).
    """

    #: What says which version it is, and not what the document says.
    BOOKKEEPING: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "public_id",
            "version",
            "submission",
            "created_at",
            "number",
            "made_on",
            "made_by",
            "made_by_name",
        }
    )

    number = models.PositiveSmallIntegerField(_("version"), default=1)
    made_on = models.DateField(_("made on"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_by_name = models.CharField(max_length=254, blank=True, editable=False)
    citizen_name = models.CharField(max_length=150, editable=False)
    municipality_name = models.CharField(max_length=60, editable=False)
    mentor_name = models.CharField(max_length=254, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["-number"]

    @classmethod
    def content_fields(cls) -> list["models.Field[Any, Any]"]:
        """Return the fields with the document's content."""
        return [field for field in cls._meta.concrete_fields if field.name not in cls.BOOKKEEPING]

    @classmethod
    def content_names(cls) -> list[str]:
        """Return the names of the content fields."""
        return [field.name for field in cls.content_fields()]

    @classmethod
    def written_names(cls) -> list[str]:
        """Return the names of the content fields that users write: the fields of the form."""
        return [field.name for field in cls.content_fields() if field.editable]

    @classmethod
    def copied_names(cls, course: Course, staff: Mapping[str, User]) -> dict[str, str]:
        """Return the people's names that a new version copies; `staff` maps each function to its holder."""
        names = {"citizen_name": course.citizen_name, "municipality_name": course.municipality.name}
        for function in CourseFunction.values:
            names[f"{function}_name"] = str(staff[function]) if function in staff else ""
        return {name: names[name] for name in cls.content_names() if name in names}

    @classmethod
    def next_version(
        cls,
        latest: Self | None,
        content: Mapping[str, Any],
        *,
        made_on: datetime.date,
        by: User | None,
        **bookkeeping: Any,
    ) -> Self:
        """Return an unsaved version after `latest` (None: the first); KeyError when a field is missing."""
        number = 1 if latest is None else latest.number + 1
        return cls(
            number=number,
            version=number,
            made_on=made_on,
            made_by=by,
            made_by_name="" if by is None else str(by),
            **bookkeeping,
            **{name: content[name] for name in cls.content_names()},
        )

    def says(self, content: Mapping[str, Any]) -> bool:
        """Whether this version has exactly this content. KeyError when `content` lacks a field."""
        return all(getattr(self, name) == content[name] for name in self.content_names())

    def printed(self) -> dict[str, Any]:
        """Return the content as a page or PDF prints it: plain values, choices in words.

        No model instances: a template cannot follow a reference to a row that has changed since.
        """
        fields: Iterable[models.Field[Any, Any]] = self.content_fields()
        values = {field.name: self._in_words(field) for field in fields if not field.is_relation}
        return {"number": self.number, "made_on": self.made_on, **values}

    def sealed_values(self) -> dict[str, Any]:
        """Return what a signature seals, by name: the content. References are left out: what they refer to
        changes, and what is printed of it is copied."""
        return {
            field.name: getattr(self, field.name) for field in self.content_fields() if not field.is_relation
        }

    def sealed_content(self) -> str:
        """Return the version as the text that a signature seals: JSON of every value of the content."""
        values = self.sealed_values()
        # Decimals as they are stored, whether the row is fresh or fetched.
        texts = {name: f"{value:.2f}" for name, value in values.items() if isinstance(value, Decimal)}
        sealed = {"number": self.number, "made_on": self.made_on, **values, **texts}
        return json.dumps(sealed, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)

    def still_says(self, sealed: str) -> bool:
        """Whether the version has every value of a text that was sealed (`sealed_content`). Fields that the
        document has got or lost since do not count."""
        then, now = json.loads(sealed), json.loads(self.sealed_content())
        return all(now[name] == value for name, value in then.items() if name in now)

    def _in_words(self, field: "models.Field[Any, Any]") -> Any:
        if field.choices:
            return getattr(self, f"get_{field.name}_display")()
        return getattr(self, field.name)
