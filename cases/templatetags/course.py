"""Template tags of a course's pages."""

import uuid
from typing import TYPE_CHECKING, cast

from django import template
from django.utils.safestring import SafeString

from cases import extension_points
from cases.presentation import appointments
from cases.presentation.work_limits import limits_in_words

if TYPE_CHECKING:
    from cases.views.course import ShownSection

register = template.Library()


@register.simple_tag(takes_context=True)
def course_section(context: template.Context, item: "ShownSection") -> SafeString:
    """The content of a section: its template with the page's context and its own."""
    engine = cast(template.Template, context.template).engine
    with context.push(**item.context):
        return engine.get_template(item.section.template).render(context)


register.filter("message_trouble", appointments.message_trouble)
register.filter("limits_in_words", limits_in_words)


@register.simple_tag
def section_url(public_id: uuid.UUID | str, key: str) -> str:
    """The address of a section of a course."""
    return extension_points.section_url(public_id, key)
