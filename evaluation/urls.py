"""Addresses of the leader's dashboard and of the trial as the agency follows it."""

from django.urls import include, path

from evaluation.steering.views import group as steering_group
from evaluation.steering.views import meeting_page as steering_meeting
from evaluation.steering.views import meetings as steering_meetings
from evaluation.views import dashboard, fidelity, paid_hours, reports, spread, trial

app_name = "evaluation"
STEERING = [
    path("", steering_group.steering, name="steering"),
    path("<slug:slug>/medlemmer/nyt/", steering_group.new_member, name="new_member"),
    path("medlemmer/<uuid:public_id>/", steering_group.change_member, name="change_member"),
    path("medlemmer/<uuid:public_id>/fejl/", steering_group.withdraw_member, name="withdraw_member"),
    path("<slug:slug>/moeder/nyt/", steering_meetings.plan_meeting, name="plan_steering_meeting"),
    path("moeder/<uuid:public_id>/", steering_meeting.meeting_page, name="steering_meeting"),
    path("moeder/<uuid:public_id>/pdf/", reports.steering_paper_pdf, name="steering_paper"),
    path("moeder/<uuid:public_id>/flyt/", steering_meetings.move_meeting, name="move_steering_meeting"),
    path("moeder/<uuid:public_id>/aflys/", steering_meetings.cancel_meeting, name="cancel_steering_meeting"),
    path("moeder/<uuid:public_id>/igen/", steering_meetings.plan_again, name="plan_steering_again"),
    path("moeder/<uuid:public_id>/ret/", steering_meetings.correct_meeting, name="correct_steering_meeting"),
    path(
        "moeder/<uuid:public_id>/ret/<slug:topic>/",
        steering_meetings.correct_minute,
        name="correct_steering_minute",
    ),
    path("beslutninger/<uuid:public_id>/udfoert/", steering_meetings.decision_done, name="decision_done"),
    path("beslutninger/<uuid:public_id>/igen/", steering_meetings.reopen_decision, name="reopen_decision"),
    path(
        "beslutninger/<uuid:public_id>/fejl/", steering_meetings.withdraw_decision, name="withdraw_decision"
    ),
]
urlpatterns = [
    path("overblik/indsatsgruppe/", include(STEERING)),
    path("overblik/", dashboard.dashboard, name="dashboard"),
    path("overblik/grundelementer/", fidelity.elements, name="elements"),
    path("overblik/vurderinger/", spread.spread, name="spread"),
    path("lodtraekning/forsoeg/", trial.trial, name="trial"),
    path("lodtraekning/forsoeg/grundelementer/", fidelity.trial_elements, name="trial_elements"),
    path("lodtraekning/forsoeg/hent/<slug:file_format>/", trial.download_trial, name="download_trial"),
    path("lodtraekning/forsoeg/maalgrupper/", trial.target_groups, name="target_groups"),
    path("lodtraekning/forsoeg/timer/", paid_hours.paid_hours, name="paid_hours"),
    path("lodtraekning/forsoeg/timer/indlaes/", paid_hours.upload_paid_hours, name="upload_paid_hours"),
]
