"""Pages of matches and placements."""

import datetime
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from audit.models import AccessRecord
from cases.models import Course
from companies.actions import matches, placements
from companies.actions.renewals import renew_placement
from companies.models import Company, Match, Placement
from companies.presentation.placements import placement_in_words
from reminders import deadlines
from tests.factories import DRAWN_ON, CompanyFactory, CourseFactory, PlacementFactory, UserFactory, cvr
from tests.scenarios.placement_files import HEADER, placement_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.timedelta(days=1)


def url(name: str, *args: object) -> str:
    return reverse(f"companies:{name}", args=args)


def content_of(response) -> str:
    return response.content.decode()


def internship_data(company: Company | None = None, **fields: str) -> dict[str, str]:
    """Return the browser's form data of an internship from 18 May."""
    return {
        "kind": "internship",
        "cvr": company.cvr if company else cvr(77),
        "starts_on": "2016-05-18",
        "planned_end_on": "2016-08-16",
        "internship_hours": "12,5",
        "ordinary_hours": "",
        "submission": str(uuid.uuid4()),
        **fields,
    }


def test_a_match_with_a_new_company_makes_both(as_user, holder, course) -> None:
    data = {
        "cvr": cvr(5),
        "company_name": "Ny Virksomhed",
        "matched_on": "2016-05-17",
        "job_function": "Lager",
        "submission": str(uuid.uuid4()),
    }
    client = as_user(holder)
    for _twice in range(2):
        assert client.post(url("new_match", course.public_id), data).status_code == 302
    match = Match.objects.get()
    assert (match.company.name, match.job_function, match.registered_by) == ("Ny Virksomhed", "Lager", holder)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"cvr": "12345678"}, "Et CVR-nummer har otte cifre. Tjek dem."),
        ({"company_name": ""}, "Der er endnu ingen virksomhed med det nummer. Skriv også dens navn."),
        ({"matched_on": "2016-04-01"}, "ligger før forløbets start"),
    ],
)
def test_a_match_that_cannot_be_is_answered_beside_the_field(
    as_user, holder, course, fields, message
) -> None:
    data = {"cvr": cvr(5), "company_name": "Ny", "matched_on": "2016-05-17", "why": "God kemi", **fields}
    response = as_user(holder).post(url("new_match", course.public_id), data)
    assert response.status_code == 200
    assert message in content_of(response)
    assert "God kemi" in content_of(response)
    assert not Match.objects.exists()


def test_an_internship_is_agreed_after_its_match(as_user, holder, course, company) -> None:
    client = as_user(holder)
    refused_response = client.post(url("new_placement", course.public_id), internship_data(company))
    assert "En praktik kan først starte, når der er registreret et match" in content_of(refused_response)
    matches.record_match(course, company, matched_on=DRAWN_ON)
    data = internship_data(company)
    for _twice in range(2):
        assert client.post(url("new_placement", course.public_id), data).status_code == 302
    placement = Placement.objects.get()
    assert (str(placement.internship_hours), placement.ordinary_hours) == ("12.50", 0)
    assert Course.objects.get().internship_from == datetime.date(2016, 5, 18)


def test_the_form_offers_thirteen_weeks_and_the_matched_company(as_user, holder, course, company) -> None:
    matches.record_match(course, company, matched_on=DRAWN_ON)
    page = content_of(as_user(holder).get(url("new_placement", course.public_id), {"kind": "internship"}))
    assert 'value="2016-08-16"' in page
    assert f'value="{company.cvr}"' in page


def test_too_many_interns_are_warned_of_and_not_forbidden(as_user, holder, course) -> None:
    small = CompanyFactory(ordinary_employees=4)
    PlacementFactory(company=small, starts_on=datetime.date(2016, 5, 1))
    matches.record_match(course, small, matched_on=DRAWN_ON)
    client = as_user(holder)
    data = internship_data(small)
    warning_page = content_of(client.post(url("new_placement", course.public_id), data))
    assert "1 plads til praktik og løntilskud" in warning_page
    assert (
        'name="warned" value="on"' in warning_page
        or 'name="warned" id="id_warned" checked' in warning_page
        or "warned" in warning_page
    )
    assert Placement.objects.filter(course=course).count() == 0
    assert client.post(url("new_placement", course.public_id), {**data, "warned": "on"}).status_code == 302
    page = content_of(client.get(url("placement", Placement.objects.get(course=course).public_id)))
    assert "1 plads til praktik og løntilskud" in page


def test_nobody_is_warned_of_a_placement_that_cannot_be_agreed(as_user, holder, course) -> None:
    small = CompanyFactory(ordinary_employees=4)
    PlacementFactory(company=small, starts_on=datetime.date(2016, 5, 1))
    matches.record_match(course, small, matched_on=DRAWN_ON)
    data = internship_data(small, planned_end_on="2016-12-31")
    response = as_user(holder).post(url("new_placement", course.public_id), data)
    assert list(response.context["form"].errors) == ["planned_end_on"]
    assert not response.context["form"].warnings
    assert "1 plads til praktik og løntilskud" not in content_of(response)


def test_the_trials_waiver_is_recorded_and_ends_the_warning(as_user, holder, course) -> None:
    small = CompanyFactory(ordinary_employees=4)
    PlacementFactory(company=small, starts_on=datetime.date(2016, 5, 1))
    matches.record_match(course, small, matched_on=DRAWN_ON)
    client, data = as_user(holder), internship_data(small, waived_few_hours="on")
    page = content_of(client.post(url("new_placement", course.public_id), data))
    assert "Skriv, hvorfor undtagelsen i forsøget bruges." in page
    data = {**data, "waiver_reason": "4 timer om ugen"}
    assert client.post(url("new_placement", course.public_id), data).status_code == 302
    placement = Placement.objects.get(course=course)
    assert placement.waived_few_hours
    assert (placement.waiver_reason, placement.waived_by) == ("4 timer om ugen", holder)


def test_an_internship_where_one_was_employed_is_warned_of(as_user, holder, course, company) -> None:
    placements.start_placement(
        course, company, kind="ordinary_employment", starts_on=DRAWN_ON, planned_end_on=DRAWN_ON + 9 * DAY
    )
    matches.record_match(course, company, matched_on=DRAWN_ON)
    response = as_user(holder).post(url("new_placement", course.public_id), internship_data(company))
    assert "Borgeren er eller har været ansat på virksomheden" in content_of(response)


def test_the_placement_page_shows_days_hours_and_places(as_user, holder, course, internship) -> None:
    page = content_of(as_user(holder).get(url("placement", internship.public_id)))
    for words in ("irksomhedspraktik", "2. maj 2016", "31. juli 2016", "15 praktik", "2 pladser"):
        assert words in page, words
    assert AccessRecord.objects.filter(
        action="course.placement", citizens=[course.citizen.public_id], outcome="shown"
    ).exists()


def test_a_renewal_starts_on_the_next_working_day(as_user, holder, internship) -> None:
    client = as_user(holder)
    page = content_of(client.get(url("renew", internship.public_id)))
    assert 'value="2016-08-01"' in page
    data = {
        "starts_on": "2016-08-01",
        "planned_end_on": "2016-10-30",
        "internship_hours": "15",
        "ordinary_hours": "4",
        "submission": str(uuid.uuid4()),
    }
    for _twice in range(2):
        assert client.post(url("renew", internship.public_id), data).status_code == 302
    assert Placement.objects.get(renews=internship).ordinary_hours == 4


def test_the_last_day_and_the_hours_are_saved_once_and_stale_saves_are_noticed(
    as_user, holder, internship
) -> None:
    client = as_user(holder)
    hours = {"from_on": "2016-05-02", "internship_hours": "12", "ordinary_hours": "3.5", "version": "1"}
    assert client.post(url("hours", internship.public_id), hours).status_code == 302
    ended = {"ended_on": "2016-05-17", "end_reason": "illness", "version": "1"}
    assert client.post(url("end", internship.public_id), ended).status_code == 409
    assert client.post(url("end", internship.public_id), {**ended, "version": "2"}).status_code == 302
    internship.refresh_from_db()
    assert internship.ended_on == datetime.date(2016, 5, 17)
    assert str(internship.ordinary_hours) == "3.50"


def test_hours_beyond_a_week_are_refused(as_user, holder, internship) -> None:
    response = as_user(holder).post(
        url("hours", internship.public_id), {"internship_hours": "61", "ordinary_hours": "", "version": "1"}
    )
    assert response.status_code == 200
    assert "id_internship_hours_error" in content_of(response)


def test_what_never_began_is_taken_back(as_user, holder, course, internship, company) -> None:
    renewal = renew_placement(
        internship,
        today=internship.starts_on,
        starts_on=datetime.date(2016, 8, 1),
        planned_end_on=datetime.date(2016, 9, 1),
        internship_hours=1,
        ordinary_hours=0,
    )
    client = as_user(holder)
    assert client.post(url("withdraw", renewal.public_id)).status_code == 302
    assert client.post(url("withdraw", internship.public_id)).status_code == 302
    assert list(Placement.objects.all()) == [internship]


def test_what_was_entered_in_error_is_withdrawn_with_a_reason(as_user, holder, course, internship) -> None:
    client = as_user(holder)
    page = client.get(url("placement", internship.public_id))
    assert url("withdraw_as_error", internship.public_id) in content_of(page)
    address = url("withdraw_as_error", internship.public_id)
    assert "Tilskud, der allerede er udbetalt, bliver reguleret" in content_of(client.get(address))
    version = str(internship.version)
    assert "withdrawn_reason_error" in content_of(client.post(address, {"version": version}))
    response = client.post(address, {"withdrawn_reason": "Kom aldrig", "version": version})
    assert response.status_code == 302
    course_page = content_of(client.get(reverse("cases:course_company", args=[course.public_id])))
    assert "Kom aldrig" in course_page
    assert f'href="{url("placement", internship.public_id)}"' not in course_page


def test_whoever_comes_to_a_withdrawn_placement_is_told(
    as_user, holder, stranger, course, internship
) -> None:
    placements.withdraw_as_error(internship, reason="Kom aldrig", by=holder)
    client = as_user(holder)
    addresses = [url("placement", internship.public_id), url("withdraw_as_error", internship.public_id)]
    for address in addresses:
        response = client.get(address, follow=True)
        assert response.redirect_chain[0][0].startswith(
            reverse("cases:course_company", args=[course.public_id])
        )
        assert "markeret som fejlregistreret" in content_of(response)
    assert client.post(addresses[1], {"withdrawn_reason": "x", "version": "1"}).status_code == 409
    for address in addresses:
        assert as_user(stranger).get(address).status_code == 404


def test_the_reason_holds_no_cpr_number(as_user, holder, internship) -> None:
    data = {"withdrawn_reason": "Forkert borger, 010190-1234", "version": str(internship.version)}
    address = url("withdraw_as_error", internship.public_id)
    response = as_user(holder).post(address, data)
    assert "withdrawn_reason_error" in content_of(response)
    assert Placement.objects.filter(pk=internship.pk).exists()


def test_withdrawing_closes_the_reminder_of_the_end(as_user, holder, internship) -> None:
    from reminders.models import Deadline

    placements.end_placement(
        internship, ended_on=datetime.date(2016, 5, 24), today=datetime.date(2016, 5, 18)
    )
    ending = Deadline.objects.shown_on(datetime.date(2016, 5, 18)).filter(kind="agreement_ending")
    assert ending.exists()
    internship.refresh_from_db()
    data = {"withdrawn_reason": "Forkert borger", "version": str(internship.version)}
    as_user(holder).post(url("withdraw_as_error", internship.public_id), data)
    assert not ending.exists()


@pytest.mark.parametrize("name", ["new_match", "new_placement"])
def test_a_course_that_is_not_ones_own_is_not_there(as_user, colleague, stranger, course, name) -> None:
    for user in (colleague, stranger):
        assert as_user(user).get(url(name, course.public_id)).status_code == 404


def test_a_mentor_reads_placements_and_changes_none(as_user, project, course, internship) -> None:
    from cases.models import FunctionHolding

    mentor = UserFactory(project=project, roles=["mentor"])
    FunctionHolding.objects.filter(course=course, function="mentor").update(user=mentor)
    client = as_user(mentor)
    assert client.get(url("placement", internship.public_id)).status_code == 200
    for name in ("renew", "end", "hours", "withdraw_as_error", "agreement"):
        assert client.get(url(name, internship.public_id)).status_code == 403


# The job consultant's own


def test_the_landing_sorts_by_what_asks_for_something(as_user, holder, project, course, internship) -> None:
    ending = CourseFactory(project_for=project, holders=holder, referral__name="Testborger Slut")
    PlacementFactory(course=ending, starts_on=DRAWN_ON, planned_end_on=datetime.date(2016, 5, 30))
    CourseFactory(project_for=project, holders=holder, referral__name="Testborger Uden")
    late = CourseFactory(project_for=project, holders=holder, referral__name="Testborger Over")
    PlacementFactory(course=late, starts_on=DRAWN_ON, planned_end_on=datetime.date(2016, 5, 13))
    deadlines.recompute()
    client = as_user(holder)
    page = content_of(client.get(url("my_placements")))
    places = [
        page.index(name) for name in ("Testborger Over", "Testborger Slut", "Testborger Uden", "Ågesen")
    ]
    assert places == sorted(places)
    assert "Arbejdsaftale mangler" in page
    unmatched_page = content_of(client.get(url("my_placements"), {"show": "unmatched"}))
    assert "Testborger Uden" in unmatched_page
    assert "Testborger Slut" not in unmatched_page


@pytest.mark.parametrize("count", [2, 40])
def test_the_landing_keeps_to_eight_queries(
    as_user, holder, project, django_assert_max_num_queries, count
) -> None:
    for _number in range(count):
        PlacementFactory(course=CourseFactory(project_for=project, holders=holder))
    client = as_user(holder)
    with django_assert_max_num_queries(8):
        page = content_of(client.get(url("my_placements")))
    assert page.count("<h3>") == min(count, 25)
    record = AccessRecord.objects.get(action="my_placements")
    assert len(record.citizens) == min(count, 25)


def test_only_job_consultants_have_that_page(as_user, project) -> None:
    assert (
        as_user(UserFactory(project=project, roles=["mentor"])).get(url("my_placements")).status_code == 403
    )


def test_a_file_of_placements_reaches_own_courses_only(as_user, holder, course) -> None:
    client = as_user(holder)

    def upload(*rows: str):
        file = SimpleUploadedFile("p.csv", "\n".join([HEADER, *rows]).encode())
        return client.post(url("import"), {"file": file})

    refused_response = upload(placement_row(course), placement_row(CourseFactory()))
    assert refused_response.status_code == 422
    assert not Placement.objects.exists()
    assert upload(placement_row(course)).status_code == 302
    assert Placement.objects.count() == 1


def test_whoever_ends_a_course_says_what_became_of_placements(as_user, holder, course, internship) -> None:
    client = as_user(holder)
    address = reverse("cases:end", args=[course.public_id])
    data = {"ended_on": "2016-05-18", "reason": "moved", "outcome": ""}
    name = f"mode-placement-{internship.public_id}"
    assert name in content_of(client.get(address))
    assert "om den slutter med forløbet" in content_of(client.post(address, data))
    assert client.post(address, {**data, name: "with_course"}).status_code == 302
    internship.refresh_from_db()
    assert internship.ended_on == datetime.date(2016, 5, 17)


def test_without_a_placement_nothing_is_asked(as_user, holder, course) -> None:
    client = as_user(holder)
    address = reverse("cases:end", args=[course.public_id])
    assert "mode-placement" not in content_of(client.get(address))
    data = {"ended_on": "2016-05-18", "reason": "moved", "outcome": ""}
    assert client.post(address, data).status_code == 302


def test_a_renewal_that_does_not_follow_directly_is_told_the_days_in_danish(
    as_user, holder, internship
) -> None:
    data = internship_data(starts_on="2016-12-01", planned_end_on="2017-01-31", ordinary_hours="4")
    response = as_user(holder).post(url("renew", internship.public_id), data)
    assert "den forlænger: fra 1. august 2016 til" in content_of(response)
    assert not Placement.objects.filter(renews=internship).exists()


def test_a_placement_without_an_end_is_described_in_one_sentence(holder, internship) -> None:
    internship.planned_end_on = internship.ended_on = None
    with translation.override("da"):
        assert placement_in_words(internship).endswith("2016 og indtil videre.")
