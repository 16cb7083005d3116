"""Addresses of the steering group, below those of the leader's overview."""

from django.urls import path

from evaluation.steering.views import group, meeting_page, meetings
from evaluation.views import reports

STEERING = [
    path("", group.steering, name="steering"),
    path("<slug:slug>/medlemmer/nyt/", group.new_member, name="new_member"),
    path("medlemmer/<uuid:public_id>/", group.change_member, name="change_member"),
    path("medlemmer/<uuid:public_id>/fejl/", group.withdraw_member, name="withdraw_member"),
    path("medlemmer/<uuid:public_id>/gendan/", group.restore_member, name="restore_member"),
    path("<slug:slug>/moeder/nyt/", meetings.plan_meeting, name="plan_steering_meeting"),
    path("moeder/<uuid:public_id>/", meeting_page.meeting_page, name="steering_meeting"),
    path("moeder/<uuid:public_id>/pdf/", reports.steering_paper_pdf, name="steering_paper"),
    path("moeder/<uuid:public_id>/flyt/", meetings.move_meeting, name="move_steering_meeting"),
    path("moeder/<uuid:public_id>/aflys/", meetings.cancel_meeting, name="cancel_steering_meeting"),
    path("moeder/<uuid:public_id>/igen/", meetings.plan_again, name="plan_steering_again"),
    path("moeder/<uuid:public_id>/ret/", meetings.correct_meeting, name="correct_steering_meeting"),
    path(
        "moeder/<uuid:public_id>/ret/<slug:topic>/",
        meetings.correct_minute,
        name="correct_steering_minute",
    ),
    path("beslutninger/<uuid:public_id>/udfoert/", meetings.decision_done, name="decision_done"),
    path("beslutninger/<uuid:public_id>/igen/", meetings.reopen_decision, name="reopen_decision"),
    path("beslutninger/<uuid:public_id>/fejl/", meetings.withdraw_decision, name="withdraw_decision"),
    path("beslutninger/<uuid:public_id>/gendan/", meetings.restore_decision, name="restore_decision"),
]
