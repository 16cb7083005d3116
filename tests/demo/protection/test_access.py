"""Who has seen the demo's citizens, and who used the system unusually."""

from accounts.models import User
from audit.models import AccessOutcome
from cases.models import ColleagueOpening
from cases.policy import people_overseen_by
from cases.presentation.unusual_use import recent_unusual_use
from cases.tables.access_log import access_records
from tests.loops import some


def test_every_leader_sees_openings_with_reasons_and_what_was_refused_before_them(demo):
    openings = ColleagueOpening.objects.select_related("course__citizen")
    assert openings.values("course__project").distinct().count() == 13
    for opening in some(openings[:3]):
        records = access_records(opening.course)
        assert records.filter(reason=opening.reason, user=opening.user).exists()
        assert records.filter(outcome=AccessOutcome.REFUSED, user=opening.user).exists()
        assert records.exclude(user=opening.user).exists()


def test_the_leader_and_the_administrator_see_unusual_use(demo):
    leader = User.objects.get(email="projektleder1.koebenhavn@demo.invalid")
    rows = recent_unusual_use(people_overseen_by(leader))
    assert len({row.usage for row in rows}) == 2
    assert [row.stopped for row in rows if row.stopped] == [1]
    administrator = User.objects.get(email="administrator1@demo.invalid")
    assert len(recent_unusual_use(people_overseen_by(administrator))) == 1
