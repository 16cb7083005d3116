"""The agency's page of the trial: counted from a small trial, by hand."""

import csv
import datetime
import io
import re

import pytest
from pypdf import PdfReader

from accounts.models import TrialTerms
from accounts.roles import Role
from cases.models import Citizen, Course, Referral
from evaluation.models import TargetGroupCount
from evaluation.presentation.trial_csv import list_figures
from evaluation.publication.models import Publication
from evaluation.trial import balance_rows
from evaluation.trial.report import make_report
from evaluation.trial.target_groups import (
    TARGET_GROUP_COLUMNS,
    MunicipalityCount,
    import_target_groups,
    save_count,
    version_of,
)
from jobfirst import clock
from jobfirst.exchange import BadFile, read_table
from randomization.ledger.actions import record_event
from tests.factories import (
    AllocationFactory,
    CitizenFactory,
    CourseFactory,
    ProjectFactory,
    ReferralFactory,
    UserFactory,
    cpr,
)
from tests.loops import some

pytestmark = pytest.mark.django_db

ON = datetime.date(2016, 9, 1)
PAGE = "/lodtraekning/forsoeg/"


@pytest.fixture
def small_trial(aalborg):
    """Five assessed in Aalborg: one refused for two reasons, one waiting, three drawn (two participants, of
    whom one began an internship and one left); one control in Aarhus."""
    ReferralFactory(project=aalborg, state="refused", reasons=["under_30", "wrong_benefit"])
    ReferralFactory(project=aalborg)
    allocations = []
    for year, arm, group in (
        (1970, "participant", "resource_programme"),
        (1980, "participant", "activity_ready"),
        (1960, "control", "resource_programme"),
    ):
        citizen = CitizenFactory(cpr=cpr(len(allocations) + 1, datetime.date(year, 3, 15)))
        referral = ReferralFactory(project=aalborg, citizen=citizen, target_group=group)
        allocations.append(AllocationFactory(referral=referral, arm=arm))
        if arm == "participant":
            CourseFactory(referral=referral)
    Course.objects.filter(citizen=allocations[0].citizen).update(
        internship_from=datetime.date(2016, 5, 1),
        continued_from=datetime.date(2016, 8, 1),
        retention_until=datetime.date(2016, 8, 1),
    )
    Course.objects.filter(citizen=allocations[1].citizen).update(
        ended_on=datetime.date(2016, 6, 1), end_reason="moved"
    )
    other = ProjectFactory(slug="aarhus", name="Aarhus", codes=["0751"])
    AllocationFactory(referral=ReferralFactory(project=other), arm="control")
    return allocations


def test_the_flow_by_hand(small_trial, aalborg):
    record_event(small_trial[2], "died", datetime.date(2016, 7, 1), "x", UserFactory())

    flow = make_report(ON, aalborg).flow

    assert (flow.assessed, flow.refused, flow.eligible, flow.waiting) == (5, 1, 4, 1)
    assert [count for _, count in flow.reasons] == [1, 1]
    assert (flow.participants.drawn, flow.participants.started) == (2, 1)
    assert [count for _, count in flow.participants.left] == [1]
    assert (flow.controls.drawn, flow.controls.left) == (1, ())
    assert [count for _, count in flow.controls.events] == [1]


def test_the_whole_trial_holds_all_projects(small_trial):
    report = make_report(ON)

    assert report.flow.controls.drawn == 2
    assert [row.project.slug for row in report.projects if row.controls.enrolled] == ["aalborg", "aarhus"]
    assert (report.guessed, report.guess) == (4, (0.5 + 0.5 + 1 + 0.5) / 4)


def test_nothing_after_the_day_is_counted(small_trial, aalborg):
    flow = make_report(datetime.date(2016, 4, 3), aalborg).flow

    assert (flow.assessed, flow.participants.drawn, flow.controls.drawn) == (5, 0, 0)


def test_enrolment_and_forecast(small_trial, aalborg):
    (row,) = make_report(ON, aalborg).projects

    assert row.participants.enrolled == 2
    assert row.participants.target[:2] == (aalborg.target_count, aalborg.target_count - 2)
    assert row.participants.minimum[:2] == (100, 98)
    assert row.last_day == datetime.date(2017, 3, 1)
    assert row.days_left == 181
    assert row.participants.forecast == 2 * 365 // 184
    assert row.minimum.day == row.controls.minimum.reached_on
    assert row.minimum.day == row.project.starts_on + datetime.timedelta(days=18400)
    assert row.waiting == 1


def test_the_target_is_the_projects_own_and_not_the_minimum(agency_client, small_trial, aalborg):
    type(aalborg).objects.filter(pk=aalborg.pk).update(target_count=500)
    text = agency_client.get(PAGE, {"on": "2016-09-01", "project": "aalborg"}).content.decode()

    assert text.count("2 af 500") + text.count("1 af 500") == 2  # either arm
    assert "af 100" not in text
    assert "100: nås ikke i projektperioden" in text


def test_a_forecast_beyond_the_trial_is_said_in_words(agency_client, small_trial, aalborg):
    text = agency_client.get(PAGE, {"on": "2016-09-01", "project": "aalborg"}).content.decode()

    assert "100: nås ikke i projektperioden" in text
    assert "2066" not in text  # both arms would have the minimum then


def test_a_forecast_a_little_too_late_names_its_day(agency_client, small_trial, aalborg):
    TrialTerms.objects.update(minimum_per_arm=3)
    (row,) = make_report(ON, aalborg).projects

    assert row.last_day < row.minimum.day <= aalborg.ends_on
    text = agency_client.get(PAGE, {"on": "2016-09-01", "project": "aalborg"}).content.decode()
    assert f"3: {row.minimum.day:%d.%m.%Y} – for sent" in text


def test_the_mix_beside_the_municipalitys_own(small_trial, aalborg):
    for as_of, resource_programme in ((datetime.date(2016, 1, 1), 30), (datetime.date(2016, 6, 1), 40)):
        TargetGroupCount.objects.create(
            municipality_id="0851", as_of=as_of, resource_programme=resource_programme, activity_ready=60
        )
    TargetGroupCount.objects.create(
        municipality_id="0851", as_of=datetime.date(2017, 1, 1), resource_programme=1, activity_ready=0
    )

    (row,) = make_report(ON, aalborg).mix

    assert (row.participant_share, row.control_share, row.own_share) == (50, 100, 40)
    assert (row.participant_difference, row.control_difference) == (10, 60)
    assert row.as_of == datetime.date(2016, 6, 1)


def test_the_balance_counts_ages_in_whole_years(small_trial, aalborg):
    rows = make_report(ON, aalborg).balance

    age = rows[0].difference
    assert (age.participants, age.controls) == ((46 + 36) / 2, 56)
    assert (rows[2].difference.participants, rows[2].percent) == (0.5, True)


def test_the_balance_is_cached_until_something_of_it_changes(small_trial, aalborg, monkeypatch):
    first = make_report(ON, aalborg)
    reckoned = []
    reckon = balance_rows.drawn_unit
    monkeypatch.setattr(balance_rows, "drawn_unit", lambda row: reckoned.append(row) or reckon(row))
    again = make_report(ON, aalborg)
    assert (again.balance, again.omnibus, reckoned) == (first.balance, first.omnibus, [])

    citizen = small_trial[0].citizen  # born in 1970; the number is corrected to 1950
    citizen.cpr_cipher = Citizen.new(cpr(9, datetime.date(1950, 3, 15)), citizen.public_id).cpr_cipher
    citizen.save()
    assert make_report(ON, aalborg).balance[0].difference.participants == (66 + 36) / 2
    Referral.objects.filter(pk=small_trial[0].referral_id).update(benefit="cash_benefit")
    Referral.objects.filter(pk=small_trial[1].referral_id).update(benefit="integration_benefit")
    shares = [row.difference.participants for row in make_report(ON, aalborg).balance[3:5]]
    assert shares == [0.5, 0.5]


def test_an_empty_trial_has_nothing_to_say(aalborg):
    report = make_report(ON)

    assert (report.omnibus, report.balance, report.guessed) == (None, [], 0)
    assert list(list_figures(report))


@pytest.fixture(autouse=True)
def published():
    """The first of September is a day that the agency may choose."""
    Publication.objects.create(cut_off=ON, smallest_count=5)


@pytest.fixture
def agency_client(client):
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    return client


def test_the_page_shows_no_single_citizen(agency_client, small_trial, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        text = agency_client.get(PAGE, {"on": "2016-09-01"}).content.decode()

    for row in some(small_trial):
        for secret in (row.referral.name, row.citizen.cpr, row.pseudonym, str(row.referral.public_id)):
            assert secret not in text


def test_the_page_of_one_project_and_of_nonsense(agency_client, small_trial):
    of_aarhus = agency_client.get(PAGE, {"project": "aarhus", "on": "2016-09-01"}).context["report"]
    assert (of_aarhus.on, of_aarhus.flow.eligible, of_aarhus.flow.assessed) == (ON, 1, None)
    for nonsense in ({"project": "nowhere"}, {"on": "i går"}, {"on": "0001-01-01"}, {"on": "9999-12-31"}):
        assert agency_client.get(PAGE, nonsense).status_code == 200


def test_a_day_that_is_not_published_shows_today(agency_client, small_trial):
    for text in ("2016-09-02", "2016-08-31", "2016-08-01"):
        assert agency_client.get(PAGE, {"on": text}).context["report"].on == clock.today()


#: Each file is counted in a transaction, under a lock of its person (audit/limits.py).
COUNTING = 5


@pytest.mark.parametrize("file_format", ["csv", "pdf"])
def test_the_files_keep_to_their_queries(
    agency_client, small_trial, file_format, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12 + COUNTING):
        agency_client.get(f"{PAGE}hent/{file_format}/", {"on": "2016-09-01"})


def test_the_csv_says_the_same(agency_client, small_trial):
    answer = agency_client.get(f"{PAGE}hent/csv/", {"project": "aalborg", "on": "2016-09-01"})

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    figures = {(row["section"], row["what"], row["measure"]): row["value"] for row in rows}
    assert (figures["flow", "all", "eligible"], figures["flow", "all", "assessed"]) == ("8", "")  # ≤ 3 + 5
    assert figures["enrolment", "aalborg", "participant_enrolled"] == "2"
    assert figures["mix", "0851", "participant_share_a_percent"] == "50,0"
    assert {row["rehearsal"] for row in rows} == {"true"}
    assert agency_client.get(f"{PAGE}hent/xls/").status_code == 404


TO_BE_ANALYSED = "Trukket, skal indgå i analysen: 2"


def test_nobody_is_called_analysed_before_there_are_outcomes(agency_client, small_trial):
    """The flow ends with those drawn, on the page, in the PDF and in the CSV: two in each arm."""
    query = {"on": "2016-09-01"}
    page = agency_client.get(PAGE, query).content.decode()
    pdf = PdfReader(io.BytesIO(agency_client.get(f"{PAGE}hent/pdf/", query).content))
    text = " ".join("".join(page.extract_text() for page in pdf.pages).split())
    table = agency_client.get(f"{PAGE}hent/csv/", query).content.decode()

    for content in (page, text):
        assert content.count(TO_BE_ANALYSED) == 2
        assert "Analyseret" not in content
    assert "flow;participant;to_be_analysed;2;" in table
    assert "flow;control;to_be_analysed;2;" in table
    assert ";analysed;" not in table


def test_the_pdf_is_tagged_and_says_the_same(agency_client, small_trial):
    answer = agency_client.get(f"{PAGE}hent/pdf/", {"on": "2016-09-01"})

    reader = PdfReader(io.BytesIO(answer.content))
    text = "".join(page.extract_text() for page in reader.pages)
    assert "Aalborg" in text
    assert "Aarhus" in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_a_negative_number_has_a_minus_sign_on_page_and_pdf(agency_client, small_trial):
    TargetGroupCount.objects.create(
        municipality_id="0851", as_of=datetime.date(2016, 1, 1), resource_programme=90, activity_ready=10
    )
    page = agency_client.get(PAGE).content.decode()
    cells = [cell.strip() for cell in re.findall(r"<td[^>]*>([^<]*)</td>", page)]
    negative = [cell for cell in cells if re.match(r"[-\u2212]\d", cell)]
    assert negative
    assert [cell for cell in negative if cell.startswith("-")] == []
    pdf = PdfReader(io.BytesIO(agency_client.get(f"{PAGE}hent/pdf/").content))
    text = " ".join("".join(sheet.extract_text() for sheet in pdf.pages).split())
    assert [cell for cell in negative if cell not in text] == []


def test_the_agency_enters_and_corrects_target_groups(agency_client, aalborg):
    form = {
        "municipality": "0851",
        "as_of": "2016-01-01",
        "resource_programme": "40",
        "activity_ready": "60",
        "version": "0",
    }

    for _twice in range(2):
        assert agency_client.post(f"{PAGE}maalgrupper/", form).url == PAGE
    other_count = agency_client.post(f"{PAGE}maalgrupper/", {**form, "resource_programme": "50"})
    assert other_count.status_code == 409
    differences = {row.label: (row.theirs, row.mine) for row in other_count.context["differences"]}
    assert differences["Borgere i målgruppe A"] == ("40", "50")
    assert TargetGroupCount.objects.get().resource_programme == 40

    version = other_count.context["form"]["version"].value()
    correction = {**form, "resource_programme": "50", "version": version}
    assert agency_client.post(f"{PAGE}maalgrupper/", correction).url == PAGE

    count = TargetGroupCount.objects.get()
    assert (count.resource_programme, count.activity_ready) == (50, 60)


def test_both_counts_are_shown_when_somebody_corrected_in_between(agency_client, aalborg):
    first = MunicipalityCount("0851", datetime.date(2016, 1, 1), 40, 60)
    save_count(first)
    opened = version_of(TargetGroupCount.objects.get())
    save_count(first._replace(resource_programme=45))

    form = {"municipality": "0851", "as_of": "2016-01-01", "resource_programme": "50", "activity_ready": "60"}
    answer = agency_client.post(f"{PAGE}maalgrupper/", {**form, "version": opened})

    assert answer.status_code == 409
    assert TargetGroupCount.objects.get().resource_programme == 45


@pytest.mark.parametrize(
    "changes",
    [
        {"municipality": "9999"},
        {"as_of": ""},
        {"resource_programme": "-1"},
        {"resource_programme": "0", "activity_ready": "0"},
    ],
)
def test_wrong_target_groups_are_not_saved(agency_client, aalborg, changes):
    form = {
        "municipality": "0851",
        "as_of": "2016-01-01",
        "resource_programme": "4",
        "activity_ready": "6",
        "version": "0",
    }

    answer = agency_client.post(f"{PAGE}maalgrupper/", {**form, **changes})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not TargetGroupCount.objects.exists()


HEADER = "municipality_code;as_of;resource_programme;activity_ready\n"


def load_lines(lines):
    return import_target_groups(read_table(io.BytesIO((HEADER + lines).encode()), TARGET_GROUP_COLUMNS))


def test_target_groups_from_a_file(aalborg):
    assert load_lines("0851;2016-01-01;40;60\n") == {"created": 1, "updated": 0, "unchanged": 0}
    assert load_lines("0851;2016-01-01;40;60\n") == {"created": 0, "updated": 0, "unchanged": 1}
    assert load_lines("0851;2016-01-01;41;60\n") == {"created": 0, "updated": 1, "unchanged": 0}


def test_every_bad_line_of_the_file_is_named(aalborg):
    with pytest.raises(BadFile) as refusal:
        load_lines("9999;2016-01-01;1;1\n0851;1/1 2016;1;1\n0851;2016-01-01;-1;x\n0851;2016-02-01;0;0\n")

    assert {(error.line, error.column) for error in refusal.value.errors} == {
        (2, "municipality_code"),
        (3, "as_of"),
        (4, "resource_programme"),
        (4, "activity_ready"),
        (5, "activity_ready"),
    }
    assert not TargetGroupCount.objects.exists()
