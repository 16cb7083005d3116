"""The annex's default questions (D16): the project's own, since the trial's template is not public."""

import datetime

ANNOUNCED_ON = datetime.date(2015, 10, 12)  # the day from which the trial's terms hold
QUESTIONS = [
    "Er fremmødet som aftalt?",
    "Hvilke opgaver bliver løst nu, og er der kommet nye til siden sidst?",
    "Hvor meget hjælp er der brug for til at løse opgaverne?",
    "Hvordan går samarbejdet med kollegerne?",
    "Passer timetallet, og er der mulighed for flere timer?",
    "Virker skånehensynene, eller skal de ændres?",
    "Er der opgaver, der kan lønnes (ordinære timer)?",
    "Hvad skal der være fokus på indtil næste møde?",
]


def load_annex_questions(apps, schema_editor):
    """Enter the default questions."""
    AnnexQuestions = apps.get_model("companies", "AnnexQuestions")
    AnnexQuestions.objects.create(valid_from=ANNOUNCED_ON, questions=QUESTIONS)
