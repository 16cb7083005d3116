"""The demo has deviations of both kinds of recorder, and they show in the flow (D59)."""

from evaluation.models import Deviation
from evaluation.trial.report import make_report
from tests.demo.conftest import ON


def test_deviations_are_recorded_by_leaders_and_by_the_agency(demo):
    kinds = set(Deviation.objects.values_list("kind", flat=True))

    assert kinds == {"control_given_course", "other"}
    assert set(Deviation.objects.values_list("is_agencys", flat=True)) == {True, False}
    assert not Deviation.objects.filter(happened_on__gt=ON).exists()
    flow = make_report(ON).flow
    numbers = [number for arm in (flow.participants, flow.controls) for _label, number in arm.deviations]
    assert sum(numbers) == Deviation.objects.count()
