"""Pages that are filled from the public register of companies."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.requests import AuthenticatedRequest
from audit.access import requires
from companies.merging.lookup import company_by_cvr
from companies.register.actions import company_facts
from companies.register.client import (
    NotRegisteredError,
    RegisterError,
    fetch_facts,
    is_register_on,
    recent_facts,
)
from companies.register.facts import RegisterFacts
from companies.register.forms import FETCH, FetchedCompanyForm, RegisterFactsForm, fetched_words
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import render_page


@edit_page
@requires("companies.manage_companies")
def new_company(request: AuthenticatedRequest) -> HttpResponse:
    """Register a company; the button "Fetch from CVR" fills in what is left empty, and saves nothing."""
    back_url = reverse("companies:companies")
    if request.method == "POST" and FETCH in request.POST and is_register_on():
        return _filled_page(request, back_url)
    return answer_form(request, FetchedCompanyForm(form_data(request)), back_url=back_url)


def _filled_page(request: AuthenticatedRequest, back_url: str) -> HttpResponse:
    """Answer with the form, filled from the register where nothing was typed."""
    typed = FetchedCompanyForm(request.POST)
    typed.full_clean()
    number = typed.cleaned_data.get("cvr")
    values: dict[str, Any] = {name: request.POST.get(name, "") for name in typed.fields}
    facts = None if number is None else _asked(request, number)
    if facts is not None:
        messages.info(request, " ".join([fetched_words(facts), *typed.differences(facts)]))
        values = {**company_facts(facts), **{name: value for name, value in values.items() if value}}
    form = FetchedCompanyForm(initial=values) if number else typed
    if number is None:
        for name in set(typed.errors) - {"cvr"}:
            del typed.errors[name]
    form.back_url, form.action_url = back_url, request.get_full_path()
    context = {"form": form, "page_title": form.title, "page_intro": form.intro, "back_url": back_url}
    return render_page(request, "kit/form_page.html", context)


def _asked(request: AuthenticatedRequest, cvr: str, *, anew: bool = False) -> RegisterFacts | None:
    """Return the register's facts; without an answer None, and a message says so."""
    try:
        return fetch_facts(cvr, clock.today(), anew=anew)
    except NotRegisteredError:
        messages.warning(
            request, _("CVR has no company with this number. Check it, or type the facts yourself.")
        )
    except RegisterError:
        messages.warning(
            request, _("CVR does not answer just now. Type the facts yourself, or try again later.")
        )
    return None


@edit_page
@requires("companies.manage_companies")
def register_facts(request: AuthenticatedRequest, cvr: str) -> HttpResponse:
    """Compare a company with the register, and take over what is chosen."""
    company = company_by_cvr(cvr)
    if company is None:
        raise Http404
    cvr = company.cvr  # the one that the number leads to
    back_url = reverse("companies:company", args=[cvr])
    if request.method == "POST" and FETCH in request.POST:
        answered = _asked(request, cvr, anew=True) is not None
        return redirect(request.path if answered else back_url)
    facts = recent_facts(cvr)
    if facts is None:
        return redirect(back_url)
    form = RegisterFactsForm(form_data(request), instance=company, facts=facts)
    return answer_form(request, form, back_url=back_url)
