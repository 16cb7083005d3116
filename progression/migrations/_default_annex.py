"""The annex's default questions (D16): the project's own wording, since the trial's template is not public."""

import datetime

from django.utils import timezone

ANNOUNCED_ON = datetime.date(2015, 10, 12)  # the day from which the trial's terms hold
ANNEX = "annex"
SCALE = "how_well"
ASKED_OF = ["citizen", "company_contact"]

STEPS = [
    ("Nej, slet ikke", "No, not at all"),
    ("Kun lidt", "Only a little"),
    ("Nogenlunde", "More or less"),
    ("Ja, for det meste", "Yes, mostly"),
    ("Ja, helt", "Yes, completely"),
]

CATEGORIES = {
    "attendance": ("Fremmøde", "Attendance"),
    "tasks": ("Opgaver", "Tasks"),
    "together": ("Samarbejde", "Working together"),
    "hours": ("Timer og skånehensyn", "Hours and accommodations"),
}

#: Category, code, and the question to the citizen and to the company, each in Danish and English.
QUESTIONS = [
    (
        "attendance",
        "on_time",
        ("Kommer du til tiden og som aftalt?", "Do you come on time and as agreed?"),
        (
            "Kommer medarbejderen til tiden og som aftalt?",
            "Does the employee come on time and as agreed?",
        ),
    ),
    (
        "tasks",
        "tasks_done",
        ("Kan du løse de aftalte opgaver?", "Can you do the tasks that were agreed?"),
        ("Kan medarbejderen løse de aftalte opgaver?", "Can the employee do the tasks that were agreed?"),
    ),
    (
        "tasks",
        "independent",
        ("Kan du arbejde selvstændigt?", "Can you work on your own?"),
        ("Arbejder medarbejderen selvstændigt?", "Does the employee work independently?"),
    ),
    (
        "tasks",
        "new_tasks",
        ("Er du klar til nye eller sværere opgaver?", "Are you ready for new or harder tasks?"),
        (
            "Er medarbejderen klar til nye eller sværere opgaver?",
            "Is the employee ready for new or harder tasks?",
        ),
    ),
    (
        "together",
        "colleagues",
        ("Fungerer samarbejdet med dine kolleger?", "Do you get on with your colleagues at work?"),
        ("Fungerer samarbejdet med kollegerne?", "Does the employee get on with the colleagues at work?"),
    ),
    (
        "hours",
        "hours_fit",
        ("Passer timetallet til det, du kan klare?", "Do the hours fit what you can manage?"),
        (
            "Passer timetallet til det, medarbejderen kan klare?",
            "Do the hours fit what the employee can manage?",
        ),
    ),
    (
        "hours",
        "accommodations_work",
        ("Virker de aftalte skånehensyn?", "Do the agreed accommodations work?"),
        ("Virker de aftalte skånehensyn?", "Do the agreed accommodations work?"),
    ),
    (
        "hours",
        "paid_tasks",
        ("Løser du opgaver, du kunne få løn for?", "Do you do tasks that you could be paid for?"),
        (
            "Løser medarbejderen opgaver, I kunne betale løn for?",
            "Does the employee do tasks that you could pay wages for?",
        ),
    ),
]


def load_annex_questions(apps, schema_editor):
    """Enter the default set and publish it."""

    def model(name):
        return apps.get_model("progression", name)

    questionnaire = model("Questionnaire").objects.create(code=ANNEX)
    version = model("QuestionnaireVersion").objects.create(questionnaire=questionnaire, number=1)
    scale = model("Scale").objects.create(version=version, code=SCALE)
    model("ScaleStep").objects.bulk_create(
        model("ScaleStep")(version=version, scale=scale, value=value, words_da=danish, words_en=english)
        for value, (danish, english) in enumerate(STEPS, 1)
    )
    categories = {
        code: model("Category").objects.create(
            version=version, code=code, order=order, label_da=danish, label_en=english
        )
        for order, (code, (danish, english)) in enumerate(CATEGORIES.items(), 1)
    }
    model("Question").objects.bulk_create(
        model("Question")(
            version=version,
            category=categories[category],
            scale=scale,
            code=code,
            order=order,
            asked_of=ASKED_OF,
            text_da=citizen[0],
            text_en=citizen[1],
            company_text_da=company[0],
            company_text_en=company[1],
        )
        for order, (category, code, citizen, company) in enumerate(QUESTIONS, 1)
    )
    version.valid_from, version.published_at = ANNOUNCED_ON, timezone.now()
    version.save()
