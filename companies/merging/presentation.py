"""A merge before it is done, in numbers, and the merges that a company had a part in."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.text import capfirst

from accounts.models import User
from companies.merging.actions import check_merge, in_the_way_words
from companies.merging.rows import (
    moving_models,
    paired_acquaintances,
    paired_dialogues,
    paired_matches,
    paired_workplaces,
    placements_in_the_way,
    rows_at,
)
from companies.models import (
    Company,
    CompanyAcquaintance,
    CompanyMerge,
    Dialogue,
    Match,
    Placement,
    Workplace,
)
from jobfirst.row_security.context import all_projects

#: More placements than these are not listed in a preview; their number stands in it.
MOST_LISTED = 50


@dataclass(frozen=True)
class MovingRows:
    """How many rows of a kind move; `combined` of them become one with a row of the other company."""

    label: str
    count: int
    combined: int = 0


@dataclass(frozen=True)
class MergePreview:
    """What a merge would move, and why it is refused, empty when it is not.

    `placements` are those of the courses that the user may see. Whoever may not merge the two reads no
    number.
    """

    duplicate: Company
    remaining: Company
    refusal: str
    numbers: list[MovingRows]
    placements: list[Placement]


@all_projects("what would move is counted in every project")
def preview_merge(duplicate: Company, remaining: Company, user: User) -> MergePreview:
    """Return what putting the two together would do."""
    try:
        check_merge(duplicate, remaining, user)
    except ValidationError as error:
        return MergePreview(duplicate, remaining, " ".join(error.messages), [], [])
    blocking = placements_in_the_way(duplicate, remaining)
    visible = Placement.objects.filter(company=duplicate).visible_to(user)
    visible = visible.select_related("course__citizen", "course__referral").order_by("-starts_on", "-pk")
    return MergePreview(
        duplicate,
        remaining,
        in_the_way_words(blocking, user) if blocking else "",
        _numbers(duplicate, remaining),
        list(visible[:MOST_LISTED]),
    )


def _numbers(duplicate: Company, remaining: Company) -> list[MovingRows]:
    combined: dict[type[Model], int] = {
        Match: len(paired_matches(duplicate, remaining)),
        Dialogue: len(paired_dialogues(duplicate, remaining)),
        Workplace: len(paired_workplaces(duplicate, remaining)),
        CompanyAcquaintance: len(paired_acquaintances(duplicate, remaining)),
    }
    numbers = [
        MovingRows(
            capfirst(str(model._meta.verbose_name_plural)),
            rows_at(model, duplicate).count(),
            combined.get(model, 0),
        )
        for model in moving_models()
    ]
    return [row for row in numbers if row.count] or numbers[:1]


def merges_of(company: Company) -> list[CompanyMerge]:
    """Return the standing merges into the company: one query."""
    return list(CompanyMerge.objects.standing().filter(remaining=company).select_related("duplicate"))
