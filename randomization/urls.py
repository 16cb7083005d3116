"""Addresses of the draw and its ledger."""

from django.urls import URLPattern, path

from randomization import views

app_name = "randomization"

urlpatterns: list[URLPattern] = [
    path("", views.waiting, name="waiting"),
    path("traek/", views.draw, name="draw"),
    path("trukket/", views.drawn, name="drawn"),
    path("<uuid:public_id>/", views.allocation, name="allocation"),
    path("<uuid:public_id>/bevis/", views.certificate, name="certificate"),
    path("<uuid:public_id>/rettelse/", views.correct, name="correct"),
    path("protokol/", views.ledger, name="ledger"),
    path("protokol/hent/", views.download_ledger, name="download_ledger"),
    path("protokol/bindinger/", views.download_commitments, name="download_commitments"),
]
