"""Forms of what a project keeps of a company itself (D39)."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Project


class ProjectRowFormMixin(forms.BaseForm):
    """A form of a row that belongs to a project: who writes for several of them chooses which.

    The row of an `instance` that is stored stays with its project.
    """

    def __init__(self, *args: Any, projects: QuerySet[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instance = self.instance  # type: ignore[attr-defined]  # of the model form
        self._projects = [instance.project] if instance.pk else list(projects)
        if len(self._projects) > 1:
            self.fields["project"] = forms.ModelChoiceField(
                label=_("Project"), queryset=projects, empty_label=_("Choose")
            )
            self.order_fields(["project", *self.fields])

    @property
    def chosen_project(self) -> Project:
        """The project that the row belongs to."""
        return cast(Project, self.cleaned_data.get("project") or self._projects[0])
