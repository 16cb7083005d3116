from django.urls import path

from reminders.operations import views

app_name = "operations"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("<uuid:public_id>/send-igen/", views.send_again, name="send_again"),
]
