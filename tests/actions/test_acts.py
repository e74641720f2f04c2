"""actions.acts: what was done already is not asked for again."""

import pytest

from actions.acts import KNOWN
from knowledge.flow import read_flow
from tests.actions.shown import DOMAIN
from tests.actions.world import ARTICLES, Talk, answers

FLOWS = [read_flow(file) for file in sorted(ARTICLES.glob("*.flow.yml"))]


def step(talk: Talk) -> str:
    return str(talk.said[-1]["custom"]["about"].get("step"))


async def at_the_restart(first_words: str = "my broadband is slow") -> Talk:
    talk = Talk(decisions=answers("broadband-slow-tonight", "wifi-weak-room"))
    await talk.hears("action_question", first_words)
    await talk.hears("action_flow_reply", "Go on without", "deny")
    await talk.hears("action_flow_reply", "Cable")
    return talk


async def to_the_channel(talk: Talk) -> list[str]:
    """Through the steps of another flow, to where it asks for a restart."""
    await talk.hears("action_question", "the wifi is weak in my bedroom")
    for reply in ("Go on without", "Yes, it's good there", "In the open"):
        await talk.hears("action_flow_reply", reply, "deny" if reply == "Go on without" else "")
    return await talk.hears("action_flow_reply", "There's only one name")


async def test_a_restart_done_in_other_steps_is_passed_over_with_a_word() -> None:
    talk = await at_the_restart()
    await talk.hears("action_flow_reply", "I've restarted it")
    await talk.hears("action_flow_reply", "oh it works again", "solved")

    said = await to_the_channel(talk)

    assert said == ["utter_done_before", "utter_step"]
    assert talk.said[0]["done"] == "restarted the router"
    assert step(talk) == "extender"
    passed = [each for each in talk.slots["found"]["steps"] if each["step"] == "channel"]
    assert [each["result"] for each in passed] == ["done before"]


async def test_back_does_not_return_to_what_was_passed_over() -> None:
    talk = await at_the_restart()
    await talk.hears("action_flow_reply", "I've restarted it")
    await talk.hears("action_flow_reply", "oh it works again", "solved")
    await to_the_channel(talk)

    await talk.hears("action_flow_reply", "back", "go_back")

    assert step(talk) == "band"


async def test_what_could_not_be_done_is_asked_for_again() -> None:
    talk = await at_the_restart()
    await talk.hears("action_flow_reply", "I can't restart it")
    await talk.hears("action_flow_reply", "oh it works again", "solved")

    assert await to_the_channel(talk) == ["utter_step"]
    assert step(talk) == "channel"


@pytest.mark.parametrize(
    "words", ["my broadband is slow, I already rebooted the router", "broadband slow. Turned the router off and on!"]
)
async def test_what_was_tried_before_is_read_in_the_first_words(words: str) -> None:
    talk = await at_the_restart(words)

    assert step(talk) == "quiet"
    assert talk.said[0]["response"] == "utter_done_before"


async def test_starting_over_asks_for_everything_again() -> None:
    talk = await at_the_restart("my broadband is slow, I already rebooted the router")
    await talk.hears("action_start_over", "start over", "start_over")
    await talk.hears("action_question", "my broadband is slow")
    await talk.hears("action_flow_reply", "Go on without", "deny")

    await talk.hears("action_flow_reply", "Cable")

    assert step(talk) == "restart"


def test_every_act_of_the_flows_has_its_words() -> None:
    acts = {step.act for flow in FLOWS for step in flow.steps if step.act}

    assert acts == set(KNOWN)
    for act in acts:
        assert f"phrase_act_{act.replace('-', '_')}" in DOMAIN["responses"]
        assert f"phrase_tried_{act.replace('-', '_')}" in DOMAIN["responses"]


def test_an_act_is_shared_by_at_least_two_flows() -> None:
    shared = {act: {flow.id for flow in FLOWS for step in flow.steps if step.act == act} for act in KNOWN}

    assert min(map(len, shared.values())) >= 2
