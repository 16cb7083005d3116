"""What the links of companies add to the lower floors: purposes, sections, notices (D16, D48, D54)."""

from accounts.links.purposes import add_link_purposes
from cases.extension_points import add_section
from companies.annex import links as annex_links
from companies.annex import review
from companies.annex.notices import ANNEX_LINK_LOST
from companies.closing import links as closing_links
from companies.closing import section as closing_section
from companies.closing.notices import CLOSING_LINK_LOST
from companies.deadlines import annex_missing
from companies.reports import links as report_links
from companies.reports import section as report_section
from companies.reports.notices import NOTICES as REPORT_NOTICES
from companies.signing import links as signing_links
from companies.signing.notices import NOTICES as SIGNING_NOTICES
from progression.extension_points import add_review_part
from reminders.extension_points import add_kinds, add_notice_kinds


def register() -> None:
    """Register all of it; called by `AppConfig.ready()`."""
    add_link_purposes(annex_links.PURPOSE, report_links.PURPOSE, closing_links.PURPOSE)
    add_link_purposes(*signing_links.PURPOSES)
    add_review_part(review.PART)
    for section in (review.SECTION, report_section.SECTION, closing_section.SECTION):
        add_section(section)
    add_kinds(annex_missing.KIND)
    add_notice_kinds(ANNEX_LINK_LOST, CLOSING_LINK_LOST, *REPORT_NOTICES, *SIGNING_NOTICES)
