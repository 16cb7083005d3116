"""Takes a project's statement through its life, for tests."""

from grants.reckoning.compute import compute
from grants.statements import actions, documents
from grants.storage import submitted as stored
from tests.factories import UserFactory


def submitted(project, cut_off, user=None, year=None):
    year = year or cut_off.year
    seen = stored.content_hash(compute(year, cut_off, [project]))
    return actions.submit(project, year, cut_off, user or UserFactory(), seen=seen, last_day=None)


def checked(project, cut_off):
    statement = submitted(project, cut_off)
    documents.make(statement.document.pk)
    return actions.check(statement, UserFactory())


def approved(project, cut_off):
    return actions.approve(checked(project, cut_off), UserFactory())
