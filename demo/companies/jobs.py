"""The jobs of the demo: which job each made-up company offers, so that a goal, a match and a plan agree."""

from companies.models import Company

#: The job at a company, by the trade in its name (`demo.names.TRADES`).
JOB_AT = {
    "bageriet": "bageriarbejde",
    "gartneriet": "gartneri",
    "lageret": "lagerarbejde",
    "køkkenet": "køkkenarbejde",
    "værkstedet": "værkstedsarbejde",
    "butikken": "butiksarbejde",
    "kontoret": "kontorarbejde",
    "plejehjemmet": "køkkenarbejde",
    "børnehaven": "pedelarbejde",
    "rengøringen": "rengøring",
    "trykkeriet": "lagerarbejde",
    "tømrerfirmaet": "værkstedsarbejde",
    "genbrugsbutikken": "butiksarbejde",
}


def job_at(company: Company) -> str:
    """Return the job that the company offers."""
    return JOB_AT[company.name.split()[0].removeprefix("Øvelses")]
