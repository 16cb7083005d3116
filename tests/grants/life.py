"""Takes a project's statement through its life, for tests."""

from grants import actions, documents, stored
from grants.statement import compute
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
