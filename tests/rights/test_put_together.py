"""Who was found to be the same person (D40) is one in the report and in the erasure."""

import json
import uuid

import pytest
from django.core.management import call_command

from audit.access import record_shown
from audit.chain.erasures import ErasureReason
from audit.chain.sealing import seal
from audit.models import AccessRecord
from cases.actions import citizen_numbers
from cases.models import Citizen, Referral
from jobfirst.database.owner import as_owner
from rights.erasure.engine import erase_citizen
from tests.factories import CourseFactory, ReferralFactory, UserFactory, cpr
from tests.rights.erasure.conftest import LONG_AFTER
from tests.rights.erasure.test_erase import rows_with

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW = cpr(1), cpr(2)


@pytest.fixture
def gone():
    """The public id of a citizen who turned out to be a participant, and whom somebody had seen before."""
    course = CourseFactory(referral__citizen__cpr=OLD)
    earlier = ReferralFactory(citizen__cpr=NEW, name="Rikke Ravn", state="refused", reasons=["under_30"])
    public_id = earlier.citizen.public_id
    record_shown(UserFactory(name="Sagsbehandler Sørensen"), "referral", [public_id], reason="Rikke ringede")
    Referral.objects.filter(pk=earlier.pk).update(name="Rikke Ravn-Jensen")
    citizen_numbers.replace_number(
        course.referral, digits=NEW, reason="Folkeregistret", is_same_person=True, by=UserFactory()
    )
    assert not Citizen.objects.filter(public_id=public_id).exists()
    return public_id


def test_the_report_names_who_saw_her_under_the_other_number(gone, tmp_path):
    call_command("access_report", citizen=Citizen.objects.get().pseudonym, output=tmp_path / "report")
    document = json.loads((tmp_path / "report" / "access_report.json").read_text())
    seen = {(record["who"], record["reason"]) for record in document["seen_by"]}
    assert ("Sagsbehandler Sørensen", "Rikke ringede") in seen
    names = [change["values"]["name"] for change in document["history"]["cases.Referral"]]
    assert "Rikke Ravn" in names


def test_nothing_is_left_of_either_once_she_is_erased(gone):
    seal()
    citizen = Citizen.objects.get()
    known = ("Rikke", str(gone), str(citizen.public_id))
    reason = ErasureReason(uuid.uuid4(), "participant", UserFactory().pk, UserFactory().pk)
    with as_owner():
        erase_citizen(citizen, reason, LONG_AFTER)
    assert rows_with(*known) == []
    assert AccessRecord.objects.filter(citizens=[]).exists()
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit_log")
    assert end.value.code == 0
