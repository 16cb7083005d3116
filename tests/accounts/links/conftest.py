"""Registered addresses, and links that are issued and sent."""

import uuid

import pytest


@pytest.fixture
def registry(monkeypatch, settings):
    """Register the purposes of the tests, and nothing else."""
    from django.core.cache import cache

    from accounts.links import purposes
    from tests.accounts.links import answers

    cache.clear()
    answers.ACTS.clear()
    registry = answers.Registry()
    monkeypatch.setattr(purposes, "_purposes", {})
    purposes.add_link_purposes(*registry.purposes())
    settings.ROOT_URLCONF = "tests.accounts.links.answers"
    return registry


@pytest.fixture
def project(registry):
    from tests.factories import ProjectFactory

    return ProjectFactory(name="Job først", codes=["0851", "0820"])


@pytest.fixture
def sender(project):
    from tests.factories import UserFactory

    return UserFactory(name="Karen Konsulent", project=project, roles=["job_consultant"])


@pytest.fixture
def issue(registry, project, sender):
    """Issue a link, to a contact with an e-mail address unless the recipient is registered otherwise."""
    from django.utils import timezone

    from accounts.links.actions import issue_link
    from tests.accounts.links.answers import ANNA

    def issue(purpose="test.answer", *, subject=None, recipient=None, now=None, by=sender, kind=None):
        recipient = recipient or uuid.uuid4()
        registry.addresses.setdefault(recipient, ANNA)
        return issue_link(
            purpose,
            subject=subject or uuid.uuid4(),
            recipient_kind=kind or "company_contact",
            recipient=recipient,
            project=project,
            by=by,
            now=now or timezone.now(),
        )

    return issue


@pytest.fixture
def send(mailoutbox):
    """Send a link, and return its secret as the mail has it."""
    from accounts.links.delivery import send_link
    from tests.accounts.links.answers import secret_in

    def send(link):
        send_link(link.pk)
        link.refresh_from_db()
        return secret_in(mailoutbox[-1].body)

    return send
