"""import_referrals: a file corrects referrals that are not drawn, and undoes nothing of a person."""

from dataclasses import replace
from datetime import date

import pytest

from cases.actions import referral_corrections
from cases.actions.referral_corrections import data_of
from cases.models import CaseCorrection, Referral
from randomization.draw.actions import draw_project
from tests.factories import ProjectFactory
from tests.scenarios.import_files import ACTIVITY_READY as B
from tests.scenarios.import_files import referral_row

pytestmark = pytest.mark.django_db

A = "resource_programme;resource_programme_benefit"


def facts(group: str = B, since: str = "2014-01-01", day: str = "2016-06-01") -> str:
    return f"{group};{since};true;false;{day}"


def correct_by_hand(**values) -> None:
    """A person corrects the only referral."""
    referral = Referral.objects.get()
    referral_corrections.correct_referral(referral, replace(data_of(referral), **values), reason="Tastefejl")


@pytest.fixture
def project(db):
    return ProjectFactory(slug="h5", codes=["0710", "0730"])


@pytest.mark.usefixtures("project")
def test_another_municipality_or_group_of_the_project_corrects_the_referral(import_referrals) -> None:
    import_referrals(referral_row(1, code="0710"))
    report = import_referrals(referral_row(1, facts(A), code="0730")).json
    assert (report["accepted"], report["unchanged"], report["corrected"]) == (0, 0, [{"line": 2}])
    referral = Referral.objects.get()
    assert (referral.municipality_code, referral.municipality_id) == ("0730", "0730")
    assert (referral.target_group, referral.state) == ("resource_programme", "accepted")
    assert CaseCorrection.objects.get().reason == "Rettet ved en leveret fil"
    assert import_referrals(referral_row(1, facts(A), code="0730")).json["unchanged"] == 1


@pytest.mark.usefixtures("project")
def test_the_source_may_correct_back(import_referrals) -> None:
    for code in ("0710", "0730", "0710"):
        import_referrals(referral_row(1, code=code))
        assert Referral.objects.get().municipality_code == code


@pytest.mark.usefixtures("project")
def test_a_correction_may_make_the_citizen_ineligible(import_referrals) -> None:
    import_referrals(referral_row(1, code="0710"))
    report = import_referrals(referral_row(1, facts(since="2016-01-01"), code="0710")).json
    assert report["refused"] == [{"line": 2, "reasons": ["public_support_under_one_year"]}]
    assert Referral.objects.get().state == "refused"


@pytest.mark.usefixtures("project")
def test_what_a_person_corrected_stays_when_the_file_comes_again(import_referrals) -> None:
    row = referral_row(1, code="0710")
    import_referrals(row)
    correct_by_hand(municipality_code="0730")
    assert import_referrals(row).json["unchanged"] == 1
    assert Referral.objects.get().municipality_code == "0730"
    # What the file says new of something else is taken over.
    report = import_referrals(referral_row(1, facts(A), code="0710")).json
    assert report["corrected"] == [{"line": 2}]
    referral = Referral.objects.get()
    assert (referral.municipality_code, referral.target_group) == ("0730", "resource_programme")
    assert (referral.municipality_id, referral.state) == ("0730", "accepted")
    assert import_referrals(referral_row(1, facts(A), code="0710")).json["unchanged"] == 1


@pytest.mark.usefixtures("project")
def test_a_row_that_contradicts_a_person_is_listed(import_referrals) -> None:
    import_referrals(referral_row(1, code="0710"))
    correct_by_hand(target_group="resource_programme", benefit="resource_programme_benefit")
    row = referral_row(1, "activity_ready;integration_benefit;2014-01-01;true;false;2016-06-01", code="0710")
    report = import_referrals(row).json
    assert [(entry["line"], entry["column"]) for entry in report["contradicted"]] == [(2, "benefit")]
    assert Referral.objects.get().benefit == "resource_programme_benefit"


@pytest.mark.usefixtures("project")
def test_a_referral_that_was_taken_back_stays_so(import_referrals) -> None:
    row = referral_row(1, code="0710")
    import_referrals(row)
    referral_corrections.withdraw_referral(Referral.objects.get(), reason="Vil ikke")
    assert import_referrals(row).json["unchanged"] == 1
    report = import_referrals(referral_row(1, code="0730")).json
    assert [entry["column"] for entry in report["contradicted"]] == ["referred_on"]
    assert Referral.objects.get().state == "withdrawn"


@pytest.mark.django_db(transaction=True)
def test_a_drawn_referral_and_one_of_another_project_are_not_corrected(project, import_referrals) -> None:
    def reasons(row: str) -> list[str]:
        return import_referrals(row).json["refused"][0]["reasons"]

    ProjectFactory(slug="aarhus", codes=["0751"])
    import_referrals(referral_row(1, code="0710"))
    assert reasons(referral_row(1, code="0751")) == ["already_referred"]
    assert reasons(referral_row(1, facts(day="2016-06-02"), code="0710")) == ["already_referred"]
    draw_project(project, Referral.objects.earliest("pk").referred_on)
    assert reasons(referral_row(1, code="0730")) == ["already_referred"]
    assert Referral.objects.earliest("pk").municipality_code == "0710"


def with_id(row: str, source_id: str = "S1") -> str:
    return f"{row};{source_id}"


@pytest.fixture
def import_with_ids(import_referrals):
    """Import rows that end with a `source_id`."""
    return lambda *rows: import_referrals(*rows, has_ids=True)


@pytest.mark.usefixtures("project")
def test_with_a_source_id_another_day_corrects_the_same_referral(import_with_ids) -> None:
    import_with_ids(with_id(referral_row(1, code="0710")))
    report = import_with_ids(with_id(referral_row(1, facts(day="2016-06-03"), code="0710"))).json
    assert (report["accepted"], report["corrected"], report["refused"]) == (0, [{"line": 2}], [])
    assert Referral.objects.get().referred_on.isoformat() == "2016-06-03"
    other = import_with_ids(with_id(referral_row(1, facts(day="2016-06-04"), code="0710"), "S2")).json
    assert other["refused"][0]["reasons"] == ["already_referred"]


@pytest.mark.usefixtures("project")
def test_a_stored_referral_takes_on_the_source_id(import_referrals, import_with_ids) -> None:
    import_referrals(referral_row(1, code="0710"))
    import_with_ids(with_id(referral_row(1, code="0710")))
    import_referrals(referral_row(1, code="0710"))
    report = import_with_ids(with_id(referral_row(1, facts(day="2016-06-03"), code="0710"))).json
    assert report["corrected"] == [{"line": 2}]


@pytest.mark.usefixtures("project")
def test_a_day_that_a_person_corrected_stays(import_with_ids) -> None:
    row = with_id(referral_row(1, code="0710"))
    import_with_ids(row)
    correct_by_hand(referred_on=date(2016, 6, 5))
    assert import_with_ids(row).json["unchanged"] == 1
    report = import_with_ids(with_id(referral_row(1, facts(day="2016-06-07"), code="0710"))).json
    assert [entry["column"] for entry in report["contradicted"]] == ["referred_on"]
    assert Referral.objects.get().referred_on == date(2016, 6, 5)


@pytest.mark.usefixtures("project")
def test_a_referral_that_was_taken_back_does_not_return_with_a_day_that_it_had(
    import_with_ids, import_referrals
) -> None:
    import_with_ids(with_id(referral_row(1, code="0710")))
    import_with_ids(with_id(referral_row(1, facts(day="2016-06-03"), code="0710")))
    referral_corrections.withdraw_referral(Referral.objects.get(), reason="Vil ikke")
    report = import_referrals(referral_row(1, code="0710")).json
    assert [entry["column"] for entry in report["contradicted"]] == ["referred_on"]
    assert import_referrals(referral_row(1, facts(day="2016-06-03"), code="0710")).json["unchanged"] == 1
    assert Referral.objects.get().state == "withdrawn"
    # Another day is a new referral.
    assert import_referrals(referral_row(1, facts(day="2016-07-01"), code="0710")).json["accepted"] == 1
