"""How the table of addresses (tests/access/table.py) says who may use an address.

One line per address, by its URL name:

    page("my_week", get="mentor")
        A page that is about no single thing. The roles named are let in, everybody else who is signed in
        gets 403, strangers are sent to the sign-in page.
    of("course", "course_contact_new", get="staff", post="staff")
        An address that names a thing of a kind listed in KINDS (course, referral, user, …); the kind says
        who sees it at all. Who does not see it gets 404, to the byte what a thing that does not exist
        gives; who sees it but is not named gets 403. Several ids in the address: of("course meeting", …),
        the first kind decides. `args` stand after the ids.
    permission_first_of("user", "user_detail", get="administrator")
        As `of`, but for things that one permission opens: whoever lacks it gets 403, whatever is named.
    public("account_login", get=True, post=True)
        For anybody, signed in or not; `args` when the address has parts.

Roles: mentor, job_consultant, course_owner, coordinating_caseworker, project_leader, agency,
administrator; short: `staff` (the five that work in a project), `functions` (the four of D8), `all`.
A method that is not named must not be allowed. Each request runs for four relations: `own` (the person
holds her function on that course; for a leader: her project), `same` project, `other` project,
`nonexistent`. For a new kind of thing, make one of each relation in tests/scenarios/two_projects.py and
say in KINDS who sees it.

"Let in" means an ordinary answer (200, 302 to anywhere but the sign-in page, 400, 409 or 422 for an empty
form), since a POST here carries no fields. `but` overrides single cells:
`but={("GET", "mentor", "own"): 403}`.
"""

from dataclasses import dataclass, field

from tests.loops import some

FUNCTIONS = ("mentor", "job_consultant", "course_owner", "coordinating_caseworker")
STAFF = (*FUNCTIONS, "project_leader")
SIGNED_IN = (*STAFF, "agency", "administrator")
ROLES = ("anonymous", *SIGNED_IN)
RELATIONS = ("own", "same", "other", "nonexistent")
METHODS = ("GET", "POST")
GROUPS = {"staff": STAFF, "functions": FUNCTIONS, "all": SIGNED_IN, "": ()}

# Who sees a thing of this kind, by relation. (Of the rest nobody may learn that it exists.)
COURSE = {"own": STAFF, "same": ("project_leader",)}
REFERRAL = dict.fromkeys(("own", "same"), ("coordinating_caseworker", "project_leader"))
ADMINISTRATED = dict.fromkeys(("own", "same", "other"), ("administrator",))
LEADER_AND_AGENCY = ("project_leader", "agency")
KINDS = {
    "course": COURSE,
    "contact": COURSE,
    "meeting": COURSE,
    "promise": COURSE,
    "need": COURSE,
    "effort": COURSE,
    "accommodation": COURSE,
    "pause": COURSE,
    "cv_entry": COURSE,
    "cv_review": COURSE,
    "match": COURSE,
    "placement": COURSE,
    "dialogue": COURSE,
    "dialogue_entry": COURSE,
    "activity": COURSE,
    "plan": COURSE,
    "agreement": COURSE,
    "annex_reply": COURSE,
    "report": COURSE,
    "closing": COURSE,
    "answer_sheet": COURSE,
    "answer": COURSE,
    # Companies are no secret to those who work in a project; what a project keeps of them is its own.
    "company": dict.fromkeys(("own", "same", "other"), STAFF),
    "workplace": dict.fromkeys(("own", "same", "other"), (*STAFF, "agency", "administrator")),
    **dict.fromkeys(
        ("company_contact", "company_note", "company_call", "job_opening"),
        dict.fromkeys(("own", "same"), STAFF),
    ),
    # A take-over is a public fact, and the same for all projects.
    "company_merge": dict.fromkeys(("own", "same", "other"), ("project_leader", "agency", "administrator")),
    "workplace_merge": dict.fromkeys(("own", "same", "other"), ("project_leader", "agency", "administrator")),
    "succession": dict.fromkeys(("own", "same", "other"), ("project_leader", "agency", "administrator")),
    # A colleague's course in one's own project may be opened with a reason.
    "project_course": dict.fromkeys(("own", "same"), STAFF),
    "referral": REFERRAL,
    "deviation": dict.fromkeys(("own", "same"), ("project_leader",)),
    "user": ADMINISTRATED,
    "shut_out": REFERRAL,
    # Legal holds, and citizens to be erased: a leader's of the led project, the administrators' all
    "legal_hold": {
        "own": ("project_leader", "administrator"),
        "same": ("project_leader", "administrator"),
        "other": ("administrator",),
    },
    "erasure_run": {
        "own": ("project_leader", "administrator"),
        "same": ("project_leader", "administrator"),
        "other": ("administrator",),
    },
    "account_request": ADMINISTRATED,
    "dead_letter": ADMINISTRATED,
    # One of the people of a project, and their courses: the project leader's
    "colleague": {"own": ("project_leader",), "same": ("project_leader",)},
    # The steering group of a project: its leader's alone
    **dict.fromkeys(
        ("steering_member", "steering_meeting", "steering_decision"),
        dict.fromkeys(("own", "same"), ("project_leader",)),
    ),
    # A person's absence: the person's own (here the mentor's) and the project leader's
    "absentee": {"own": ("mentor", "project_leader"), "same": ("project_leader",)},
    "absence": {"own": ("mentor", "project_leader"), "same": ("project_leader",)},
    # Figures of a project: her own leader's, and the agency's
    "project": {"own": LEADER_AND_AGENCY, "same": LEADER_AND_AGENCY, "other": ("agency",)},
    "statement": {"own": LEADER_AND_AGENCY, "same": LEADER_AND_AGENCY, "other": ("agency",)},
    "voucher": {"own": LEADER_AND_AGENCY, "same": LEADER_AND_AGENCY, "other": ("agency",)},
    # What was shown is seen by whoever sees every project in it
    "snapshot": {"own": LEADER_AND_AGENCY, "same": LEADER_AND_AGENCY, "other": ("agency",)},
    "overview": {"own": LEADER_AND_AGENCY, "same": ("agency",), "other": ("agency",)},
    # A draft as PDF is seen by whoever ordered it: here the leader
    "document": {"own": ("project_leader",)},
}


@dataclass(frozen=True)
class Address:
    """A line of the table."""

    name: str
    roles_by_method: dict[str, frozenset[str]]
    kinds: tuple[str, ...] = ()
    permission_first: bool = False
    is_public: bool = False
    args: tuple[str, ...] = ()
    but: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name

    @property
    def relations(self) -> tuple[str, ...]:
        return RELATIONS if self.kinds else ("own",)


def _roles_by_method(**methods: str | None) -> dict[str, frozenset[str]]:
    """Return the roles that are let in by method; the values name roles and groups of roles."""
    roles_by_method = {}
    for method, words in some(methods.items()):
        if words is not None:
            roles = [role for word in words.split(" ") for role in GROUPS.get(word, (word,))]
            assert set(roles) <= set(SIGNED_IN), roles
            roles_by_method[method.upper()] = frozenset(roles)
    return roles_by_method


def page(name, *, get=None, post=None, args=(), but=None) -> Address:
    return Address(name, _roles_by_method(get=get, post=post), args=tuple(args), but=but or {})


def of(kinds, name, *, get=None, post=None, args=(), but=None, permission_first=False) -> Address:
    roles_by_method = _roles_by_method(get=get, post=post)
    return Address(
        name, roles_by_method, tuple(kinds.split()), permission_first, args=tuple(args), but=but or {}
    )


def permission_first_of(kinds, name, **roles) -> Address:
    return of(kinds, name, permission_first=True, **roles)


def public(name, *, get=False, post=False, args=(), but=None) -> Address:
    roles_by_method = _roles_by_method(get="all" if get else None, post="all" if post else None)
    return Address(name, roles_by_method, is_public=True, args=tuple(args), but=but or {})


def everywhere(status: int, *roles: str) -> dict[tuple[str, str, str], int]:
    """The same answer to both methods for these roles, on an address without relations."""
    return {(method, role, "own"): status for method in METHODS for role in roles}
