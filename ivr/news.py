"""A caller wants to be told by text message when the outage where they live is over."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

import httpx

from escalation.client import EscalationUnavailable, FaultReport, HandOver, ReportTaken, Signals
from ivr import reply as replies
from ivr.call import Call, asked, understood
from ivr.record import Record, caller_turn
from ivr.reply import Reply
from ivr.words import words

log = logging.getLogger(__name__)

CATEGORY = "outage"


class Desk(Protocol):
    """The part of escalation's door that is needed here."""

    async def report_fault(self, said: FaultReport) -> ReportTaken: ...
    async def hand_over(self, contact_id: UUID, signals: Signals, *, key: str) -> HandOver: ...


class News:
    def __init__(self, desk: Desk, record: Record, now: Callable[[], datetime]) -> None:
        self._desk = desk
        self._record = record
        self._now = now

    async def promise(self, call: Call) -> tuple[Call, Reply]:
        """The menu goes on. A ticket follows each incident; what the call is about is still to be said."""
        spoken = words(call.language)
        call = await self._record.caller(understood(call), spoken.record.news)
        try:
            await self._follow(call, spoken.record.news)
        except (EscalationUnavailable, httpx.HTTPStatusError):
            log.warning("contact %s: news of an outage could not be promised", call.contact_id)
            return call, replies.ask(call, spoken, before=spoken.say.news_failed)
        call = asked(replace(call, incidents=()), replace(call.prompt, offers_news=False))
        return call, replies.ask(call, spoken, before=spoken.say.news_promised)

    async def _follow(self, call: Call, problem: str) -> None:
        for number, incident in enumerate(call.incidents):
            report = FaultReport.model_validate(
                {
                    "contact_id": call.contact_id,
                    "channel": "voice",
                    "area": incident.area,
                    "service": incident.service,
                    "reporter": incident.reporter,
                    "reachable": call.caller,
                    "problem": problem,
                    "at": self._now(),
                }
            )
            await self._desk.report_fault(report)
            signals = Signals(
                category=CATEGORY, reason="outage", problem=problem, service="down", reachable=call.caller
            )
            await self._desk.hand_over(call.contact_id, signals, key=f"{caller_turn(call)}.news{number}")
