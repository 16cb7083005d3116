"""The lists of users and projects."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Project, User
from accounts.roles import role_in_words
from jobfirst.kit.tables import Column, DayColumn, KitTable, NumberColumn, link
from jobfirst.templatetags.kit import badge


def state_of(user: User) -> str:
    """Return in a word whether the user can sign in, and if not, why."""
    if not user.is_active:
        return _("Closed")
    if user.has_usable_password():
        return _("Open")
    return _("Invited") if user.invited_at else _("Invitation not sent yet")


class UserTable(KitTable):
    title = gettext_lazy("Users")
    given_order = "name"

    name = Column(verbose_name=gettext_lazy("Name"))
    email = Column(verbose_name=gettext_lazy("E-mail"))
    roles = Column(verbose_name=gettext_lazy("Roles"), has_value=False)
    state = Column(verbose_name=gettext_lazy("State"), has_value=False)

    def render_name(self, record: User) -> SafeString:
        return link(reverse("user_detail", args=[record.public_id]), record.name)

    def render_roles(self, record: User) -> str:
        return format_html_join(
            mark_safe("<br>"),  # nosec B308 - a constant
            "{}",
            (
                (role_in_words(membership.role, membership.project.name if membership.project else ""),)
                for membership in record.memberships.all()
            ),
        )

    def render_email(self, record: User) -> str:
        """The address, and whether mails to it come back (D52)."""
        if record.mail_returned_at is None:
            return record.email
        return format_html("{}<br>{}", record.email, badge(_("Mails come back"), "error"))

    def render_state(self, record: User) -> str:
        """The state, and whether something waits for another administrator (annotated `is_asked_for`)."""
        if not getattr(record, "is_asked_for", False):
            return state_of(record)
        return format_html(
            "{}<br>{}", state_of(record), badge(_("Waits for another administrator"), "warning")
        )


class ProjectTable(KitTable):
    title = gettext_lazy("Projects")
    given_order = "name"

    name = Column(verbose_name=gettext_lazy("Project"))
    municipalities = Column(verbose_name=gettext_lazy("Municipalities"), has_value=False)
    starts_on = DayColumn(verbose_name=gettext_lazy("starts on"))
    ends_on = DayColumn(verbose_name=gettext_lazy("ends on"))
    target_count = NumberColumn(verbose_name=gettext_lazy("target count"))

    def render_municipalities(self, record: Project) -> str:
        return ", ".join(place.municipality.name for place in record.places.all())
