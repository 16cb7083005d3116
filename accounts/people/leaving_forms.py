"""Forms that take a role away or close an account: they ask first who takes over the courses (D8).

They show counts by project and function: administrators see no citizens.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.extension_points import Duty, count_duties
from accounts.models import Membership, Project, User
from accounts.people import actions
from accounts.roles import Role
from jobfirst.kit.confirmations import ConfirmationsMixin
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import FreeTextField


def courses_in_words(count: int) -> str:
    """Return a number of courses in words."""
    return ngettext("%(count)d course", "%(count)d courses", count) % {"count": count}


def duties_in_words(duties: Iterable[Duty]) -> list[str]:
    """Return a line for each duty: project, function and the number of courses."""
    projects = Project.objects.in_bulk([duty.project_id for duty in duties])
    return [
        f"{projects[duty.project_id]}, {Role(duty.role).label}: {courses_in_words(duty.courses)}"
        for duty in duties
    ]


class LeavingForm(ConfirmationsMixin, EditFormMixin, forms.Form):
    """Asks for each project and function who takes the courses over; vacant only when that is confirmed.

    The name of the confirmation holds the count, so that another count must be confirmed anew.
    """

    def __init__(self, *args: Any, person: User, duties: list[Duty], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.duties = duties
        for duty, words in zip(duties, duties_in_words(duties), strict=True):
            people = User.objects.active_with_role(duty.role, duty.project_id).exclude(pk=person.pk)
            self.fields[field_name(duty)] = forms.ModelChoiceField(
                label=words,
                queryset=people,
                required=False,
                empty_label=_("Leave vacant on purpose"),
            )
        self.intro = (
            _("The courses must be taken over. The project leader can divide them among several afterwards.")
            if duties
            else _("Nobody has to take anything over: the person has no running course here.")
        )

    def consequences(self) -> list[str]:
        """Return what happens when the form is sent, in numbers, for the page above it."""
        courses = sum(duty.courses for duty in self.duties)
        lines = [_("The person is signed out at once, on every device.")]
        if courses:
            text = ngettext(
                "%(courses)s in %(count)d function must be taken over: choose below who does it.",
                "%(courses)s in %(count)d functions must be taken over: choose below who does it.",
                len(self.duties),
            )
            lines.append(text % {"courses": courses_in_words(courses), "count": len(self.duties)})
            lines.append(_("Those who take over have the courses from today on, and are told."))
        return [*lines, _("The history and the person's name on what was done so far remain.")]

    @property
    def vacant(self) -> int:
        """How many functions nobody takes over, by the cleaned data."""
        return sum(duty.courses for duty in self.duties if not self.cleaned_data.get(field_name(duty)))

    @property
    def successors(self) -> dict[tuple[int, str], User]:
        """Who takes over, by project id and role."""
        return {
            (duty.project_id, duty.role): successor
            for duty in self.duties
            if (successor := self.cleaned_data.get(field_name(duty)))
        }

    def clean(self) -> dict[str, Any]:
        """Require the confirmation when something is left vacant."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        vacant = self.vacant
        if not vacant or self.errors:
            return cleaned
        name = f"vacant_{vacant}"
        label = ngettext(
            "Yes, %(count)d function is to stay vacant",
            "Yes, %(count)d functions are to stay vacant",
            vacant,
        )
        self.add_confirmation(name, label % {"count": vacant})
        if not self.data.get(name):
            self.add_error(name, _("Choose who takes over, or tick the box if that is what is meant."))
        return cleaned


class CloseAccountForm(LeavingForm):
    """Close an account."""

    submit = gettext_lazy("Close the account")
    success = gettext_lazy("The account is closed.")

    def __init__(self, *args: Any, person: User, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, person=person, duties=count_duties(person, today), **kwargs)
        self.title = _("Close the account of %(name)s") % {"name": person}

    def save(self, *, by: User, today: datetime.date) -> None:
        """Close the account."""
        actions.deactivate_user(self.person, today, successors=self.successors, vacant=self.vacant, by=by)

    def consequences(self) -> list[str]:
        """Return what closing the account does."""
        roles = self.person.memberships.count()
        text = ngettext(
            "The person cannot sign in any more; %(count)d role rests until the account is opened again.",
            "The person cannot sign in any more; %(count)d roles rest until the account is opened again.",
            roles,
        )
        return [text % {"count": roles}, *super().consequences()]


class TakeRoleForm(LeavingForm):
    """Take a role away."""

    submit = gettext_lazy("Take the role away")
    success = gettext_lazy("The role is taken away.")

    def __init__(self, *args: Any, membership: Membership, today: datetime.date, **kwargs: Any) -> None:
        self.membership = membership
        duties = actions.duties_of_role(membership, today)
        super().__init__(*args, person=membership.user, duties=duties, **kwargs)
        self.title = _("Take the role %(role)s from %(name)s") % {
            "role": membership.get_role_display(),
            "name": membership.user,
        }
        for name, value in (("role", membership.role), ("project", getattr(membership.project, "slug", ""))):
            self.fields[name] = FreeTextField(
                widget=forms.HiddenInput, initial=value, max_length=50, required=False
            )

    def save(self, *, by: User, today: datetime.date) -> None:
        """Take the role away."""
        actions.take_role(self.membership, today, successors=self.successors, vacant=self.vacant, by=by)

    def consequences(self) -> list[str]:
        """Return what taking the role away does."""
        roles = self.person.memberships.count() - 1
        text = ngettext(
            "The person sees nothing by this role any more, and has %(count)d other role left.",
            "The person sees nothing by this role any more, and has %(count)d other roles left.",
            roles,
        )
        return [text % {"count": roles}, *super().consequences()]


def field_name(duty: Duty) -> str:
    """Return the name of the field that asks who takes a duty over."""
    return f"to_{duty.project_id}_{duty.role}"
