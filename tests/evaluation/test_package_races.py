"""Packages that are made at the same time: one form makes one, and what is imported meanwhile is not torn."""

import datetime
import gc
import uuid

import pytest

from accounts.roles import Role
from evaluation.models import EvaluatorPackage
from evaluation.packages.actions import make_package
from tests.concurrency import run_at_once
from tests.factories import AllocationFactory, ReferralFactory, UserFactory

AS_OF = datetime.date(2016, 9, 15)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_twice_at_once_makes_one_package():
    AllocationFactory(referral=ReferralFactory())
    by, submission = UserFactory(roles=[Role.AGENCY]), uuid.uuid4()
    made = run_at_once([lambda: make_package(by=by, as_of=AS_OF, submission=submission)] * 2)
    (package,) = EvaluatorPackage.objects.all()
    assert [result.package for result in made] == [package] * 2
    (archive,) = [result.archive for result in made if result.archive]
    archive.file.close()
    del made
    gc.collect()  # a file that the refused one left open would be reported here
