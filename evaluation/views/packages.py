"""The evaluator's package: what is in it, the download, and which packages were made. The agency's only."""

import io
import uuid
from typing import IO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.requests import AuthenticatedRequest
from audit.access import requires
from evaluation.models import EvaluatorPackage
from evaluation.packages import orders
from evaluation.packages.actions import make_package
from evaluation.packages.counts import count_contents
from evaluation.packages.forms import PackageForm
from evaluation.packages.tables import TABLES
from jobfirst import clock, mode
from jobfirst.kit.editing import form_data
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import Column, DayColumn, KitTable, MomentColumn, NumberColumn, paged


class PackageList(KitTable):
    """The packages that were made, the newest first."""

    title = gettext_lazy("Packages made")
    default_order = ("-made_at",)

    made_at = MomentColumn(verbose_name=gettext_lazy("made"))
    made_by = Column(verbose_name=gettext_lazy("made by"), orderable=False)
    as_of = DayColumn(verbose_name=gettext_lazy("as of"))
    citizens = NumberColumn(verbose_name=gettext_lazy("citizens"))
    size = NumberColumn(verbose_name=gettext_lazy("size"))
    public_id = Column(verbose_name=gettext_lazy("Package"), orderable=False, css="jf-anywhere")
    sha256 = Column(verbose_name=gettext_lazy("SHA-256 of the file"), orderable=False, css="jf-anywhere")

    def render_size(self, value: int) -> str:
        """The size in kB or MB."""
        return filesizeformat(value)

    def render_public_id(self, value: object) -> str:
        """The id that stands in the package."""
        return str(value)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("evaluation.make_packages")
def packages(request: AuthenticatedRequest) -> HttpResponseBase:
    """Say in numbers what a package would hold; once confirmed, make it and return the file, or order it from
    the worker when that takes long. `?file=` returns the file of an order."""
    today = clock.today()
    if request.method != "POST" and "file" in request.GET:
        return _ordered_file(request)
    form = PackageForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        if form.submission and orders.is_for_the_worker(form.submission):
            orders.order_package(by=request.user, as_of=today, submission=form.submission)
            messages.success(
                request, _("The package is being made. It takes some minutes, and is then on this page.")
            )
            return redirect("evaluation:packages")
        package, archive = make_package(by=request.user, as_of=today, submission=form.submission)
        if archive is None:
            messages.info(
                request, _("This form has made its package already. The file is not kept: make another one.")
            )
            return redirect("evaluation:packages")
        return _file_response(archive.file, package)
    return _page(request, form)


def _ordered_file(request: AuthenticatedRequest) -> FileResponse:
    """Return the file of the order in the address, and record it; 404 when there is none."""
    try:
        public_id = uuid.UUID(request.GET["file"])
    except ValueError:
        raise Http404 from None
    order = orders.fetch_file(public_id, request.user, clock.now())
    if order is None or order.package is None:
        raise Http404
    return _file_response(io.BytesIO(order.content or b""), order.package)


def _file_response(file: IO[bytes], package: EvaluatorPackage) -> FileResponse:
    response = FileResponse(file, as_attachment=True, filename=_file_name(package))
    response["Content-Length"] = str(package.size)
    response["Cache-Control"] = "private, no-store"
    return response


def _page(request: AuthenticatedRequest, form: PackageForm) -> HttpResponse:
    today = clock.today()
    context = {
        "form": form,
        "today": today,
        "counts": count_contents(today),
        "orders": orders.recent_orders(clock.now()),
        "contents": TABLES,
        "table": paged(request, PackageList(EvaluatorPackage.objects.select_related("made_by"))),
        "empty": Empty(_("No package has been made yet.")),
    }
    return render_page(request, "evaluation/packages.html", context, fragment="kit/list_fragment.html")


def _file_name(package: EvaluatorPackage) -> str:
    rehearsal = "-oevelse" if mode.is_rehearsal() else ""
    return f"evaluatorpakke{rehearsal}-{package.as_of}-{str(package.public_id)[:8]}.zip"
