"""Every amount says what it rests on, every spell that gave nothing why."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from audit.models import AccessRecord
from cases.models import FunctionHolding
from cases.models.course import CourseQuerySet
from companies.actions import placements as actions
from companies.models import Placement
from grants.models import Snapshot
from grants.presentation import explanation
from grants.rules.values import UnusedReason, UnusedSpell
from grants.statements import actions as statement_actions
from randomization.ledger.actions import record_event
from tests.factories import AllocationFactory, CourseFactory, PlacementFactory, UserFactory
from tests.scenarios.earned_events import recompute_events
from tests.scenarios.grant_statements import END_2016, approved_statement, submitted_statement

IN_2016 = {"year": "2016"}


def get_explanation(client, course, slug="aalborg"):
    return client.get(reverse("grants:explain", args=[slug, course.public_id]), IN_2016)


def test_days_counted_and_bridged_are_shown_with_the_reason(trial, bridged_course, client):
    client.force_login(trial.agency)
    page = get_explanation(client, bridged_course).content.decode()
    assert "Gennemført 13 uger: 03.07.2016" in page
    assert "Dag 91 i træk" in page
    assert "09.04.2016 til 10.04.2016: 2 dage regnet med i et hul; kun weekend eller helligdage." in page
    assert "Denne type tæller ikke med." in page
    assert bridged_course.citizen.pseudonym in page


def test_the_agency_sees_numbers_and_the_leader_names_and_the_way_to_the_course(
    trial, bridged_course, client
):
    company = bridged_course.placements.first().company
    client.force_login(trial.agency)
    page = get_explanation(client, bridged_course).content.decode()
    assert company.cvr in page
    assert company.name not in page
    assert reverse("cases:course", args=[bridged_course.public_id]) not in page
    client.force_login(trial.leader)
    page = get_explanation(client, bridged_course).content.decode()
    assert company.name in page
    assert reverse("cases:course", args=[bridged_course.public_id]) in page


def test_an_explanation_records_its_citizen(trial, client):
    client.force_login(trial.leader)
    get_explanation(client, trial.completed)
    assert AccessRecord.objects.get().citizens == [trial.completed.citizen.public_id]


def test_a_course_of_another_project_is_not_there(trial, client):
    client.force_login(trial.agency)
    assert get_explanation(client, trial.aarhus_course).status_code == 404
    assert get_explanation(client, trial.aarhus_course, "aarhus").status_code == 200


def test_a_correction_is_explained(trial, client):
    approved_statement(trial.aalborg, END_2016)
    trial.completed.placements.update(ended_on=date(2016, 4, 20))
    recompute_events()
    client.force_login(trial.agency)
    address = reverse("grants:explain", args=["aalborg", trial.completed.public_id])
    page = client.get(address, {"year": "2017"}).content.decode()
    assert "<strong>Gennemført 13 uger</strong>" in page
    assert "Den er ikke længere optjent." in page
    assert "-8.000,00" in page


def test_a_submitted_statement_keeps_its_explanation(trial, bridged_course, client):
    statement = submitted_statement(trial.aalborg, END_2016)
    address = reverse("grants:explain_stored", args=[statement.public_id, bridged_course.public_id])
    client.force_login(trial.agency)
    before = client.get(address).content
    assert "2 dage regnet med i et hul" in before.decode()
    bridged_course.placements.filter(kind="internship").update(ended_on=date(2016, 4, 12))
    recompute_events()
    content = client.get(address).content
    assert content.partition(b"<main")[2] == before.partition(b"<main")[2]


def test_every_spell_that_gave_nothing_is_listed(trial, bridged_course, client):
    short = PlacementFactory(
        course=trial.started, starts_on=date(2016, 10, 3), planned_end_on=date(2016, 10, 20)
    )
    client.force_login(trial.leader)
    page = client.get(reverse("grants:unused", args=["aalborg"]), IN_2016).content.decode()
    assert "For kort til gennemførelsen: 18 af 91 dage i træk." in page
    assert "Denne type tæller ikke med." in page
    assert short.course.citizen.pseudonym in page
    record = AccessRecord.objects.get()
    assert set(record.citizens) == {bridged_course.citizen.public_id, trial.started.citizen.public_id}


@pytest.mark.parametrize("reason", UnusedReason)
def test_every_reason_has_words(reason):
    assert explanation.reason_words(UnusedSpell(1, reason, 3, 91)).endswith(".")


@pytest.mark.parametrize("spells", [1, 20])
def test_the_pages_keep_to_their_queries(trial, client, django_assert_max_num_queries, spells):
    for number in range(spells):
        PlacementFactory(
            course=trial.completed,
            kind="sniffing",
            starts_on=date(2016, 5, 1) + timedelta(days=number),
            planned_end_on=date(2016, 12, 1),
        )
    client.force_login(trial.agency)
    for name, args in (("explain", ["aalborg", trial.completed.public_id]), ("unused", ["aalborg"])):
        with django_assert_max_num_queries(13):
            client.get(reverse(f"grants:{name}", args=args), IN_2016)


def test_a_withdrawn_spell_is_named_without_its_reason(trial, bridged_course, client):
    placement = Placement.objects.get(course=bridged_course, starts_on=date(2016, 4, 11))
    actions.withdraw_as_error(placement, reason="Kom aldrig; hemmeligt", by=trial.mentor)
    for user in (trial.agency, trial.leader):
        client.force_login(user)
        page = get_explanation(client, bridged_course).content.decode()
        assert "Fejlregistreret, eller borgeren mødte aldrig op" in page
        assert "hemmeligt" not in page
        assert "Gennemført 13 uger: ikke optjent." in page


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("referred_in_error", "Borgeren er henvist ved en fejl"),
        ("died", "Den begynder, efter at borgeren forlod forsøget"),
    ],
)
def test_ledger_events_are_the_reasons_of_unused_spells(trial, bridged_course, client, kind, message):
    record_event(
        AllocationFactory(referral=bridged_course.referral), kind, date(2016, 4, 9), "hemmeligt", trial.mentor
    )
    client.force_login(trial.agency)
    page = get_explanation(client, bridged_course).content.decode()
    assert message in page
    assert "hemmeligt" not in page


def test_the_start_has_the_same_name_in_every_place(trial, bridged_course, client):
    client.force_login(trial.agency)
    page = get_explanation(client, bridged_course).content.decode()
    assert "Påbegyndt: 04.04.2016" in page
    assert "Har udløst: Påbegyndt, Gennemført 13 uger" in page
    assert "Start" not in page.partition("<main")[2]


def links_to(address, page):
    return f'href="{address}' in page.partition("<h3>Reguleringer</h3>")[2].partition("<h2")[0]


def test_every_adjustment_links_to_its_explanation(trial, client):
    approved_statement(trial.aalborg, END_2016)
    trial.completed.placements.update(ended_on=date(2016, 4, 20))
    recompute_events()
    course, in_2017 = trial.completed.public_id, {"year": "2017", "cut_off": "2017-06-30"}
    client.force_login(trial.leader)
    address = reverse("grants:explain", args=["aalborg", course])
    for name in ("project", "submit"):
        page = client.get(reverse(f"grants:{name}", args=["aalborg"]), in_2017).content.decode()
        assert links_to(f"{address}?year=2017&amp;cut_off=2017-06-30", page), name
    snapshot_id = Snapshot.objects.filter(year=2017).get().public_id
    page = client.get(reverse("grants:kept", args=[snapshot_id])).content.decode()
    assert links_to(reverse("grants:kept_explain", args=[snapshot_id, course]), page)
    stored = submitted_statement(trial.aalborg, date(2017, 6, 30)).public_id
    page = client.get(reverse("grants:stored", args=[stored])).content.decode()
    assert links_to(reverse("grants:explain_stored", args=[stored, course]), page)


def test_lists_have_a_back_link_and_danish_dates(trial, bridged_course, client):
    client.force_login(trial.leader)
    page = client.get(reverse("grants:unused", args=["aalborg"]), IN_2016).content.decode()
    back = f"{reverse('grants:project', args=['aalborg'])}?year=2016&amp;cut_off=2016-12-31"
    assert f'href="{back}" class="back-link"' in page
    assert "til og med 31. december 2016" in page
    assert "2016-12-31" not in page.partition("<h1")[2].partition("<table")[0]
    snapshot_id = Snapshot.objects.get().public_id
    page = client.get(reverse("grants:kept_unused", args=[snapshot_id])).content.decode()
    assert f'href="{reverse("grants:kept", args=[snapshot_id])}" class="back-link"' in page
    assert "til og med 31. december 2016" in page
    page = client.get(reverse("grants:statements")).content.decode()
    assert f'href="{reverse("grants:statement")}" class="back-link"' in page


def test_a_missing_completion_is_explained(trial, client):
    trial.started.placements.update(starts_on=date(2016, 4, 13), planned_end_on=date(2016, 5, 26))
    recompute_events()
    client.force_login(trial.leader)
    page = get_explanation(client, trial.started).content.decode()
    message = "Gennemført 13 uger: ikke optjent. Længste sammenhængende virksomhedsforløb: 44 af 91 dage "
    assert f"{message}(13.04.2016–26.05.2016)." in page
    assert "ikke optjent" not in get_explanation(client, trial.completed).content.decode()


def correction_of(client, course, user):
    client.force_login(user)
    page = client.get(reverse("grants:explain", args=["aalborg", course.public_id]), {"year": "2017"})
    return page.content.decode().partition("<h2>Reguleringer")[2].partition("<h2")[0]


def test_what_is_no_longer_earned_says_that_the_placement_ended_early(trial, client):
    approved_statement(trial.aalborg, END_2016)
    trial.completed.placements.update(ended_on=date(2016, 4, 20))
    recompute_events()
    company = trial.completed.placements.get().company
    message = "fra den 04.04.2016 sluttede den 20.04.2016."
    assert f"{company.name} {message}" in correction_of(client, trial.completed, trial.leader)
    assert f"{company.cvr} {message}" in correction_of(client, trial.completed, trial.agency)


def test_what_is_no_longer_earned_says_that_the_plan_is_shorter(trial, client):
    approved_statement(trial.aalborg, END_2016)
    trial.completed.placements.update(planned_end_on=date(2016, 4, 20))
    recompute_events()
    message = "har nu planlagt slutdato den 20.04.2016."
    assert message in correction_of(client, trial.completed, trial.leader)


def test_what_is_no_longer_earned_says_that_the_placement_is_withdrawn(trial, client):
    approved_statement(trial.aalborg, END_2016)
    actions.withdraw_as_error(trial.completed.placements.get(), reason="hemmeligt", by=trial.mentor)
    page = correction_of(client, trial.completed, trial.agency)
    assert page.count("fra den 04.04.2016 er fejlregistreret") == 2
    assert "hemmeligt" not in page
    assert "sluttede" not in page


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("referred_in_error", "Borgeren er henvist ved en fejl. Intet tæller med."),
        ("moved", "Borgeren forlod forsøget den 09.04.2016 (ønskede at stoppe, flyttede eller døde)."),
    ],
)
def test_what_is_no_longer_earned_says_what_became_of_the_citizen(trial, client, kind, message):
    approved_statement(trial.aalborg, END_2016)
    record_event(
        AllocationFactory(referral=trial.completed.referral),
        kind,
        date(2016, 4, 9),
        "hemmeligt",
        trial.mentor,
    )
    page = correction_of(client, trial.completed, trial.agency)
    assert message in page
    assert "hemmeligt" not in page


def test_the_leader_sees_the_citizens_name_and_the_agency_does_not(trial, bridged_course, client):
    name, way = bridged_course.citizen_name, reverse("cases:course", args=[bridged_course.public_id])
    client.force_login(trial.leader)
    assert f'<a href="{way}">{name}</a>' in get_explanation(client, bridged_course).content.decode()
    record = AccessRecord.objects.get()
    assert record.citizens == [bridged_course.citizen.public_id]
    snapshot_id = Snapshot.objects.get()
    assert name not in snapshot_id.content
    statement = submitted_statement(trial.aalborg, END_2016)
    for address in (
        reverse("grants:kept_explain", args=[snapshot_id.public_id, bridged_course.public_id]),
        reverse("grants:explain_stored", args=[statement.public_id, bridged_course.public_id]),
    ):
        assert name not in client.get(address).content.decode()
    client.force_login(trial.agency)
    assert name not in get_explanation(client, bridged_course).content.decode()


def test_the_citizens_name_is_shown_to_users_who_may_open_the_course(
    trial, bridged_course, client, monkeypatch
):
    monkeypatch.setattr(CourseQuerySet, "visible_to", lambda self, user: self.none())
    client.force_login(trial.leader)
    assert bridged_course.citizen_name not in get_explanation(client, bridged_course).content.decode()


def test_the_course_page_links_the_leader_to_its_explanation(trial, client):
    way = reverse("grants:explain", args=["aalborg", trial.completed.public_id])
    course_page = reverse("cases:course_company", args=[trial.completed.public_id])
    client.force_login(trial.leader)
    page = client.get(course_page).content.decode()
    assert "Tilskud for dette forløb" in page
    assert f'href="{way}"' in page
    assert client.get(way).status_code == 200
    FunctionHolding.objects.create(
        course=trial.completed, user=trial.mentor, function="mentor", from_on=date(2016, 4, 4)
    )
    client.force_login(trial.mentor)
    page = client.get(course_page)
    assert page.status_code == 200
    assert "Tilskud for dette forløb" not in page.content.decode()
    assert way not in page.content.decode()


def test_a_course_without_a_placement_has_no_link_to_an_explanation(trial, client):
    course = CourseFactory(project_for=trial.aalborg)
    client.force_login(trial.leader)
    page = client.get(reverse("cases:course_company", args=[course.public_id])).content.decode()
    assert "Intet endnu" in page
    assert reverse("grants:explain", args=["aalborg", course.public_id]) not in page


def test_a_statement_sent_back_stands_first_until_a_new_one_is_submitted(trial, client):
    client.force_login(trial.leader)
    pages = (reverse("grants:project", args=["aalborg"]), reverse("evaluation:dashboard"))
    message = "Opgørelsen pr. 31. december 2016 er sendt tilbage"
    first = submitted_statement(trial.aalborg, END_2016)
    for page in pages:
        assert message not in client.get(page).content.decode()
    statement_actions.send_back(first, UserFactory(name="Anne Agent"), "Mangler dage")
    for page in pages:
        text = client.get(page).content.decode()
        assert f'<a href="{reverse("grants:stored", args=[first.public_id])}">{message}' in text
    project_page = client.get(pages[0]).content.decode()
    assert "Mangler dage" in project_page
    today = date_format(timezone.localdate(), "DATE_FORMAT")
    assert f"{message} af Anne Agent den {today} og skal indsendes igen:</a> Mangler dage" in project_page
    submitted_statement(trial.aalborg, END_2016)
    for page in pages:
        assert message not in client.get(page).content.decode()
