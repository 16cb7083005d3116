"""The yardstick: a bare Django page with session, sign-in, CSRF and a filter form that fetches 25 rows.

Four queries: the session, the user, the count and the rows. Plain Django templates, no house kit.
"""

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, engines
from django.urls import include, path

from cases.models import Course

PAGE = engines["django"].from_string(
    """<!doctype html><html lang="da"><head><title>Bare</title></head><body>
<p>{{ user.name }}</p>
<form method="post" action="/bare/">{% csrf_token %}<button>Out</button></form>
<form method="get">{{ form.as_p }}<button>Show</button></form>
<table>{% for row in page %}<tr><td>{{ row.public_id }}</td><td>{{ row.started_on }}</td>
<td>{{ row.municipality_id }}</td>
<td>{{ row.internship_from }}</td><td>{{ row.ended_on }}</td></tr>{% endfor %}</table>
<p>{{ page.number }} / {{ page.paginator.num_pages }}</p></body></html>"""
)


class FilterForm(forms.Form):
    """A form such as a list has."""

    municipality = forms.CharField(required=False)
    started_after = forms.DateField(required=False)
    ended = forms.NullBooleanField(required=False)


def bare(request: HttpRequest) -> HttpResponse:
    """The page."""
    form = FilterForm(request.GET)
    rows = Course.objects.all()
    if form.is_valid() and form.cleaned_data["municipality"]:
        rows = rows.filter(municipality_id=form.cleaned_data["municipality"])
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    return HttpResponse(PAGE.template.render(RequestContext(request, {"form": form, "page": page})))


urlpatterns = [path("bare/", bare, name="bare"), path("", include("jobfirst.urls"))]
