"""Addresses of the grants, under /tilskud/."""

from django.urls import path, register_converter

from grants.awards import views as awards
from grants.expenses import views as vouchers
from grants.statements.views import documents, doubts, drafts, explanations, forecast, history, lifecycle


class FormatConverter:
    """One of the formats a statement is offered in; any other address does not exist."""

    regex = "|".join(drafts.DOWNLOADS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormatConverter, "statement_format")

PROJECT = "projekt/<slug:slug>/"
KEPT = "vist/<uuid:public_id>/"
STATEMENT = "opgoerelse/<uuid:public_id>/"
FILE = "hent.<statement_format:file_format>"

app_name = "grants"
urlpatterns = [
    path("", drafts.statement, name="statement"),
    path(FILE, drafts.download, name="download"),
    path("pdf/", documents.order, name="order_pdf"),
    path(PROJECT, drafts.project, name="project"),
    path(f"{PROJECT}{FILE}", drafts.project_download, name="project_download"),
    path(f"{PROJECT}pdf/", documents.order_project, name="order_project_pdf"),
    path(f"{PROJECT}indsend/", lifecycle.submit, name="submit"),
    path(f"{PROJECT}tvivl/", doubts.answer_doubt, name="answer_doubt"),
    path(f"{PROJECT}borger/<uuid:public_id>/", explanations.explain, name="explain"),
    path(f"{PROJECT}uden-tilskud/", explanations.unused, name="unused"),
    path(f"{PROJECT}prognose/", forecast.show_forecast, name="forecast"),
    path(f"{PROJECT}bevilling/", awards.award, name="award"),
    path(f"{PROJECT}bevilling/ny/", awards.new_award, name="new_award"),
    path(f"{PROJECT}ansoegning/", awards.application, name="application"),
    path(f"{PROJECT}udgifter/", vouchers.expenses, name="expenses"),
    path(f"{PROJECT}udgifter/nyt-bilag/", vouchers.new_voucher, name="new_voucher"),
    path(f"{PROJECT}historik/", history.project, name="project_history"),
    path("historik/", history.overview, name="history"),
    path(KEPT, history.show_snapshot, name="kept"),
    path(f"{KEPT}{FILE}", history.download, name="kept_download"),
    path(f"{KEPT}pdf/", history.order, name="kept_pdf"),
    path(f"{KEPT}borger/<uuid:course>/", history.explain, name="kept_explain"),
    path(f"{KEPT}uden-tilskud/", history.unused, name="kept_unused"),
    path(f"{KEPT}forskel/", history.difference, name="kept_difference"),
    path("bilag/<uuid:public_id>/fil/", vouchers.voucher_file, name="voucher_file"),
    path("bilag/<uuid:public_id>/traek-tilbage/", vouchers.withdraw_voucher, name="withdraw_voucher"),
    path("satser/", awards.terms, name="terms"),
    path("satser/nye/", awards.new_terms, name="new_terms"),
    path("opgoerelser/", lifecycle.statements, name="statements"),
    path(STATEMENT, lifecycle.statement, name="stored"),
    path(f"{STATEMENT}{FILE}", lifecycle.statement_download, name="stored_download"),
    path(f"{STATEMENT}godkendt.json", lifecycle.approved_content, name="approved_content"),
    path(f"{STATEMENT}pdf/", documents.order_again, name="order_again"),
    path(f"{STATEMENT}borger/<uuid:course>/", explanations.explain_stored, name="explain_stored"),
    path(f"{STATEMENT}kontroller/", lifecycle.check, name="check"),
    path(f"{STATEMENT}godkend/", lifecycle.approve, name="approve"),
    path(f"{STATEMENT}send-tilbage/", lifecycle.send_back, name="send_back"),
    path(f"{STATEMENT}betalt/", lifecycle.pay, name="pay"),
    path("dokument/<uuid:public_id>/", documents.document, name="document"),
    path("dokument/<uuid:public_id>/fil/", documents.document_file, name="document_file"),
]
