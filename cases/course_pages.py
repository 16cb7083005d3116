"""The pages of a course: a short overview, and a page for each subject with an address of its own."""

import uuid

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobfirst.kit.addresses import url_maker


class CoursePage(TextChoices):
    """A page of a course. The value is the last part of its address; the overview has none."""

    OVERVIEW = "", pgettext_lazy("page of a course", "Overview")
    PROGRESSION = "progression", _("Progression")
    PLAN = "plan", _("Plan")
    COMPANY = "virksomhed", _("Company")
    MEETINGS = "moeder-og-kontakter", _("Meetings and contacts")
    SUPPORT = "stoette", _("Support")
    HISTORY = "historik", _("History")

    @property
    def url_name(self) -> str:
        """The name of its address, without the namespace."""
        return "course" if self is CoursePage.OVERVIEW else f"course_{self.name.lower()}"

    @property
    def action(self) -> str:
        """What the access record says was shown."""
        return "course" if self is CoursePage.OVERVIEW else f"course.page.{self.name.lower()}"


#: All but the overview.
SUBJECT_PAGES = [page for page in CoursePage if page is not CoursePage.OVERVIEW]


def page_url(public_id: uuid.UUID | str, page: CoursePage = CoursePage.OVERVIEW) -> str:
    """Return the address of a page of a course."""
    return url_maker(f"cases:{page.url_name}")(public_id)
