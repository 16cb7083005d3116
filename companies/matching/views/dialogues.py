"""The dialogues with companies: the board, and the steps of one dialogue."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from cases.access import get_course_or_404, get_of_course_or_404
from cases.views.common import course_url
from companies.matching import actions, board
from companies.matching.forms import CorrectStepForm, DialogueStepForm, MatchDialogueForm, OpenDialogueForm
from companies.matching.suggestions import why_it_fits
from companies.models import Dialogue, DialogueEntry, DialogueStep
from companies.rules.dialogues import steps_after
from companies.views.placements import known_companies
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data
from jobfirst.kit.pages import PAGE_SIZE, Empty, render_page
from jobfirst.kit.versioned import sent_version


def dialogue_url(dialogue: Dialogue) -> str:
    """Return the URL of the dialogue's page."""
    return reverse("companies:dialogue", args=[dialogue.public_id])


@require_safe
@requires("companies.list_dialogues")
def my_dialogues(request: AuthenticatedRequest) -> HttpResponse:
    """List the dialogues that go on about the user's citizens, by step. Eight queries at most.

    All who work on a course read them; only those who manage its placements go on with them here.
    """
    today = clock.today()
    dialogues = (
        board.listed_dialogues(request.user, today)
        .going_on()
        .select_related("company", "course__citizen", "course__referral")
        .prefetch_related("course__holdings")
        .next_first()
    )
    lines = board.lines_of(dialogues, today)
    counts = board.step_counts(line.dialogue.step for line in lines)
    chosen = request.GET.get("step", "")
    if chosen in {count.step for count in counts}:
        lines = [line for line in lines if line.dialogue.step == chosen]
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    citizens = {line.dialogue.course.citizen.public_id for line in page}
    record_shown(request.user, "my_dialogues", sorted(citizens))
    context = {
        "page": page,
        "groups": board.grouped(board.for_user(page, request.user)),
        "counts": counts,
        "chosen": chosen,
        "empty": Empty(
            _("No dialogue with a company goes on. Begin one on the citizen's page with the companies."),
            reverse("cases:courses"),
            _("To the courses"),
        ),
    }
    return render_page(request, "companies/matching/board.html", context)


@edit_page
def new_dialogue(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Begin a dialogue with a company about the citizen."""
    course = get_course_or_404(request, public_id, "course.dialogue", "cases.manage_placements")
    initial = {
        "cvr": request.GET.get("cvr", "")[:8],
        "happened_on": clock.today(),
        "step": DialogueStep.CONTACTED,
    }
    form = OpenDialogueForm(form_data(request), course=course, initial=initial)
    return answer_form(
        request,
        form,
        back_url=course_url(course, "dialogues"),
        success_url=dialogue_url,
        template="companies/placement_form.html",
        context={"known_companies": known_companies(course)},
    )


def dialogues() -> QuerySet[Dialogue]:
    """Return dialogues with the rows that their page shows."""
    rows = Dialogue.objects.select_related("company", "match", "opening", "workplace")
    return rows.prefetch_related("course__holdings")


@require_safe
def dialogue(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a dialogue: where it stands, what is next, and its steps."""
    dialogue = get_of_course_or_404(request, dialogues(), public_id, "course.dialogue", "cases.view_course")
    course = dialogue.course
    context = {
        "dialogue": dialogue,
        "course": course,
        "line": board.DialogueLine(dialogue, clock.today()),
        "entries": dialogue.entries.select_related("registered_by"),
        "may": request.user.has_perm("cases.manage_placements", course),
        "running": not course.has_ended(clock.today()),
    }
    return render_page(request, "companies/matching/dialogue.html", context)


@edit_page
def take_step(request: AuthenticatedRequest, public_id: uuid.UUID, step: str) -> HttpResponse:
    """Register the next step of a dialogue; a match ends it."""
    dialogue = _managed_dialogue(request, public_id)
    if step not in DialogueStep.values:
        raise Http404
    if step not in steps_after(dialogue.step):
        messages.info(request, _("The dialogue has gone on meanwhile."))
        return redirect(dialogue_url(dialogue))
    data, today = form_data(request), clock.today()
    back_url = dialogue_url(dialogue)
    if step == DialogueStep.MATCH:
        why = "" if data else why_it_fits(dialogue, today)
        initial = {"matched_on": today, "job_function": dialogue.job_function, "why": why}
        match_form = MatchDialogueForm(data, dialogue=dialogue, initial=initial)
        success = course_url(dialogue.course, "placements")
        return answer_form(request, match_form, back_url=back_url, success_url=lambda _dialogue: success)
    form = DialogueStepForm(data, dialogue=dialogue, step=DialogueStep(step), initial={"happened_on": today})
    return answer_form(request, form, back_url=back_url)


@edit_page
def correct_step(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct a step of a dialogue: the day, the note, or what is next."""
    entry = get_of_course_or_404(
        request,
        DialogueEntry.objects.select_related("dialogue__company").prefetch_related(
            "dialogue__course__holdings"
        ),
        public_id,
        "course.dialogue",
        "cases.manage_placements",
        course_path="dialogue__course",
    )
    form = CorrectStepForm(form_data(request), entry=entry)
    return answer_form(request, form, back_url=dialogue_url(entry.dialogue))


@require_POST
def undo_step(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take back the newest step of a dialogue."""
    dialogue = _managed_dialogue(request, public_id)
    course = dialogue.course
    with errors_as_message(
        request, stale=_("Somebody else has changed the dialogue meanwhile. Look at it again.")
    ):
        actions.undo_step(dialogue, version=sent_version(request.POST))
        messages.success(request, _("The step is taken back."))
    remains = Dialogue.objects.filter(pk=dialogue.pk).exists()
    return redirect(dialogue_url(dialogue) if remains else course_url(course, "dialogues"))


def _managed_dialogue(request: AuthenticatedRequest, public_id: uuid.UUID) -> Dialogue:
    """Return a dialogue that the user may change, as `get_of_course_or_404` does."""
    return get_of_course_or_404(request, dialogues(), public_id, "course.dialogue", "cases.manage_placements")
