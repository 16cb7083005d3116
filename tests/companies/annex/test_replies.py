"""What company and citizen answer to the annex, once for each meeting (D16, D41)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, transaction

from companies.actions.renewals import renew_placement
from companies.annex.actions import Given, correct_reply, record_reply
from companies.models import AnnexAnswer, AnnexChannel, AnnexParty, AnnexReply
from jobfirst.kit.versioned import StaleError
from tests.companies.annex.factories import annex_reply, annex_values
from tests.concurrency import run_at_once
from tests.factories import FollowUpMeetingFactory, UserFactory
from tests.validation import error_codes

APRIL, MAY_4, MAY_6 = (datetime.date(2016, month, day) for month, day in ((4, 20), (5, 4), (5, 6)))
TODAY = datetime.date(2016, 5, 18)


def codes_of_refusal(action, *args, **options):
    with pytest.raises(ValidationError) as refusal:
        action(*args, **options)
    return set(error_codes(refusal).values())


def hold_meeting(placement, day):
    FollowUpMeetingFactory(course=placement.course, held=True, held_on=day, planned_at=None)


@pytest.mark.django_db
class TestAnswering:
    def test_all_questions_are_kept_with_who_said_it(self, engaged, holder) -> None:
        reply = annex_reply(engaged, "company", TODAY, 3, by=holder, on_time=None, comment="Flink")
        assert reply.answers.count() == 8
        assert reply.answers.get(question__code="on_time").value is None
        assert (reply.answered_by_name, reply.entered_by, reply.comment) == (
            "Karla Kontakt",
            holder,
            "Flink",
        )

    def test_each_party_answers_once_before_a_meeting(self, engaged) -> None:
        annex_reply(engaged, "company", TODAY)
        annex_reply(engaged, "citizen", TODAY)
        refused = codes_of_refusal(annex_reply, engaged, "company", TODAY - datetime.timedelta(days=1))
        assert refused == {"answered"}

    def test_the_next_meeting_has_answers_of_its_own(self, engaged) -> None:
        annex_reply(engaged, "company", TODAY)
        hold_meeting(engaged, TODAY)
        annex_reply(engaged, "company", TODAY + datetime.timedelta(days=1))
        assert AnnexReply.objects.count() == 2

    def test_a_day_before_the_agreement_is_refused(self, engaged) -> None:
        assert codes_of_refusal(annex_reply, engaged, "company", APRIL) == {"outside"}

    def test_answers_before_a_meeting_that_was_held_are_refused(self, engaged) -> None:
        given = Given(MAY_4, AnnexChannel.PHONE, "Karla", entered_by=engaged.course.holdings.first().user)
        refused = codes_of_refusal(
            record_reply, engaged, AnnexParty.COMPANY, annex_values(), given, today=TODAY
        )
        assert refused == {"held"}

    def test_a_placement_without_agreement_has_no_annex(self, internship) -> None:
        assert codes_of_refusal(annex_reply, internship, "company", TODAY) == {"no_agreement"}

    @pytest.mark.parametrize(
        ("value", "code"), [(None, "nothing"), (6, "no_step")], ids=["nothing", "no step"]
    )
    def test_answers_must_be_steps_and_at_least_one(self, engaged, value, code) -> None:
        assert codes_of_refusal(annex_reply, engaged, "company", TODAY, value) == {code}
        assert not AnnexReply.objects.exists()

    def test_the_database_refuses_an_answer_that_is_no_step(self, engaged) -> None:
        reply = annex_reply(engaged, "company", TODAY)
        with pytest.raises(ProgrammingError, match="does not fit"), transaction.atomic():
            reply.answers.update(value=9)

    def test_a_renewal_goes_on_with_the_same_annex(self, engaged) -> None:
        annex_reply(engaged, "company", TODAY)
        last = engaged.planned_end_on
        renewal = renew_placement(
            engaged,
            today=engaged.starts_on,
            starts_on=last + datetime.timedelta(days=1),
            planned_end_on=last + datetime.timedelta(days=60),
            internship_hours=15,
            ordinary_hours=0,
        )
        assert codes_of_refusal(annex_reply, renewal, "company", TODAY) == {"answered"}
        assert annex_reply(renewal, "citizen", last + datetime.timedelta(days=3)).placement == renewal


@pytest.mark.django_db
class TestCorrecting:
    def test_a_correction_keeps_the_earlier_answers(self, engaged) -> None:
        reply = annex_reply(engaged, "company", TODAY, 4)
        correct_reply(reply, annex_values(2), comment="", reason="Forkert tal", version=1)
        reply.refresh_from_db()
        assert (reply.version, reply.correction) == (2, "Forkert tal")
        assert set(reply.answers.values_list("value", flat=True)) == {2}
        history = AnnexAnswer._meta.get_field("events").related_model.objects
        assert set(history.values_list("value", flat=True)) == {2, 4}

    def test_a_reason_is_needed(self, engaged) -> None:
        reply = annex_reply(engaged, "company", TODAY)
        assert codes_of_refusal(correct_reply, reply, annex_values(2), comment="", reason=" ") == {
            "no_reason"
        }

    def test_the_same_answers_again_change_nothing(self, engaged) -> None:
        reply = annex_reply(engaged, "company", TODAY, 4)
        assert correct_reply(reply, annex_values(4), comment="", reason="x", version=7).version == 1

    def test_a_stale_correction_is_noticed(self, engaged) -> None:
        reply = annex_reply(engaged, "company", TODAY)
        correct_reply(reply, annex_values(2), comment="", reason="x", version=1)
        with pytest.raises(StaleError):
            correct_reply(reply, annex_values(3), comment="", reason="y", version=1)

    def test_after_the_meeting_the_minutes_are_the_place(self, engaged) -> None:
        reply = annex_reply(engaged, "company", TODAY)
        hold_meeting(engaged, TODAY)
        assert codes_of_refusal(correct_reply, reply, annex_values(2), comment="", reason="x") == {"held"}


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_the_same_time_one_is_kept(engaged) -> None:
    by = UserFactory()
    outcomes = run_at_once(
        [
            lambda: annex_reply(engaged, "company", TODAY, 2, by=by),
            lambda: annex_reply(engaged, "company", TODAY, 5, by=by),
        ]
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AnnexReply", "ValidationError"]
    assert AnnexReply.objects.count() == 1
    assert AnnexAnswer.objects.count() == 8
