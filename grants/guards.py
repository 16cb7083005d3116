"""What an approved statement rests on stays as it is: the project's dates and its target count (D29, D30)."""

from collections.abc import Iterable, Iterator

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import project_guards
from grants.models import Statement


def approved_stays(changes: project_guards.Changes) -> dict[int, dict[str, str]]:
    """Object to other dates or another target count of a project with an approved statement."""
    rows = Statement.objects.approved().filter(project__in=changes).order_by()
    days = dict(rows.values_list("project_id").annotate(Max("cut_off")))
    return {pk: dict(_said(changes[pk], day.isoformat())) for pk, day in days.items()}


def _said(names: Iterable[str], day: str) -> Iterator[tuple[str, str]]:
    for name in names:
        if name == "target_count":
            yield name, _("a statement up to %(day)s is approved: enter an award instead") % {"day": day}
        elif name in ("starts_on", "ends_on"):
            yield name, _("a statement up to %(day)s is approved: the day stays as it is") % {"day": day}


project_guards.register(approved_stays)
