"""The product with several copies of the chat's program and of Rasa, on the same Redis and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from benchmarks.wire import Address, Network
from ops import trial
from ops.embedded import free_port
from ops.processes import Child
from ops.product import Product

# The setting that says where a program is, and what it answers when it is well.
_WHERE = {"rasa": ("RASA_URL", "/webhooks/firstline/health"), "web": ("FIRSTLINE_WEB_URL", "/health/live")}


@contextmanager
def several(net: Network, built: Path | None, *, web: int, rasa: int) -> Iterator[list[Child]]:
    """The copies of the chat's program. Connections to Rasa are given to its copies in turn.

    `built` is the state folder of another Firstline, whose index and assistant are copied.
    """
    with trial.running(print, built=built, CHAT_REQUESTS_PER_MINUTE="1000000") as product:
        only = product.children.named("rasa")
        ports = [free_port() for _ in range(rasa)]
        rasas = [_copy(product, "rasa", number, port) for number, port in enumerate(ports)]
        chats = [_copy(product, "web", number, free_port()) for number in range(1, web)]
        only.stop()
        net.wire(*(("127.0.0.1", port) for port in ports), port=_port_of(product.environment["RASA_URL"]))
        try:
            for child in (*rasas, *chats):
                child.spawn()
            for child in (*rasas, *chats):
                child.wait_ready()
            yield [product.children.named("web"), *chats]
        finally:
            for child in (*chats, *rasas):
                child.stop()


def _copy(product: Product, name: str, number: int, port: int) -> Child:
    """One more of the product's program of that name, at a port of its own."""
    first, setting, health = product.children.named(name).command, *_WHERE[name]
    old, url = str(_port_of(product.environment[setting])), f"http://127.0.0.1:{port}"
    arguments = [str(port) if argument == old else argument for argument in first.arguments]
    environment = {**(first.environment or {}), setting: url}
    command = replace(
        first,
        name=f"{name}-{number}",
        arguments=arguments,
        environment=environment,
        ready=lambda: _answers(url + health),
    )
    return Child(command, log=product.state / "logs" / f"{name}-{number}.log")


def _port_of(url: str) -> int:
    return urlsplit(url).port or 0


def url_of(chat: Child) -> str:
    return (chat.command.environment or {})["FIRSTLINE_WEB_URL"]


def address_of(chat: Child) -> Address:
    url = urlsplit(url_of(chat))
    return url.hostname or "", url.port or 0


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.TransportError:
        return False
