"""The lists of users and projects."""

import django_tables2 as tables
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Project, User
from jobfirst.kit.tables import DayColumn, KitTable, NumberColumn


def state_of(user: User) -> str:
    """Return in a word whether the user can sign in, and if not, why."""
    if not user.is_active:
        return _("Closed")
    if user.has_usable_password():
        return _("Open")
    return _("Invited") if user.invited_at else _("Invitation not sent yet")


class UserTable(KitTable):
    name = tables.Column(verbose_name=gettext_lazy("Name"), linkify=("user_detail", [tables.A("public_id")]))
    email = tables.Column(verbose_name=gettext_lazy("E-mail"))
    roles = tables.Column(verbose_name=gettext_lazy("Roles"), empty_values=(), orderable=False)
    state = tables.Column(verbose_name=gettext_lazy("State"), empty_values=(), orderable=False)

    class Meta(KitTable.Meta):
        model = User
        fields = ("name", "email")
        sequence = ("name", "email", "roles", "state")
        attrs = {"title": gettext_lazy("Users")}

    def render_roles(self, record: User) -> str:
        return format_html_join(
            mark_safe("<br>"),
            "{}{}",
            (
                (m.get_role_display(), f" ({m.project.name})" if m.project else "")
                for m in record.memberships.all()
            ),
        )

    def render_state(self, record: User) -> str:
        return state_of(record)


class ProjectTable(KitTable):
    name = tables.Column(verbose_name=gettext_lazy("Project"))
    municipalities = tables.Column(
        verbose_name=gettext_lazy("Municipalities"), empty_values=(), orderable=False
    )
    starts_on = DayColumn()
    ends_on = DayColumn()
    target_count = NumberColumn()

    class Meta(KitTable.Meta):
        model = Project
        fields = ("name", "starts_on", "ends_on", "target_count")
        sequence = ("name", "municipalities", "starts_on", "ends_on", "target_count")
        attrs = {"title": gettext_lazy("Projects")}

    def render_municipalities(self, record: Project) -> str:
        return ", ".join(place.municipality.name for place in record.places.all())
