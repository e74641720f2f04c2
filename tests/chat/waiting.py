"""A customer who waits for a person: how it begins, and how it is seen."""

from bot.client import BotMessage
from tests.chat.fakes import Visitor, a_ticket


def opened(live: bool) -> BotMessage:
    ticket = a_ticket(category="bill-dispute").model_dump(mode="json")
    handover = {"state": "opened", "key": "c-k1", "ticket": ticket, "live": live, "next": "agent_joins"}
    return BotMessage("Your reference is FL-48317264.", handover={**handover, "dial": None, "queue_position": 2})


async def in_mode(visitor: Visitor, mode: str) -> None:
    await visitor.sees(lambda each: each["event"] == "status" and each["data"]["mode"] == mode)
