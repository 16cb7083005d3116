"""Template tags of lists: headings, rows and pages, the fields of a filter, and the links of the menu.

In Python: the parts of these loops stand on every page, and a template's tags for them take longer than the
rest of a list.
"""

from collections.abc import Iterable

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jobfirst.kit.navigation import NavLink, beside_and_under
from jobfirst.kit.tables import Heading, KitTable, escaped
from jobfirst.templatetags.kit import icon

register = template.Library()


@register.simple_tag
def column_headings(table: KitTable) -> SafeString:
    """The cells of the first row."""
    return SafeString("\n".join([_heading(heading) for heading in table.headings()]))  # nosec B703 - of escaped parts


def _heading(heading: Heading) -> str:
    css = f' class="{escaped(heading.css)}"' if heading.css else ""
    order = f' aria-sort="{heading.direction}"' if heading.direction else ""
    text = escaped(heading.text)
    if heading.url:
        text = f'<a href="{escaped(heading.url)}">{text}{icon(heading.icon)}</a>'
    return f'<th scope="col"{css}{order}>{text}</th>'


@register.simple_tag
def rows_of(table: KitTable) -> SafeString:
    """The rows; empty without any."""
    return SafeString("".join(table.rows()))  # nosec B703 - of escaped parts


@register.simple_tag
def page_items(table: KitTable) -> SafeString:
    """The links to the pages around this one."""
    assert table.page is not None
    words = _("Page %(p)s")
    items = []
    for number, url in table.page_links():
        if not url:
            items.append('<li class="pagination-item pagination-overflow"><span>…</span></li>')
            continue
        is_current = number == table.page.number
        css, current = ("current-page", ' aria-current="page"') if is_current else ("button-secondary", "")
        label = escaped(words % {"p": number})
        items.append(
            f'<li class="pagination-item pagination-number"><a class="button {css}" aria-label="{label}"'
            f'{current} href="{escaped(url)}">{number}</a></li>'
        )
    return SafeString("\n".join(items))  # nosec B703 - of escaped parts


@register.simple_tag
def menu_links(items: Iterable[NavLink]) -> SafeString:
    """The links of the menu on narrow screens, one below the other."""
    return SafeString("\n".join([_menu_link(item) for item in items]))  # nosec B703 - of escaped parts


@register.simple_tag
def menu_row(items: Iterable[NavLink]) -> SafeString:
    """The links of the menu on wide screens, beside each other; of a long menu the rare ones under "More"."""
    beside, under = beside_and_under(items)
    links = [_menu_link(item) for item in beside]
    if under:
        current = ' class="is-current"' if any(item.current for item in under) else ""
        heading = escaped(_("More")) + icon("chevron-down")
        rare = "".join([_menu_link(item) for item in under])
        links.append(f"<li{current}><details><summary>{heading}</summary><ul>{rare}</ul></details></li>")
    return SafeString("\n".join(links))  # nosec B703 - of escaped parts


def _menu_link(item: NavLink) -> str:
    current = ' aria-current="page"' if item.current else ""
    return f'<li><a href="{escaped(item.url)}"{current}>{escaped(item.label)}</a></li>'


@register.simple_tag
def filter_field(field: BoundField) -> SafeString:
    """A field of a filter with its label, its hint and what is wrong with it."""
    name = escaped(field.auto_id)
    error, css = "", "form-group"
    if field.errors:
        context = {"field": field, "form_show_errors": True}
        error, css = render_to_string("dkfds/layout/field_errors.html", context), "form-group form-error"
    hint = (
        f'<span class="form-hint" id="{name}_helptext">{escaped(field.help_text)}</span>'
        if field.help_text
        else ""
    )
    return SafeString(  # nosec B703 - of escaped parts
        f'<div id="div_{name}" class="{css}"><label for="{escaped(field.id_for_label)}" class="form-label">'
        f"{escaped(field.label)}</label>{hint}{error}{filter_input(field)}</div>\n"
    )


@register.simple_tag
def filter_input(field: BoundField) -> SafeString:
    """The input of a filter's field, in the look of the design system."""
    widget = field.field.widget
    if type(widget) is forms.Select:
        return _select(field, widget)
    css = f"{widget.attrs.get('class', '')} form-input".strip()
    if isinstance(widget, forms.widgets.Input) and widget.template_name.startswith("django/forms/widgets/"):
        return _input(field, widget, css)
    return field.as_widget(attrs={"class": css})


def _input(field: BoundField, widget: forms.widgets.Input, css: str) -> SafeString:
    """A plain input: what Django's three templates for it make of its context."""
    attributes = field.build_widget_attrs({"class": css, "id": field.auto_id}, widget)
    drawn = widget.get_context(field.html_name, field.value(), attributes)["widget"]
    values = {"type": drawn["type"], "name": drawn["name"], "value": drawn["value"], **drawn["attrs"]}
    return SafeString(f"<input{flatatt(values)}>")  # nosec B703 - of escaped parts


def _select(field: BoundField, widget: forms.Select) -> SafeString:
    """A plain list of choices. Django's own has a template for every choice."""
    names = {"name": field.html_name, "class": "form-select", "id": field.auto_id}
    attributes = field.build_widget_attrs({**widget.attrs, **names}, widget)
    chosen = set(widget.format_value(field.value()))
    options = "".join(
        f'<option value="{escaped("" if value is None else value)}"'
        f"{' selected' if str(value) in chosen else ''}>{escaped(label)}</option>"
        for value, label in widget.choices
    )
    return SafeString(f"<select{flatatt(attributes)}>{options}</select>")  # nosec B703 - of escaped parts
