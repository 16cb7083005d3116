"""The page on which company or citizen answers the annex by link, without signing in (D16)."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.links.actions import LinkGone, hand_over_link, take_link, use_link
from accounts.links.models import SignedLink
from accounts.links.pages import link_view
from cases.actions.checks import locked
from companies.annex.actions import Given, record_reply
from companies.annex.comparison import compare_months
from companies.annex.forms import AnnexFieldsMixin
from companies.annex.links import CODE, AskedAnnex, asked_by, others_owed
from companies.annex.months import AnnexOverTime
from companies.annex.questions import version_on
from companies.models import AnnexChannel, AnnexParty, AnnexReply
from jobfirst import clock
from jobfirst.kit.editing import EditFormMixin, errors_shown_in, form_data
from jobfirst.kit.forms import OnceMixin


class LinkAnnexForm(OnceMixin, AnnexFieldsMixin, EditFormMixin, forms.Form):
    """The questions as they are put to the recipient of the link."""

    submit = _("Send the answers")

    def __init__(self, *args: Any, asked: AskedAnnex, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.add_questions(version_on(today), asked.party)

    def save(self, *, by: None, today: datetime.date) -> AnnexReply:
        """Record the answers of the recipient."""
        is_company = self.asked.party == AnnexParty.COMPANY
        given = Given(
            on=today,
            channel=AnnexChannel.LINK,
            by_name=self.asked.contact.name if is_company else self.asked.placement.course.citizen_name,
            contact=self.asked.contact if is_company else None,
        )
        return record_reply(
            self.asked.placement,
            self.asked.party,
            self.values(),
            given,
            comment=self.cleaned_data["comment"],
            today=today,
            submission=self.submission,
        )


@link_view(CODE)
def by_link(request: HttpRequest, link: SignedLink, secret: str) -> HttpResponse:
    """Ask the questions; once they are answered, thank, and show both answers when both are in.

    Both pages lead on to the other annexes that wait for the contact person, with a link for each.
    """
    today = clock.today()
    asked = asked_by(link, today)
    if asked is None:
        raise LinkGone
    others = others_owed(asked, today)
    if request.method == "POST" and "next" in request.POST:
        return redirect("companies:annex_by_link", _lead_on(others, link) if others else secret)
    is_company = asked.party == AnnexParty.COMPANY
    context: dict[str, Any] = {"asked": asked, "is_company": is_company, "others": others}
    if asked.month.reply_of(asked.party) is not None:
        comparison = compare_months([asked.month], asked.party) if asked.month.is_shown else None
        return render(request, "companies/annex_thanks.html", {**context, "comparison": comparison})
    form = LinkAnnexForm(form_data(request), asked=asked, today=today)
    if request.method == "POST" and form.is_valid():
        with errors_shown_in(form):
            _answer(form, asked, secret, today)
            return redirect(reverse("companies:annex_by_link", args=[secret]))
    return render(request, "companies/annex_by_link.html", {**context, "form": form})


@transaction.atomic
def _lead_on(others: Sequence[AnnexOverTime], link: SignedLink) -> str:
    """Return the secret of a link to the next of the annexes that wait for the same contact person."""
    first = others[0].engagement.first
    locked(first.course)
    return hand_over_link(CODE, link, now=clock.now(), subject=first.public_id)


@transaction.atomic
def _answer(form: LinkAnnexForm, asked: AskedAnnex, secret: str, today: datetime.date) -> None:
    """Record the answers, if the link is still valid under the course's lock."""
    locked(asked.placement.course)
    link = take_link(CODE, secret, now=clock.now())
    form.save(by=None, today=today)
    use_link(link, now=clock.now())
