"""Every address of the site. The table in tests/access/ declares who may use which."""

from django.urls import include, path

urlpatterns = [
    path("", include("accounts.urls")),
]
