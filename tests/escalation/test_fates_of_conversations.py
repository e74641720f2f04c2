"""A real conversation through the actions leaves its fates in the ledger."""

import itertools
from typing import Any

from escalation import ledger
from escalation.asks import AnswerFate
from escalation.wire import Outcome, Turn
from knowledge.answer import HandOver
from tests.actions.world import CONTACT, Talk, answers, asks_back
from tests.escalation.escalation_service import Running

NOTHING = HandOver(reason="no_answer", category="general", confidence=0.3)


class FrontDoor:
    """Carries a conversation to the actions, and every turn of it to escalation, as chat does."""

    def __init__(self, running: Running, **decisions: Any) -> None:
        self._running = running
        self._talk = Talk(decisions=decisions, desk=running.client)  # type: ignore[arg-type]  # the real desk
        self._numbers = itertools.count(1)

    async def hears(self, action: str, text: str, intent: str = "support_question") -> None:
        number = next(self._numbers)
        await self._record(f"t{number}", "customer", text, {})
        await self._talk.hears(action, text, intent)
        for place, message in enumerate(self._talk.said):
            text = str(message.get("body") or message["response"])
            await self._record(f"b{number}.{place}", "bot", text, message["custom"]["about"])

    async def ends(self, outcome: Outcome = "unconfirmed") -> list[AnswerFate]:
        await self._running.client.finish_contact(CONTACT, outcome)
        return await written(self._running)

    async def _record(self, turn_id: str, author: Any, text: str, about: dict[str, Any]) -> None:
        at = self._running.office.now()
        turn = Turn(contact_id=CONTACT, turn_id=turn_id, author=author, text=text, at=at, about=about)
        await self._running.client.record([turn])


async def written(running: Running) -> list[AnswerFate]:
    while await ledger.write_due(running.office):
        pass
    return [fate async for fate in running.client.fates()]


async def test_a_confirmed_answer_is_in_the_ledger_when_the_contact_has_ended(running: Running) -> None:
    door = FrontDoor(running, **answers("roaming-no-service-abroad"))
    await door.hears("action_question", "roaming does not work")
    await door.hears("action_choose", "Yes, that helped", "affirm")

    (fate,) = await door.ends("confirmed_solved")

    assert (fate.contact_id, fate.channel, fate.turn_id) == (CONTACT, "chat", "b1.0")
    assert (fate.question, fate.kind, fate.outcome) == ("roaming does not work", "answer", "helped")
    assert fate.articles == ("roaming-no-service-abroad",)
    assert fate.helped_by == "roaming-no-service-abroad"


async def test_a_choice_taken_and_its_steps(running: Running) -> None:
    door = FrontDoor(running, phone=asks_back("sim-puk-blocked", "payment-direct-debit"))
    await door.hears("action_question", "my phone")
    await door.hears("action_choose", "1")

    (fate,) = await door.ends()

    assert (fate.kind, fate.outcome, fate.picked) == ("ask_back", "picked", "sim-puk-blocked")
    assert fate.articles == ("sim-puk-blocked", "payment-direct-debit")


async def test_not_helped_twice_and_what_the_agent_finally_did(running: Running) -> None:
    both = answers("sim-puk-blocked", "payment-direct-debit")
    door = FrontDoor(running, phone=both["sim"], my=both["payment"])
    await door.hears("action_question", "my phone is odd")
    await door.hears("action_choose", "No, it didn't help", "deny")
    await door.hears("action_choose", "No, it didn't help", "deny")
    await door.hears("action_hand_over_reply", "jo@example.com")
    before = await door.ends()
    assert before[0].ticket is not None
    assert (before[0].ticket.status, before[0].ticket.role, before[0].ticket.done) == ("acknowledged", "", "")

    reference = before[0].ticket.reference
    for move, text in (("accept", ""), ("resolve", "Sent a new SIM to jo@example.com.")):
        version = (await running.client.ticket("sam.okoye", reference)).version
        await running.client.act("sam.okoye", reference, move, version=version, text=text)  # type: ignore[arg-type]  # plain strings of the literal
    first, second = await written(running)

    assert (first.outcome, second.outcome) == ("not_helped", "not_helped")
    assert (first.question, second.question) == ("my phone is odd", "my phone is odd")
    assert second.ticket is not None
    assert (second.ticket.status, second.ticket.reason, second.ticket.role) == ("resolved", "not_helped", "supervisor")
    assert second.ticket.done == "Sent a new SIM to [e-mail]."
    assert [fate.id for fate in before] == [first.id, second.id]


async def test_a_question_nobody_could_answer_goes_to_a_person(running: Running) -> None:
    door = FrontDoor(running, satellite=NOTHING)
    await door.hears("action_question", "is satellite supported")
    await door.hears("action_hand_over_reply", "+441632960001")

    (fate,) = await door.ends()

    assert (fate.kind, fate.outcome, fate.question) == ("no_answer", "handed_over", "is satellite supported")
    assert fate.ticket is not None
    assert (fate.ticket.category, fate.ticket.reason) == ("general", "no_answer")


async def test_repeating_what_was_said_decides_nothing_anew(running: Running) -> None:
    door = FrontDoor(running, phone=asks_back("sim-puk-blocked", "payment-direct-debit"))
    await door.hears("action_question", "my phone")
    await door.hears("action_repeat", "say again", "repeat")

    assert len(await door.ends()) == 1
