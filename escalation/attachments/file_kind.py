"""What a file is, by what is in it; its name and what the sender calls it count for nothing."""

import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath

import puremagic

from escalation.attachments.attachment_wire import MediaType

PDF_HEAD = b"%PDF-"
# What is taken -> what it is kept as: pictures are encoded anew (picture.py).
KEPT_AS: Mapping[str, MediaType] = {
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "image/webp": "image/jpeg",
    "application/pdf": "application/pdf",
}
ENDINGS: Mapping[MediaType, str] = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}
MOST_NAME_CHARS = 80


def kind_of(content: bytes) -> str | None:
    """The media type of a file that is taken, None for any other."""
    if content.startswith(PDF_HEAD):
        return "application/pdf"
    try:
        found = {match.mime_type for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):  # ValueError: it is empty
        return None
    return next((kind for kind in KEPT_AS if kind.startswith("image/") and kind in found), None)


def name_for(given: str, media_type: MediaType) -> str:
    """The sender's name for it without folders, control and direction characters, and with the ending of its kind."""
    base = PurePosixPath(given.replace("\\", "/")).name
    printable = "".join(char for char in base if unicodedata.category(char)[0] != "C" and char not in '<>:"|?*')
    stem = printable.rpartition(".")[0] or printable
    return (stem[:MOST_NAME_CHARS].strip(" .") or "file") + ENDINGS[media_type]
