"""Addresses of the draw and its ledger."""

from django.urls import URLPattern, path

from randomization.views import draw, ledger

app_name = "randomization"

urlpatterns: list[URLPattern] = [
    path("", draw.waiting, name="waiting"),
    path("traek/", draw.draw, name="draw"),
    path("trukket/", draw.drawn, name="drawn"),
    path("<uuid:public_id>/", draw.allocation_page, name="allocation"),
    path("<uuid:public_id>/bevis/", draw.certificate, name="certificate"),
    path("<uuid:public_id>/rettelse/", draw.correct, name="correct"),
    path("<uuid:public_id>/rettelse/tilbage/", draw.take_back, name="take_back"),
    path("protokol/", ledger.ledger, name="ledger"),
    path("protokol/hent/", ledger.download_ledger, name="download_ledger"),
    path("protokol/bindinger/", ledger.download_commitments, name="download_commitments"),
]
