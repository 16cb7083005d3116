"""Addresses of the leader's dashboard and of the trial as the agency follows it."""

from django.urls import include, path

from evaluation.outcomes import views as outcomes
from evaluation.steering.urls import STEERING
from evaluation.views import (
    comparison,
    deviations,
    fidelity,
    monday,
    packages,
    paid_hours,
    reports,
    spread,
    trial,
)

app_name = "evaluation"
urlpatterns = [
    path("overblik/indsatsgruppe/", include(STEERING)),
    path("overblik/<slug:slug>/status/", reports.month_status_pdf, name="month_status"),
    path("overblik/", monday.dashboard, name="dashboard"),
    path("overblik/tal/<slug:code>/", monday.measure, name="measure"),
    path("overblik/grundelementer/", fidelity.elements, name="elements"),
    path("overblik/vurderinger/", spread.spread, name="spread"),
    path("overblik/afvigelser/", deviations.deviations, name="deviations"),
    path("overblik/afvigelser/ny/<uuid:public_id>/", deviations.record_deviation, name="record_deviation"),
    path("overblik/afvigelser/<uuid:public_id>/ret/", deviations.correct_deviation, name="correct_deviation"),
    path(
        "overblik/afvigelser/<uuid:public_id>/slet/",
        deviations.withdraw_deviation,
        name="withdraw_deviation",
    ),
    path("lodtraekning/forsoeg/afvigelser/", deviations.trial_deviations, name="trial_deviations"),
    path(
        "lodtraekning/forsoeg/afvigelser/ny/",
        deviations.record_trial_deviation,
        name="record_trial_deviation",
    ),
    path("lodtraekning/forsoeg/evaluatorpakke/", packages.packages, name="packages"),
    path("lodtraekning/forsoeg/", trial.trial, name="trial"),
    path("lodtraekning/forsoeg/grundelementer/", fidelity.trial_elements, name="trial_elements"),
    path("lodtraekning/forsoeg/grundelementer/graense/", fidelity.new_threshold, name="new_threshold"),
    path("lodtraekning/forsoeg/resultater/", outcomes.results, name="results"),
    path(
        "lodtraekning/forsoeg/resultater/afvigelser/",
        outcomes.second_results,
        name="second_results",
    ),
    path(
        "lodtraekning/forsoeg/resultater/hent/<slug:file_format>/",
        outcomes.download_results,
        name="download_results",
    ),
    path("lodtraekning/forsoeg/hent/<slug:file_format>/", trial.download_trial, name="download_trial"),
    path("lodtraekning/forsoeg/projekter/", comparison.comparison, name="comparison"),
    path(
        "lodtraekning/forsoeg/projekter/hent/<slug:file_format>/",
        comparison.download_comparison,
        name="download_comparison",
    ),
    path("lodtraekning/forsoeg/maalgrupper/", trial.target_groups, name="target_groups"),
    path("lodtraekning/forsoeg/timer/", paid_hours.paid_hours, name="paid_hours"),
    path("lodtraekning/forsoeg/timer/indlaes/", paid_hours.upload_paid_hours, name="upload_paid_hours"),
]
