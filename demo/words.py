"""Texts of the demo in Danish: jobs, visits, needs, efforts, accommodations."""

JOBS = [
    "lagerarbejde",
    "køkkenarbejde",
    "butiksarbejde",
    "kontorarbejde",
    "pedelarbejde",
    "gartneri",
    "rengøring",
]
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
    ("Borgeren er lovet et besøg på et gartneri.", "", "Find et gartneri, der tager imod i næste uge."),
    ("", "Der er uro om transporten til arbejdspladsen.", "Tag transporten op på næste opfølgningsmøde."),
]
KIN = ["mor", "far", "søster", "bror", "kæreste", "ven"]
INTERPRETERS = ["arabisk", "polsk", "somali", "tyrkisk", "ukrainsk"]
