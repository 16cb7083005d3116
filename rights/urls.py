"""Addresses of retention and erasure."""

from django.urls import path

from rights.views import holds, retention, runs

app_name = "rights"

urlpatterns = [
    path("", retention.overview, name="retention"),
    path("regel/", retention.new_rule, name="new_rule"),
    path("tilbagehold/", holds.list_holds, name="holds"),
    path("tilbagehold/<uuid:public_id>/ophaev/", holds.lift_hold, name="lift_hold"),
    path("henvisning/<uuid:public_id>/tilbagehold/", holds.new_hold, name="new_hold"),
    path("forslag/", runs.propose_run, name="propose"),
    path("forslag/<uuid:public_id>/", runs.show_run, name="run"),
    path("forslag/<uuid:public_id>/godkend/", runs.approve_run, name="approve"),
    path("forslag/<uuid:public_id>/fortryd/", runs.withdraw_run, name="withdraw"),
]
