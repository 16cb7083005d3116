"""The public register as forms that ask for a company use it: its silence blocks nothing."""

from stdnum.dk import cvr as cvr_number

from companies.models import Company
from companies.register.actions import company_facts, take_facts
from companies.register.client import RegisterError, fetch_facts, is_register_on, recent_facts
from companies.register.facts import RegisterFacts
from jobfirst import clock


def registered_facts(typed: str) -> RegisterFacts | None:
    """Return what the register says of the CVR number that was typed.

    None for anything but a valid number, without a register, for an unknown company, and when the register
    does not answer in time.
    """
    digits = "".join(typed.split())
    if not is_register_on() or not cvr_number.is_valid(digits):
        return None
    try:
        return fetch_facts(digits, clock.today())
    except RegisterError:
        return None


def completed(company: Company) -> Company:
    """Fill what a new company lacks with what the register has answered a moment ago, if anything."""
    facts = recent_facts(company.cvr)
    if facts is None:
        return company
    lacking = [name for name in company_facts(facts) if getattr(company, name) in (None, "")]
    return take_facts(company, facts, names=lacking)
