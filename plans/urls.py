"""URLs of the activity plan and the plan for job."""

from django.urls import path

from plans import views

app_name = "plans"

urlpatterns = [
    path("forloeb/<uuid:public_id>/aktivitet/", views.new_activity, name="new_activity"),
    path("aktiviteter/<uuid:public_id>/", views.change_activity, name="change_activity"),
    path("aktiviteter/<uuid:public_id>/status/", views.mark_activity, name="mark_activity"),
    path("forloeb/<uuid:public_id>/plan-for-job/", views.plan, name="plan"),
    path("planer/<uuid:public_id>/pdf/", views.plan_pdf, name="plan_pdf"),
]
