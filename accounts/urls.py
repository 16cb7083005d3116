from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("JobFirst")


urlpatterns = [
    path("", home, name="home"),
    path("konto/", include("allauth.urls")),
]
