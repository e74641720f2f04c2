"""Customers in the middle of guided steps, as tests find them."""

from tests.actions.world import Talk, answers


async def in_the_steps(**world: object) -> Talk:
    """At the first question of the slow broadband flow, without the system's checks."""
    talk = Talk(decisions=answers("broadband-slow-tonight", "sim-puk-blocked"), **world)  # type: ignore[arg-type]  # passed on
    await talk.hears("action_question", "my broadband is slow")
    await talk.hears("action_flow_reply", "Go on without", "deny")
    return talk


def step(talk: Talk) -> str:
    return str(talk.said[-1]["custom"]["about"].get("step"))


async def at_the_restart(**world: object) -> Talk:
    talk = await in_the_steps(**world)
    await talk.hears("action_flow_reply", "Cable")
    return talk


async def at_a_question_of_yes_and_no() -> Talk:
    """ "Try the same page again. Is it better now?" """
    talk = await at_the_restart()
    await talk.hears("action_flow_reply", "I've restarted it")
    return talk
