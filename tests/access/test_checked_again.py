"""What administrators send is answered only to whoever was checked lately."""

from django.test import Client
from django.urls import reverse

from accounts.sign_in.checked_acts import SENT_ONLY, act_at
from tests.access.addresses import ROLES
from tests.access.requests import send_request
from tests.access.table import TABLE
from tests.loops import some

#: What an administrator may send without: each with why.
WITHOUT = {
    "operations:send_again": "sends once more what was to be sent",
    "companies:new_merge": "of companies, and can be undone",
    "companies:undo_merge": "of companies",
    "companies:new_workplace_merge": "of companies, and can be undone",
    "companies:undo_workplace_merge": "of companies",
    "companies:new_succession": "of companies, and can be withdrawn",
    "companies:withdraw_succession": "of companies",
    "rights:new_rule": "deletes nothing: lists are approved by another person",
    "rights:propose": "deletes nothing: another person approves the list",
    "rights:approve": "the second of two persons",
    "rights:withdraw": "stops an erasure",
    "rights:lift_hold": "deletes nothing: another person approves the list",
}
#: Of everybody, and of everybody's own account.
FOR_ALL = frozenset(ROLES) - {"anonymous"}


def administrators_addresses():
    """Return the lines of the table whose form is for administrators, and not for everybody."""
    return [
        address
        for address in TABLE
        if "administrator" in address.roles_by_method.get("POST", ())
        and address.roles_by_method["POST"] != FOR_ALL
        and not address.is_public
    ]


def send_hours_later(settings, two_projects, address):
    """Return the answer to an administrator who signed in three hours ago and sends something now."""
    settings.JOBFIRST_RECHECK_MINUTES = 15
    client = Client()
    client.force_login(two_projects.users["administrator"])
    session = client.session
    session["checked_at"] -= 3 * 60 * 60
    session.save()
    return send_request(two_projects, address, "POST", client, "own")


def is_asked(answer):
    return answer.status_code == 302 and answer.url.startswith(reverse("account_reauthenticate"))


def test_every_form_of_administrators_asks_who_sends_it(two_projects, settings):
    free = {
        address.name
        for address in some(administrators_addresses())
        if not is_asked(send_hours_later(settings, two_projects, address))
    }
    assert free == set(WITHOUT)


def test_the_page_that_asks_names_the_act_and_the_way_back(two_projects, settings):
    for address in some(administrators_addresses()):
        if address.name in WITHOUT:
            continue
        answer = send_hours_later(settings, two_projects, address)
        act = act_at(answer.url.partition("next=")[2].replace("%2F", "/"))
        assert act is not None, address.name
        assert act.has_page == ("GET" in address.roles_by_method) == (address.name not in SENT_ONLY)
        assert act.cancel_url != reverse("home")
