"""Why a file is not kept, in the page's language: `hoofbeat.interchange` says it in English."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from hoofbeat.interchange.attachment import AttachmentError
from hoofbeat.web.pages.english import translated

SENTENCES = (
    gettext_noop("the file is empty"),
    gettext_noop("the file is larger than %(size)s MB; send a smaller copy"),
    gettext_noop(
        "this is an SVG drawing, which can carry programs; only PDF, PNG and JPEG files are kept: save it as PNG"
    ),
    gettext_noop(
        "this is a web page, whatever its name says; only PDF, PNG and JPEG files are kept: print it into a PDF"
    ),
    gettext_noop(
        "this is an archive or an office file; only PDF, PNG and JPEG files are kept: unpack it, or save it as PDF"
    ),
    gettext_noop(
        "this is no PDF, PNG or JPEG by its content, whatever its name says; only PDF, PNG and JPEG files are kept"
    ),
    gettext_noop("the picture has more than %(points)s points; send a smaller copy"),
    gettext_noop("the picture is damaged or not what it says it is; save it anew and try again"),
    gettext_noop("the PDF is damaged or not a PDF; print it into a new PDF and try again"),
    gettext_noop("the PDF is locked with a password; save a copy without one"),
    gettext_noop(
        "the PDF contains a program, an attached file or a form that acts by itself; print it into a new PDF, which "
        "leaves those out"
    ),
    gettext_noop("the PDF is nested too deeply; print it into a new PDF and try again"),
    gettext_noop("the PDF has too many parts; print it into a new PDF and try again"),
    gettext_noop("many files are being looked at just now; try again in a minute"),
    gettext_noop(
        "looking at the file took more time or memory than any letter or picture needs; print it into a new PDF, or "
        "send a smaller copy"
    ),
)


def in_words(error: AttachmentError) -> str:
    """The reason in the page's language."""
    return translated(str(error), SENTENCES)
