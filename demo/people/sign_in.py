"""How people of the demo sign in: a second administrator, invitations, second steps, requests, open sessions.

Nobody knows the private keys of the security keys: whoever wants to try the second step signs in as the
mentor of `SETUP_KEY`, whose app can be set up by anybody.
"""

import datetime
import json
import random
import secrets
import time
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal.auth import WebAuthn
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
)

from accounts.models import AccountRequest, Membership, RequestKind, RequestOutcome, User
from accounts.roles import Role
from accounts.sign_in.sessions import BEGAN, SEEN
from audit.models import SecurityKind, SecurityRecord
from demo.invented import impossible_phone, random_uuid
from demo.names import person_name
from demo.people.teams import DANISH, Team
from jobfirst.values.dates import DAY

#: The numbers of the names of those who come later: after the staff's, before those of contacts of companies.
NAMES_FROM = 900
#: What the authenticator app of the project's second mentor is set up with.
SETUP_KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1"
OFFICE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0"
#: Addresses of RFC 5737, which are nobody's.
AT_WORK, ON_THE_WAY, STRANGER = "192.0.2.17", "198.51.100.23", "203.0.113.66"


def add_sign_in(team: Team, password_hash: str) -> User:
    """Fill the pages of accounts with what happens there, in one project; return the second administrator."""
    first = User.objects.filter(memberships__role=Role.ADMINISTRATOR).earliest("email")
    second = _add_people(team, password_hash)
    _add_second_steps(team)
    _add_requests(team, first, second)
    _add_records(team, first)
    _add_sessions([first, *(team.staff[role][0] for role in (Role.PROJECT_LEADER, Role.MENTOR))])
    return second


def _add_people(team: Team, password_hash: str) -> User:
    """Add another administrator, two people who were invited, and one who has left."""
    rng = random.Random("jobfirst demo sign-in")  # noqa: S311 - made-up data
    slug, now = team.project.slug, timezone.now()

    def person(number: int, address: str, **values: Any) -> User:
        return User(
            public_id=random_uuid(rng),
            email=f"{address}@demo.invalid",
            name=person_name(NAMES_FROM + number),
            phone=impossible_phone(random.Random(NAMES_FROM + number)),  # noqa: S311 - made-up data
            **values,
        )

    administrator = person(0, "administrator2", password=password_hash)
    invited = person(1, f"{DANISH[Role.MENTOR]}5.{slug}", invited_at=now - 3 * DAY)
    # The worker sends this invitation as soon as it runs.
    new = person(2, f"{DANISH[Role.JOB_CONSULTANT]}3.{slug}")
    former = person(3, f"{DANISH[Role.MENTOR]}6.{slug}", password=password_hash, is_active=False)
    for user in (invited, new):
        user.set_unusable_password()
    User.objects.bulk_create([administrator, invited, new, former])
    Membership.objects.bulk_create(
        [
            Membership(user=administrator, role=Role.ADMINISTRATOR, project=None),
            Membership(user=invited, role=Role.MENTOR, project=team.project),
            Membership(user=new, role=Role.JOB_CONSULTANT, project=team.project),
            Membership(user=former, role=Role.MENTOR, project=team.project),
        ]
    )
    return administrator


def _add_second_steps(team: Team) -> None:
    """Give some people an app, security keys and recovery codes."""
    mentors, caseworkers = team.staff[Role.MENTOR], team.staff[Role.COORDINATING_CASEWORKER]
    consultants = team.staff[Role.JOB_CONSULTANT]
    TOTP.activate(mentors[1], SETUP_KEY)
    TOTP.activate(caseworkers[1], generate_totp_secret())
    for user, names in (
        (mentors[1], ["Telefonens fingeraftryk", "Den blå nøgle i nøglebundtet"]),
        (mentors[2], ["Nøglen på kontoret"]),
        (consultants[1], ["Windows Hello", "Reservenøgle i skuffen"]),
    ):
        for name in names:
            WebAuthn.add(user, name, _credential())
    for user in (mentors[1], mentors[2], caseworkers[1], consultants[1]):
        RecoveryCodes.activate(user)
    Authenticator.objects.filter(user=mentors[1]).update(
        created_at=timezone.now() - 40 * DAY, last_used_at=timezone.now() - DAY
    )


def _credential() -> dict[str, object]:
    """Return a security key as a browser registers it; its private half is thrown away."""
    public_key = ec.generate_private_key(ec.SECP256R1()).public_key()
    key_data = AttestedCredentialData.create(
        Aaguid(bytes(16)), secrets.token_bytes(32), ES256.from_cryptography_key(public_key)
    )
    host = urlsplit(settings.JOBFIRST_BASE_URL).hostname or "localhost"
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(sha256(host.encode()), flags, 0, key_data)
    client = {"type": "webauthn.create", "challenge": "", "origin": settings.JOBFIRST_BASE_URL}
    identifier = websafe_encode(key_data.credential_id)
    return {
        "id": identifier,
        "rawId": identifier,
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(client).encode()),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", data, {}))),
        },
        "clientExtensionResults": {"credProps": {"rk": False}},
    }


def _add_requests(team: Team, first: User, second: User) -> None:
    """Add changes that wait for either administrator, and some that were decided or ran out."""
    mentors, owners = team.staff[Role.MENTOR], team.staff[Role.COURSE_OWNER]
    waiting = [
        _request(RequestKind.SECOND_STEP, mentors[2], second, 1, reason="Har mistet nøglen og sin telefon."),
        _request(RequestKind.ROLE, second, second, 2, role=Role.PROJECT_LEADER, project=team.project),
        _request(RequestKind.ROLE, owners[1], first, 0, role=Role.ADMINISTRATOR),
    ]
    decided = [
        _request(RequestKind.ROLE, second, first, 31, role=Role.ADMINISTRATOR),
        _request(RequestKind.SECOND_STEP, mentors[3], first, 12, reason="Ny telefon, den gamle er solgt."),
        _request(RequestKind.ROLE, first, first, 20, role=Role.MENTOR, project=team.project),
    ]
    outcomes = (
        (RequestOutcome.EXPIRED, None),
        (RequestOutcome.CONFIRMED, second),
        (RequestOutcome.REFUSED, second),
    )
    for request, (outcome, by) in zip(decided, outcomes, strict=True):
        request.outcome, request.decided_by = outcome, by
        request.decided_at = request.expires_at if by is None else request.asked_at + DAY
    asked_at = {request.public_id: request.asked_at for request in [*waiting, *decided]}
    for request in AccountRequest.objects.bulk_create([*waiting, *decided]):
        AccountRequest.objects.filter(pk=request.pk).update(asked_at=asked_at[request.public_id])


def _request(kind: str, person: User, by: User, days_ago: int, **values: Any) -> AccountRequest:
    asked_at = timezone.now() - days_ago * DAY - datetime.timedelta(hours=2)
    expires_at = asked_at + settings.JOBFIRST_CONFIRMATION_DAYS * DAY
    return AccountRequest(
        kind=kind, person=person, asked_by=by, asked_at=asked_at, expires_at=expires_at, **values
    )


def _add_records(team: Team, first: User) -> None:
    """Record sign-ins, failures, a lock-out and changes of roles."""
    leader, mentor = team.staff[Role.PROJECT_LEADER][0], team.staff[Role.MENTOR][1]
    caseworker, slug = team.staff[Role.COORDINATING_CASEWORKER][1], team.project.slug
    kinds = SecurityKind
    entries = [
        (kinds.ROLE_GIVEN, first, leader, f"{Role.PROJECT_LEADER} {slug}", AT_WORK),
        (kinds.SECOND_STEP_ADDED, mentor, mentor, "totp", ON_THE_WAY),
        (kinds.SECOND_STEP_ADDED, mentor, mentor, "recovery_codes", ON_THE_WAY),
        (kinds.SECOND_STEP_ADDED, mentor, mentor, "webauthn", ON_THE_WAY),
        (kinds.SIGNED_IN, mentor, mentor, "", ON_THE_WAY),
        *((kinds.SIGN_IN_FAILED, None, leader, "password", STRANGER) for _ in range(5)),
        (kinds.LOCKED_OUT, None, leader, "password", STRANGER),
        (kinds.SIGN_IN_FAILED, None, None, "password", STRANGER),
        (kinds.SIGN_IN_FAILED, None, caseworker, "code", AT_WORK),
        (kinds.SIGNED_IN, caseworker, caseworker, "", AT_WORK),
        (kinds.PASSWORD_CHANGED, leader, leader, "", AT_WORK),
        (kinds.SESSION_ENDED, leader, leader, "", AT_WORK),
        (kinds.ROLE_TAKEN, first, caseworker, f"{Role.COURSE_OWNER} {slug}", AT_WORK),
        (kinds.RESET_ASKED, first, team.staff[Role.MENTOR][3], "", AT_WORK),
        (kinds.SECOND_STEP_REMOVED, first, team.staff[Role.MENTOR][3], "reset", AT_WORK),
        (kinds.SIGNED_OUT, caseworker, caseworker, "", AT_WORK),
    ]
    SecurityRecord.objects.bulk_create(
        SecurityRecord(kind=kind, user=user, subject=subject, detail=detail, ip=ip)
        for kind, user, subject, detail, ip in entries
    )


def _add_sessions(people: list[User]) -> None:
    """Leave each of these people signed in on a phone and on a computer; nobody has the cookies."""
    now = timezone.now()
    for user in people:
        for user_agent, ip, hours in ((PHONE, ON_THE_WAY, 1), (OFFICE, AT_WORK, 3)):
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            # Or they would end by the idle limit before anybody has looked.
            session[BEGAN] = session[SEEN] = time.time() + settings.SESSION_COOKIE_AGE
            session.create()
            began = now - datetime.timedelta(hours=hours)
            row = UserSession.objects.create(
                user=user, session_key=session.session_key, ip=ip, user_agent=user_agent, last_seen_at=began
            )
            UserSession.objects.filter(pk=row.pk).update(
                created_at=began, last_seen_at=began + datetime.timedelta(minutes=40)
            )
