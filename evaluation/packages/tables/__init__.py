"""The tables of the package, in their order."""

from evaluation.packages.tables import effort, outcomes, trial

TABLES = (
    trial.ALLOCATIONS,
    trial.BASELINE,
    trial.EVENTS,
    trial.DEVIATIONS,
    outcomes.OUTCOMES,
    outcomes.PROGRESSION,
    effort.COURSES,
    effort.CONTACTS,
    effort.PLACEMENTS,
    effort.ELEMENTS,
)
