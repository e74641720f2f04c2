"""The pages, the one script and its style: files of `page/`, filled with the operator's name and the words."""

import hashlib
import html
import json
import re
from pathlib import Path
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from chat.wording import Words
from settings import Settings

HERE = Path(__file__).resolve().parent / "page"
CONFIG = "/*CONFIG*/ {}"  # in widget.js, replaced by what the server knows
KINDS = {".css": "text/css", ".svg": "image/svg+xml"}

# Nothing from elsewhere, nothing inline, nobody may frame us.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
PAGE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-cache",
}


def page(name: str, settings: Settings) -> Response:
    """`{{operator}}` and `{{phone}}` are filled in, escaped."""
    text = (HERE / name).read_text(encoding="utf-8")
    phone = settings.twilio_from_number or "the number on your bill"
    for mark, value in {"{{operator}}": settings.firstline_operator_name, "{{phone}}": phone}.items():
        text = text.replace(mark, html.escape(value))
    return Response(text, media_type="text/html", headers=PAGE_HEADERS)


def asset(name: str) -> Response | None:
    """A style sheet or picture of the pages; None when there is none of that name."""
    file = HERE / name
    if file.parent != HERE or file.suffix not in KINDS or not file.is_file():
        return None
    headers = {"Cache-Control": "max-age=300", "X-Content-Type-Options": "nosniff"}
    return Response(file.read_bytes(), media_type=KINDS[file.suffix], headers=headers)


def widget(words: Words, settings: Settings, look: bytes) -> bytes:
    """The script that any site can embed, with every language's labels and its style's version.

    Without indentation and without comments that have a line to themselves.
    """
    config = {
        "operator": settings.firstline_operator_name,
        "language": words.fallback,
        "labels": words.labels(),
        "style": f"widget.css?{_version(look)}",
        "file_bytes": settings.attachment_max_mb * 1024 * 1024 if settings.attachments_per_conversation else 0,
        "file_mb": settings.attachment_max_mb,
    }
    filled = json.dumps(config, separators=(",", ":")).replace("</", "<\\/")
    text = (HERE / "widget.js").read_text(encoding="utf-8").replace(CONFIG, filled)
    without_comments = re.sub(r"^\s*/\*.*?\*/\n", "", text, flags=re.MULTILINE)
    return re.sub(r"^[ ]+", "", without_comments, flags=re.MULTILINE).encode()


def widget_style() -> bytes:
    """The chat window's style sheet without comments and the spaces that mean nothing."""
    style = (HERE / "widget.css").read_text(encoding="utf-8")
    without_comments = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", without_comments)).strip().encode()


def style(look: bytes) -> Response:
    """Any site may read it, as it may run the script. Its address changes with it, so it is kept for a year."""
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "public, max-age=31536000, immutable",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(look, media_type="text/css", headers=headers)


def download(body: str | bytes, name: str, *, media_type: str = "text/html") -> Response:
    """A file to keep, not to be shown at our address: nothing in it could run there."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(body, media_type=media_type, headers=headers)


def _version(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


def script(body: bytes, request: Request) -> Response:
    """Asked for again it is sent again only if it has changed."""
    tag = f'"{_version(body)}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/javascript", headers=headers)
