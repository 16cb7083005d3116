"""Values of the access report in words."""

import pytest
from django.apps import apps
from django.db.models import TextField
from django.utils import translation

from cases.extension_points import core_elements
from cases.models import CourseElement, MeetingMinute, MentorContact
from companies.models import AgreementHours, AgreementSignature
from grants.rules.values import UnusedReason
from plans.models import PlanSignature
from rights.report import words
from rights.report.coverage import edges, is_history, reason_to_leave_out
from rights.report.labels import is_technical
from rights.report.words import in_words
from tests.loops import some


@pytest.mark.parametrize("number", ["20121231", "2012123", "20121231T10", "2012-W05-1", "2012W051"])
def test_a_number_that_python_would_read_as_a_day_is_printed_as_it_is(number):
    assert in_words(number) == number


@pytest.mark.parametrize(
    ("stored", "printed"),
    [
        ("2012-12-31", "31.12.2012"),
        ("2012-12-31T10:15:00+01:00", "31.12.2012 kl. 10.15"),
        ("09:30:00", "09.30"),
        ("2012-13-31", "2012-13-31"),
        ("2012-12-31Then", "2012-12-31Then"),
    ],
)
def test_a_day_or_moment_is_printed_in_danish(stored, printed):
    assert in_words(stored) == printed


def test_the_name_of_a_table_is_in_the_language_in_force_although_codes_are_collected_once():
    words._codes.cache_clear()
    with translation.override("en"):
        assert in_words("cases.cventry") == "CV entry"
    assert in_words("cases.cventry") != "CV entry"


def test_a_signed_text_a_file_a_weekday_and_news_are_no_codes():
    for model in (AgreementSignature, PlanSignature):
        content = in_words('{"citizen_name": "A"}', model._meta.get_field("content"))
        assert content == "Står i filen access_report.json, som det blev underskrevet."
    assert in_words({"file": "attachments/01.pdf", "size": 3, "sha256": "aa"}) == "attachments/01.pdf"
    assert in_words(3, AgreementHours._meta.get_field("weekday")) == "onsdag"
    assert in_words("course_taken_over") == "Du har fået en rolle i forløbet"


def test_what_somebody_wrote_is_printed_whatever_it_begins_with():
    note = MentorContact._meta.get_field("note")
    assert in_words('{"Ring" stod der på sedlen', note) == '{"Ring" stod der på sedlen'
    assert in_words('{"a": 1}') == '{"a": 1}'


def test_every_column_with_a_signed_text_is_known():
    """Texts that nobody edits are those that were signed, and the seal, which is not printed."""
    columns = {
        (model._meta.label, field.name)
        for model in edges()
        if not is_history(model)
        for field in model._meta.concrete_fields
        if type(field) is TextField and not field.editable and not reason_to_leave_out(model, field)
    }
    signed = {
        (label, name)
        for label, name in columns
        if words._is_signed_text(apps.get_model(label)._meta.get_field(name))
    }
    assert columns - signed == {("companies.AgreementSeal", "canonical")}
    assert is_technical("canonical", labelled=False)


def test_why_a_core_element_is_not_met_is_in_words():
    field = CourseElement._meta.get_field("reasons")
    codes = [reason.code for element in core_elements() for reason in element.reasons]
    assert len(codes) > 10
    for code in some([*codes, "course_ended"]):
        assert "_" not in in_words([code], field)


def test_the_topic_of_minutes_a_role_and_why_a_period_gave_nothing_are_in_words():
    assert in_words("follow_up", MeetingMinute._meta.get_field("topic")) != "follow_up"
    assert in_words("project_leader") == "Projektleder"
    for reason in some(UnusedReason):
        assert in_words(str(reason)) != str(reason)
