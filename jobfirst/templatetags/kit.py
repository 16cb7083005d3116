"""Template tags of the kit: icons, alerts, badges, dates, the back link, and helpers of the form pack."""

import datetime
from functools import lru_cache
from typing import NamedTuple, cast

from django import forms, template
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobfirst.kit import days
from jobfirst.kit.days import written_day, written_weekday
from jobfirst.kit.phones import phone_links

register = template.Library()

#: How many fields of a long filter are always shown.
FIELDS_SHOWN = 3
SPRITE = "vendor/dkfds/img/all-svg-icons.svg"

ALERT_KINDS = {"debug": "info", "info": "info", "success": "success", "warning": "warning", "error": "error"}
ALERT_WORDS = {
    "info": gettext_lazy("Information"),
    "success": gettext_lazy("Done"),
    "warning": gettext_lazy("Warning"),
    "error": gettext_lazy("Error"),
}

#: The municipalities whose official name is not their place's name followed by "Kommune".
MUNICIPALITIES_IN_FULL = {"Bornholm": "Bornholms Regionskommune", "København": "Københavns Kommune"}


@register.simple_tag
@lru_cache(maxsize=1000)
def icon(name: str, css_class: str = "", label: str = "") -> SafeString:
    """One icon of the design system's sprite; silent to screen readers unless it is given a `label`.

    Cached: the same few stand many times on every page.
    """
    described = (
        format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    )
    return format_html(
        '<svg class="{}" focusable="false" {}><use href="{}#{}"></use></svg>',
        f"icon-svg {css_class}".strip(),
        described,
        static(SPRITE),
        name,
    )


@register.filter
def week_number(monday: datetime.date, on: datetime.date) -> str:
    """Return the number of a week, with its year unless it is that of `on`."""
    return days.week_number(monday, on)


@register.simple_tag
def help_link(topic: str, section: str, subject: str) -> SafeString:
    """A question mark that leads to a section of the help; screen readers say "Help with `subject`"."""
    return format_html(
        '<a class="jf-help d-print-none" href="{}#{}"><span aria-hidden="true">?</span>'
        '<span class="sr-only">{}</span></a>',
        reverse("help:topic", args=[topic]),
        section,
        _("Help with %(subject)s") % {"subject": subject},
    )


@register.simple_block_tag
def alert(content: str, kind: str = "info", heading: str = "") -> SafeString:
    """A message box of `kind` info, success, warning or error (Django's message levels fit)."""
    kind = ALERT_KINDS.get(str(kind).split()[-1] if kind else "info", "info")
    role = SafeString(' role="alert"') if kind in {"warning", "error"} else ""
    title = format_html('<p class="alert-heading">{}</p>', heading) if heading else ""
    return format_html(
        '<div class="alert alert-{}"{}>{}<div class="alert-body">{}<div class="alert-text">{}</div>'
        "</div></div>",
        kind,
        role,
        icon(kind, "alert-icon", str(ALERT_WORDS[kind])),
        title,
        content,
    )


@register.simple_tag
def badge(text: str, kind: str = "") -> SafeString:
    """A small word in a coloured box; the word carries the meaning, the colour only helps."""
    return format_html('<span class="badge{}">{}</span>', f" badge-{kind}" if kind else "", text)


register.simple_tag(phone_links)


@register.simple_tag
def back_link(url: str, label: str = "") -> SafeString:
    """The way back to where one came from."""
    return format_html(
        '<p class="jf-back d-print-none"><a href="{}" class="back-link">{}{}</a></p>',
        url,
        icon("chevron-left"),
        label or _("Back"),
    )


@register.filter
def weekday_date(day: datetime.date, date_form: str = "DATE_FORMAT") -> str:
    """The date with its weekday: "mandag den 5. marts 2016". `date_form` "j. F" leaves the year out."""
    if isinstance(day, datetime.datetime):
        day = timezone.localdate(day) if timezone.is_aware(day) else day.date()
    return written_weekday(day, date_form)


@register.filter
def municipality_in_full(name: str) -> str:
    """The municipality as a party to an agreement: "Haderslev Kommune". A proper name, in any language."""
    return MUNICIPALITIES_IN_FULL.get(name, f"{name} Kommune")


@register.filter
def error_anchor(field: BoundField) -> str:
    """The id that a link in the error summary leads to: the field, or the first choice of a group."""
    if isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{field.auto_id}_0"
    return field.id_for_label or f"div_{field.auto_id}"


@register.filter
def has_required(form: forms.BaseForm) -> bool:
    """Whether a form (or formset) has a visible field that must be filled in."""
    if not hasattr(form, "visible_fields"):
        return False
    return any(field.field.required for field in form.visible_fields())


class FilterFields(NamedTuple):
    """The fields of a filter: those that are always shown, and the folded ones."""

    first: list[BoundField]
    more: list[BoundField]
    more_are_used: bool


@register.simple_tag
def filter_fields(form: forms.BaseForm) -> FilterFields:
    """Return the fields of a filter; those of a long one are folded after the third, unless they are used."""
    fields = form.visible_fields()
    first_count = FIELDS_SHOWN if len(fields) > FIELDS_SHOWN + 1 else len(fields)
    more = fields[first_count:]
    return FilterFields(fields[:first_count], more, any(field.value() or field.errors for field in more))


@register.filter
def day(value: datetime.date | None, form: str = "SHORT_DATE_FORMAT") -> SafeString:
    """The day in the reader's language; nothing for none. For a moment there is Django's `date`."""
    return written_day(value, form) if value else SafeString("")


@register.simple_tag(takes_context=True)
def account_tools(context: template.Context) -> SafeString:
    """Who is signed in, language and way out: rendered once, and shown for wide and for narrow screens."""
    engine = cast(template.Template, context.template).engine
    return engine.get_template("kit/tools.html").render(context)
