"""Codes that a phone's camera reads (QR)."""

from django.utils.safestring import SafeString


def qr_svg(text: str) -> SafeString:
    """Return the text as an inline SVG code, decorative to screen readers: write the text beside it."""
    import qrcode
    from qrcode.image.svg import SvgPathImage

    image = qrcode.make(text, image_factory=SvgPathImage, border=4)
    svg = image.to_string(encoding="unicode")
    return SafeString(svg.replace("<svg ", '<svg role="img" aria-hidden="true" focusable="false" ', 1))  # nosec B703 - of escaped parts
