"""Whether a webhook really comes from Twilio: the signature over its address and form, made with our auth token."""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import HTTPConnection
from twilio.request_validator import SIGNATURE_HEADER, SIGNATURE_SETTINGS_HEADER, RequestValidator
from twilio.request_validator import get_signature_algorithm as algorithm_named

from settings import Settings


class NoToken(Exception):
    """Without a token nothing could be checked, so nothing is served."""


class Signature:
    """HMAC-SHA1, and HMAC-SHA256 where the request says so; both made with one of the account's auth tokens."""

    def __init__(self, settings: Settings) -> None:
        if not settings.twilio_tokens:
            raise NoToken("TWILIO_AUTH_TOKEN is not set: telephone webhooks cannot be checked")
        self._validators = [RequestValidator(token) for token in settings.twilio_tokens]
        self._public_url = settings.public_url
        self._behind_proxy = settings.firstline_trusted_proxy
        self._on_this_machine = not settings.firstline_public_url

    def is_genuine(self, request: HTTPConnection, form: ImmutableMultiDict[str, str] | None = None) -> bool:
        """`form`: the fields of a webhook; a socket is opened without any, at an address of its own scheme."""
        signature = request.headers.get(SIGNATURE_HEADER, "")
        algorithm = algorithm_named(request.headers.get(SIGNATURE_SETTINGS_HEADER, ""))
        if not signature:
            return False
        return any(
            validator.validate(address, form or {}, signature, algorithm)
            for address in self._addresses(request)
            for validator in self._validators
        )

    def _addresses(self, request: HTTPConnection) -> list[str]:
        """As Twilio knows us: the public address; what a trusted proxy reports; on an installation without a public
        address, the loopback name that the request was sent to."""
        query = request.scope["query_string"].decode("latin-1")
        path = request.scope["path"] + (f"?{query}" if query else "")
        bases = [self._public_url]
        if self._behind_proxy and (forwarded := _forwarded(request.headers)):
            bases.append(forwarded)
        host = request.headers.get("host", "")
        if self._on_this_machine and _is_loopback(host):
            bases.append(f"{request.scope['scheme']}://{host}")
        if request.scope["type"] == "websocket":
            bases = [socket_address(base) for base in bases]
        return [base + path for base in bases]


def socket_address(url: str) -> str:
    """https://host -> wss://host, http://host -> ws://host."""
    return f"ws{url.removeprefix('http')}" if url.startswith("http") else url


def _forwarded(headers: Mapping[str, str]) -> str | None:
    """The last value is the one our own proxy wrote."""
    scheme = headers.get("x-forwarded-proto", "").rsplit(",", 1)[-1].strip()
    host = headers.get("x-forwarded-host", "").rsplit(",", 1)[-1].strip()
    return f"{scheme}://{host}" if scheme in {"http", "https"} and host else None


def _is_loopback(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
