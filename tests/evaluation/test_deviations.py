"""Deviations from the protocol: recorded, corrected, withdrawn and suggested (D41, D59)."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from accounts.models import TrialTerms
from accounts.roles import Role
from audit.models import AccessRecord, Correction
from evaluation.deviations.actions import record_deviation
from evaluation.deviations.suggestions import find_suggested
from evaluation.models import Deviation
from randomization.models import Stratum
from tests.evaluation.factories import DeviationFactory
from tests.factories import (
    DRAWN_ON,
    AllocationFactory,
    CourseFactory,
    MentorContactFactory,
    PlacementFactory,
    ReferralFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

DAYS = datetime.timedelta(days=1)
LATER = DRAWN_ON + 200 * DAYS


def suggested(day, project=None):
    return find_suggested(day, TrialTerms.objects.in_force_or_first(day), project)


@pytest.fixture
def control(aalborg):
    return AllocationFactory(referral=ReferralFactory(project=aalborg), arm="control")


@pytest.fixture
def participant(aalborg):
    course = CourseFactory(project_for=aalborg)
    return AllocationFactory(referral=course.referral)


@pytest.fixture
def leader(aalborg):
    return UserFactory(project=aalborg, roles=[Role.PROJECT_LEADER])


@pytest.fixture
def leader_client(client, leader):
    client.force_login(leader)
    return client


@pytest.fixture
def agency(db):
    return UserFactory(roles=[Role.AGENCY])


def record(allocation, kind="other", *, by, **fields):
    values = {"happened_on": DRAWN_ON + 5 * DAYS, "reason": "Fik mentor ved en fejl.", **fields}
    return record_deviation(allocation, kind=kind, by=by, **values)


def test_the_leader_records_a_control_citizen_who_was_given_the_course(leader_client, leader, control):
    address = reverse("evaluation:record_deviation", args=[control.referral.public_id])
    form = {
        "kind": "control_given_course",
        "happened_on": "2016-05-02",
        "reason": "Kom med på holdet ved en fejl.",
        "submission": str(uuid.uuid4()),
    }

    for _twice in range(2):
        assert leader_client.post(address, form).status_code == 302

    deviation = Deviation.objects.get()
    assert (deviation.allocation, deviation.recorded_by, deviation.is_agencys) == (control, leader, False)
    records = AccessRecord.objects.filter(action="deviations.record", outcome="shown")
    assert records.first().citizens == [control.citizen.public_id]
    page = leader_client.get(reverse("randomization:allocation", args=[control.referral.public_id]))
    assert "Kom med på holdet ved en fejl." in page.content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "never_started"}, "kind"),
        ({"happened_on": "2016-04-03"}, "happened_on"),
        ({"reason": "Borgeren 010170-1234 fik det."}, "reason"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(leader_client, control, change, field):
    address = reverse("evaluation:record_deviation", args=[control.referral.public_id])
    form = {"kind": "control_given_course", "happened_on": "2016-05-02", "reason": "Ved en fejl."}

    answer = leader_client.post(address, form | change)

    assert set(answer.context["form"].errors) == {field}
    assert not Deviation.objects.exists()


def test_a_kind_is_recorded_once_and_other_deviations_several_times(control, leader):
    record(control, "control_given_course", by=leader)
    record(control, by=leader)
    record(control, by=leader)

    with pytest.raises(ValidationError, match="allerede registreret"):
        record(control, "control_given_course", by=leader)
    assert Deviation.objects.count() == 3


def test_the_day_is_not_in_the_future(control, leader):
    with pytest.raises(ValidationError) as refusal:
        record(control, by=leader, not_after=DRAWN_ON)

    assert "happened_on" in refusal.value.error_dict


def test_the_database_refuses_a_deviation_of_the_other_arm(control, participant):
    for allocation, kind in ((control, "never_started"), (participant, "control_given_course")):
        with pytest.raises(DatabaseError, match="does not fit the arm"), transaction.atomic():
            DeviationFactory(allocation=allocation, kind=kind)


def test_the_database_keeps_deviations_and_refuses_the_same_twice(control):
    deviation = DeviationFactory(allocation=control, kind="control_given_course")

    with pytest.raises(IntegrityError), transaction.atomic():
        DeviationFactory(allocation=control, kind="control_given_course")
    with pytest.raises(DatabaseError), transaction.atomic():
        Deviation.objects.filter(pk=deviation.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Deviation.objects.filter(pk=deviation.pk).update(is_agencys=True)


def test_a_correction_keeps_what_stood_there_and_why(leader_client, participant):
    deviation = DeviationFactory(allocation=participant)
    address = reverse("evaluation:correct_deviation", args=[deviation.public_id])
    form = {"kind": "other", "happened_on": "2016-06-01", "reason": deviation.reason, "version": "1"}

    without_reason = leader_client.post(address, form)
    answer = leader_client.post(address, form | {"correction_reason": "Forkert dag."})

    assert "correction_reason" in without_reason.context["form"].errors
    assert answer.status_code == 302
    deviation.refresh_from_db()
    assert deviation.happened_on == datetime.date(2016, 6, 1)
    correction = Correction.objects.get(subject=deviation.public_id)
    assert (correction.reason, correction.before) == ("Forkert dag.", {"happened_on": str(DRAWN_ON)})
    page = leader_client.get(reverse("evaluation:deviations"))
    assert "Forkert dag." in page.content.decode()


def test_a_correction_of_what_was_saved_meanwhile_shows_both(leader_client, participant):
    deviation = DeviationFactory(allocation=participant, version=2)
    address = reverse("evaluation:correct_deviation", args=[deviation.public_id])
    form = {"kind": "other", "happened_on": "2016-06-01", "reason": "x", "version": "1"}

    assert leader_client.post(address, form | {"correction_reason": "y"}).status_code == 409


def test_what_was_entered_in_error_counts_nowhere_and_is_kept(leader_client, participant):
    deviation = DeviationFactory(allocation=participant, kind="never_started")
    address = reverse("evaluation:withdraw_deviation", args=[deviation.public_id])

    leader_client.post(address, {"withdrawn_reason": "Var den forkerte borger."})

    assert not Deviation.objects.exists()
    assert Deviation.everything.get().withdrawn_reason == "Var den forkerte borger."
    record(participant, "never_started", by=UserFactory())  # may be recorded anew
    assert Deviation.objects.count() == 1


def test_a_second_withdrawal_shows_the_first_and_one_of_a_changed_row_is_confirmed(
    leader_client, participant
):
    deviation = DeviationFactory(allocation=participant, kind="never_started")
    address = reverse("evaluation:withdraw_deviation", args=[deviation.public_id])
    reason = {"withdrawn_reason": "Var den forkerte borger."}

    assert leader_client.post(address, reason | {"version": "7"}).status_code == 409
    assert Deviation.objects.exists()
    for _double_click in range(2):
        assert leader_client.post(address, reason | {"version": "1"}).status_code == 302
    second = leader_client.post(address, {"withdrawn_reason": "Mit andet ord", "version": "1"})

    assert second.status_code == 409
    assert "Var den forkerte borger." in second.content.decode()
    assert "Mit andet ord" in second.content.decode()


def test_the_agency_records_by_the_number_and_never_reads_a_name(client, agency, control):
    client.force_login(agency)
    DeviationFactory(allocation=control, reason="Hemmelig grund")
    form = {"kind": "control_given_course", "happened_on": "2016-05-02", "reason": "Set ved tilsyn."}
    address = reverse("evaluation:record_trial_deviation")

    unknown = client.post(address, form | {"number": "999"})
    other_arm = client.post(address, form | {"number": control.sequence, "kind": "never_started"})
    client.post(address, form | {"number": control.sequence})

    assert "number" in unknown.context["form"].errors
    assert "kind" in other_arm.context["form"].errors
    assert Deviation.objects.get(is_agencys=True).recorded_by == agency
    text = client.get(reverse("evaluation:trial_deviations")).content.decode()
    assert "Set ved tilsyn." in text
    assert "Hemmelig grund" not in text
    assert control.referral.name not in text


def test_each_corrects_what_it_recorded(client, agency, leader, control):
    of_leader = DeviationFactory(allocation=control)
    of_agency = DeviationFactory(allocation=control, is_agencys=True)

    assert set(Deviation.objects.changeable_by(leader)) == {of_leader}
    assert set(Deviation.objects.changeable_by(agency)) == {of_agency}
    assert (
        set(Deviation.objects.changeable_by(UserFactory(project=control.project, roles=[Role.MENTOR])))
        == set()
    )
    client.force_login(agency)
    answers = [
        client.get(reverse("evaluation:correct_deviation", args=[row.public_id])).status_code
        for row in (of_leader, of_agency)
    ]
    assert answers == [404, 200]


def test_a_participant_without_any_activity_is_suggested_after_the_days_of_the_terms(participant, aalborg):
    days = TrialTerms.objects.get().never_started_days

    before = suggested(DRAWN_ON + (days - 1) * DAYS, aalborg)
    after = suggested(DRAWN_ON + days * DAYS, aalborg)

    assert before == []
    assert [(row.allocation, row.kind) for row in after] == [(participant, "never_started")]


@pytest.mark.parametrize("has_activity", ["contact", "placement"])
def test_whoever_had_an_activity_has_started(participant, has_activity):
    course = participant.citizen.course
    if has_activity == "contact":
        MentorContactFactory(course=course, held_on=DRAWN_ON + 3 * DAYS)
    else:
        PlacementFactory(course=course, starts_on=DRAWN_ON + 3 * DAYS)

    assert suggested(LATER) == []


def test_a_failed_attempt_is_no_start(participant):
    MentorContactFactory(
        course=participant.citizen.course, held_on=DRAWN_ON + 3 * DAYS, citizen_present=False
    )

    assert [row.kind for row in suggested(LATER)] == ["never_started"]


def test_a_control_citizen_with_an_activity_and_a_wrong_stratum_are_suggested(aalborg):
    course = CourseFactory(project_for=aalborg)
    given = AllocationFactory(referral=course.referral, arm="control")
    MentorContactFactory(course=course, held_on=DRAWN_ON + 3 * DAYS)
    wrong = AllocationFactory(referral=ReferralFactory(project=aalborg), arm="control")
    wrong.referral.target_group = "activity_ready"
    wrong.referral.save()

    rows = suggested(LATER)

    assert [(row.allocation, row.kind) for row in rows] == [
        (given, "control_given_course"),
        (wrong, "wrong_stratum"),
    ]
    assert Stratum.objects.get().target_group == "resource_programme"


def test_what_is_recorded_is_suggested_no_more(participant):
    DeviationFactory(allocation=participant, kind="never_started")

    assert suggested(LATER) == []


def test_the_lists_name_citizens_to_the_leader_and_are_on_record(
    leader_client, participant, control, django_assert_max_num_queries
):
    DeviationFactory(allocation=control)
    address = reverse("evaluation:deviations")

    with django_assert_max_num_queries(12):
        recorded = leader_client.get(address)
    suggested = leader_client.get(address, {"show": "suggested"})

    assert control.referral.name in recorded.content.decode()
    assert participant.referral.name in suggested.content.decode()
    actions = AccessRecord.objects.filter(action="deviations").values_list("citizens", flat=True)
    assert [participant.citizen.public_id] in list(actions)


@pytest.mark.parametrize("query", [{}, {"show": "suggested"}])
def test_the_agencys_lists_keep_their_queries(
    client, agency, participant, control, query, django_assert_max_num_queries
):
    for _number in range(8):
        DeviationFactory(allocation=control, is_agencys=True)
    client.force_login(agency)

    with django_assert_max_num_queries(12):
        assert client.get(reverse("evaluation:trial_deviations"), query).status_code == 200
