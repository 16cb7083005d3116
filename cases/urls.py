"""Addresses of referrals and courses."""

from django.urls import URLPattern, path

from cases.views import oversight, referrals, uploads

app_name = "cases"

urlpatterns: list[URLPattern] = [
    path("henvisninger/", referrals.referrals, name="referrals"),
    path("henvisninger/ny/", referrals.new_referral, name="new_referral"),
    path("henvisninger/indlaes/", uploads.upload_referrals, name="upload_referrals"),
    path("henvisninger/<uuid:public_id>/", referrals.referral, name="referral"),
    path("aabninger/", oversight.openings, name="openings"),
    path("forloeb/<uuid:public_id>/adgang/", oversight.access_log, name="access_log"),
    path("indlaes/funktioner/", uploads.upload_functions, name="upload_functions"),
    path("indlaes/kontakter/", uploads.upload_contacts, name="upload_contacts"),
]
