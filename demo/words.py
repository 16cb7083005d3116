"""Texts of the demo in Danish: visits, needs, efforts, accommodations, minutes, promises.

None of them names a trade or a workplace: they stand with courses of every kind.
"""

VISITS = [
    ("visit", "Kaffeaftale og rundvisning"),
    ("visit", "Virksomhedsbesøg"),
    ("conversation", "Samtale med en medarbejder"),
    ("conversation", "Samtale med lederen"),
    ("other", "CV-værksted"),
]
NEEDS = ["Transport til arbejdspladsen", "Tid hos egen læge", "Hjælp til at få overblik over økonomien"]
EFFORTS = [("health", "Fysioterapi"), ("health", "Smertehåndtering"), ("social", "Bostøtte")]
CONSIDERATIONS = ["Pause hver time", "Ingen tunge løft", "Rolige omgivelser", "Møder først kl. 10.00"]
# Hand-over notes: open promises, worries, the next step.
HANDOVERS = [
    (
        "Virksomheden er lovet svar om flere ordinære timer inden månedens udgang.",
        "Borgeren bliver let træt om eftermiddagen og siger det ikke selv.",
        "Ring til kontaktpersonen på mandag, og aftal næste besøg.",
    ),
    ("Borgeren er lovet ét besøg mere.", "", "Find en virksomhed, der tager imod i næste uge."),
    ("", "Der er uro om transporten til arbejdspladsen.", "Tag transporten op på næste opfølgningsmøde."),
]
KIN = ["mor", "far", "søster", "bror", "kæreste", "ven"]
INTERPRETERS = ["arabisk", "polsk", "somali", "tyrkisk", "ukrainsk"]

# Meetings: where they are, what is written under a topic, and what somebody promises; some only during an
# internship.
PLACES = [
    "Jobcenteret, lokale 2",
    "Jobcenteret, lokale 5",
    "Biblioteket, mødelokalet",
    "Borgerhuset",
]
PLACE_AT_WORK = "Virksomhedens kantine"
MINUTES = {
    "progression": [
        "Troen på eget arbejde er vokset. Det fylder meget, at kollegerne siger godmorgen.",
        "Uændret siden sidst. Søvnen driller, og det smitter af på morgenmødet.",
        "Et lille hak ned efter en uge med smerter. Vi holder fast i de korte dage.",
        "Fremgang i det sociale. Borgeren spiser nu frokost sammen med de andre.",
    ],
    "cv": [
        "CV’et er gennemgået. Førstehjælp skal med under kurser.",
        "CV’et mangler et billede og den seneste praktik.",
        "Borgeren har selv skrevet et nyt afsnit om sine styrker.",
    ],
    "job_goal": [
        "Jobmålet holder. Borgeren vil gerne prøve flere opgaver.",
        "Overvejer et andet jobmål. Vi tager det op igen næste gang.",
        "Målet er gjort mere konkret: faste opgaver tre formiddage om ugen.",
    ],
    "work_agreement": [
        "Opgaverne passer godt. Skånehensynet om pauser bliver overholdt.",
        "Enige om at prøve to timer mere om ugen fra næste måned.",
        "Kontaktpersonen ønsker en fast aftale om, hvem der ringer ved sygdom.",
    ],
    "plan": [
        "To besøg er gennemført, og ét er flyttet til næste uge.",
        "Planen for de næste fire uger er lavet sammen med borgeren.",
    ],
    "follow_up": [
        "Den faste kontakt hver uge fungerer. Sms er bedst om morgenen.",
        "Aftalt at mentor kører med den første dag.",
    ],
    "other": ["Borgeren holder fri i næste uge.", "Den nye busplan gør turen kortere."],
}
PROMISES = [
    ("citizen", "Skriver tre ting ned, der gik godt i ugen"),
    ("citizen", "Tager CV’et med næste gang"),
    ("mentor", "Finder en busforbindelse, der passer med mødetiden"),
    ("mentor", "Aftaler en fast dag til den ugentlige kontakt"),
    ("job_consultant", "Finder en virksomhed til ét besøg mere"),
    ("course_owner", "Sender referatet til borgeren"),
    ("coordinating_caseworker", "Undersøger hjælp til transport"),
    ("coordinating_caseworker", "Taler med egen læge om genoptræning"),
]
PROMISES_AT_WORK = [
    ("citizen", "Ringer selv til virksomheden ved sygdom"),
    ("mentor", "Tager med på første dag i den nye afdeling"),
    ("job_consultant", "Spørger virksomheden om to timer mere om ugen"),
    ("job_consultant", "Får ændringen med i arbejdsaftalen"),
    ("course_owner", "Inviterer kontaktpersonen til næste møde"),
]
