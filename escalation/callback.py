"""Whether a URL that an outsider gave may be called: nothing inside a private network is reached through us."""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from escalation.errors import Incomplete

LONGEST = 2000  # characters
RESOLVE_S = 3.0
_PLAIN_CHARACTERS = re.compile(r"[!-\[\]-~]+")  # printable ASCII without the backslash, which parsers read differently

_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: its last 32 bits are the IPv4 address that is reached
_ASTRAY = tuple(  # global for Python, and yet: 6to4 and its relays, site-local, documentation
    ip_network(block) for block in ("2002::/16", "192.88.99.0/24", "fec0::/10", "3fff::/20")
)

Resolve = Callable[[str], Awaitable[Sequence[str]]]
Admits = Callable[[str], bool]  # an address


async def addresses_of(host: str) -> Sequence[str]:
    """The host's addresses; none when its name is not known or nobody answers in time."""
    try:
        async with asyncio.timeout(RESOLVE_S):
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        return ()
    return [str(entry[4][0]) for entry in found]


async def check(
    url: str, *, http_too: bool, resolve: Resolve = addresses_of, admits: Admits | None = None
) -> Sequence[str]:
    """The addresses the URL may be called at, now: its name may lead elsewhere later.

    Raises Incomplete with what is wrong, also when only one of the addresses is not public.
    """
    host = _host_of(url, ("https", "http") if http_too else ("https",))
    addresses = await resolve(host)
    if not addresses:
        raise Incomplete("callback: the host is not known")
    if not all((admits or is_public)(address) for address in addresses):
        raise Incomplete("callback: the host is private, loopback, link-local or reserved")
    return addresses


def is_public(address: str) -> bool:
    """An IPv4 address inside an IPv6 one of NAT64 counts as itself."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip in _NAT64:
        ip = IPv4Address(int(ip) & 0xFFFF_FFFF)
    if any(ip in block for block in _ASTRAY):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def _host_of(url: str, schemes: Sequence[str]) -> str:
    if len(url) > LONGEST or not _PLAIN_CHARACTERS.fullmatch(url):
        raise Incomplete(f"callback: a URL of at most {LONGEST} printable ASCII characters")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Incomplete("callback: not a URL") from None
    if parts.scheme not in schemes:
        raise Incomplete(f"callback: must be {' or '.join(schemes)}")
    if "@" in parts.netloc:
        raise Incomplete("callback: no user name and no password in the URL")
    if "#" in url:
        raise Incomplete("callback: no fragment in the URL")
    if not host:
        raise Incomplete("callback: names no host")
    return host
