"""A letter's link as a picture that a phone can read, made here and never by another host."""

from __future__ import annotations

import base64
from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathImage


def qr_code(text: str) -> str:
    """A `data:` address of an SVG."""
    made = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, border=2).save(made)
    return f"data:image/svg+xml;base64,{base64.b64encode(made.getvalue()).decode()}"
