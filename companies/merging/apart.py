"""What a merge leaves behind when it is undone: rows made meanwhile whose workplace or match went back."""

from typing import Any

from companies.actions.companies import WORKPLACE_FACTS
from companies.extension_points import moving_rows
from companies.models import Company, Dialogue, DialogueStep, JobOpening, Match, Placement, Workplace


def complete_what_stays(duplicate: Company, remaining: Company) -> None:
    """Give every placement and opening of the two companies a workplace and a match at its company.

    A placement that was made meanwhile stays where it is; the workplace or the match that it rests on may
    have gone back. It then gets one like it.
    """
    for company in (duplicate, remaining):
        for model in (Placement, JobOpening, Dialogue):
            rows = model._base_manager.filter(company=company, workplace__isnull=False)
            for row in rows.exclude(workplace__company=company).select_related("workplace"):
                assert row.workplace is not None
                workplace = _workplace_like(row.workplace, company)
                model._base_manager.filter(pk=row.pk).update(workplace=workplace)
        placements = Placement.everything.filter(company=company, match__isnull=False)
        for placement in placements.exclude(match__company=company).select_related("match"):
            assert placement.match is not None
            match = _match_like(placement.match, company)
            Placement.everything.filter(pk=placement.pk).update(match=match)
        dialogues = Dialogue.objects.filter(company=company, step=DialogueStep.MATCH)
        for dialogue in dialogues.exclude(match__company=company).select_related("match"):
            assert dialogue.match is not None
            Dialogue.objects.filter(pk=dialogue.pk).update(match=_match_like(dialogue.match, company))
        _follow_placements(company)


def _follow_placements(company: Company) -> None:
    """Let the rows of other apps be at the company of the placement that they belong to."""
    for model in moving_rows():
        if not hasattr(model, "placement_id"):
            continue
        rows: Any = model._base_manager.filter(company=company, placement__isnull=False)
        for row in rows.exclude(placement__company=company).select_related("placement"):
            model._base_manager.filter(pk=row.pk).update(company=row.placement.company_id)


def _workplace_like(workplace: Workplace, company: Company) -> Workplace:
    """Return the company's workplace with the same facts, a new one when it has none."""
    same = {"p_number": workplace.p_number} if workplace.p_number else {"name": workplace.name}
    stored = company.workplaces.filter(**same).first()
    facts = {name: getattr(workplace, name) for name in WORKPLACE_FACTS}
    return stored or Workplace.objects.create(company=company, **facts)


def _match_like(match: Match, company: Company) -> Match:
    """Return the course's match with the company, a new one on the same day when it has none."""
    stored = Match.objects.filter(course=match.course_id, company=company).first()
    return stored or Match.objects.create(
        course_id=match.course_id,
        company=company,
        matched_on=match.matched_on,
        job_function=match.job_function,
        why=match.why,
        registered_by_id=match.registered_by_id,
    )
