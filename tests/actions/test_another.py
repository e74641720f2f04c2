"""actions.another: another problem instead of an answer is kept and the question asked again; an answer stays one."""

import pytest

from knowledge.answer import Decision, HandOver
from tests.actions.world import Talk, answers, article, asks_back

TWICE = article("bill-charged-twice")
CHARGED = HandOver(reason="article", category="bill-dispute", confidence=0.9, hints=TWICE.hand_over, article=TWICE)
DANGER = HandOver(reason="safety", category="equipment", confidence=0.9)
KNOWN: dict[str, Decision] = {
    "burning": DANGER,
    "charged": CHARGED,
    "bill": asks_back("bill-went-up", "bill-charged-twice"),
    "engineer": answers("technician-missed")["technician"],
    "signal": answers("mobile-no-signal")["mobile"],
    "picture": answers("tv-picture-breaking-up")["tv"],
    "router": answers("equipment-router-lights")["equipment"],
    "email": answers("email-password-reset")["email"],
    "gadget": HandOver(reason="no_answer", category="general", confidence=0.6),
}


async def asked_since_when() -> Talk:
    """About a television that is dead; who else is affected and a contact are asked after that."""
    down = HandOver(reason="no_answer", category="tv", confidence=0.9, hints=article("tv-black-screen").hand_over)
    talk = Talk(decisions={"telly": down, **KNOWN})
    assert (await talk.hears("action_question", "telly is dead"))[-1] == "utter_ask_since"
    return talk


async def asked_who_is_affected() -> Talk:
    talk = await asked_since_when()
    await talk.hears("action_hand_over_reply", "Since today")
    return talk


async def asked_for_a_contact() -> Talk:
    talk = await asked_who_is_affected()
    await talk.hears("action_hand_over_reply", "Only me")
    return talk


def told(talk: Talk) -> str:
    assert talk.handover is not None
    return str(talk.handover["signals"]["problem"])


OTHER_PROBLEMS = [
    ("oh and my bill is wrong too", "my bill is wrong too"),
    ("also my mobile has no signal", "my mobile has no signal"),
    ("by the way I was charged twice", "by the way I was charged twice"),
    ("I was charged for a film", "I was charged for a film"),
    ("oh and I was charged twice last month", "I was charged twice last month"),
    ("and that gadget you sold us is broken as well", "that gadget you sold us is broken as well"),
]


@pytest.mark.parametrize(("said", "kept"), OTHER_PROBLEMS)
async def test_another_problem_instead_of_since_when_is_kept_and_it_is_asked_again(said: str, kept: str) -> None:
    talk = await asked_since_when()

    responses = await talk.hears("action_hand_over_reply", said)

    assert responses == ["utter_noted", "utter_ask_since"]
    assert told(talk) == f"telly is dead (Also mentioned: {kept})"
    assert talk.slots["handover"]["signals"]["since"] is None


@pytest.mark.parametrize("said", ["oh and my bill is wrong too", "also I was charged twice"])
async def test_instead_of_who_is_affected_and_of_a_contact_too(said: str) -> None:
    affected, contact = await asked_who_is_affected(), await asked_for_a_contact()

    assert await affected.hears("action_hand_over_reply", said) == ["utter_noted", "utter_ask_affected"]
    assert await contact.hears("action_hand_over_reply", said) == ["utter_noted", "utter_ask_contact"]


async def test_the_answer_afterwards_counts_and_the_ticket_holds_both() -> None:
    talk = await asked_since_when()
    await talk.hears("action_hand_over_reply", "oh and my bill is wrong too")

    await talk.hears("action_hand_over_reply", "Since yesterday")
    await talk.hears("action_hand_over_reply", "Only me")
    said = await talk.hears("action_hand_over_reply", "jo@example.com")

    (signals,) = talk.desk.opened.values()
    assert (signals.since, signals.reachable) == ("Since yesterday", "jo@example.com")
    assert signals.problem == "telly is dead (Also mentioned: my bill is wrong too)"
    assert said == ["utter_ticket_reply_by", "utter_offer_other"]


async def test_after_a_second_one_the_question_is_left_out() -> None:
    talk = await asked_since_when()
    await talk.hears("action_hand_over_reply", "oh and my bill is wrong too")

    said = await talk.hears("action_hand_over_reply", "also my mobile has no signal")

    assert said == ["utter_ask_affected"]
    assert told(talk) == "telly is dead (Also mentioned: my bill is wrong too; my mobile has no signal)"


async def test_what_is_said_after_the_problem_was_asked_for_stands_beside_it() -> None:
    talk = Talk(decisions=KNOWN)
    await talk.hears("action_person", "a person", "person")
    await talk.hears("action_hand_over_reply", "my mobile has no signal")

    await talk.hears("action_hand_over_reply", "oh and my bill is wrong too")

    assert told(talk) == "my mobile has no signal (Also mentioned: my bill is wrong too)"


async def test_who_would_not_say_the_problem_and_then_does_has_said_it() -> None:
    talk = Talk(decisions=KNOWN)
    await talk.hears("action_person", "a person", "person")
    await talk.hears("action_hand_over_reply", "I'd rather not say", "dont_know")

    await talk.hears("action_hand_over_reply", "oh and my bill is wrong too")

    assert told(talk) == "oh and my bill is wrong too"


async def test_danger_opens_the_ticket_at_once() -> None:
    talk = await asked_since_when()

    await talk.hears("action_hand_over_reply", "oh and it smells of burning here")

    (signals,) = talk.desk.opened.values()
    assert signals.safety
    assert "it smells of burning here" in signals.problem


@pytest.mark.parametrize(
    "said",
    [
        "since the storm on Monday",
        "it started when the engineer was here",
        "the picture went away last week",
        "oh, about a week ago I think",
        "and since Tuesday it is worse",
        "oh since the engineer moved the router",
        "a couple of days, no picture at all",
        "ever since you put my bill up",
        "my bill was due that day",
        "for 3 days and there is no signal either",
        "the engineer moved the box",
        "it got worse bit by bit",
        "oh it was the new router",
    ],
)
async def test_an_answer_to_since_when_stays_one(said: str) -> None:
    talk = await asked_since_when()

    assert await talk.hears("action_hand_over_reply", said) == ["utter_ask_affected"]
    assert told(talk) == "telly is dead"
    assert talk.slots["handover"]["signals"]["since"] == said


@pytest.mark.parametrize(
    ("said", "affected"),
    [
        ("also my family has no signal", "several"),
        ("and everyone in our street too", "many"),
        ("only me as far as I can see", "one"),
        ("my neighbour has no picture either", "many"),
    ],
)
async def test_an_answer_to_who_is_affected_stays_one(said: str, affected: str) -> None:
    talk = await asked_who_is_affected()

    assert await talk.hears("action_hand_over_reply", said) == ["utter_ask_contact"]
    assert talk.slots["handover"]["signals"]["affected"] == affected


@pytest.mark.parametrize(
    "said",
    ["oh and you can use 01632 960123 too", "also jo@example.com for my bill", "and my email is jo at example dot com"],
)
async def test_a_contact_stays_one(said: str) -> None:
    talk = await asked_for_a_contact()

    assert (await talk.hears("action_hand_over_reply", said))[0] == "utter_ticket_reply_by"
    assert talk.desk.opened["t1"].reachable in {"+441632960123", "jo@example.com"}


async def test_a_contact_that_was_not_given_is_no_other_problem() -> None:
    talk = await asked_for_a_contact()

    said = await talk.hears("action_hand_over_reply", "you have my email address already")

    assert said == ["utter_not_understood", "utter_ask_contact"]
    assert told(talk) == "telly is dead"


async def test_what_surely_is_no_question_is_no_other_problem() -> None:
    talk = await asked_since_when()

    await talk.hears("action_hand_over_reply", "oh and I have no idea about my bill", "dont_know", sure=0.95)

    assert told(talk) == "telly is dead"


async def test_what_is_said_when_the_problem_is_asked_for_is_the_problem_however_well_it_is_known() -> None:
    talk = Talk(decisions=KNOWN)
    await talk.hears("action_person", "a person", "person")

    said = await talk.hears("action_hand_over_reply", "the engineer drilled through my wall", "nlu_fallback", sure=0.3)

    assert "utter_ask_problem" not in said
    assert told(talk) == "the engineer drilled through my wall"
