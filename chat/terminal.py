"""The web chat in a terminal (`scripts/talk`): what a page does, over the same interface."""

import argparse
import asyncio
import json
import re
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx

from settings import Settings

HELP = "Type a message, or the number of a choice. /wait 5 waits five seconds, /quit ends the chat."
ANSWER_S = 60.0  # an assistant that is restarting answers within this
QUIET_S = 0.4  # nothing more comes after this
RETRY_S = 1.0
REFUSED_TRIES = 3


class Page:
    """One conversation as a page sees it; prints what comes."""

    def __init__(self, http: httpx.AsyncClient, opened: dict[str, str]) -> None:
        self._http = http
        self._path = f"/chat/conversations/{opened['conversation_id']}"
        self._headers = {"Authorization": f"Bearer {opened['token']}"}
        self._last = "0-0"
        self._heard = asyncio.Event()
        self.choices: list[str] = []
        self.mode = "bot"

    async def listen(self) -> None:
        """Comes back with the last event seen whenever the line breaks; never ends."""
        while True:
            with suppress(httpx.TransportError):
                async for event in self._events():
                    self._show(event)
            await asyncio.sleep(RETRY_S)

    async def write(self, typed: str) -> None:
        """A number stands for the choice of that number."""
        chosen = typed.isdigit() and 0 < int(typed) <= len(self.choices)
        text = self.choices[int(typed) - 1] if chosen else typed
        if chosen:
            _print(f"     {text}")
        self.choices = []
        self._heard.clear()
        refused = await self._send({"text": text, "message_id": uuid.uuid4().hex})
        if refused:
            _print(f"  !  {refused}")

    async def answer(self, within_s: float = ANSWER_S) -> None:
        """Until an answer has come and nothing follows it; a person may take longer than anybody waits here."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s if self.mode == "bot" else RETRY_S):
                await self._heard.wait()
        while self._heard.is_set():
            self._heard.clear()
            await asyncio.sleep(QUIET_S)

    async def end(self) -> None:
        await self._http.post(f"{self._path}/end", json={}, headers=self._headers)

    async def _send(self, body: dict[str, str]) -> str:
        """Tried again while nobody answers; the id makes it one message. What a refusal says, else nothing."""
        for left in reversed(range(REFUSED_TRIES * 10)):
            try:
                reply = await self._http.post(f"{self._path}/messages", json=body, headers=self._headers)
            except httpx.TransportError:
                if not left:
                    return "Not sent: nobody answers."
                await asyncio.sleep(RETRY_S)
                continue
            if reply.status_code != 503:
                return "" if reply.is_success else str(reply.json().get("message", reply.status_code))
            await asyncio.sleep(RETRY_S)
        return "Not sent: the service is not available."

    async def _events(self) -> AsyncIterator[dict[str, Any]]:
        headers = {**self._headers, "Last-Event-ID": self._last}
        async with self._http.stream("GET", f"{self._path}/events", headers=headers, timeout=40) as reply:
            fields: dict[str, str] = {}
            async for line in reply.aiter_lines():
                name, _, value = line.partition(": ")
                fields[name] = value
                if not line and "data" in fields:
                    self._last = fields.get("id", self._last)
                    yield {"event": fields["event"], "data": json.loads(fields["data"])}
                    fields = {}

    def _show(self, event: dict[str, Any]) -> None:
        data = event["data"]
        if event["event"] == "status":
            self._status(data)
        elif event["event"] == "ticket":
            by = data.get("respond_by") or data.get("resolve_by") or "-"
            _print(f"  #  {data['reference']}  {data['status']}  {data['department']}  by {by[:16].replace('T', ' ')}")
        elif event["event"] == "message" and data["author"] != "customer":
            self._said(data)

    def _status(self, data: dict[str, Any]) -> None:
        self.mode = data["mode"]
        place = f", number {data['queue_position']} in line" if data.get("queue_position") else ""
        person = f" {data['agent_name']}" if data.get("agent_name") else ""
        _print(f"  #  ({self.mode}{person}{place})")

    def _said(self, data: dict[str, Any]) -> None:
        names = {"bot": "Assistant", "agent": data.get("agent_name") or "Support", "system": "Notice"}
        _print(f"{names[data['author']]}: {data['text']}")
        self.choices = data["choices"]
        for number, choice in enumerate(self.choices, 1):
            _print(f"     {number} {choice}")
        self._heard.set()


async def talk(url: str) -> int:
    async with httpx.AsyncClient(base_url=url, timeout=20) as http:
        opened = await http.post("/chat/conversations", json={})
        if not opened.is_success:
            _print(str(opened.json().get("message", opened.status_code)))
            return 1
        page = Page(http, opened.json())
        listening = asyncio.create_task(page.listen())
        _print(f"{HELP}\n")
        await page.answer()
        try:
            await _converse(page)
        finally:
            listening.cancel()
            await page.end()
    return 0


async def _converse(page: Page) -> None:
    while (typed := await asyncio.to_thread(_typed)) is not None and typed != "/quit":
        pause = re.fullmatch(r"/wait (\d{1,4})", typed)
        if pause:
            await asyncio.sleep(int(pause[1]))
        else:
            await page.write(typed)
            await page.answer()


def _typed() -> str | None:
    """The next line without its end; None when there is none. What a pipe gives is shown like what a person types."""
    sys.stdout.write("> ")
    sys.stdout.flush()
    line = sys.stdin.readline()
    if line and not sys.stdin.isatty():
        sys.stdout.write(line if line.endswith("\n") else f"{line}\n")
    return line.rstrip("\n") if line else None


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/talk", description="The web chat in a terminal.", epilog=HELP)
    parser.add_argument("--url", default="", help="where Firstline is (default: FIRSTLINE_PUBLIC_URL, FIRSTLINE_PORT)")
    url = parser.parse_args().url or Settings().public_url
    try:
        return asyncio.run(talk(url))
    except httpx.TransportError:
        sys.stderr.write(f"Nobody answers at {url}. Is scripts/run running?\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
