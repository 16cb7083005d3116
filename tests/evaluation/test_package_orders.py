"""A package that takes long is ordered, made by the worker and fetched within a day; all is recorded."""

import hashlib
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from audit.models import AccessRecord
from evaluation.models import EvaluatorPackage, PackageOrder
from evaluation.packages import orders
from evaluation.packages.models import ATTEMPTS
from evaluation.tasks import make_package, tend_packages
from jobfirst import clock
from randomization.models import Allocation
from tests.factories import AllocationFactory, ReferralFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency(client):
    agency = UserFactory(roles=[Role.AGENCY])
    client.force_login(agency)
    return agency


@pytest.fixture
def long_package(monkeypatch):
    """Two drawn citizens, whose package takes too long for a request."""
    monkeypatch.setattr(orders, "AT_ONCE", 1)
    return [AllocationFactory(referral=ReferralFactory()) for _number in range(2)]


@pytest.fixture
def queued(monkeypatch):
    """The orders whose task has been queued."""
    keys = []
    monkeypatch.setattr(make_package, "delay", keys.append)
    return keys


@pytest.fixture
def order(agency, long_package):
    return orders.order_package(by=agency, as_of=clock.today(), submission=uuid.uuid4())


def fetch(client, order):
    return client.get(reverse("evaluation:packages"), {"file": str(order.public_id)})


def test_a_long_package_is_ordered_and_the_page_says_so(
    client, agency, long_package, queued, django_capture_on_commit_callbacks
):
    address, sent = reverse("evaluation:packages"), {"submission": str(uuid.uuid4()), "is_confirmed": "on"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, sent).url == address
        client.post(address, sent)
    order = PackageOrder.objects.get()
    assert queued == [order.pk]
    assert (order.ordered_by, order.package) == (agency, None)
    assert "den bliver dannet" in client.get(address).content.decode()
    assert fetch(client, order).status_code == 404


def test_the_worker_makes_it_and_whoever_fetches_it_is_recorded(client, agency, long_package, order):
    make_package(order.pk)
    colleague = UserFactory(roles=[Role.AGENCY])
    client.force_login(colleague)
    assert f"?file={order.public_id}" in client.get(reverse("evaluation:packages")).content.decode()
    response = fetch(client, order)
    content = b"".join(response.streaming_content)
    package = EvaluatorPackage.objects.get()
    assert hashlib.sha256(content).hexdigest() == package.sha256
    assert package.made_by == agency
    citizens = {allocation.citizen.public_id for allocation in long_package}
    made, fetched = (AccessRecord.objects.get(action=f"packages.{step}") for step in ("make", "fetch"))
    assert (made.user, fetched.user) == (agency, colleague)
    assert set(made.citizens) == set(fetched.citizens) == citizens


def test_made_again_it_stays_one(order):
    make_package(order.pk)
    make_package(order.pk)
    assert EvaluatorPackage.objects.count() == 1
    assert PackageOrder.objects.get().attempts == 1


def test_after_a_day_the_file_is_gone_and_the_record_stays(client, order, time_machine):
    make_package(order.pk)
    time_machine.move_to(clock.now() + timedelta(hours=25))
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    assert fetch(client, order).status_code == 404
    tend_packages()
    order.refresh_from_db()
    assert order.content is None
    assert order.package is not None
    assert not AccessRecord.objects.filter(action="packages.fetch").exists()


def test_an_order_whose_message_was_lost_is_queued_again(order, queued):
    tend_packages()
    assert queued == [order.pk]
    make_package(order.pk)
    tend_packages()
    assert queued == [order.pk]


def test_what_cannot_be_made_is_given_up_and_the_page_says_so(client, order, monkeypatch, queued):
    def fail(*args):
        raise OSError("the disk is full")

    monkeypatch.setattr("evaluation.packages.actions.build_archive", fail)
    for _attempt in range(ATTEMPTS):
        with pytest.raises(OSError, match="disk"):
            make_package(order.pk)
    tend_packages()
    assert queued == []
    assert "endnu ikke dannet efter 3 forsøg" in client.get(reverse("evaluation:packages")).content.decode()


@pytest.mark.parametrize("file", ["", "no-id", "00000000-0000-4000-8000-000000000000"])
def test_a_file_that_is_not_there_is_not_found(client, agency, file):
    assert client.get(reverse("evaluation:packages"), {"file": file}).status_code == 404


def test_nobody_else_fetches_a_package(client, order):
    make_package(order.pk)
    client.force_login(UserFactory(roles=[Role.PROJECT_LEADER], project=Allocation.objects.first().project))
    assert fetch(client, order).status_code == 403


def test_of_few_citizens_the_package_is_made_at_once(client, agency):
    AllocationFactory(referral=ReferralFactory())
    response = client.post(
        reverse("evaluation:packages"), {"submission": str(uuid.uuid4()), "is_confirmed": "on"}
    )
    assert b"".join(response.streaming_content).startswith(b"PK")
    assert not PackageOrder.objects.exists()
