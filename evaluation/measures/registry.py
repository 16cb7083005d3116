"""The measures, by code and in the order in which pages show them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from evaluation.measures import contacts, courses, gaps, hours, meetings, progression, work
from evaluation.measures.values import Measure, Unit

WEEKLY_CONTACT = Measure(
    code="weekly_contact",
    label=_("Weekly contact kept"),
    definition=_("The share of the weeks that owed a contact with the citizen and had one (D17)."),
    numerator=_("Weeks with a contact in which the citizen took part"),
    denominator=_("Weeks that ended in the period and owed a contact; weeks in a pause are left out"),
    unit=Unit.SHARE,
    source=contacts.weekly_contacts,
)
MEETINGS = Measure(
    code="monthly_meeting",
    label=_("Monthly meetings on time"),
    definition=_("The share of the monthly meetings that were held by the day on which they were due (D18)."),
    numerator=_("Meetings held, with the citizen, on their day or before"),
    denominator=_("Meetings that fell due in the period; those in a pause are left out"),
    unit=Unit.SHARE,
    source=meetings.monthly_meetings,
)
REVIEWS = Measure(
    code="review",
    label=_("Monthly reviews made"),
    definition=_("The share of the monthly reviews for which citizen or mentor answered (D35)."),
    numerator=_("Reviews with finished answers before or at the meeting"),
    denominator=_("Reviews whose meeting was held or fell due in the period"),
    unit=Unit.SHARE,
    source=meetings.reviews,
)
GAPS = Measure(
    code="gap",
    label=_("Gaps, so far and coming"),
    definition=_("Working days in a row that nothing fills, so far and two weeks ahead (D22)."),
    numerator=_("Gaps of the courses that run"),
    denominator=_("The same"),
    unit=Unit.COUNT,
    source=gaps.gaps,
    counts_are_good=False,
)
GAPS_AHEAD = Measure(
    code="gap_ahead",
    label=_("Gaps now and in the coming two weeks"),
    definition=_("Gaps that are not over: they run today or open within two weeks (D22)."),
    numerator=_("Gaps that go on today or later"),
    denominator=_("All gaps of the courses that run"),
    unit=Unit.COUNT,
    source=gaps.gaps_ahead,
    counts_are_good=False,
)
EMPTY_DAYS = Measure(
    code="empty_days",
    label=_("Courses with a gap"),
    definition=_("The share of the running courses with an empty working day in the period (D22)."),
    numerator=_("Courses with at least one working day that nothing filled"),
    denominator=_("Courses that run on the day"),
    unit=Unit.SHARE,
    source=gaps.courses_with_empty_days,
    counts_are_good=False,
)
DROP_OUT = Measure(
    code="drop_out",
    label=_("Courses ended early"),
    definition=_("The share of the courses that ended without 13 weeks in a row at one company."),
    numerator=_("Courses that ended without having completed 13 weeks"),
    denominator=_("Courses that have begun"),
    unit=Unit.SHARE,
    source=courses.drop_outs,
    counts_are_good=False,
)
COMPLETED = Measure(
    code="completed",
    label=_("13 weeks completed"),
    definition=_("The share of the started company courses that completed 13 weeks in a row (D28)."),
    numerator=_("Courses with an earned completion"),
    denominator=_("Courses whose earned start lies so far back that the weeks may be over"),
    unit=Unit.SHARE,
    source=courses.completions,
)
ORDINARY_SHARE = Measure(
    code="ordinary_share",
    label=_("With ordinary hours"),
    definition=_("The share of those in internship or work who have ordinary hours (D20)."),
    numerator=_("Courses with ordinary hours on the day"),
    denominator=_("Courses in internship, wage subsidy or employment on the day"),
    unit=Unit.SHARE,
    source=hours.ordinary_hours,
)
ORDINARY_MEAN = Measure(
    code="ordinary_mean",
    label=_("Ordinary hours a week, mean"),
    definition=_("The mean of the ordinary hours a week of those in internship or work (D20)."),
    numerator=_("Agreed ordinary hours a week on the day, together"),
    denominator=_("Courses in internship, wage subsidy or employment on the day"),
    unit=Unit.MEAN,
    source=hours.ordinary_hours,
)
NINE_ELEMENTS = Measure(
    code="nine_elements",
    label=_("All nine core elements"),
    definition=_("The share of the courses that meet all nine core elements on the day (D7)."),
    numerator=_("Courses with all nine elements met"),
    denominator=_("Courses that have begun, the ended ones as well"),
    unit=Unit.SHARE,
    source=courses.all_elements,
)
PROGRESSED = Measure(
    code="progressed",
    label=_("Citizens with progress"),
    definition=_(
        "The share of the citizens whose latest answer is higher than the first in enough of the selected "
        "categories (D23)."
    ),
    numerator=_("Citizens who have progressed"),
    denominator=_("Citizens who have answered twice in a selected category"),
    unit=Unit.SHARE,
    source=progression.progressed,
)
PHASES = Measure(
    code="phase",
    label=_("Running courses"),
    definition=_("The courses that have begun and not ended, by phase (D12)."),
    numerator=_("Courses that run on the day"),
    denominator=_("Courses that have begun"),
    unit=Unit.COUNT,
    source=work.phases,
)
PLACEMENTS = Measure(
    code="placement",
    label=_("Placements under way"),
    definition=_("The placements that include the day, by kind (D13, D14)."),
    numerator=_("Placements that include the day"),
    denominator=_("The same"),
    unit=Unit.COUNT,
    source=work.placements,
)
DRAWN = Measure(
    code="drawn",
    label=_("Participants drawn"),
    definition=_("Those drawn as participants, of all drawn (D3)."),
    numerator=_("Citizens drawn as participants"),
    denominator=_("Citizens drawn in both arms"),
    unit=Unit.COUNT,
    source=work.drawn,
)
PLANS_DUE = Measure(
    code="plan_due",
    label=_("Plans for job to be made"),
    definition=_("Plans for job that are due soon or overdue (D21)."),
    numerator=_("Courses whose plan for job is asked for on the day"),
    denominator=_("The same"),
    unit=Unit.COUNT,
    source=courses.plans_due,
    counts_are_good=False,
)
EARNED = Measure(
    code="earned",
    label=_("Grant earned"),
    definition=_("The activity grant that a statement of the day would have, before the ceiling (D28)."),
    numerator=_("Earned starts and completions, in kroner"),
    denominator=_("Earned starts and completions"),
    unit=Unit.SUM,
    source=courses.earned,
)
EXPECTED = Measure(
    code="expected",
    label=_("Grant expected by the year's end"),
    definition=_(
        "The activity grant that a statement of the year's end would have if no placement breaks off, before "
        "the ceiling (D28)."
    ),
    numerator=_("Starts and completions still ahead"),
    denominator=_("Starts and completions by the year's end, in kroner"),
    unit=Unit.SUM,
    source=courses.expected,
)
REFERRALS = Measure(
    code="referral",
    label=_("Referrals waiting for the draw"),
    definition=_("The citizens referred to the project, by the answer they got (D1, D3)."),
    numerator=_("Eligible citizens who are not drawn yet"),
    denominator=_("All referrals"),
    unit=Unit.COUNT,
    source=work.referrals,
)

MEASURES = (
    *(WEEKLY_CONTACT, MEETINGS, REVIEWS, GAPS, GAPS_AHEAD, EMPTY_DAYS, DROP_OUT, COMPLETED),
    *(ORDINARY_SHARE, ORDINARY_MEAN, NINE_ELEMENTS, PROGRESSED, PHASES, PLACEMENTS, DRAWN, PLANS_DUE, EARNED),
    *(EXPECTED, REFERRALS),
)
#: Stored by month for the trend of the core elements; no page lists it.
ELEMENTS_MET = Measure(
    code="elements_met",
    label=_("Core elements met"),
    definition=_("The core elements that courses meet on the day, by element (D7)."),
    numerator=_("Core elements met"),
    denominator=_("The same"),
    unit=Unit.COUNT,
    source=courses.elements_met,
)
STORED_MEASURES = (*MEASURES, ELEMENTS_MET)
BY_CODE = {measure.code: measure for measure in MEASURES}
