"""A page to deliver a file on: the same reading and the same errors as the command (FORMATS)."""

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

from jobfirst.exchange import BadFile, FileTable, read_table
from jobfirst.kit.forms import form_helper
from jobfirst.kit.pages import render_page

MOST_SHOWN = 500  # a page of more is nobody's to read; the command lists them all


class UploadForm(forms.Form):
    """One file, CSV or XLSX, no larger than JOBFIRST_MAX_IMPORT_BYTES."""

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
        return file


def upload_page(
    request: HttpRequest,
    *,
    title: str,
    columns: Sequence[str],
    load: Callable[[FileTable], Any],
    saved: Callable[[Any], HttpResponse],
    back_url: str = "",
) -> HttpResponse:
    """Show the upload form; take the file, list every bad row, or answer with `saved(report)`.

    `load` is the function the command calls, too: it saves the table's rows, or raises BadFile, and
    returns its report. It runs in one transaction, so that nothing of a bad file stays. The caller has
    checked the permission; nothing of the file's content is shown back.
    """
    form = UploadForm(request.POST or None, request.FILES or None)
    context = {"form": form, "page_title": title, "columns": ";".join(columns), "back_url": back_url}
    if request.method != "POST" or not form.is_valid():
        return render_page(request, "kit/upload_page.html", {**context, "errors": []})
    try:
        with closing(read_table(form.cleaned_data["file"], columns)) as table, transaction.atomic():
            report = load(table)
    except BadFile as refused:
        shown = {"errors": refused.errors[:MOST_SHOWN], "wrong": len(refused.errors)}
        return render_page(request, "kit/upload_page.html", {**context, **shown}, status=422)
    return saved(report)
