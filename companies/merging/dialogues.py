"""Dialogues after a merge or its undoing: what they say follows from their newest step again."""

from collections.abc import Collection

from companies.models import Dialogue, DialogueStep, Match


def settle_dialogues(ids: Collection[int]) -> None:
    """Let each of these dialogues stand on its newest step, with the match at the same company.

    One without a step does not stay: its steps were undone meanwhile.
    """
    dialogues = Dialogue.objects.filter(pk__in=ids).prefetch_related("entries")
    for dialogue in dialogues:
        newest = next(iter(dialogue.entries.all()), None)
        if newest is None:
            dialogue.delete()
            continue
        match = None
        if newest.step == DialogueStep.MATCH:
            match = Match.objects.filter(course=dialogue.course_id, company=dialogue.company_id).first()
            match = match or dialogue.match
        values = {
            "step": newest.step,
            "step_on": newest.happened_on,
            "next_action": newest.next_action,
            "next_on": newest.next_on,
            "match": match,
        }
        if any(getattr(dialogue, name) != value for name, value in values.items()):
            Dialogue.objects.filter(pk=dialogue.pk).update(**values, version=dialogue.version + 1)
