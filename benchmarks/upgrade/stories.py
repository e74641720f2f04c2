"""What people are in the middle of: each story begins with the old release and ends with the present one.

Returns what was seen afterwards, in a sentence; raises AssertionError or TimeoutError for what was lost.
"""

import asyncio
import re
from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from uuid import uuid4

import httpx

from benchmarks.faults.people import SPOKEN_REFERENCE, WANTS_A_PERSON
from benchmarks.upgrade.stage import Stage, is_kept, shown_to
from ivr.simulator import Telephone
from tests.journeys.people import REFERENCE, Subscriber

TMF = "/tmf-api/troubleTicket/v4/troubleTicket"
MERGE = {"Content-Type": "application/merge-patch+json"}
MOVES = {  # how a ticket comes to be in a state
    "acknowledged": (),
    "inProgress": ("inProgress",),
    "pending": ("inProgress", "pending"),
    "resolved": ("inProgress", "resolved"),
    "closed": ("inProgress", "resolved", "closed"),
}
STANDS = ("status", "priority", "severity", "name", "description", "ticketType", "externalId", "note", "creationDate")
PUK, ITS_ANSWER = "how do I find out my PUK code", "PUK"
BEGUN_ANEW = ("Welcome", "automated assistant", "technical problem")
SLOWLY_S = 60.0  # the first answers of programs that have just been started


async def verification(stage: Stage) -> str:
    async with stage.chat() as subscriber:
        await subscriber.says("how much is my bill")
        await subscriber.hears(".")
        await subscriber.says("10023456")
        await subscriber.hears("postcode")
        before = shown_to(subscriber)
        await stage.upgrade()
        await subscriber.says("LF1 4AB")
        told = await subscriber.hears("to be paid by", within_s=SLOWLY_S)
        await is_kept(subscriber, before)
    return f"the second fact alone was asked for, then: {told.text}"


async def guided_steps(stage: Stage) -> str:
    steps: list[str] = []
    async with stage.chat() as subscriber:
        await subscriber.says("my internet is really slow tonight")
        for _ in range(2):
            steps.append(await _one_step(subscriber))
        asked = await subscriber.hears('"choices": \\[".')
        before = shown_to(subscriber)
        await stage.upgrade()
        await subscriber.says(_best_of(asked.data["choices"]))
        steps.append(await _one_step(subscriber, within_s=SLOWLY_S))
        await is_kept(subscriber, before)
    assert len(set(steps)) == len(steps), f"a step was asked again: {steps}"
    return f"steps {', '.join(steps)}, none twice"


async def _one_step(subscriber: Subscriber, within_s: float = 20.0) -> str:
    asked = await subscriber.hears('"choices": \\[".', within_s=within_s)
    step = str(asked.data["about"].get("step"))
    await subscriber.says(_best_of(asked.data["choices"]))
    return step


def _best_of(choices: list[str]) -> str:
    wishes = ("without", "yes", "wi-fi", "done", "tried")
    return next((choice for wish in wishes for choice in choices if wish in choice.lower()), choices[0])


async def collecting(stage: Stage) -> str:
    """A ticket is being made: its questions are not all answered."""
    async with stage.chat() as subscriber:
        await subscriber.says("I was charged twice this month")
        await subscriber.hears(".")
        before = shown_to(subscriber)
        await stage.upgrade()
        reference = await _reference_of(subscriber, "two days ago")
        async with stage.agent("bea.novak") as agent:
            page = await agent.ticket(reference)
        await is_kept(subscriber, before)
    assert "I was charged twice this month" in page, "the first words are not in the ticket"
    return f"{reference} was told, and has the words from before"


async def waiting(stage: Stage) -> str:
    async with stage.chat() as subscriber:
        await subscriber.says(WANTS_A_PERSON)
        reference = await _reference_of(subscriber)
        await subscriber.sees("status", '"mode": "waiting"')
        await subscriber.says("Are you still there, before it?")
        await subscriber.sees("message", "before it", author="customer")
        before = shown_to(subscriber)
        await stage.upgrade()
        async with stage.agent() as agent:
            assert reference in await agent.queue(), "not in the queue any more"
            await agent.does("accept", reference)
            await subscriber.sees("status", '"mode": "agent"', within_s=SLOWLY_S)
            await _they_talk(subscriber, agent, reference)
            await agent.reads("before it", reference)
        await is_kept(subscriber, before)
    return f"{reference} was in the queue, accepted, and both heard each other"


async def with_a_person(stage: Stage) -> str:
    async with stage.chat() as subscriber, stage.agent() as agent:
        await subscriber.says(WANTS_A_PERSON)
        reference = await _reference_of(subscriber)
        await subscriber.sees("status", '"mode": "waiting"')
        await agent.does("accept", reference)
        await subscriber.sees("status", '"mode": "agent"')
        await agent.does("reply", reference, "This is the word before it.")
        await subscriber.hears("word before it", author="agent")
        before = shown_to(subscriber)
        await stage.upgrade()
        await _they_talk(subscriber, agent, reference)
        await agent.reads("word before it", reference)
        await agent.does("resolve", reference, "All is well.")
        await subscriber.sees("status", '"mode": "bot"', within_s=SLOWLY_S)
        await is_kept(subscriber, before)
    return "the person stayed signed in, both heard each other, and the assistant took over again"


async def _they_talk(subscriber: Subscriber, agent: Any, reference: str) -> None:
    await subscriber.says("And after it?")
    await agent.reads("And after it?", reference, within_s=SLOWLY_S)
    await agent.does("reply", reference, "Yes, after it too.")
    await subscriber.hears("after it too", author="agent", within_s=SLOWLY_S)


async def written_while_away(stage: Stage) -> str:
    """The page sends a message again until it is taken."""
    async with stage.chat() as subscriber:
        before = shown_to(subscriber)
        stage.arrives()
        await stage.stopped.wait()
        tries, name = 0, uuid4().hex
        while not await _is_taken(subscriber, name):
            tries += 1
            await asyncio.sleep(0.5)
        await subscriber.hears(ITS_ANSWER, within_s=SLOWLY_S)
        await is_kept(subscriber, before)
    times = sum(shown.data.get("message_id") == name for shown in subscriber.seen)
    assert tries, "it was never away"
    assert times == 1, f"shown {times} times"
    return f"taken after {tries} tries, shown once and answered"


async def _is_taken(subscriber: Subscriber, name: str) -> bool:
    try:
        return (await subscriber.says(PUK, name)).is_success
    except httpx.TransportError:
        return False


async def call_with_an_answer(stage: Stage) -> str:
    async with stage.call("+447700900331") as phone:
        await phone.says(PUK)
        assert "P U K" in phone.said, phone.said
        await stage.upgrade()
        await phone.says("yes that helped")
        assert phone.said, "nothing is said"
        assert not any(words in phone.said for words in BEGUN_ANEW), phone.said
    return f"goes on with: {phone.said}"


async def call_for_a_person(stage: Stage) -> str:
    async with stage.call("+447700900332") as phone:
        await phone.says(WANTS_A_PERSON)
        assert phone.wants != "nothing", phone.said
        await stage.upgrade()
        for _ in range(8):
            if _spoken_reference(phone) or phone.wants != "words":
                break
            await phone.says("yes" if "this number" in phone.said or "call you" in phone.said else "my line is noisy")
        reference = _spoken_reference(phone)
        assert reference, f"no reference was told, but: {phone.said}"
        if phone.wants == "line":
            await phone.line("no-answer")
        await phone.hangs_up()
    async with stage.agent() as agent:
        assert WANTS_A_PERSON in await agent.ticket(reference), "the first words are not in the ticket"
    return f"{reference} was told, and has the words from before"


def _spoken_reference(phone: Telephone) -> str | None:
    everything = " ".join(line.text for line in phone.heard if line.what == "says")
    found = SPOKEN_REFERENCE.findall(everything)
    return "FL-" + re.sub(r"\D", "", found[-1]) if found else None


async def filed_tickets(stage: Stage) -> str:
    """One in each state, filed and moved by a machine."""
    async with stage.machine() as http:
        before = {state: await _in_state(http, state, moves) for state, moves in MOVES.items()}
        await stage.upgrade()
        for state, ticket in before.items():
            now = (await http.get(f"{TMF}/{ticket['id']}")).raise_for_status().json()
            differs = {name: (ticket.get(name), now.get(name)) for name in STANDS if ticket.get(name) != now.get(name)}
            assert not differs, f"{state}: {differs}"
        for state in ("acknowledged", "pending"):
            moved = await http.patch(f"{TMF}/{before[state]['id']}", json={"status": "inProgress"}, headers=MERGE)
            assert moved.is_success, f"{state} cannot be moved: {moved.text}"
    return f"{', '.join(before)}: as they were; two of them moved on"


async def _in_state(http: httpx.AsyncClient, state: str, moves: tuple[str, ...]) -> dict[str, Any]:
    said = {
        "name": f"Filed to be {state}",
        "description": "No dial tone.",
        "severity": "High",
        "ticketType": "landline",
    }
    ticket = (await http.post(TMF, json={**said, "externalId": f"ERP-{state}"})).raise_for_status().json()
    for move in moves:
        (await http.patch(f"{TMF}/{ticket['id']}", json={"status": move}, headers=MERGE)).raise_for_status()
    read: dict[str, Any] = (await http.get(f"{TMF}/{ticket['id']}")).raise_for_status().json()
    assert read["status"] == state, read["status"]
    return read


async def _reference_of(subscriber: Subscriber, otherwise: str = "just me") -> str:
    """Answers what is still asked, until a reference is told."""
    for _ in range(8):
        shown = await subscriber.hears(".", within_s=SLOWLY_S)
        if found := REFERENCE.search(str(shown.data)):
            return found[0]
        reach = any(word in shown.text.lower() for word in ("reach", "phone number", "e-mail", "email", "call you"))
        await subscriber.says("07700 900123" if reach else otherwise)
    raise AssertionError("no reference was told")


STORIES: Mapping[str, Callable[[Stage], Coroutine[Any, Any, str]]] = {
    "a customer who has given one of two facts": verification,
    "a customer in guided steps": guided_steps,
    "a customer who is asked for a ticket's details": collecting,
    "a customer who waits for a person": waiting,
    "a customer who talks with a person": with_a_person,
    "a message that is written while nothing runs": written_while_away,
    "a caller who has heard an answer": call_with_an_answer,
    "a caller on the way to a person": call_for_a_person,
    "tickets of a machine, one in each state": filed_tickets,
}
CALLS = (call_with_an_answer, call_for_a_person)  # nobody stays on the line for minutes of silence
