"""Template tags of the help's own texts."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from help.pictures import BY_NAME

register = template.Library()


@register.simple_tag
def help_picture(name: str, alt: str) -> SafeString:
    """The picture of a page, with what it shows in words; nothing before it has been taken.

    KeyError for a name that no picture has.
    """
    picture = BY_NAME[name]
    if not picture.file.exists():
        return SafeString("")
    width, height = picture.size
    return format_html(
        '<figure class="jf-picture"><img src="{}" alt="{}" width="{}" height="{}" loading="lazy"></figure>',
        static(picture.static_name),
        alt,
        width,
        height,
    )
