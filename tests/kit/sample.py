"""Sample pages for the tests of the kit: every field kind, a list, the error pages."""

from types import SimpleNamespace

from crispy_forms import layout
from crispy_forms.bootstrap import AppendedText, InlineRadios
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import include, path

from jobfirst.kit.editing import (
    EditFormMixin,
    answer_form,
    edit_page,
    errors_as_message,
    form_data,
)
from jobfirst.kit.forms import DateInput, DecimalInput, DigitsInput, form_helper
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import Column, KitTable, NumberColumn, paged

KINDS = [("a", "Første"), ("b", "Anden"), ("c", "Tredje")]


class SampleForm(forms.Form):
    name = forms.CharField(label="Navn", help_text="For- og efternavn", max_length=20)
    cpr = forms.CharField(label="CPR-nummer", widget=DigitsInput)
    kind = forms.ChoiceField(label="Målgruppe", choices=[("", "Vælg"), *KINDS])
    way = forms.ChoiceField(label="Hvordan", choices=KINDS, widget=forms.RadioSelect, help_text="Vælg én")
    inline = forms.ChoiceField(label="På linje", choices=KINDS, widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(label="Flere", choices=KINDS, widget=forms.CheckboxSelectMultiple)
    agree = forms.BooleanField(label="Borgeren var med", help_text="Skal være afkrydset")
    first = forms.DateField(label="Fra", widget=DateInput)
    last = forms.DateField(label="Til", widget=DateInput, required=False)
    hours = forms.DecimalField(label="Timer", widget=DecimalInput)
    note = forms.CharField(label="Notat", widget=forms.Textarea(attrs={"rows": 3}))
    upload = forms.FileField(label="Fil")
    token = forms.CharField(widget=forms.HiddenInput, initial="t", required=False)

    @property
    def helper(self):
        return form_helper(
            "Gem forløbet",
            cancel_url="/liste/",
            layout=Layout(
                Fieldset("Borgeren", "name", "cpr", "kind", "way", InlineRadios("inline"), "many", "agree"),
                Row(layout.Column("first"), layout.Column("last")),
                AppendedText("hours", "timer"),
                "note",
                "upload",
                "token",
            ),
        )


class RefusingForm(EditFormMixin, forms.Form):
    """An edit form whose action refuses two names: one beside its field, one for the whole form."""

    title = "Ret navnet"
    intro = "Navnet er dit eget."
    submit = "Gem navnet"
    success = "Navnet er gemt."

    name = forms.CharField(label="Navn")

    def save(self, *, by, today):
        name = self.cleaned_data["name"]
        if name == "optaget":
            raise ValidationError({"name": "Navnet er optaget."})
        if name == "lukket":
            raise ValidationError({"elsewhere": "Der er lukket for navne."})
        return name


class SampleTable(KitTable):
    title = "Forløb"

    name = Column(verbose_name="Borger")
    phase = Column(verbose_name="Fase")
    count = NumberColumn(verbose_name="Uger")


@login_not_required
def form_page(request):
    form = SampleForm(request.POST or None)
    context = {"form": form, "page_title": "Prøveformular", "back_url": "/liste/", "back_label": "Til listen"}
    return render_page(request, "kit/form_page.html", context)


@login_not_required
@edit_page
def edit_name(request):
    form = RefusingForm(form_data(request))
    return answer_form(request, form, back_url="/liste/", success_url=lambda name: f"/liste/?name={name}")


@login_not_required
def one_tap(request):
    with errors_as_message(request):
        raise ValidationError("Det kan ikke lade sig gøre.")
    return redirect("/liste/")


@login_not_required
def list_page(request):
    rows = [
        SimpleNamespace(name=f"Testborger {n}", phase="Snuseperiode", count=n)
        for n in range(int(request.GET.get("rows", 60)))
    ]
    if request.GET.get("say"):
        for level in (messages.info, messages.success, messages.warning, messages.error):
            level(request, "Besked <b>")
    context = {
        "page_title": "Prøveliste",
        "page_intro": "En liste med tres rækker.",
        "table": paged(request, SampleTable(rows)),
        "empty": Empty("Der er ingen forløb endnu.", "/formular/", "Henvis en borger"),
    }
    return render_page(request, "kit/list_page.html", context, fragment="kit/list_fragment.html")


@login_not_required
def missing(request, key):
    raise Http404(f"No {key}")


@login_not_required
def refused(request):
    raise PermissionDenied


@login_not_required
def broken(request):
    raise RuntimeError("broken on purpose")


urlpatterns = [
    path("formular/", form_page, name="sample_form"),
    path("navn/", edit_name, name="sample_edit"),
    path("tryk/", one_tap, name="sample_one_tap"),
    path("liste/", list_page, name="sample_list"),
    path("mangler/<str:key>/", missing, name="sample_missing"),
    path("afvist/", refused, name="sample_refused"),
    path("fejl/", broken, name="sample_broken"),
    path("", include("jobfirst.urls")),
]
handler500 = "jobfirst.kit.errors.server_error"
