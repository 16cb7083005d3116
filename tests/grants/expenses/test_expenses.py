"""Vouchers with their files, and the sums made of them (D25, D31)."""

import io
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from accounts.models import Project
from grants.awards import actions as award_actions
from grants.expenses import actions
from grants.expenses import budget as expenses
from grants.expenses import files as voucher_files
from grants.expenses.budget import Cost, sum_expenses
from grants.models import SALARIES, CostCategory, Voucher
from tests.factories import UserFactory
from tests.grants.factories import VoucherFactory, pdf
from tests.loops import some


def image(kind):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, kind)
    return out.getvalue()


GOOD = {"a.pdf": pdf(), "a.png": image("PNG"), "a.JPG": image("JPEG"), "a.jpeg": image("JPEG")}
BAD = {
    "program.pdf": b"MZ\x90\x00" + b"\x00" * 500,
    "page.pdf": b"<!doctype html><script>alert(1)</script>",
    "begins-like.pdf": b"%PDF-1.7\n<script>alert(1)</script>",
    "cut.pdf": pdf()[:80],
    "picture.pdf": image("PNG"),
    "document.png": pdf(),
    "cut.png": image("PNG")[:60],
    "begins-like.jpg": b"\xff\xd8\xff" + b"x" * 400,
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "nothing.pdf": b"",
}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "vouchers"


@pytest.fixture
def post_voucher(trial, client):
    """Posts the form of a voucher as the leader, with what is changed."""
    client.force_login(trial.leader)

    def post(name="a.pdf", content=None, **changed):
        place = trial.aalborg.municipalities.get()
        data = {
            "category": "staff",
            "municipality": place.pk,
            "on": "2016-05-02",
            "amount": "1.234,50",
            "what": "Løn i april",
            "submission": str(uuid.uuid4()),
            "file": SimpleUploadedFile(name, pdf() if content is None else content),
        } | changed
        return client.post(reverse("grants:new_voucher", args=["aalborg"]), data)

    return post


@pytest.mark.parametrize("name", GOOD)
def test_a_whole_file_is_kept_and_comes_back_as_a_download(post_voucher, trial, client, folder, name):
    assert post_voucher(name, GOOD[name]).status_code == 302
    voucher = Voucher.objects.get()
    assert (voucher.amount, voucher.project, voucher.entered_by) == (
        Decimal("1234.50"),
        trial.aalborg,
        trial.leader,
    )
    (path,) = [path for path in folder.rglob("*") if path.is_file()]
    assert path.read_bytes() == GOOD[name]
    response = client.get(reverse("grants:voucher_file", args=[voucher.public_id]))
    assert response.content == GOOD[name]
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] in {"application/pdf", "image/png", "image/jpeg"}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_stored(post_voucher, folder, name):
    response = post_voucher(name, BAD[name])
    assert response.status_code == 200
    assert "form-error" in response.content.decode()
    assert "Løn i april" in response.content.decode()
    assert not Voucher.objects.exists()
    assert not folder.exists()


def test_a_file_too_large_is_refused(post_voucher, folder, monkeypatch):
    monkeypatch.setattr(voucher_files, "MAX_BYTES", 200)
    assert "større end" in post_voucher().content.decode()
    assert not folder.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": "0"},
        {"amount": "-5"},
        {"amount": "1.234.567.890.123"},
        {"amount": "x"},
        {"amount": "1e9"},
        {"amount": "١٢٣"},
        {"amount": "NaN"},
        {"amount": "1.2,3,4"},
        {"category": "bribes"},
        {"municipality": "9999"},
        {"on": "2016-02-30"},
        {"on": "2015-02-28"},
        {"on": "2019-01-01"},
        {"what": ""},
        {"for_fixed_grant": "on"},
        {"for_fixed_grant": "on", "category": "management", "statutory": "on"},
    ],
)
def test_invalid_input_is_refused_beside_the_field(post_voucher, folder, changed):
    response = post_voucher(**changed)
    assert response.status_code == 200
    assert "form-error" in response.content.decode()
    assert not Voucher.objects.exists()
    assert not folder.exists()


def test_the_same_form_twice_enters_one(post_voucher):
    token = str(uuid.uuid4())
    post_voucher(submission=token)
    post_voucher(submission=token)
    assert Voucher.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "kroner"),
    [
        ("1.234,50", "1234.50"),
        ("1234,5", "1234.50"),
        ("1234.50", "1234.50"),
        ("1.234", "1234"),
        ("1 234", "1234"),
        ("1,234.50", "1234.50"),
        ("12,", "12"),
    ],
)
def test_an_amount_is_read_as_people_type_it(post_voucher, typed, kroner):
    post_voucher(amount=typed)
    assert Voucher.objects.get().amount == Decimal(kroner)


def test_an_altered_file_is_not_served(post_voucher, client, folder):
    post_voucher()
    (path,) = [path for path in folder.rglob("*") if path.is_file()]
    path.write_bytes(b"%PDF-something else")
    address = reverse("grants:voucher_file", args=[Voucher.objects.get().public_id])
    assert client.get(address).status_code == 404


def test_the_file_of_another_project_is_not_there(trial, client):
    voucher = VoucherFactory(project=trial.aarhus)
    client.force_login(trial.leader)
    assert client.get(reverse("grants:voucher_file", args=[voucher.public_id])).status_code == 404
    client.force_login(trial.agency)
    assert client.get(reverse("grants:voucher_file", args=[voucher.public_id])).status_code == 200


def test_a_voucher_is_never_changed_only_withdrawn(trial, client):
    voucher = VoucherFactory(project=trial.aalborg)
    for change in ({"amount": 1}, {"file_sha256": "0" * 64}, {"statutory": True}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Voucher.objects.filter(pk=voucher.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        voucher.delete()
    client.force_login(trial.leader)
    address = reverse("grants:withdraw_voucher", args=[voucher.public_id])
    assert client.post(address, {"reason": ""}).status_code == 200
    assert client.post(address, {"reason": "Dobbelt"}).status_code == 302
    opened = client.get(address, follow=True)
    assert opened.redirect_chain
    assert "Bilaget er allerede trukket tilbage" in opened.content.decode()
    assert client.post(address, {"reason": "Dobbelt"}).status_code == 302  # a double click
    second = client.post(address, {"reason": "Mit andet ord"})
    assert second.status_code == 409
    assert f"{trial.leader.name} har allerede markeret" in second.content.decode()
    assert "Mit andet ord" in second.content.decode()
    assert Voucher.objects.get().withdrawn_reason == "Dobbelt"
    assert not Voucher.objects.standing().exists()
    page = client.get(reverse("grants:expenses", args=["aalborg"])).content.decode()
    assert "Dobbelt" in page


def test_budget_against_spent_share_statutory_and_fixed_grant(trial, client):
    place = trial.aalborg.municipalities.get()
    award_actions.enter_award(
        trial.aalborg,
        date(2016, 3, 1),
        100,
        UserFactory(),
        reason="x",
        fixed={place: Decimal(5000)},
        budget={"management": Decimal(6000), "staff": Decimal(2000)},
    )
    VoucherFactory(project=trial.aalborg, category="management", amount=Decimal(7000), for_fixed_grant=True)
    VoucherFactory(project=trial.aalborg, category="staff", amount=Decimal(1000))
    VoucherFactory(project=trial.aalborg, category="rent", amount=Decimal(2000))
    VoucherFactory(project=trial.aalborg, category="staff", amount=Decimal(9999), statutory=True)
    VoucherFactory(project=trial.aarhus, category="staff", amount=Decimal(9999))
    project_expenses = actions.project_expenses(trial.aalborg, date(2016, 6, 1))
    lines = {line.category: (line.spent, line.left) for line in project_expenses.categories}
    assert lines["management"] == (Decimal(7000), Decimal(-1000))
    assert lines["staff"] == (Decimal(1000), Decimal(1000))
    assert (project_expenses.spent, project_expenses.share, project_expenses.statutory) == (
        Decimal(10000),
        Decimal("80.0"),
        Decimal(9999),
    )
    (fixed,) = project_expenses.fixed
    assert (fixed.documented, fixed.granted) == (Decimal(7000), Decimal(5000))
    client.force_login(trial.agency)
    page = client.get(reverse("grants:expenses", args=["aalborg"])).content.decode()
    assert "7.000,00 dokumenteret, højst 5.000,00: 5.000,00" in page
    assert "80,0 %" in page
    assert "9.999,00" in page


def test_an_award_counts_from_its_day_on(trial, client):
    place = trial.aalborg.municipalities.get()
    Project.objects.filter(pk=trial.aalborg.pk).update(ends_on=date(2040, 12, 31))
    trial.aalborg.refresh_from_db()
    for day, amount in ((date(2016, 3, 1), 1000), (date(2036, 3, 1), 7000)):
        award_actions.enter_award(
            trial.aalborg,
            day,
            100,
            UserFactory(),
            reason="x",
            fixed={place: Decimal(amount)},
            budget={"staff": Decimal(amount)},
        )
    assert actions.project_expenses(trial.aalborg, date(2016, 2, 29)).budget == 0
    assert actions.project_expenses(trial.aalborg, date(2036, 2, 29)).budget == 1000
    assert actions.project_expenses(trial.aalborg, date(2036, 3, 1)).budget == 7000
    client.force_login(trial.leader)
    page = client.get(reverse("grants:expenses", args=["aalborg"])).content.decode()
    assert "7.000,00" not in page
    assert "1. marts 2036" in page


@pytest.mark.parametrize("day", ["2015-03-01", "2018-12-31"])
def test_costs_before_and_after_the_project_are_taken_for_a_year(post_voucher, day):
    assert post_voucher(on=day).status_code == 302


def test_a_cost_ahead_is_for_rehearsals_until_the_project_ends(post_voucher, trial, settings):
    today = date.today()
    Project.objects.filter(pk=trial.aalborg.pk).update(ends_on=today + timedelta(days=1))
    tomorrow, after = ((today + timedelta(days=n)).isoformat() for n in (1, 2))
    settings.JOBFIRST_MODE = "real"
    response = post_voucher(on=tomorrow)
    assert "Udgiften skal ligge i projektperioden" in response.content.decode()
    assert not Voucher.objects.exists()
    assert post_voucher(on=today.isoformat()).status_code == 302
    settings.JOBFIRST_MODE = "rehearsal"
    assert post_voucher("b.png", GOOD["a.png"], on=after).status_code == 200
    assert post_voucher("b.png", GOOD["a.png"], on=tomorrow).status_code == 302


def test_the_same_file_twice_needs_a_confirmation(post_voucher, trial, client):
    box = 'type="checkbox" name="again"'
    assert box not in client.get(reverse("grants:new_voucher", args=["aalborg"])).content.decode()
    VoucherFactory(project=trial.aarhus)
    assert post_voucher(on="2016-05-03").status_code == 302
    for changed in ({}, {"again": ""}, {"again": "False"}):
        page = post_voucher(**changed).content.decode()
        assert "allerede bilag for 03.05.2016, 1.234,50 kr." in page
        assert box in page.replace('class="checkboxinput" ', "")
        assert Voucher.objects.filter(project=trial.aalborg).count() == 1
    assert post_voucher(again="on").status_code == 302
    assert Voucher.objects.filter(project=trial.aalborg).count() == 2


def test_a_withdrawn_voucher_may_be_entered_anew(post_voucher, trial):
    post_voucher()
    actions.withdraw(Voucher.objects.get(), trial.leader, "Forkert")
    assert post_voucher().status_code == 302


def enter_budget(project, **budget):
    fixed = dict.fromkeys(project.municipalities.all(), Decimal(0))
    budget = {name: Decimal(amount) for name, amount in budget.items()}
    return award_actions.enter_award(
        project, date(2016, 3, 1), 100, UserFactory(), reason="x", fixed=fixed, budget=budget
    )


def test_an_amount_above_the_budget_needs_a_confirmation(post_voucher, trial):
    enter_budget(trial.aalborg, staff=2000, rent=9000)
    VoucherFactory(project=trial.aalborg, category="staff", amount=Decimal(1000))
    page = post_voucher().content.decode()
    assert "Der er 1.000,00 kr. tilbage på budgettet til »Løn til projektansatte i øvrigt«." in page
    assert 'type="checkbox" name="above"' in page.replace('class="checkboxinput" ', "")
    assert post_voucher("a.jpeg", GOOD["a.jpeg"], amount="1000").status_code == 302
    assert post_voucher("b.png", GOOD["a.png"]).status_code == 200
    assert post_voucher("b.png", GOOD["a.png"], above="on").status_code == 302
    assert post_voucher("c.pdf", statutory="on", again="on").status_code == 302


def test_both_questions_are_asked_at_once(post_voucher, trial):
    enter_budget(trial.aalborg, staff=0)
    post_voucher(above="on")
    assert set(post_voucher().context["form"].errors) == {"again", "above"}
    assert post_voucher(above="on", again="on").status_code == 302


def test_the_success_message_has_the_amount(post_voucher, client):
    page = client.get(post_voucher(amount="1250").url).content.decode()
    assert "Bilaget på 1.250,00 kr. er indtastet." in page


def test_overspent_categories_are_marked(trial, get_as):
    enter_budget(trial.aalborg, staff=100)
    VoucherFactory(project=trial.aalborg, category="staff", amount=Decimal(350))
    page = get_as("leader", reverse("grants:expenses", args=["aalborg"])).content.decode()
    assert page.count('class="jf-number jf-negative"') == 2  # the category and the sum
    assert "-250,00" in page


def test_the_whole_voucher_stands_on_the_page_that_withdraws_it(trial, get_as):
    voucher = VoucherFactory(
        project=trial.aalborg,
        category="rent",
        amount=Decimal("1234.5"),
        on=date(2016, 5, 2),
        what="Leje i maj",
    )
    page = get_as("leader", reverse("grants:withdraw_voucher", args=[voucher.public_id])).content.decode()
    for text in ("02.05.2016", "Husleje", str(voucher.municipality), "1.234,50 kr.", "Leje i maj"):
        assert text in page


def test_the_message_of_the_least_amount_is_formatted_in_danish(post_voucher):
    assert "Beløbet skal være mindst 0,01 kr." in post_voucher(amount="0").content.decode()


COSTS = st.builds(
    Cost,
    municipality=st.sampled_from(["A", "B"]),
    category=st.sampled_from(CostCategory.values),
    amount=st.decimals("0.01", "100000", places=2),
    statutory=st.booleans(),
    for_fixed_grant=st.booleans(),
)


@given(st.lists(COSTS, max_size=12), st.decimals("0", "900000", places=2))
@settings(max_examples=60, deadline=None)
def test_nothing_is_lost_or_counted_twice(costs, ceiling):
    project_expenses = sum_expenses(costs, {}, {"A": ceiling}, CostCategory.values, SALARIES)
    assert project_expenses.spent + project_expenses.statutory == sum(
        (cost.amount for cost in costs), expenses.ZERO
    )
    assert project_expenses.share is None or 0 <= project_expenses.share <= 100
    for line in some(project_expenses.fixed):
        assert line.granted == min(line.documented, line.ceiling) <= line.ceiling


@pytest.mark.parametrize("vouchers", [1, 30])
def test_the_page_keeps_to_its_queries(trial, client, django_assert_max_num_queries, vouchers):
    for _number in range(vouchers):
        VoucherFactory(project=trial.aalborg)
    client.force_login(trial.leader)
    with django_assert_max_num_queries(10):
        client.get(reverse("grants:expenses", args=["aalborg"]))
