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
