"""Addresses of the draw and its ledger."""

from django.urls import URLPattern, path

from randomization import trial_views, views

app_name = "randomization"

urlpatterns: list[URLPattern] = [
    path("", views.waiting, name="waiting"),
    path("traek/", views.draw, name="draw"),
    path("trukket/", views.drawn, name="drawn"),
    path("<uuid:public_id>/", views.allocation, name="allocation"),
    path("<uuid:public_id>/bevis/", views.certificate, name="certificate"),
    path("<uuid:public_id>/rettelse/", views.correct, name="correct"),
    path("forsoeg/", trial_views.trial, name="trial"),
    path("forsoeg/hent/<slug:file_format>/", trial_views.download_trial, name="download_trial"),
    path("forsoeg/maalgrupper/", trial_views.target_groups, name="target_groups"),
    path("protokol/", views.ledger, name="ledger"),
    path("protokol/hent/", views.download_ledger, name="download_ledger"),
    path("protokol/bindinger/", views.download_commitments, name="download_commitments"),
]
