"""The synthetic trial: in all phases, nothing that lies ahead, nobody real."""

import datetime
import random
from itertools import islice

import pytest

from accounts.models import Project, User
from cases.models import Citizen, Course, FollowUpMeeting, MentorContact, Referral
from cases.phases import Phase, Transitions, phase_on
from companies.models import Company, Placement
from evaluation.demo import DemoRefused, seed_demo
from evaluation.demo.people import CPR_WEIGHTS, impossible_cprs
from randomization.models import Allocation

ON = datetime.date(2026, 11, 20)


def test_every_phase_project_and_answer_is_there(demo):
    rows = Course.objects.values_list("started_on", "internship_from", "continued_from", "ended_on")
    assert {phase_on(Transitions(*row), ON) for row in rows} == set(Phase) - {Phase.NOT_STARTED}
    assert Project.objects.filter(courses__isnull=False).distinct().count() == 13
    assert Citizen.objects.count() == Referral.objects.count() == 300
    assert Referral.objects.filter(state="refused").exists()
    assert Referral.objects.filter(state="accepted", claim=None).exists()  # some still wait for the draw
    arms = set(Allocation.objects.values_list("arm", flat=True))
    assert arms == {"participant", "control"}


def test_nothing_has_happened_that_lies_ahead(demo):
    assert not MentorContact.objects.filter(held_on__gt=ON).exists()
    assert not FollowUpMeeting.objects.filter(held_on__gt=ON).exists()
    assert not Placement.objects.filter(ended_on__gt=ON).exists()
    assert not Allocation.objects.filter(allocated_on__gt=ON).exists()


def test_nobody_can_be_real(demo):
    assert not Citizen.objects.exclude(name__startswith="Øvelsesborger Nr").exists()
    assert not User.objects.exclude(email__endswith="@demo.invalid").exists()
    assert not Company.objects.exclude(name__startswith="Øvelsesvirksomhed ").exists()
    assert not Company.objects.exclude(cvr__startswith="00").exists()


def test_the_cpr_numbers_were_never_given_to_anybody():
    numbers = list(islice(impossible_cprs(random.Random(1), ON), 3000))
    assert len({digits for digits, _ in numbers}) == 3000
    for digits, born in numbers:
        assert sum(int(d) * w for d, w in zip(digits, CPR_WEIGHTS, strict=True)) % 11
        assert (born.day, born.month) != (1, 1)
        assert 1950 <= born.year <= ON.year - 31


def test_it_wants_an_empty_system(demo):
    with pytest.raises(DemoRefused, match="citizens already"):
        seed_demo(10, 1, ON)
