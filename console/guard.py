"""What every request to the console passes first: the same-origin rule, security headers, and from where it comes."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from escalation.client import asking_from

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FOREIGN_ORIGIN = 4403  # close code of a socket opened by another site's page

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # `no-referrer` would turn the Origin of our own forms into "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def is_same_origin(headers: Headers, public_url: str) -> bool:
    """Whether a browser says that one of our own pages made this request.

    `Origin` must name the host that was asked, or the public address (behind a proxy the two differ).
    A browser sends `Origin` with every POST and every WebSocket; a request without it is refused.
    """
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = headers.get("origin", "")
    parts = urlsplit(origin)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return False
    return parts.netloc == headers.get("host") or origin == public_url


class Guard:
    """ASGI middleware: refuses unsafe requests and sockets from other sites, adds the security headers."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        unsafe = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        if unsafe and not is_same_origin(headers, self._public_url):
            await self._refuse(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                stricter = out.get("Content-Security-Policy")  # of a customer's file
                for name, value in SECURITY_HEADERS.items():
                    out[name] = value
                if stricter is not None:
                    out["Content-Security-Policy"] = stricter
                out.setdefault("Cache-Control", "no-store")
            await send(message)

        address = scope["client"][0] if scope.get("client") else ""
        with asking_from(address):
            await self._app(scope, receive, send_guarded)

    @staticmethod
    async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose(code=FOREIGN_ORIGIN)(scope, receive, send)
            return
        reply = PlainTextResponse("This request did not come from the console's own page.", status_code=403)
        await reply(scope, receive, send)
