"""How people of the demo sign in: every page of accounts has something to show."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import get_credentials
from django.utils import timezone

from accounts.models import AccountRequest, User
from accounts.roles import Role
from accounts.sign_in.sessions import sessions_of
from audit.models import SecurityKind, SecurityRecord
from demo.people.sign_in import SETUP_KEY
from tests.loops import some


def test_two_administrators_have_changes_to_decide_for_each_other(demo):
    administrators = User.objects.filter(memberships__role=Role.ADMINISTRATOR, is_active=True)
    assert administrators.count() == 2
    waiting = AccountRequest.objects.waiting(timezone.now())
    for administrator in some(administrators):
        assert waiting.exclude(asked_by=administrator).exclude(person=administrator).exists()
    outcomes = set(AccountRequest.objects.values_list("outcome", flat=True))
    assert outcomes == {"", "confirmed", "refused", "expired"}


def test_somebody_is_invited_somebody_is_about_to_be_and_somebody_has_left(demo):
    users = User.objects.filter(password__startswith="!")
    assert users.filter(invited_at=None).exists()
    assert users.exclude(invited_at=None).exists()
    assert User.objects.filter(is_active=False).exists()


def test_second_steps_can_be_read_and_the_mentor_with_the_printed_key_gets_in(demo):
    assert set(Authenticator.objects.values_list("type", flat=True)) == {
        "totp",
        "webauthn",
        "recovery_codes",
    }
    mentor = User.objects.get(email="mentor2.koebenhavn@demo.invalid")
    assert len(get_credentials(mentor)) == 2
    secret = Authenticator.objects.get(user=mentor, type="totp").data["secret"]
    assert SETUP_KEY not in secret
    assert decrypt(secret) == SETUP_KEY


def test_the_leader_is_signed_in_elsewhere_and_the_log_has_failures(demo):
    leader = User.objects.get(email="projektleder1.koebenhavn@demo.invalid")
    assert len(sessions_of(leader, None)) == 2
    kinds = set(SecurityRecord.objects.values_list("kind", flat=True))
    assert kinds >= {SecurityKind.SIGN_IN_FAILED, SecurityKind.LOCKED_OUT, SecurityKind.SECOND_STEP_REMOVED}
