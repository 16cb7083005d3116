"""Forms of the members of a steering group."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Project, User
from cases.forms.corrections import RestoreRowForm, WithdrawRowForm
from evaluation.steering.actions import members as actions
from evaluation.steering.models import SteeringMember
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin

FIELDS = ("name", "area", "title", "organisation", "email", "user", "joined_on", "left_on")


class MemberFields(EditFormMixin):
    """The fields of a member; accounts are those of the project's people."""

    project: Project

    class Meta:
        model = SteeringMember
        fields = FIELDS
        widgets = {"joined_on": DateInput, "left_on": DateInput}
        help_texts = {
            "email": _("Invitations to the meetings are sent here."),
            "user": _("Only for somebody who works in the project. Others need no account."),
        }

    def offer_accounts(self, project: Project) -> None:
        """Offer the people of the project, and keep the account that is stored."""
        self.project = project
        people = User.objects.filter(memberships__project=project, is_active=True)
        field = self.fields["user"]
        field.queryset = people.distinct().order_by("name", "pk")  # type: ignore[attr-defined]  # a field of a model

    @property
    def content(self) -> dict[str, Any]:
        """What was typed."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class NewMemberForm(OnceMixin, MemberFields, ModelForm[SteeringMember]):
    """Add a member."""

    title = _("New member of the steering group")
    submit = _("Add the member")
    success = _("The member is added.")

    class Meta(MemberFields.Meta):
        """As above."""

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_accounts(project)
        self.instance.project = project
        self.intro = project.name

    def save(self, *, by: User, today: datetime.date) -> SteeringMember:
        """Add the member."""
        return actions.add_member(self.project, self.content, by=by, submission=self.submission)


class ChangeMemberForm(VersionedFormMixin, MemberFields, ModelForm[SteeringMember]):
    """Change a member, or say until when the person belongs to the group."""

    title = _("Change a member")
    success = _("The member is changed.")

    class Meta(MemberFields.Meta):
        """As above."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_accounts(self.instance.project)
        self.intro = self.instance.project.name

    def save(self, *, by: User, today: datetime.date) -> SteeringMember:
        """Change the member."""
        return actions.change_member(self.instance, self.content, version=self.opened_version)


class WithdrawMemberForm(WithdrawRowForm):
    """Withdraw a member who was entered in error."""

    title = _("The member was entered in error")

    def act(self, *, by: User, today: datetime.date) -> None:
        """Withdraw the member."""
        actions.withdraw_member(self.row, by=by, reason=self.withdrawn_because, version=self.version_seen)


class RestoreMemberForm(RestoreRowForm):
    """Let a member stand again."""

    def act(self, *, by: User, today: datetime.date) -> None:
        """Let the member stand again."""
        actions.restore_member(self.row, by=by, reason=self.reason, version=self.version_seen)
