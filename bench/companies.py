"""The company list at 50,000 companies: `python -m bench.companies`.

Adds made-up companies, half of them with a workplace, to the data folder of `bench.fill`, once, and measures
the list and its searches against the bare page, in turn: `Measured` by page, as `bench.pages`. The goal is
twice the bare page.
"""

import json
import sys

from django.conf import settings
from django.urls import reverse

from accounts.roles import Role
from bench.pages import BARE, Measured, client, measure, page, queries  # sets Django up
from companies.models import Company
from jobfirst.database.owner import as_owner
from jobfirst.row_security.context import all_projects

COMPANIES = 50_000
COMPANY_ROWS = """
INSERT INTO companies_company (public_id, version, created_at, cvr, name, street, postal_code, town,
                               sector_code, sector, ordinary_employees, search_text, postal_codes)
SELECT gen_random_uuid(), 1, now(), (40000000 + n)::text,
       (ARRAY['Bageriet', 'Gartneriet', 'Lageret', 'Hotellet', 'Butikken', 'Kontoret'])[1 + n %% 6]
       || ' ' || (ARRAY['Jensen', 'Nielsen', 'Hansen', 'Sørensen'])[1 + n %% 4] || ' ' || n || ' ApS',
       'Vej ' || n %% 200, (1000 + n %% 8900)::text, 'By ' || n %% 8900, (100000 + n %% 700)::text,
       'Branche ' || n %% 700, n %% 200, '', '{}'
FROM generate_series(1, %(companies)s) AS n
"""
WORKPLACE_ROWS = """
INSERT INTO companies_workplace (public_id, version, created_at, company_id, p_number, name, street,
                                 postal_code, town, is_closed)
SELECT gen_random_uuid(), 1, now(), id, '1' || cvr || '0', 'Afdeling', 'Vej 1', postal_code, town, false
FROM companies_company WHERE cvr LIKE '4%%' AND id %% 2 = 0
"""


def fill() -> None:
    """Add the companies, unless they are there already."""
    if Company.objects.count() >= COMPANIES:
        return
    with as_owner() as connection, connection.cursor() as cursor:
        cursor.execute(COMPANY_ROWS, {"companies": COMPANIES})
        cursor.execute(WORKPLACE_ROWS, {})
        cursor.execute("ANALYZE companies_company, companies_workplace")


def addresses() -> dict[str, str]:
    """Return the addresses by what they search for."""
    companies = reverse("companies:companies")
    return {
        "all companies": companies,
        "two words": f"{companies}?q=bageriet+jensen",
        "a word of all": f"{companies}?q=aps",
        "CVR number": f"{companies}?q=40012345",
        "P-number": f"{companies}?q=1400123460",
        "nothing": f"{companies}?q=xyzzyx",
        "within 20 km": f"{companies}?place=8000&distance=20",
        "sector": f"{companies}?sector=branche+77",
        "in a form": f"{reverse('companies:find')}?cvr=bageriet+jen",
    }


@all_projects("the whole trial is measured")
def main(rounds: int) -> None:
    """Print what was measured."""
    fill()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.ROOT_URLCONF = "bench.bare"
    browser = client(Role.PROJECT_LEADER)
    calls = {BARE: page(browser, "/bare/")}
    calls |= {name: page(browser, address) for name, address in addresses().items()}
    counts = {name: queries(call) for name, call in calls.items()}
    medians = measure(calls, rounds)
    measured = {
        name: Measured(seconds * 1e3, seconds / medians[BARE], counts[name])
        for name, seconds in medians.items()
    }
    print(json.dumps({"companies": Company.objects.count(), "pages": measured}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
