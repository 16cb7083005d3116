"""Dated terms, awards and applications: entered with a day and a reason; the past never changes."""

import datetime
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.models import MOST_PARTICIPANTS, Municipality
from grants.models import Application, Award, BudgetLine, FixedGrant, GrantTerms
from grants.reckoning.compute import compute
from tests.factories import PlacementFactory, ProjectFactory, UserFactory
from tests.grants.factories import StatementFactory
from tests.scenarios.grant_awards import SPRING_2016, entered_award

pytestmark = pytest.mark.django_db


def assert_refused(change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


@pytest.fixture
def project(db):
    return ProjectFactory()


def test_an_award_holds_from_its_day_and_decides_the_ceiling(project):
    entered_award(project, SPRING_2016, 100)
    entered_award(project, date(2017, 1, 1), 50)

    def ceiling(day):
        (statement,) = compute(day.year, day, [project]).projects
        return statement.target_count, statement.ceiling

    assert ceiling(date(2016, 12, 31)) == (100, Decimal("1440000.00"))
    assert ceiling(date(2017, 12, 31)) == (50, Decimal("720000.00"))


@pytest.mark.parametrize("day", [SPRING_2016, date(2016, 2, 1)])
def test_an_award_follows_those_before_it(project, day):
    entered_award(project)
    with pytest.raises(ValidationError):
        entered_award(project, day)
    assert_refused(
        lambda: Award.objects.create(
            project=project, valid_from=day, target_count=1, reason="x", entered_by=UserFactory()
        )
    )


def test_an_award_does_not_reach_back_into_what_was_approved(project):
    StatementFactory(project=project, state="approved")
    with pytest.raises(ValidationError):
        entered_award(project, date(2016, 12, 31))
    assert_refused(
        lambda: Award.objects.create(
            project=project, valid_from=SPRING_2016, target_count=1, reason="x", entered_by=UserFactory()
        )
    )
    entered_award(project, date(2017, 1, 1))


def test_what_is_entered_is_never_changed_or_removed(project):
    award = entered_award(project)
    application = Application.objects.create(
        project=project,
        received_at=datetime.datetime(2015, 11, 9, tzinfo=datetime.UTC),
        pages=12,
        budget=1,
        target_count=100,
        reason="x",
        entered_by=UserFactory(),
    )
    for model in (Award, FixedGrant, BudgetLine, Application):
        assert_refused(lambda model=model: model.objects.all().delete())
    assert_refused(lambda: Award.objects.filter(pk=award.pk).update(target_count=1))
    assert_refused(lambda: FixedGrant.objects.update(amount=1))
    assert_refused(lambda: BudgetLine.objects.update(amount=1))
    assert_refused(lambda: Application.objects.filter(pk=application.pk).update(pages=1))


@pytest.mark.django_db(transaction=True)
def test_nothing_is_added_to_an_award_once_it_is_entered(project):
    place = project.municipalities.get()

    def lines(award):
        yield lambda: BudgetLine.objects.create(award=award, category="rent", amount=5)
        yield lambda: FixedGrant.objects.create(award=award, municipality=place, amount=5)

    with transaction.atomic():
        with transaction.atomic():
            award = Award.objects.create(
                project=project, valid_from=SPRING_2016, target_count=1, reason="x", entered_by=UserFactory()
            )
        budget, fixed = lines(award)
        budget()
        with transaction.atomic():
            fixed()
    later = Award.objects.get()
    assert_refused(lambda: BudgetLine.objects.create(award=later, category="staff", amount=5))
    other = Municipality.objects.exclude(pk=place.pk).first()
    assert_refused(lambda: FixedGrant.objects.create(award=later, municipality=other, amount=5))
    assert (BudgetLine.objects.count(), FixedGrant.objects.count()) == (1, 1)


def test_the_fixed_grant_is_at_most_what_the_terms_say(project):
    with pytest.raises(ValidationError):
        entered_award(project, amount=Decimal("850000.01"))
    assert not Award.objects.exists()


@pytest.mark.parametrize(("minute", "late"), [(0, False), (1, True)])
def test_an_application_after_noon_is_late(project, minute, late):
    noon = datetime.datetime(2015, 11, 9, 11, minute, tzinfo=datetime.UTC)  # 12:00 in Copenhagen
    application = Application(received_at=noon, pages=13, elements=["roles"])
    assert application.is_late is late
    assert application.is_too_long
    assert len(application.missing) == 8


def test_the_agency_enters_an_award_in_the_browser(trial, client):
    client.force_login(trial.agency)
    address = reverse("grants:new_award", args=["aalborg"])
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: str(value) for name, value in data.items() if value is not None}
    response = client.post(address, data | {"valid_from": "2016-03-01", "reason": ""})
    assert "form-error" in response.content.decode()
    response = client.post(
        address, data | {"valid_from": "2016-03-01", "reason": "Tilsagn", "budget_staff": "1.000,50"}
    )
    assert response.status_code == 302
    award = Award.objects.get()
    assert (award.project, award.entered_by) == (trial.aalborg, trial.agency)
    assert award.budget.get(category="staff").amount == Decimal("1000.50")
    page = client.get(response.url).content.decode()
    assert "850.000,00" in page
    assert "Tilsagn" in page


def test_the_agency_enters_terms_and_a_change_is_no_longer_the_projects_own_choice(trial, client):
    client.force_login(trial.agency)
    address = reverse("grants:new_terms")
    form = client.get(address).context["form"]
    data = {
        name: form[name].value() for name in form.fields if not isinstance(form[name].value(), bool | None)
    }
    data |= {"valid_from": "2017-01-01", "reason": "Ny lov", "tolerance_days": "2"}
    assert client.post(address, data).status_code == 302
    new_terms = GrantTerms.objects.get(valid_from=date(2017, 1, 1))
    assert (new_terms.tolerance_days, new_terms.start_amount) == (2, Decimal(8000))
    assert "tolerance_days" not in new_terms.own_choices
    assert "start_amount" in new_terms.own_choices
    assert "Ny lov" in client.get(reverse("grants:terms")).content.decode()


def test_terms_reach_back_into_an_approved_period_only_when_that_is_meant(trial, client):
    StatementFactory(project=trial.aalborg, state="approved")
    client.force_login(trial.agency)
    address = reverse("grants:new_terms")
    form = client.get(address).context["form"]
    data = {
        name: form[name].value() for name in form.fields if not isinstance(form[name].value(), bool | None)
    }
    data |= {"valid_from": "2016-07-01", "reason": "Rettelse", "start_amount": "9000"}
    assert client.post(address, data).status_code == 200
    assert GrantTerms.objects.count() == 1
    assert client.post(address, data | {"reaches_back": "on"}).status_code == 302
    assert GrantTerms.objects.count() == 2


def test_the_application_is_recorded_and_a_correction_keeps_the_first(trial, client):
    client.force_login(trial.agency)
    address = reverse("grants:application", args=["aalborg"])
    data = {
        "received_at": "2015-11-09T12:01",
        "pages": "13",
        "budget": "2000000",
        "target_count": "100",
        "elements": ["roles", "plan"],
        "partners": "Vesthimmerland",
        "reason": "Journalen",
        "version": "0",
    }
    assert client.post(address, data).status_code == 302
    page = client.get(reverse("grants:award", args=["aalborg"])).content.decode()
    assert "Efter fristen" in page
    assert "For lang" in page
    client.post(address, data | {"pages": "12", "reason": "Talt forkert", "version": "1"})
    assert [row.pages for row in trial.aalborg.applications.all()] == [12, 13]


def test_the_leader_sees_her_award_and_enters_none(trial, client):
    client.force_login(trial.leader)
    page = client.get(reverse("grants:award", args=["aalborg"])).content.decode()
    assert "Indtast et nyt tilsagn" not in page
    assert client.get(reverse("grants:new_award", args=["aalborg"])).status_code == 403


def test_the_pages_keep_to_their_queries(trial, client, django_assert_max_num_queries):
    entered_award(trial.aalborg)
    PlacementFactory()
    client.force_login(trial.agency)
    for address in (reverse("grants:award", args=["aalborg"]), reverse("grants:terms")):
        with django_assert_max_num_queries(10):
            client.get(address)


@pytest.mark.parametrize(
    ("target", "is_accepted"), [("100000", True), ("100001", False), ("99999999999999", False)]
)
def test_no_target_count_is_beyond_what_its_ceiling_can_hold(trial, client, target, is_accepted):
    client.force_login(trial.agency)
    ways = {
        "new_award": {"valid_from": "2016-03-01", "target_count": target, "reason": "Fordi", "sure": "on"},
        "application": {
            "received_at": "2015-11-01T10:00",
            "pages": "1",
            "budget": "1",
            "target_count": target,
            "reason": "Som modtaget",
        },
    }
    for name, data in ways.items():
        address = reverse(f"grants:{name}", args=[trial.aalborg.slug])
        form = client.get(address).context["form"]
        first = {field: form[field].value() for field in form.fields}
        response = client.post(address, {k: v for k, v in (first | data).items() if v is not None})
        assert response.status_code == (302 if is_accepted else 200), name
        if not is_accepted:
            assert "target_count" in response.context["form"].errors
    assert Award.objects.exists() == Application.objects.exists() == is_accepted


def test_the_largest_target_count_and_the_highest_rates_can_be_submitted(trial):
    from grants.models.terms import AMOUNT
    from tests.scenarios.grant_statements import submitted_statement

    rate = AMOUNT[1].limit_value
    GrantTerms.objects.create(
        valid_from=date(2015, 6, 1),
        start_amount=rate,
        completion_amount=rate,
        completion_days=91,
        counting_kinds=["internship"],
        ceiling_share=1,
        reason="x",
    )
    entered_award(trial.aalborg, date(2016, 3, 1), target=MOST_PARTICIPANTS)
    statement = submitted_statement(trial.aalborg, date(2016, 12, 31))
    assert statement.ceiling == 2 * rate * MOST_PARTICIPANTS
