"""Upload page of a file: read and checked exactly as by the command (docs/formats.md)."""

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobfirst.exchange import BadFile, FileColumn, FileTable, read_table
from jobfirst.exchange.command import ImportReport
from jobfirst.extension_points import note_import, note_upload
from jobfirst.files.virus_scan import refuse_viruses
from jobfirst.kit.forms import form_helper
from jobfirst.kit.pages import render_page

MOST_SHOWN = 500  # too many to read on a page; the command lists them all


class UploadForm(forms.Form):
    """One file, CSV or XLSX, of at most JOBFIRST_MAX_IMPORT_BYTES."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV in UTF-8 with ; between the columns, or an Excel workbook (.xlsx)."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    @property
    def helper(self) -> Any:
        return form_helper(_("Check and save the file"))

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > settings.JOBFIRST_MAX_IMPORT_BYTES:
            largest = filesizeformat(settings.JOBFIRST_MAX_IMPORT_BYTES)
            raise ValidationError(_("The file is larger than %(largest)s. Divide it.") % {"largest": largest})
        refuse_viruses(file)
        return file


def upload_page(
    request: HttpRequest,
    *,
    title: str,
    columns: Sequence[FileColumn],
    load: Callable[[FileTable], Any],
    report_page: Callable[[Any], HttpResponse],
    back_url: str = "",
) -> HttpResponse:
    """Show the upload form; import the file, and list its errors or answer with `report_page(report)`.

    `load` is the importer that the command calls, too: it saves the table's rows and returns a report, or
    raises BadFile. It runs in one transaction, so that nothing of a bad file is saved. The page explains the
    `columns`. The caller has checked the permission; no content of the file is shown.
    """
    form = UploadForm(request.POST or None, request.FILES or None)
    context = {"form": form, "page_title": title, "columns": columns, "back_url": back_url}
    if request.method != "POST" or not form.is_valid():
        return render_page(request, "kit/upload_page.html", {**context, "errors": []})
    note_upload(request)
    try:
        with closing(read_table(form.cleaned_data["file"], columns)) as table, transaction.atomic():
            report = load(table)
            note_import()
    except BadFile as bad_file:
        error_context = {"errors": bad_file.errors[:MOST_SHOWN], "wrong": len(bad_file.errors)}
        return render_page(request, "kit/upload_page.html", {**context, **error_context}, status=422)
    return report_page(report)


def contradictions_page(
    request: HttpRequest, *, title: str, back_url: str, report: ImportReport
) -> HttpResponse:
    """Answer with the counts and the rows that contradict what a person has entered (D42)."""
    words = {
        "created": _("Recorded"),
        "updated": _("Changed"),
        "unchanged": _("There already"),
    }
    context = {
        "page_title": title,
        "back_url": back_url,
        "counts": [(word, report[key]) for key, word in words.items() if key in report],
        "contradicted": report.get("contradicted", [])[:MOST_SHOWN],
    }
    return render_page(request, "kit/uploaded.html", context)
