"""The periodic tasks of the evaluation. They may run twice, late or not at all."""

from celery import shared_task

from evaluation import warming
from evaluation.outcomes import stored_test
from evaluation.packages import orders as package_orders
from evaluation.publication.actions import publish_due
from evaluation.steering import mails
from evaluation.summaries import orders
from jobfirst import clock, mode
from jobfirst.database.one_at_a_time import run_exclusively
from jobfirst.messaging.mute import is_muted
from jobfirst.row_security.context import all_projects, no_project


@shared_task
@all_projects("the figures of every project")
def refresh_figures() -> None:
    """Reckon the stored figures of the measures anew, and the randomisation test of the outcomes."""
    with run_exclusively("evaluation.refresh_figures") as is_alone:
        if is_alone:
            _refresh()


@shared_task
@all_projects("the figures of every project")
def refresh_ordered() -> None:
    """Reckon the same anew when a file has been imported since, and again for files read meanwhile."""
    if not orders.is_waiting():
        return
    with run_exclusively("evaluation.refresh_figures") as is_alone:
        while is_alone and orders.is_waiting():
            _refresh()


def _refresh() -> None:
    """Reckon what is stored, and draw what the pages show of it."""
    today = clock.today()
    orders.fulfil(today)
    stored_test.repeat_draws(today)
    warming.draw_leaders_pages(today)
    warming.draw_missing_charts(today)
    warming.reckon_balance(today)


@shared_task
@all_projects("the steering groups of every project")
def send_invitations() -> None:
    """Send the invitations to steering groups that wait; nothing in a muted system."""
    mode.confirm()
    if is_muted():
        return
    with run_exclusively("evaluation.send_invitations") as is_alone:
        if is_alone:
            mails.send_waiting(clock.now())


@shared_task
@all_projects("the figures of every project")
def publish_figures() -> None:
    """Publish the agency's figures of the months that are over, after the night's check of what is stored."""
    with run_exclusively("evaluation.publish_figures") as is_alone:
        if is_alone:
            today = clock.today()
            publish_due(today)
            warming.draw_agency_charts()
            warming.reckon_balance(today)


@shared_task
@all_projects("the charts of every project")
def draw_charts() -> None:
    """Draw the charts of the pages that are not in the cache, so that no reader waits for them."""
    with run_exclusively("evaluation.draw_charts") as is_alone:
        if is_alone:
            warming.draw_missing_charts(clock.today())


@shared_task
@all_projects("the evaluator gets the whole trial")
def make_package(pk: int) -> None:
    """Make an evaluator's package that was ordered; one at a time."""
    with run_exclusively("evaluation.make_package") as is_alone:
        if is_alone:
            package_orders.make_order(pk)


@shared_task
@no_project("packages are those of the whole trial")
def tend_packages() -> None:
    """Queue ordered packages again whose message was lost or had to wait, and delete old files."""
    package_orders.delete_old_files(clock.now())
    for pk in package_orders.waiting_orders().values_list("pk", flat=True):
        make_package.delay(pk)
