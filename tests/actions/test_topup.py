"""actions.topup: the code is asked for and never heard; what became of it is told as it is."""

from datetime import UTC, datetime
from typing import Any

import pytest

from subscriber.client import Standing
from subscriber.usage import Credit
from tests.actions.ledger import Ledger, pounds
from tests.actions.world import JO, Operator, Talk

ASKED = ("action_topup", "i have a voucher", "topup")
CREDIT = Credit(pounds("17.35"), datetime(2027, 2, 1, tzinfo=UTC))


def talk(*, is_prepaid: bool = True, medium: str = "screen") -> Talk:
    found = Talk(operator=Operator(ledger=Ledger(credit=[CREDIT] if is_prepaid else [])), medium=medium)
    found.slots["customer"] = {"customer_id": JO.customer_id}
    found.identity.now = Standing("verified", JO)
    return found


async def gives(found: Talk, outcome: str) -> list[str]:
    """What the front door tells in place of the code."""
    return await found.hears("action_topup_reply", "/voucher_given", "voucher_given", outcome=outcome)


def told(found: Talk, response: str) -> dict[str, Any]:
    (message,) = [one for one in found.said if one["response"] == response]
    return message


@pytest.mark.parametrize("medium", ["screen", "ear"])
async def test_the_code_is_asked_for_as_a_secret_and_the_new_balance_is_told(medium: str) -> None:
    found = talk(medium=medium)

    asked = await found.hears(*ASKED)
    expects = found.said[-1]["custom"]["expects"]
    said = await gives(found, "topped_up")

    assert (asked, expects) == (["utter_topup_ask"], "voucher")
    assert said == ["utter_topup_done", "utter_anything_else"]
    assert told(found, "utter_topup_done")["balance"] == "£17.35"
    assert found.slots["stage"] != "topup"


async def test_who_pays_by_bill_is_asked_for_no_code() -> None:
    found = talk(is_prepaid=False)

    assert await found.hears(*ASKED) == ["utter_topup_not_prepaid", "utter_anything_else"]


async def test_it_is_topped_up_though_the_balance_cannot_be_read() -> None:
    found = talk()
    await found.hears(*ASKED)
    found.operator.ledger.away = True

    assert await gives(found, "topped_up") == ["utter_topup_done_unread", "utter_anything_else"]


@pytest.mark.parametrize("outcome", ["wrong", "used", "expired", "unread"])
async def test_a_refused_code_is_said_and_another_asked_for_three_times(outcome: str) -> None:
    found = talk()
    await found.hears(*ASKED)

    said = [await gives(found, outcome) for _ in range(3)]

    assert said == [[f"utter_topup_{outcome}", "utter_topup_ask"]] * 2 + [
        [f"utter_topup_{outcome}", "utter_topup_person"]
    ]
    assert found.choices == ["Talk to a person", "No, thank you"]


@pytest.mark.parametrize("outcome", ["locked", "away", "something else"])
async def test_when_no_code_is_taken_a_person_is_offered(outcome: str) -> None:
    found = talk()
    await found.hears(*ASKED)

    said = await gives(found, outcome)
    await found.hears("action_choose", "Talk to a person", "affirm")

    assert said == [f"utter_topup_{'locked' if outcome == 'locked' else 'away'}"]
    assert found.handover is not None
    assert found.handover["signals"]["category"] == "balance-topup"


async def test_when_nobody_knows_whether_it_was_used_a_person_looks() -> None:
    found = talk()
    await found.hears(*ASKED)

    said = await gives(found, "unsure")

    assert said[0] == "utter_topup_unsure"
    assert "utter_topup_done" not in said
    assert found.handover is not None
    assert found.handover["signals"]["problem"] == ASKED[1]


@pytest.mark.parametrize("outcome", ["accepted", "not_prepaid"])
async def test_what_ends_it_is_said_once(outcome: str) -> None:
    found = talk()
    await found.hears(*ASKED)

    assert await gives(found, outcome) == [f"utter_topup_{outcome}", "utter_anything_else"]


async def test_words_in_place_of_the_code() -> None:
    found = talk()
    await found.hears(*ASKED)

    why = await found.hears("action_topup_reply", "where is it", "how")
    where = await found.hears("action_topup_reply", "where do I find the code?")
    short = await found.hears("action_topup_reply", "it says 1234", "nlu_fallback")
    no = await found.hears("action_topup_reply", "never mind", "deny")

    assert why == where == ["utter_topup_where", "utter_topup_ask"]
    assert short == ["utter_topup_unread", "utter_topup_ask"]
    assert no == ["utter_nothing_changed", "utter_anything_else"]


async def test_before_verification_nothing_is_asked_for() -> None:
    found = talk()
    found.slots["customer"], found.identity.now = None, Standing()

    assert await found.hears(*ASKED) == ["utter_offer_account"]
