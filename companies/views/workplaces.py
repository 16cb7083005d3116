"""The workplaces of a company."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from accounts.requests import AuthenticatedRequest
from audit.access import requires
from companies.forms.workplaces import WorkplaceForm
from companies.models import Workplace, WorkplaceMerge
from companies.views.companies import company_or_404, company_url
from jobfirst.kit.editing import answer_form, edit_page, form_data


@edit_page
@requires("companies.manage_companies")
def new_workplace(request: AuthenticatedRequest, cvr: str) -> HttpResponse:
    """Add a workplace to a company."""
    company = company_or_404(cvr)
    form = WorkplaceForm(form_data(request), instance=Workplace(company=company))
    return answer_form(request, form, back_url=company_url(company))


@edit_page
@requires("companies.manage_companies")
def correct_workplace(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct a workplace, or close it."""
    workplaces = Workplace.objects.exclude(pk__in=WorkplaceMerge.objects.duplicates())
    workplace = get_object_or_404(workplaces.select_related("company"), public_id=public_id)
    form = WorkplaceForm(form_data(request), instance=workplace)
    return answer_form(request, form, back_url=company_url(workplace.company))
