"""Brings one body to a subscriber: to an address that was looked up and checked just now, and to no other."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from escalation import callback
from escalation.errors import Incomplete

SEND_S = 10.0  # the whole of it: the name, the connection, the answer
CONNECT_S = 3.0
ADDRESSES = 3  # of one name, tried one after the other while none can be connected to
_TIMEOUT = httpx.Timeout(SEND_S, connect=CONNECT_S).as_dict()


class Undelivered(Exception):
    """The subscriber did not take it. The text is ours, without anything that the other side wrote."""


@dataclass(frozen=True, slots=True)
class Courier:
    """`transport` follows no redirect, keeps no cookie and asks no proxy: it makes one request."""

    transport: httpx.AsyncBaseTransport
    http_too: bool = False
    resolve: callback.Resolve = callback.addresses_of
    admits: callback.Admits = callback.is_public

    async def bring(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Raises Undelivered for everything but an answer of 2xx in time."""
        try:
            async with asyncio.timeout(SEND_S):
                addresses = await callback.check(url, http_too=self.http_too, resolve=self.resolve, admits=self.admits)
                status = await self._post(httpx.URL(url), addresses[:ADDRESSES], body, headers)
        except Incomplete as error:
            raise Undelivered(error.detail) from None
        except TimeoutError:
            raise Undelivered(f"no answer within {SEND_S:.0f} s") from None
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise Undelivered(f"no connection or no HTTP ({type(error).__name__})") from None
        if not 200 <= status < 300:
            raise Undelivered(f"answered {status}")

    async def _post(self, url: httpx.URL, addresses: Sequence[str], body: bytes, headers: Mapping[str, str]) -> int:
        for address in addresses[:-1]:
            try:
                return await self._post_to(address, url, body, headers)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # nothing was sent
        return await self._post_to(addresses[-1], url, body, headers)

    async def _post_to(self, address: str, url: httpx.URL, body: bytes, headers: Mapping[str, str]) -> int:
        """The connection goes to `address`; Host, TLS name and certificate stay those of the URL.

        Of the answer only the status is read, whatever else comes.
        """
        request = httpx.Request(
            "POST",
            url.copy_with(host=address),
            content=body,
            headers={**headers, "Host": url.netloc.decode("ascii"), "Connection": "close"},
            extensions={"sni_hostname": url.host, "timeout": _TIMEOUT},
        )
        reply = await self.transport.handle_async_request(request)
        await reply.aclose()
        return reply.status_code


def transport() -> httpx.AsyncHTTPTransport:
    """No connection is used twice: the next subscriber at that address may have another name."""
    return httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=None, max_keepalive_connections=0))
