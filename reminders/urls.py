from django.urls import path

from reminders import views

app_name = "reminders"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("adresse-virker/", views.confirm_address, name="confirm_address"),
    path("udsaet/<slug:kind>/<slug:subject>/<str:due_on>/", views.put_off, name="put_off"),
    path("indstillinger/", views.preferences, name="preferences"),
    path("kalender/", views.calendar, name="calendar"),
    path("kalender/luk/", views.revoke_calendar, name="revoke_calendar"),
    path("kalender/<str:token>.ics", views.feed, name="feed"),
]
