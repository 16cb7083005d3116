"""Companies that were registered twice: the list, a merge with its preview, and its undoing."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from companies.merging.forms import (
    CompanyOfWorkplacesForm,
    MergeForm,
    MergeWorkplacesForm,
    TwoCompaniesForm,
    TwoWorkplacesForm,
    UndoMergeForm,
    UndoWorkplaceMergeForm,
    workplaces_url,
)
from companies.merging.presentation import preview_merge
from companies.merging.workplaces import preview_workplace_merge, workplace_merges_of
from companies.models import Company, CompanyMerge, Workplace, WorkplaceMerge
from companies.policy import readable_writers
from companies.tables import MergeTable
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged


@require_safe
@requires("companies.arrange_companies")
def merge_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the merges, the latest first; also those that were undone."""
    merges = CompanyMerge.objects.select_related("duplicate", "remaining")
    new_url = reverse("companies:new_merge")
    context = {
        "page_title": _("Companies registered twice"),
        "table": paged(request, MergeTable(merges, user=request.user)),
        "new_url": new_url,
        "empty": Empty(_("No companies are put together yet."), new_url, _("Put two together")),
    }
    return render_page(
        request, "companies/merging/merge_list.html", context, fragment="kit/list_fragment.html"
    )


@edit_page
@requires("companies.arrange_companies")
def new_merge(request: AuthenticatedRequest) -> HttpResponse:
    """Choose two records of a company, see what moves, and put them together with a reason."""
    back_url = reverse("companies:merges")
    choice = TwoCompaniesForm(
        request.GET if "remaining" in request.GET else None,
        initial={"duplicate": request.GET.get("duplicate", "")[:8]},
    )
    if not choice.is_valid():
        context = {"form": choice, "page_title": MergeForm.title, "page_intro": MergeForm.intro}
        return render_page(request, "kit/form_page.html", {**context, "back_url": back_url})
    preview = preview_merge(*choice.companies, request.user)
    if preview.placements:
        citizens = {placement.course.citizen.public_id for placement in preview.placements}
        record_shown(request.user, "company", sorted(citizens))
    return answer_form(
        request,
        MergeForm(form_data(request), companies=choice.companies),
        back_url=back_url,
        template="companies/merging/merge.html",
        context={"preview": preview},
    )


@edit_page
@requires("companies.arrange_companies")
def undo(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take two records of a company apart again."""
    merges = CompanyMerge.objects.select_related("duplicate", "remaining")
    merge = merges.filter(public_id=public_id).first()
    # a second POST of the same form is answered by the action, which is idempotent
    if merge is None or (merge.undone_at is not None and request.method != "POST"):
        raise Http404
    form = UndoMergeForm(form_data(request), instance=merge)
    return answer_form(request, form, back_url=reverse("companies:merges"))


@require_safe
@requires("companies.arrange_companies")
def workplace_merges(request: AuthenticatedRequest) -> HttpResponse:
    """Show the workplaces of a company, to put two of them together, and the merges that can be undone."""
    form = CompanyOfWorkplacesForm(request.GET if "cvr" in request.GET else None)
    back_url = reverse("companies:merges")
    context = {"form": form, "page_title": MergeWorkplacesForm.title, "back_url": back_url}
    if not form.is_valid():
        return render_page(
            request, "kit/form_page.html", {**context, "page_intro": _("Which company has the workplaces?")}
        )
    company: Company = form.cleaned_data["cvr"]
    merges = workplace_merges_of(company)
    context |= {
        "company": company,
        "workplaces": company.workplaces.exclude(pk__in=WorkplaceMerge.objects.duplicates()),
        "merges": merges,
        "readable_writers": readable_writers(request.user, {merge.merged_by_id for merge in merges}),
    }
    return render_page(request, "companies/merging/workplace_merges.html", context)


@edit_page
@requires("companies.arrange_companies")
def new_workplace_merge(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Choose the workplace that this one is the same as, see what moves, and put them together."""
    workplaces = Workplace.objects.exclude(pk__in=WorkplaceMerge.objects.duplicates())
    duplicate = get_object_or_404(workplaces.select_related("company"), public_id=public_id)
    back_url = workplaces_url(duplicate.company)
    choice = TwoWorkplacesForm(request.GET if "remaining" in request.GET else None, duplicate=duplicate)
    if not choice.is_valid():
        context = {"form": choice, "page_title": MergeWorkplacesForm.title, "back_url": back_url}
        intro = f"{duplicate.company}: {duplicate}"
        return render_page(request, "kit/form_page.html", {**context, "page_intro": intro})
    pair = (duplicate, choice.cleaned_data["remaining"])
    return answer_form(
        request,
        MergeWorkplacesForm(form_data(request), workplaces=pair),
        back_url=back_url,
        template="companies/merging/merge_workplaces.html",
        context={"preview": preview_workplace_merge(*pair, request.user)},
    )


@edit_page
@requires("companies.arrange_companies")
def undo_workplaces(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take two workplaces of a company apart again."""
    merges = WorkplaceMerge.objects.select_related("duplicate", "remaining__company")
    merge = get_object_or_404(merges, public_id=public_id)
    # a second POST of the same form is answered by the action, which is idempotent
    if merge.undone_at is not None and request.method != "POST":
        raise Http404
    form = UndoWorkplaceMergeForm(form_data(request), instance=merge)
    return answer_form(request, form, back_url=workplaces_url(merge.remaining.company))
