"""Addresses of the grants, under /tilskud/."""

from django.urls import path, register_converter

from grants.views import documents, draft, life


class FormatConverter:
    """One of the formats a statement is offered in; any other address does not exist."""

    regex = "|".join(draft.DOWNLOADS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormatConverter, "statement_format")

PROJECT = "projekt/<slug:slug>/"
STATEMENT = "opgoerelse/<uuid:public_id>/"
FILE = "hent.<statement_format:file_format>"

app_name = "grants"
urlpatterns = [
    path("", draft.statement, name="statement"),
    path(FILE, draft.download, name="download"),
    path("pdf/", documents.order, name="order_pdf"),
    path(PROJECT, draft.project, name="project"),
    path(f"{PROJECT}{FILE}", draft.project_download, name="project_download"),
    path(f"{PROJECT}pdf/", documents.order_project, name="order_project_pdf"),
    path(f"{PROJECT}indsend/", life.submit, name="submit"),
    path("opgoerelser/", life.statements, name="statements"),
    path(STATEMENT, life.statement, name="stored"),
    path(f"{STATEMENT}{FILE}", life.statement_download, name="stored_download"),
    path(f"{STATEMENT}kontroller/", life.check, name="check"),
    path(f"{STATEMENT}godkend/", life.approve, name="approve"),
    path(f"{STATEMENT}send-tilbage/", life.send_back, name="send_back"),
    path(f"{STATEMENT}betalt/", life.pay, name="pay"),
    path("dokument/<uuid:public_id>/", documents.document, name="document"),
    path("dokument/<uuid:public_id>/fil/", documents.document_file, name="document_file"),
]
