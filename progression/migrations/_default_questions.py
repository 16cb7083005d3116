"""The default questions of the progression tool (D36): the project's own wording, Danish and English.

The official questions are not public. The categories are those that the public research names.
"""

import datetime

from django.utils import timezone

ANNOUNCED_ON = datetime.date(2015, 10, 12)  # the day from which the trial's terms hold
TOOL = "progression"
SCALE = "degree"

STEPS = [
    ("Slet ikke", "Not at all"),
    ("Næsten ikke", "Hardly at all"),
    ("Meget lidt", "Very little"),
    ("Lidt", "A little"),
    ("Lidt under midten", "Just below the middle"),
    ("Midt imellem", "In the middle"),
    ("Lidt over midten", "Just above the middle"),
    ("En del", "Quite a bit"),
    ("Meget", "A lot"),
    ("Rigtig meget", "Very much"),
    ("Helt og fuldt", "Completely"),
]

CATEGORIES = {
    "belief": ("Tro på egne evner", "Belief in one's own ability"),
    "health": ("Helbred", "Health"),
    "everyday": ("Hverdagen", "Everyday life"),
    "together": ("Sammen med andre", "Together with others"),
    "goal": ("Jobsøgning og mål", "Job search and goal"),
    "support": ("Støtte fra andre", "Support from others"),
    "staff_belief": ("Mentors tro på job", "The mentor's belief in a job"),
}

BOTH, CITIZEN, MENTOR = ["citizen", "mentor"], ["citizen"], ["mentor"]
QUESTIONS = [
    (
        "belief",
        "belief_manage",
        BOTH,
        "Hvor meget tror du på, at du kan klare et arbejde?",
        "How much do you believe that you can manage a job?",
    ),
    (
        "belief",
        "belief_strengths",
        CITIZEN,
        "Hvor meget ved du om, hvad du er god til på en arbejdsplads?",
        "How much do you know about what you are good at in a workplace?",
    ),
    (
        "health",
        "health_felt",
        BOTH,
        "Hvor meget overskud giver dit helbred dig i hverdagen?",
        "How much energy does your health leave you with from day to day?",
    ),
    (
        "health",
        "health_managed",
        CITIZEN,
        "Hvor meget kan du selv gøre, når helbredet driller?",
        "How much can you do yourself when your health gives you trouble?",
    ),
    (
        "everyday",
        "everyday_routine",
        BOTH,
        "Hvor meget styr har du på din hverdag?",
        "How much control do you have of your everyday life?",
    ),
    (
        "everyday",
        "everyday_on_time",
        CITIZEN,
        "Hvor meget kan du regne med at komme ud ad døren til tiden?",
        "How much can you count on getting out of the door on time?",
    ),
    (
        "together",
        "together_others",
        BOTH,
        "Hvor meget trives du med at arbejde sammen med andre?",
        "How much do you enjoy working together with others?",
    ),
    (
        "together",
        "together_help",
        CITIZEN,
        "Hvor meget tør du sige til, når du har brug for hjælp?",
        "How much do you dare to speak up when you need help?",
    ),
    (
        "goal",
        "goal_clear",
        BOTH,
        "Hvor meget ved du om, hvilket arbejde du gerne vil have?",
        "How much do you know about which work you want?",
    ),
    (
        "goal",
        "goal_steps",
        CITIZEN,
        "Hvor meget gør du selv for at komme nærmere dit jobmål?",
        "How much do you do yourself to get closer to your job goal?",
    ),
    (
        "support",
        "support_close",
        BOTH,
        "Hvor meget støtte får du af familie, venner eller andre tæt på dig?",
        "How much support do you get from family, friends or others close to you?",
    ),
    (
        "support",
        "support_team",
        CITIZEN,
        "Hvor meget hjælp får du af dem, der følger dit forløb?",
        "How much help do you get from those who follow your course?",
    ),
    (
        "staff_belief",
        "staff_belief",
        MENTOR,
        "Hvor meget tror du som mentor på, at borgeren kommer i arbejde?",
        "How much do you, as mentor, believe that the citizen gets work?",
    ),
]


def load_default_questions(apps, schema_editor):
    """Enter the default set and publish it."""

    def model(name):
        return apps.get_model("progression", name)

    questionnaire = model("Questionnaire").objects.create(code=TOOL)
    version = model("QuestionnaireVersion").objects.create(questionnaire=questionnaire, number=1)
    scale = model("Scale").objects.create(version=version, code=SCALE)
    model("ScaleStep").objects.bulk_create(
        model("ScaleStep")(version=version, scale=scale, value=value, words_da=danish, words_en=english)
        for value, (danish, english) in enumerate(STEPS)
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
            asked_of=asked_of,
            text_da=danish,
            text_en=english,
        )
        for order, (category, code, asked_of, danish, english) in enumerate(QUESTIONS, 1)
    )
    version.valid_from, version.published_at = ANNOUNCED_ON, timezone.now()
    version.save()
