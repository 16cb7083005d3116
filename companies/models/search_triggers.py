"""Database triggers that keep the text and places by which companies are found, whatever writes their rows.

The text holds a company's name, CVR number, sector and address, and the P-numbers, names and addresses of its
workplaces, folded by the same steps as what is typed (`jobfirst.values.name_search`). Each part begins after
a space, so that digits can be found from their beginning.
"""

import pgtrigger

from jobfirst.values.name_search import folded_in_sql

PARTS = """concat_ws(' ', '', NEW.name, NEW.cvr, NEW.sector_code, NEW.sector, NEW.street, NEW.postal_code,
        NEW.town, (SELECT string_agg(concat_ws(' ', workplace.p_number, workplace.name, workplace.street,
        workplace.postal_code, workplace.town), ' ' ORDER BY workplace.id)
        FROM companies_workplace workplace WHERE workplace.company_id = NEW.id))"""

POSTAL_CODES = """ARRAY(SELECT code FROM (SELECT NEW.postal_code UNION
        SELECT workplace.postal_code FROM companies_workplace workplace
        WHERE workplace.company_id = NEW.id AND NOT workplace.is_closed) AS codes (code)
        WHERE code <> '' ORDER BY code)"""

OF_COMPANY = f"""
    NEW.search_text := {folded_in_sql(PARTS)};
    NEW.postal_codes := {POSTAL_CODES};
    RETURN NEW;
"""

OF_WORKPLACE = """
    IF TG_OP <> 'INSERT' THEN
        UPDATE companies_company SET search_text = '' WHERE id = OLD.company_id;
    END IF;
    IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR NEW.company_id <> OLD.company_id) THEN
        UPDATE companies_company SET search_text = '' WHERE id = NEW.company_id;
    END IF;
    RETURN NULL;
"""


def search_text_of_company() -> pgtrigger.Trigger:
    """Return the trigger that computes the text and places of a company whenever its row is written."""
    return pgtrigger.Trigger(
        name="search_text",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=OF_COMPANY,
    )


def search_text_of_workplace() -> pgtrigger.Trigger:
    """Return the trigger that lets text and places of the company follow its workplaces."""
    return pgtrigger.Trigger(
        name="search_text",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=OF_WORKPLACE,
    )
