"""The demo's companies: facts as in the register, workplaces, and what each project keeps of them."""

import datetime
import random

from accounts.models import Project, User
from accounts.roles import Role
from companies.models import (
    CallChannel,
    Company,
    CompanyAcquaintance,
    CompanyCall,
    CompanyContact,
    CompanyNote,
    JobOpening,
    Workplace,
)
from demo.companies.jobs import job_at
from demo.invented import random_uuid
from demo.names import company_name, person_name
from demo.people.teams import Team
from jobfirst.values.dates import DAY

COMPANIES_PER_PROJECT = 12
#: The numbers of the names of contacts at companies.
CONTACTS_FROM = 1000
CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
#: Postal code and town of a company in each municipality of the trial.
TOWNS = {
    "0101": ("2100", "København Ø"),
    "0183": ("2635", "Ishøj"),
    "0187": ("2665", "Vallensbæk Strand"),
    "0219": ("3400", "Hillerød"),
    "0329": ("4100", "Ringsted"),
    "0340": ("4180", "Sorø"),
    "0360": ("4930", "Maribo"),
    "0461": ("5000", "Odense C"),
    "0510": ("6100", "Haderslev"),
    "0706": ("8410", "Rønde"),
    "0746": ("8660", "Skanderborg"),
    "0751": ("8000", "Aarhus C"),
    "0766": ("8722", "Hedensted"),
    "0849": ("9440", "Aabybro"),
    "0851": ("9000", "Aalborg"),
}
STREETS = ("Eksempelvej", "Øvelsesgade", "Prøvetorvet", "Testvænget")
#: Sector code and words by the job at the company (`demo.companies.jobs.JOB_AT`).
SECTORS = {
    "bageriarbejde": ("107110", "Fremstilling af friske bageriprodukter"),
    "gartneri": ("813000", "Landskabspleje"),
    "lagerarbejde": ("521000", "Oplagrings- og pakhusvirksomhed"),
    "køkkenarbejde": ("562900", "Anden restaurationsvirksomhed"),
    "værkstedsarbejde": ("433200", "Tømrer- og bygningssnedkervirksomhed"),
    "butiksarbejde": ("477900", "Detailhandel med brugte varer i forretninger"),
    "kontorarbejde": ("821100", "Kombinerede administrationsserviceydelser"),
    "pedelarbejde": ("889110", "Dagplejemødre, vuggestuer og børnehaver"),
    "rengøring": ("812100", "Almindelig rengøring i bygninger"),
}
CALLS = (
    ("De vil gerne tage en praktikant mere, når den første er faldet til.", "Ring om en praktikant mere"),
    ("Talte om pauser og korte dage. De har et roligt hjørne på lageret.", "Besøg arbejdspladsen"),
    ("De har travlt lige nu og vil hellere tales ved næste måned.", "Ring igen"),
)
NOTES = (
    "Ring helst om formiddagen, før der bliver travlt.",
    "God til at tage imod nye. Vil gerne kende skånehensynene på forhånd.",
)
#: When the work lies, other than by day; at the smallest companies it is not known.
TIMES = {
    "bageriarbejde": ["daytime", "night"],
    "rengøring": ["evening"],
    "butiksarbejde": ["daytime", "weekend"],
}
ACCOMMODATIONS = ("Ro og faste opgaver", "Korte dage og pauser", "Ingen tunge løft")


def demo_companies(rng: random.Random, place: int, team: Team, on: datetime.date) -> list[CompanyContact]:
    """Create numbered companies with made-up but valid CVR numbers, each with workplaces and one contact.

    Returns the contacts; the workplaces of their companies are fetched along.
    """
    companies, contacts, workplaces = [], [], []
    for number in range(COMPANIES_PER_PROJECT):
        serial = place * COMPANIES_PER_PROJECT + number
        company = _company(rng, serial, team.codes[number % len(team.codes)])
        companies.append(company)
        workplaces += _workplaces(rng, company, serial)
        contacts.append(
            CompanyContact(
                public_id=random_uuid(rng),
                company=company,
                project=team.project,
                name=person_name(CONTACTS_FROM + serial),
                email=f"kontakt{serial + 1}@demo.invalid",
            )
        )
    Company.objects.bulk_create(companies)
    Workplace.objects.bulk_create(workplaces)
    CompanyContact.objects.bulk_create(contacts)
    for contact in contacts:
        _keep(rng, team, contact, on)
    return contacts


def main_workplace(company: Company) -> Workplace:
    """Return the company's first workplace."""
    return company.main_workplace  # type: ignore[attr-defined,no-any-return]  # set when it was made


def _company(rng: random.Random, serial: int, municipality: str) -> Company:
    postal_code, town = TOWNS[municipality]
    company = Company(
        public_id=random_uuid(rng),
        cvr=demo_cvr(serial),
        name=company_name(serial),
        street=f"{rng.choice(STREETS)} {rng.randrange(1, 90)}",
        postal_code=postal_code,
        town=town,
        ordinary_employees=rng.choice([4, 8, 15, 30, 60, 120]),
    )
    company.sector_code, company.sector = SECTORS[job_at(company)]
    return company


def _workplaces(rng: random.Random, company: Company, serial: int) -> list[Workplace]:
    """Return one or two workplaces; together they have no more employees than the company."""
    employees = company.ordinary_employees or 0
    main = Workplace(
        public_id=random_uuid(rng),
        company=company,
        p_number=f"9{serial * 2:09d}",
        name=company.name,
        street=company.street,
        postal_code=company.postal_code,
        town=company.town,
        ordinary_employees=employees,
    )
    company.main_workplace = main  # type: ignore[attr-defined]  # for `main_workplace`
    if employees < 15:
        return [main]
    second = Workplace(
        public_id=random_uuid(rng),
        company=company,
        p_number=f"9{serial * 2 + 1:09d}",
        name=f"{company.name}, afdeling 2",
        street=f"{rng.choice(STREETS)} {rng.randrange(1, 90)}",
        postal_code=company.postal_code,
        town=company.town,
        ordinary_employees=employees // 3,
    )
    main.ordinary_employees = employees - employees // 3
    return [main, second]


def _keep(rng: random.Random, team: Team, contact: CompanyContact, on: datetime.date) -> None:
    """Add what the project keeps of some of its companies: an opening, a call, a note, who knows it."""
    company, project = contact.company, team.project
    consultant = rng.choice(team.staff[Role.JOB_CONSULTANT])
    if rng.random() < 0.5:
        _opening(rng, company, project, consultant, on)
    if rng.random() < 0.5:
        summary, next_step = rng.choice(CALLS)
        called_on = on - rng.randrange(1, 40) * DAY
        CompanyCall.objects.create(
            public_id=random_uuid(rng),
            company=company,
            project=project,
            called_on=called_on,
            channel=rng.choice(CallChannel.values),
            contact=contact,
            summary=summary,
            next_step=next_step,
            next_on=called_on + rng.randrange(20, 60) * DAY,
            called_by=consultant,
        )
    if rng.random() < 0.3:
        CompanyNote.objects.create(
            public_id=random_uuid(rng),
            company=company,
            project=project,
            text=rng.choice(NOTES),
            written_by=consultant,
        )
    if rng.random() < 0.3:
        CompanyAcquaintance.objects.create(
            public_id=random_uuid(rng),
            company=company,
            project=project,
            user=consultant,
            how="Har haft borgere der før",
        )


def _opening(rng: random.Random, company: Company, project: Project, by: User, on: datetime.date) -> None:
    JobOpening.objects.create(
        public_id=random_uuid(rng),
        company=company,
        project=project,
        workplace=main_workplace(company),
        job_function=job_at(company),
        tasks="Enkle opgaver ved siden af en fast kollega.",
        hours=rng.choice([10, 15, 20]),
        times=TIMES.get(job_at(company), ["daytime"]) if company.ordinary_employees != 4 else [],
        accommodations=rng.choice(ACCOMMODATIONS),
        places=rng.choice([1, 1, 2]),
        from_on=on - 14 * DAY,
        until_on=on + rng.randrange(-5, 90) * DAY,
        noted_by=by,
    )


def demo_cvr(serial: int) -> str:
    """Return the `serial`-th number from 90000000 with a valid check digit: far above any in use."""
    body = 9_000_000
    valid_count = -1
    while True:
        digits = f"{body:07d}"
        check = -sum(int(d) * w for d, w in zip(digits, CVR_WEIGHTS, strict=True)) % 11
        if check < 10:
            valid_count += 1
            if valid_count == serial:
                return f"{digits}{check}"
        body += 1
