"""actions.account and the topics that tell of it: the system's own figures, and only to who is verified."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from actions.turn import ACCOUNT_QUESTIONS
from subscriber.client import Extension, Money, Product, Standing
from subscriber.usage import Allowance, Credit
from tests.actions.ledger import Ledger, bill, paid, plan, pounds
from tests.actions.world import ACTIONS, JO, Operator, Talk, answers

LAST = bill("2", ("Fibre 80", "29.00"), ("Roaming", "8.40"))
BEFORE = bill("1", ("Fibre 80", "29.00"), ("Welcome", "-6.00"), months_ago=1, is_paid=True)
RESETS = datetime(2026, 12, 19, tzinfo=UTC)
LEDGER: dict[str, Any] = {
    "bills": [LAST, BEFORE],
    "payments": [paid("p1", "23.00", on=datetime(2026, 11, 3, tzinfo=UTC), bill_id="1")],
    "usage": [Allowance("data", "Mobile", "m1", Decimal("3.75"), Decimal("16.25"), RESETS, (Decimal(11),))],
    "products": [Product("m1", plan("Mobile 50 GB", "19.00", 50))],
    "offers": [plan("Mobile 20 GB", "14.00", 20)],
}
TOLD = {"utter_offer_account", "utter_ask_account", "utter_ask_second_fact", "utter_facts_do_not_match"}


def talk(*, verified: bool = True, medium: str = "screen", decisions: Any = None, **held: Any) -> Talk:
    found = Talk(operator=Operator(ledger=Ledger(**{**LEDGER, **held})), medium=medium, decisions=decisions)
    if verified:
        found.slots["customer"] = {"customer_id": JO.customer_id, "segment": "consumer", "phone": JO.phone}
        found.identity.now = Standing("verified", JO)
    return found


def values(found: Talk, response: str) -> dict[str, str]:
    """What fills the braces of a response."""
    (message,) = [one for one in found.said if one["response"] == response]
    return {name: value for name, value in message.items() if isinstance(value, str)}


@pytest.mark.parametrize("intent", sorted(ACCOUNT_QUESTIONS))
async def test_without_verification_nothing_of_the_account_is_told(intent: str) -> None:
    found = talk(verified=False)

    said = await found.hears(f"action_{intent}", "about my account", intent)
    said += await found.hears("action_account_reply", "Look at my account", "affirm")
    said += await found.gives("mismatch")

    assert set(said) <= TOLD
    assert "GBP" not in str(found.past)
    assert "£" not in str(found.past)


@pytest.mark.parametrize("intent", sorted(ACCOUNT_QUESTIONS))
def test_every_question_of_the_account_has_its_action(intent: str) -> None:
    assert f"action_{intent}" in ACTIONS


async def test_who_logged_in_at_the_operators_site_is_told_at_once() -> None:
    found = talk(verified=False)
    found.identity.now = Standing("verified", JO)

    told = await found.hears("action_bill_change", "why is my bill higher", "bill_change")

    assert told == ["utter_bill_higher", "utter_bill_changes", "utter_anything_else"]


async def test_a_login_that_proves_less_than_is_needed_tells_nothing() -> None:
    found = talk(verified=False)
    found.identity.now = Standing("known", JO)

    assert await found.hears("action_bill_change", "why is my bill higher", "bill_change") == ["utter_offer_account"]


async def test_without_the_customer_system_the_general_answer_is_given() -> None:
    found = talk(verified=False)
    found.identity.is_away = True

    said = await found.hears("action_bill_change", "why is my bill higher", "bill_change")

    assert said[0] == "utter_account_unavailable"


async def test_after_verification_it_comes_back_to_what_was_asked() -> None:
    found = talk(verified=False)
    await found.hears("action_bill_change", "why is my bill higher", "bill_change")

    asked = await found.hears("action_account_reply", "Look at my account", "affirm")
    number = await found.gives("half")
    told = await found.gives("verified")

    assert (asked, number) == (["utter_ask_account"], ["utter_ask_second_fact"])
    assert told == ["utter_verified", "utter_bill_higher", "utter_bill_changes", "utter_anything_else"]


async def test_in_guided_steps_it_comes_back_to_the_step() -> None:
    found = talk(decisions=answers("tv-black-screen"))
    begun = await found.hears("action_question", "my tv is black")

    told = await found.hears("action_bill_balance", "what do i owe", "bill_balance")

    assert begun[0] == "utter_flow_begins"
    assert told[0] == "utter_owed"
    assert "utter_back_to_steps" in told


async def test_who_would_rather_not_gets_the_article_and_is_not_asked_again() -> None:
    found = talk(verified=False, decisions=answers("bill-went-up"))
    await found.hears("action_bill_change", "why is my bill higher", "bill_change")

    said = await found.hears("action_account_reply", "A general answer", "deny")

    assert said[0] == "utter_flow_begins"
    assert "utter_offer_check_account" not in said
    assert found.knowledge.asked[-1][0] == "why is my bill higher"


@pytest.mark.parametrize("intent", sorted(ACCOUNT_QUESTIONS))
async def test_a_system_that_does_not_answer_makes_no_figure(intent: str) -> None:
    found = talk(away=True, decisions=answers("bill-went-up"))
    found.slots["customer"] = {**found.slots["customer"], "level": "strong"}

    said = await found.hears(f"action_{intent}", "my bill please", intent)

    assert said[0] == "utter_account_unavailable"
    assert "£" not in str(found.past)


async def test_the_bill_is_explained_line_by_line() -> None:
    found = talk()

    said = await found.hears("action_bill_explain", "explain my bill", "bill_explain")

    told = values(found, "utter_bill")
    assert said[:3] == ["utter_bill", "utter_bill_tax", "utter_bill_due"]
    assert (told["amount"], told["lines"]) == ("£37.40", "- Fibre 80: £29.00\n- Roaming: £8.40")
    assert values(found, "utter_bill_due")["due"] == "3 December"


async def test_the_difference_is_told_by_its_lines() -> None:
    found = talk()

    await found.hears("action_bill_change", "why is my bill higher", "bill_change")

    told = values(found, "utter_bill_higher")
    assert (told["amount"], told["before"], told["difference"]) == ("£37.40", "£23.00", "£14.40")
    assert values(found, "utter_bill_changes")["lines"].splitlines() == [
        "- New: Roaming (£8.40 more)",
        "- No longer there: Welcome (£6.00 more)",
    ]


async def test_a_bill_that_is_the_same_gets_the_article_too() -> None:
    same = [bill("2", ("Fibre", "29.00")), bill("1", ("Fibre", "29.00"), months_ago=1, is_paid=True)]
    found = talk(bills=same, decisions=answers("bill-went-up"))

    said = await found.hears("action_bill_change", "why is my bill higher", "bill_change")

    assert said[:2] == ["utter_bill_same", "utter_flow_begins"]


async def test_an_older_bill_that_is_open_is_told_with_it() -> None:
    found = talk(bills=[LAST, bill("1", ("Fibre 80", "29.00"), months_ago=1)])

    said = await found.hears("action_bill_change", "why is my bill higher", "bill_change")

    assert "utter_owed_in_all" in said
    assert values(found, "utter_owed_in_all")["amount"] == "£66.40"
    assert values(found, "utter_owed_overdue")["due"] == "3 November"


@pytest.mark.parametrize(
    ("amount", "medium", "told"),
    [
        (pounds("1034.20"), "screen", "£1,034.20"),
        (Money(Decimal("12.5"), "CHF"), "screen", "CHF 12.50"),
        (Money(Decimal("1500"), "JPY"), "ear", "JPY 1,500"),
        (Money(Decimal("7.125"), "KWD"), "ear", "KWD 7.125"),
    ],
)
async def test_credit_is_told_in_its_currency(amount: Money, medium: str, told: str) -> None:
    found = talk(bills=[], credit=[Credit(amount, datetime(2027, 2, 1, tzinfo=UTC))], medium=medium)

    said = await found.hears("action_bill_balance", "what is my balance", "bill_balance")

    assert said[0] == "utter_credit_until"
    assert "utter_nothing_owed" not in said
    assert (found.said[0]["amount"], found.said[0]["until"]) == (told, "1 February 2027")


async def test_a_discount_is_below_zero_for_eye_and_ear() -> None:
    last = bill("2", ("Fibre", "29.00"), ("Welcome", "-6.00"))
    seen, heard = talk(bills=[last]), talk(bills=[last], medium="ear")

    for found in (seen, heard):
        await found.hears("action_bill_explain", "explain my bill", "bill_explain")

    assert values(seen, "utter_bill")["lines"].endswith("Welcome: -£6.00")
    assert values(heard, "utter_bill")["lines"] == "Fibre, £29.00; Welcome, minus £6.00"


async def test_the_ear_is_spared_a_long_list() -> None:
    found = talk(bills=[bill("2", *((f"Line {number}", "1.00") for number in range(9)))], medium="ear")

    await found.hears("action_bill_explain", "explain my bill", "bill_explain")

    assert values(found, "utter_bill")["lines"].endswith("Line 4, £1.00; and 4 more")


async def test_a_payment_taken_twice_becomes_a_dispute_with_the_evidence() -> None:
    again = paid("p2", "23.00", on=datetime(2026, 11, 5, tzinfo=UTC), bill_id="1")
    found = talk(payments=[again, *LEDGER["payments"]])

    said = await found.hears("action_payment_state", "did you get my payment", "payment_state")

    assert said == ["utter_payments", "utter_paid_twice", "utter_ask_contact_account"]
    assert found.handover is not None
    signals = found.handover["signals"]
    assert (signals["category"], signals["problem"]) == ("bill-dispute", "did you get my payment")
    (check,) = signals["checks"]
    assert check["name"] == "payments"
    assert all(part in check["result"] for part in ("23.00 GBP", "p1", "p2", "2026-11-05"))


@pytest.mark.parametrize("is_twice", [True, False])
async def test_charged_twice_is_looked_up_for_who_is_verified(is_twice: bool) -> None:
    again = [paid("p2", "23.00", on=datetime(2026, 11, 5, tzinfo=UTC), bill_id="1")] if is_twice else []
    found = talk(payments=[*again, *LEDGER["payments"]], decisions=answers("bill-charged-twice"))

    said = await found.hears("action_question", "my bill was paid twice")

    assert said[0] == ("utter_paid_twice" if is_twice else "utter_article")
    assert found.handover is not None
    assert found.handover["signals"]["checks"][0]["result"].startswith("fault" if is_twice else "ok")


async def test_more_time_is_arranged_after_a_yes_and_only_once() -> None:
    found = talk()

    asked = await found.hears("action_payment_extension", "can i pay later", "payment_extension")
    offered = values(found, "utter_offer_extension")
    code = await found.hears("action_account_reply", "Yes, please", "affirm")
    agreed = await found.gives("strong")
    again = await found.hears("action_payment_extension", "can i pay later", "payment_extension")

    assert asked == ["utter_offer_extension"]
    assert (offered["amount"], offered["due"], offered["until"]) == ("£37.40", "3 December", "17 December")
    assert code == ["utter_code_sent"]
    assert agreed == ["utter_verified", "utter_extension_granted", "utter_anything_else"]
    assert found.operator.ledger.granted == [Extension("2", datetime(2026, 12, 17, tzinfo=UTC))]
    assert again[0] == "utter_extension_before"


@pytest.mark.parametrize(("words", "intent"), [("No, leave it", "deny"), ("why", "why")])
async def test_without_a_yes_nothing_is_changed(words: str, intent: str) -> None:
    found = talk()
    await found.hears("action_payment_extension", "can i pay later", "payment_extension")

    said = await found.hears("action_account_reply", words, intent)

    assert said == ["utter_nothing_changed", "utter_anything_else"]
    assert found.operator.ledger.granted == []


async def test_what_the_policy_does_not_allow_is_for_a_person() -> None:
    found = talk(bills=[bill("2", ("Fibre", "150.01"))])

    said = await found.hears("action_payment_extension", "can i pay later", "payment_extension")

    assert said[0] == "utter_extension_person"
    assert found.handover is not None
    assert found.handover["signals"]["category"] == "payment"


async def test_what_is_left_is_told_as_the_system_counts_it() -> None:
    found = talk()

    await found.hears("action_usage_left", "how much data is left", "usage_left")

    told = values(found, "utter_usage_left")
    assert (told["service"], told["resets"]) == ("Mobile", "19 December")
    assert told["lines"] == "- 16.25 GB of data left, 3.75 GB used"


async def test_a_cheaper_plan_is_told_with_what_it_saves() -> None:
    found = talk()

    said = await found.hears("action_plan_fit", "which plan fits me", "plan_fit")

    assert said[:2] == ["utter_plan_needs", "utter_plan_cheaper"]
    told = values(found, "utter_plan_cheaper")
    assert (told["plan"], told["price"], told["saving"]) == ("Mobile 20 GB", "£14.00", "£5.00")


async def test_unsure_recognition_asks_the_knowledge_base() -> None:
    found = talk(decisions=answers("bill-read-charges"))

    said = await found.hears("action_bill_explain", "what does the bill mean", "bill_explain", sure=0.6)

    assert said[0] == "utter_article"


async def test_another_question_about_the_account_instead_of_a_yes_is_that_question() -> None:
    found = talk(verified=False)
    await found.hears("action_bill_change", "why is my bill higher", "bill_change")

    said = await found.hears("action_usage_left", "how much data is left", "usage_left")

    assert said == ["utter_offer_account"]
    assert found.slots["wish"]["action"] == "action_usage_left"
