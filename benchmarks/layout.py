"""The product with several copies of the chat's program and of Rasa, on the same Redis and PostgreSQL."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from benchmarks.wire import Address, Network
from ops import trial
from ops.embedded import free_port
from ops.processes import Child, Command
from ops.product import ONE_THREAD, RASA_PYTHON, Product
from settings import ROOT


@contextmanager
def several(net: Network, built: Path | None, *, web: int, rasa: int) -> Iterator[list[Child]]:
    """The copies of the chat's program. Connections to Rasa are given to its copies in turn.

    `built` is the state folder of another Firstline, whose index and assistant are copied.
    """
    ports = [free_port() for _ in range(rasa)]
    before = net.wire(*(("127.0.0.1", port) for port in ports))
    changed = {"RASA_URL": f"http://127.0.0.1:{before.port}", "CHAT_REQUESTS_PER_MINUTE": "1000000"}
    with trial.running(print, built=built, **changed) as product:
        model = _model(product)
        rasas = [_rasa(product, model, number, port) for number, port in enumerate(ports)]
        chats = [_chat(product, number) for number in range(1, web)]
        try:
            for child in (*rasas, *chats):
                child.spawn()
            for child in (*rasas, *chats):
                child.wait_ready()
            yield [product.children.named("web"), *chats]
        finally:
            for child in (*chats, *rasas):
                child.stop()


def url_of(chat: Child) -> str:
    return (chat.command.environment or {})["FIRSTLINE_WEB_URL"]


def address_of(chat: Child) -> Address:
    url = urlsplit(url_of(chat))
    return url.hostname or "", url.port or 0


def _model(product: Product) -> str:
    done = subprocess.run(
        [str(RASA_PYTHON), "-m", "bot.train"],
        env=product.environment, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip().splitlines()[-1]


def _rasa(product: Product, model: str, number: int, port: int) -> Child:
    name, url = f"rasa-{number}", f"http://127.0.0.1:{port}"
    environment = {**product.environment, **ONE_THREAD, "RASA_URL": url}
    arguments = [str(RASA_PYTHON), "-m", "bot.server", "--model", model, "--port", str(port)]
    ready = lambda: _answers(f"{url}/webhooks/firstline/health")  # noqa: E731 - one line, used once
    return Child(Command(name, arguments, ready, environment, ROOT), log=product.state / "logs" / f"{name}.log")


def _chat(product: Product, number: int) -> Child:
    first, port = product.children.named("web").command, str(free_port())
    old = str(urlsplit(product.url).port)
    url = f"http://127.0.0.1:{port}"
    arguments = [port if argument == old else argument for argument in first.arguments]
    environment = {**(first.environment or {}), "FIRSTLINE_PORT": port, "FIRSTLINE_WEB_URL": url}
    name = f"web-{number}"
    again = replace(
        first, name=name, arguments=arguments, environment=environment, ready=lambda: _answers(f"{url}/health/live")
    )
    return Child(again, log=product.state / "logs" / f"{name}.log")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.TransportError:
        return False
