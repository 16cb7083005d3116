"""Read all rows of a citizen's tables."""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from cases.models import Citizen, Course, Referral
from rights.report.coverage import BY_VALUE, Edge, edges, is_history, tracked_model

Keys = dict[type[Model], set[Any]]


class GatheredRows:
    """The rows of one citizen by table.

    1. From the citizen along the foreign keys, until no row is added. A history row counts by the keys that
       it holds itself: so the history of a removed row is there, and a row that belonged to somebody else
       before does not bring that person's values with it.
    2. The tables that name her or one of these rows by value; then the first step again.

    Whoever was found to be the same person (D40) and put together with her is she, too: `citizen_ids` are all
    public ids under which she is or was known.
    """

    def __init__(self, citizen: Citizen) -> None:
        self.citizen = citizen
        self.keys: Keys = defaultdict(set)  # removed rows included, which only history has
        self._present: Keys = defaultdict(set)
        former_keys = _former_keys(citizen)
        self.citizen_ids = [citizen.public_id, *_public_ids_of_removed(former_keys)]
        self._add(Citizen, [citizen.pk])
        self.keys[Citizen] |= former_keys
        self._follow()
        self.public_ids = self._collect_public_ids()
        for label in BY_VALUE:
            model = apps.get_model(label)
            self._add(model, model._base_manager.filter(self.by_value(label)).values_list("pk", flat=True))
        self._follow()

    def tables(self) -> Iterator[tuple[type[Model], QuerySet[Model]]]:
        """Yield each table of the citizen's with her rows in it, in the order in which they were made."""
        for model in edges():
            yield model, model._base_manager.filter(pk__in=self._present[model]).order_by("pk")

    def _add(self, model: type[Model], keys: Any) -> bool:
        before = len(self._present[model])
        self._present[model].update(keys)
        self.keys[model] |= self._present[model]
        return len(self._present[model]) > before

    def _follow(self) -> None:
        is_growing = True
        while is_growing:
            is_growing = False
            for model, model_edges in edges().items():
                condition = self._condition(model, model_edges)
                if condition is None:
                    continue
                rows = model._base_manager.filter(condition)
                if self._add(model, rows.values_list("pk", flat=True)):
                    is_growing = True
                    if is_history(model):
                        self.keys[tracked_model(model)].update(rows.values_list("pgh_obj_id", flat=True))

    def _condition(self, model: type[Model], model_edges: list[Edge]) -> Q | None:
        if is_history(model):
            model_edges = [edge for edge in model_edges if edge.field != "pgh_obj"] or model_edges
        condition = Q()
        for edge in model_edges:
            if self.keys[edge.target]:
                condition |= Q(**{f"{edge.field}__in": self.keys[edge.target]})
        return condition or None

    def _collect_public_ids(self) -> list[uuid.UUID]:
        ids: set[uuid.UUID] = set()
        for model in edges():
            if any(field.name == "public_id" for field in model._meta.concrete_fields):
                rows = model._base_manager.filter(pk__in=self._present[model])
                ids.update(rows.values_list("public_id", flat=True))
        return sorted(ids)

    def by_value(self, label: str) -> Q:
        """Return the condition for the rows of a table in `BY_VALUE`."""
        courses = [str(public_id) for public_id in self._course_ids()]
        conditions = {
            "audit.AccessRecord": Q(citizens__overlap=self.citizen_ids),
            "audit.Correction": Q(subject__in=self.public_ids),
            "accounts.SignedLink": Q(subject__in=self.public_ids) | Q(recipient__in=self.public_ids),
            "reminders.Deadline": Q(subject_type="course", subject__in=courses),
            "reminders.Reminder": Q(subject_type="course", subject__in=courses),
            "grants.Document": Q(citizens__overlap=self.citizen_ids),
            "grants.Snapshot": Q(content__contains=self.citizen.pseudonym),
            "grants.StatementApproval": Q(content__contains=self.citizen.pseudonym),
        }
        return conditions[label]

    def _course_ids(self) -> list[uuid.UUID]:
        return list(Course.objects.filter(pk__in=self._present[Course]).values_list("public_id", flat=True))


def _former_keys(citizen: Citizen) -> set[int]:
    """Return the keys of the citizens who were put together with her: her referrals were theirs, and they
    are gone."""
    referrals = Referral.objects.filter(citizen=citizen).order_by().values("pk")
    events = apps.get_model("cases", "ReferralEvent")._base_manager
    keys = set(events.filter(pgh_obj__in=referrals).values_list("citizen_id", flat=True)) - {citizen.pk}
    return keys - set(Citizen.objects.filter(pk__in=keys).values_list("pk", flat=True))


def _public_ids_of_removed(keys: set[int]) -> list[uuid.UUID]:
    events = apps.get_model("cases", "CitizenEvent")._base_manager
    return sorted(set(events.filter(pgh_obj__in=keys).values_list("public_id", flat=True)))


def entries_of(content: str, names: set[str]) -> list[Any]:
    """Return the smallest parts of a stored document (JSON) that name the citizen by one of `names`."""
    entries: list[Any] = []

    def search(part: Any) -> None:
        values = list(part.values()) if isinstance(part, dict) else part
        if not isinstance(values, list):
            return
        if any(isinstance(value, str) and value in names for value in values):
            entries.append(part)
            return
        for value in values:
            search(value)

    search(json.loads(content))
    return entries
