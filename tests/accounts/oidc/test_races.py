"""Two first sign-ins at the same moment: the identity is linked once."""

import pytest
from django.db import transaction

from accounts.models import Identity
from accounts.oidc import identities
from accounts.oidc.refusals import Refusal, RefusedSignInError
from accounts.roles import Role
from audit.models import SecurityRecord
from tests.concurrency import BackgroundAction
from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

ISSUER = "https://login.example.invalid"


def person(address):
    return UserFactory(project=ProjectFactory(), roles=[Role.MENTOR], email=address)


def claims_of(user, subject="a1"):
    return {"sub": subject, "email": user.email, "email_verified": True}


def meanwhile(first, second):
    """Sign in by the first claims, and by the second before that is committed; return its outcome."""
    with transaction.atomic():
        identities.user_of(ISSUER, first)
        sign_in = BackgroundAction(lambda: identities.user_of(ISSUER, second))
        assert sign_in.is_blocked()
    return sign_in.join()


def test_two_windows_of_one_person_both_sign_in():
    mentor = person("mentor@example.invalid")
    outcome = meanwhile(claims_of(mentor), claims_of(mentor))
    assert outcome == identities.NamedUser(mentor, is_linked=True)
    assert Identity.objects.count() == 1
    assert SecurityRecord.objects.filter(kind="identity_linked").count() == 1


@pytest.mark.parametrize("subject", ["a1", "b2"], ids=["one subject", "one address"])
def test_a_subject_and_an_account_are_linked_once(subject):
    mentor = person("mentor@example.invalid")
    other = mentor if subject == "b2" else person("other@example.invalid")
    outcome = meanwhile(claims_of(mentor), claims_of(other, subject))
    assert isinstance(outcome, RefusedSignInError)
    assert outcome.refusal == Refusal.OTHER
    assert Identity.objects.get().user == mentor
