"""URLs of the activity plan, the plan for job with its signatures, and the citizen's word on both."""

from django.urls import path

from plans.views import activity, job, signatures, words

app_name = "plans"

urlpatterns = [
    path("forloeb/<uuid:public_id>/aktivitet/", activity.new_activity, name="new_activity"),
    path("forloeb/<uuid:public_id>/aktivitetsplan/kopi/", activity.copy_activities, name="copy_activities"),
    path(
        "forloeb/<uuid:public_id>/aktivitetsplan/pdf/", activity.activity_plan_pdf, name="activity_plan_pdf"
    ),
    path(
        "forloeb/<uuid:public_id>/aktivitetsplan/kalender/",
        activity.activity_plan_calendar,
        name="activity_plan_calendar",
    ),
    path("aktiviteter/<uuid:public_id>/", activity.change_activity, name="change_activity"),
    path("aktiviteter/<uuid:public_id>/status/", activity.mark_activity, name="mark_activity"),
    path("aktiviteter/<uuid:public_id>/flyt/", activity.move_activity, name="move_activity"),
    path("aktiviteter/<uuid:public_id>/gentag/", activity.repeat_activity, name="repeat_activity"),
    path("forloeb/<uuid:public_id>/borgerens-ord/<str:subject>/", words.record_word, name="record_word"),
    path("forloeb/<uuid:public_id>/plan-for-job/", job.plan, name="plan"),
    path("forloeb/<uuid:public_id>/plan-for-job/kladde/", job.plan_draft, name="plan_draft"),
    path("planer/<uuid:public_id>/pdf/", job.plan_pdf, name="plan_pdf"),
    path("planer/<uuid:public_id>/underskrift/<str:party>/", signatures.sign, name="sign"),
    path("planer/<uuid:public_id>/underskrift/<str:party>/annuller/", signatures.void, name="void_signature"),
]
