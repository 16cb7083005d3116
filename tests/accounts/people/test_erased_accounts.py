"""Nothing is written to an account that the rules of retention have erased, and its page offers nothing."""

import datetime
from io import BytesIO

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.absences import actions as absences
from accounts.exchange import USER_COLUMNS, import_users
from accounts.models import ERASED_DOMAIN, Absence, AccountRequest, User
from accounts.people import actions
from accounts.roles import Role
from audit.models import SecurityRecord
from jobfirst import clock
from jobfirst.exchange import BadFile, read_table
from jobfirst.values.dates import DateSpan
from tests.factories import CourseFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db

REFUSED = "Kontoen er slettet. Invitér personen igen."
#: What is sent to the pages about a user.
SENT = {
    "user_detail": {"role": "course_owner", "project": True},
    "user_give_back": {},
    "user_end_sessions": {},
    "user_take_role": {"role": "mentor", "project": "aalborg"},
    "user_deactivate": {},
    "user_reactivate": {},
    "user_invite_again": {},
    "user_change_address": {"email": "new@example.invalid"},
    "user_confirm_address": {},
    "user_forget_identity": {},
    "user_roles_seen_to": {},
    "user_reset_second_step": {"reason": "Telefonen er væk"},
}


@pytest.fixture
def project():
    return ProjectFactory(slug="aalborg")


@pytest.fixture
def erased(project):
    """A mentor who once was an administrator, erased long after the account was closed."""
    user = UserFactory(project=project, roles=[Role.MENTOR])
    user.memberships.create(role=Role.ADMINISTRATOR)
    changes = {"email": f"{user.pk}{ERASED_DOMAIN}", "name": f"Tidligere medarbejder {user.pk}"}
    User.objects.filter(pk=user.pk).update(is_active=False, erased_on=datetime.date(2016, 5, 18), **changes)
    user.refresh_from_db()
    return user


def state_of(user):
    """Return everything that could be written about the account."""
    return (
        User.objects.filter(pk=user.pk).values().get(),
        sorted(user.memberships.values_list("role", "project")),
        AccountRequest.objects.count(),
        Absence.objects.count(),
        SecurityRecord.objects.filter(subject=user).count(),
        len(mail.outbox),
    )


@pytest.mark.parametrize("name", SENT)
def test_every_page_refuses_in_words_and_writes_nothing(client, anna, erased, project, name):
    client.force_login(anna)
    before = state_of(erased)
    data = {key: project.pk if value is True else value for key, value in SENT[name].items()}
    answer = client.post(reverse(name, args=[erased.public_id]), data, follow=True)
    assert answer.status_code == 200
    assert REFUSED in answer.content.decode()
    assert state_of(erased) == before


def test_nobody_is_asked_to_make_an_erased_account_an_administrator(client, anna, bo, erased):
    erased.memberships.filter(role=Role.ADMINISTRATOR).delete()
    client.force_login(anna)
    before = state_of(erased)
    sent = {"role": "administrator", "project": ""}
    page = client.post(reverse("user_detail", args=[erased.public_id]), sent, follow=True)
    assert REFUSED in page.content.decode()
    assert state_of(erased) == before


def test_the_page_offers_nothing(client, anna, erased, project):
    CourseFactory(project_for=project, holders=erased)
    client.force_login(anna)
    page = client.get(reverse("user_detail", args=[erased.public_id])).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert "<form" not in main
    assert "Mentor" in main, "which role the person had stays"


def test_what_an_erased_administrator_leaves_stops_nobody(anna, bo, erased):
    actions.deactivate_user(bo, clock.today())
    bo.refresh_from_db()
    assert not bo.is_active


def test_no_absence_is_entered_for_an_erased_account(erased, project):
    colleague = UserFactory(project=project, roles=[Role.MENTOR])
    today = clock.today()
    facts = absences.AbsenceFacts(erased, project, colleague, DateSpan(today, today))
    with pytest.raises(ValidationError, match="slettet"):
        absences.enter_absence(facts, by=colleague, today=today)


def test_no_file_names_an_erased_account(erased):
    rows = f"email;name;project;roles\n{erased.email};Ny Person;aalborg;mentor\n"
    with pytest.raises(BadFile):
        import_users(read_table(BytesIO(rows.encode()), USER_COLUMNS), clock.today())
    assert User.objects.get(pk=erased.pk).name == erased.name
