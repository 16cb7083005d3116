"""The table of docs/privacy.md, made from `table.py`: what each role may read.

`python -m tests.access.privacy` prints it.
"""

from collections.abc import Iterable

from tests.access.addresses import KINDS, SIGNED_IN, Address
from tests.access.table import TABLE

HEADINGS = {
    "mentor": "mentor",
    "job_consultant": "job consultant",
    "course_owner": "course owner",
    "coordinating_caseworker": "caseworker",
    "project_leader": "leader",
    "agency": "agency",
    "administrator": "administrator",
}

#: What a kind of thing is called. Kinds of the same name share a row.
COURSE = "a course: its people, contacts, meetings, answers, needs, placements, plans and agreements"
FIGURES = "a project's award, expenses, statements and drafts (to the agency by pseudonym)"
KIND_NAMES = {
    **dict.fromkeys(("course", "contact", "meeting", "promise", "need", "effort", "accommodation"), COURSE),
    **dict.fromkeys(("match", "placement", "activity", "plan", "agreement", "pause"), COURSE),
    **dict.fromkeys(("dialogue", "dialogue_entry"), COURSE),
    **dict.fromkeys(("cv_entry", "cv_review", "annex_reply", "report", "closing"), COURSE),
    **dict.fromkeys(("answer_sheet", "answer"), COURSE),
    **dict.fromkeys(("project", "statement", "voucher", "snapshot", "overview"), FIGURES),
    "company": "a company with its workplaces",
    "workplace": "the workplaces of a company alone",
    **dict.fromkeys(
        ("company_contact", "company_note", "company_call", "job_opening"),
        "what the project itself keeps of a company: contact persons, notes, contacts, openings",
    ),
    "succession": "companies that were taken over",
    **dict.fromkeys(("company_merge", "workplace_merge"), "companies that were registered twice"),
    "project_course": "the page that asks for the reason before a colleague's course opens",
    "referral": "a referral and its draw",
    "deviation": "deviations from the protocol: what the project recorded",
    "user": "an account",
    "account_request": "a change of an account that waits for a second administrator",
    **dict.fromkeys(
        ("erasure_run", "legal_hold"), "citizens to be erased or held back from it, by pseudonym"
    ),
    "shut_out": "a referral and its draw",
    **dict.fromkeys(
        ("steering_member", "steering_meeting", "steering_decision"),
        "the project's steering group: members, meetings, minutes, decisions",
    ),
    "colleague": "the courses of one of the project's people, for handing them over",
    **dict.fromkeys(("absentee", "absence"), "an absence and who stands in"),
    "dead_letter": "e-mails that were given up",
    "document": "a PDF that one has ordered",
}
#: These belong to the person who made them, so the scenario has them for one role only.
PERSONAL = {"document"}

#: What is on a page that is about no single thing.
PAGE_NAMES = {
    "cases:my_week": "one's own citizens of the week",
    "cases:my_meetings": "one's own meetings",
    "companies:my_placements": "one's own placements",
    "companies:my_dialogues": "the dialogues with companies in the courses one works on or leads",
    "reminders:mine": "one's own reminders",
    "cases:courses": "the list of courses one may open",
    "cases:gaps": "the gaps of the courses one works on or leads",
    "cases:find": "search for a citizen of the project",
    "cases:openings": "who opened a colleague's course, and why",
    "cases:unusual_use": "who searched, opened or fetched unusually much (no citizens)",
    "cases:referrals": "the project's referrals",
    "randomization:waiting": "the project's draws, waiting and made",
    "randomization:draw": "the project's draws, waiting and made",
    "randomization:drawn": "the project's draws, waiting and made",
    "evaluation:dashboard": "the project's dashboard",
    "evaluation:steering": "the project's steering group: members, meetings, minutes, decisions",
    "evaluation:measure": "the citizens behind a figure of the project",
    "evaluation:elements": "the core elements of the project's courses",
    "evaluation:deviations": "deviations from the protocol: the list of the project, by name",
    "evaluation:spread": "how colleagues use the steps of the scales (no citizens)",
    "cases:people": "the project's people and how many courses each has",
    "absences": "absences: one's own, and to the leader those of the project",
    "operations:overview": "what runs and what waits (no citizens)",
    **dict.fromkeys(("companies:companies", "companies:find"), "the list of companies"),
    "companies:successions": "companies that were taken over",
    "companies:merges": "companies that were registered twice",
    "companies:workplace_merges": "companies that were registered twice",
    "evaluation:trial": "the trial in figures",
    "evaluation:new_threshold": "the trial in figures",
    "evaluation:trial_elements": "the trial in figures",
    "evaluation:download_trial": "the trial in figures",
    "evaluation:comparison": "the projects side by side, few citizens withheld",
    "evaluation:download_comparison": "the projects side by side, few citizens withheld",
    "evaluation:packages": "the evaluator's package: pseudonymised data, and which packages were made",
    "evaluation:second_results": "the trial in figures",
    "evaluation:results": "the trial in figures",
    "evaluation:download_results": "the trial in figures",
    "evaluation:trial_deviations": "deviations by number in the ledger, without what projects wrote",
    "evaluation:paid_hours": "how many citizens of both arms have paid hours, by month",
    "randomization:ledger": "the ledger of draws by pseudonym, and its commitments",
    "randomization:download_ledger": "the ledger of draws by pseudonym, and its commitments",
    "randomization:download_commitments": "the ledger of draws by pseudonym, and its commitments",
    "grants:statement": "the draft statement and its history",
    "grants:download": "the draft statement and its history",
    "grants:history": "the draft statement and its history",
    "grants:statements": "the list of grant statements",
    "grants:terms": "the terms of the grant",
    "progression:versions": "the questionnaire of the progression tool",
    "progression:version": "the questionnaire of the progression tool",
    "user_list": "accounts and projects",
    "account_sessions": "one's own sessions",
    "user_requests": "accounts and projects",
    "security_log": "sign-ins and changes of roles (no citizens)",
    "project_list": "accounts and projects",
    "rights:holds": "citizens to be erased or held back from it, by pseudonym",
    "rights:retention": "how long data is kept, and how many citizens are to be erased",
}


def privacy_table() -> str:
    """Return the Markdown table; KeyError for a kind or page that has no name here."""
    lines = [
        "| reads | " + " | ".join(HEADINGS[role] for role in SIGNED_IN) + " |",
        "|---" * (len(SIGNED_IN) + 1) + "|",
    ]
    for name, addresses in _rows():
        cells = [_cell(addresses, role) for role in SIGNED_IN]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _rows() -> list[tuple[str, list[Address]]]:
    """Return the addresses that are read, under the name of what they show."""
    rows: dict[str, list[Address]] = {name: [] for name in (*KIND_NAMES.values(), *PAGE_NAMES.values())}
    for address in TABLE:
        if address.kinds and "GET" in address.roles_by_method:
            rows[KIND_NAMES[address.kinds[0]]].append(address)
        elif _shows_things(address):
            rows[PAGE_NAMES[address.name]].append(address)
    return list(rows.items())


def _shows_things(address: Address) -> bool:
    """Whether the page shows anything: no form, no page of one's own account or sign-in."""
    roles = address.roles_by_method.get("GET", frozenset())
    is_form = "POST" in address.roles_by_method and address.name not in PAGE_NAMES
    return bool(roles) and not address.is_public and not is_form and roles != frozenset(SIGNED_IN)


def _cell(addresses: Iterable[Address], role: str) -> str:
    relations = {relation for address in addresses for relation in _relations_read(address, role)}
    if not relations:
        return "–"
    if relations == {"page"}:
        return "yes"
    if "other" in relations:
        return "all"
    return "project" if "same" in relations else "own"


def _relations_read(address: Address, role: str) -> set[str]:
    """Return the relations to the thing for which the role gets an answer."""
    if role not in address.roles_by_method["GET"]:
        return set()
    if not address.kinds:
        return {"page"}
    if address.kinds[0] in PERSONAL:
        return {"own"}
    seen_by = KINDS[address.kinds[0]]
    return {
        relation
        for relation, roles in seen_by.items()
        if role in roles and address.but.get(("GET", role, relation), 200) == 200
    }


if __name__ == "__main__":
    print(privacy_table())
