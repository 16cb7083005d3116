"""Addresses of the grants, under /tilskud/."""

from django.urls import path, register_converter

from grants import views


class FormatConverter:
    """One of the formats a statement is offered in; any other address does not exist."""

    regex = "|".join(views.DOWNLOADS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormatConverter, "statement_format")

app_name = "grants"
urlpatterns = [
    path("", views.statement, name="statement"),
    path("hent.<statement_format:file_format>", views.download, name="download"),
    path("projekt/<slug:slug>/", views.project, name="project"),
    path(
        "projekt/<slug:slug>/hent.<statement_format:file_format>",
        views.project_download,
        name="project_download",
    ),
]
