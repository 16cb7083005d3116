"""Projects as subjects of deadlines: registered here, as `accounts` knows no reminders."""

from collections.abc import Collection, Iterable

from accounts.models import Project
from reminders.extension_points import Description


def describe_projects(slugs: Collection[str]) -> dict[str, Description]:
    """Return the descriptions of projects by slug: their public name."""
    names = Project.objects.filter(slug__in=slugs).values_list("slug", "name")
    return {slug: Description(name=name, full_name=name) for slug, name in names}


def project_slugs() -> Iterable[str]:
    """The slugs of all projects."""
    return Project.objects.order_by("pk").values_list("slug", flat=True)
