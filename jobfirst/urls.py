"""All URLs of the site. The table in tests/access/ declares who may use which."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from jobfirst.edges.security_txt import security_txt
from jobfirst.monitoring import views as monitoring

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("cases.urls")),
    path("", include("evaluation.urls")),
    path("", include("companies.urls")),
    path("", include("progression.urls")),
    path("", include("plans.urls")),
    path("tilskud/", include("grants.urls")),
    path("hjaelp/", include("help.urls")),
    path("opbevaring/", include("rights.urls")),
    path("sundhed/", monitoring.ready, name="health"),
    path("sundhed/klar/", monitoring.ready, name="health_ready"),
    path("sundhed/live/", monitoring.live, name="health_live"),
    path("sundhed/web/", monitoring.serving, name="health_serving"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("lodtraekning/", include("randomization.urls")),
    path("sprog/", login_not_required(set_language), name="set_language"),
    path("paamindelser/", include("reminders.urls")),
    path("drift/", include("reminders.operations.urls")),
]

handler403 = "cases.views.refusals.permission_denied"
handler500 = "jobfirst.kit.errors.server_error"
