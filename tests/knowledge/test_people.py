"""Who wants a person, or has what only a person may handle, is seen by their words."""

import pytest

from tests.knowledge.by_words import handed_over_as, reason


@pytest.mark.parametrize(
    "said",
    [
        "I want to talk to a person",
        "can I speak to someone please",
        "human please",
        "Agent",
        "REPRESENTATIVE!!!",
        "get me a manager",
        "put me through to customer service",
        "I don't want to talk to a bot",
        "is there a real person there",
        "please call me back",
        "transfer me to an advisor",
        "you will hear from my lawyer",
        "I'll take you to court",
        "I am going to the ombudsman about this",
        "I want to make a formal complaint",
        "I will sue you",
        "can I have a word with one of your colleagues",
        "is anybody human there or is it all computers",
        "I would rather talk to a real lady",
        "gimme an agent",
        "hand me over to somebody who understands",
        "ring me back on my landline please",
        "stop this, I want to speak to a proper person",
        "i dont talk to machines",
        "what number do I ring to speak to someone",
        "get your supervisor",
        "I need a live agent not a chatbot",
        "speak to customer service",
        "expect a letter from my barrister",
        "we'll meet in the county court",
        "I've told the ombudsman everything",
        "what you are doing is against the law and I shall prosecute",
        "my solicitor says you're in breach of contract",
        "trading standards will be hearing about this",
        "I'm going to talk to the newspapers",
        "sue you, that's what I'll do",
        "This is my letter before action.",
        "ofcom have my complaint already",
        "taking u to small claims",
        "my MP is going to ask you about it",
    ],
)
def test_who_wants_a_person_or_threatens_with_the_law_gets_one(said: str) -> None:
    assert reason(said) == "person"


@pytest.mark.parametrize(
    "said",
    [
        "I dispute the exit fee of £180 you took on 4 May",
        "I refuse to pay the £49 for a visit that was free",
        "you've wrongly billed me £23 since June",
        "I am not paying for calls I never made",
        "give me back my money, £60 was taken by mistake",
        "you still owe me the £100 cashback",
        "still waiting for my refund of £75 from April",
        "I was charged in error on the 9th",
        "we were overcharged by £312 over two years",
        "the charge I never agreed to is on again",
        "I will not pay £200 for a router I sent back",
        "I was promised a refund in March, where is it",
    ],
)
def test_who_disputes_a_bill_gets_the_billing_team(said: str) -> None:
    assert handed_over_as(said) == ("person", "bill-dispute", "billing")


@pytest.mark.parametrize(
    "said",
    [
        "either it's repaired by tonight or I'm off",
        "lower my bill or I'll switch to Virgin",
        "if you don't sort this out I am leaving",
        "I'm going to leave unless you match it",
        "you're about to lose a loyal customer",
        "I'll take my custom elsewhere",
        "give me one reason to stay with you",
        "this was the last straw, I'm moving to EE",
        "one more dropout and I'm gone",
        "I've already looked at other providers because of this",
        "honestly tempted to switch after the way you treated us",
        "fix my line or I cancel",
    ],
)
def test_who_will_leave_unless_something_is_done_gets_a_person(said: str) -> None:
    assert handed_over_as(said) == ("person", "cancel", "frontline")


@pytest.mark.parametrize(
    "said",
    [
        "this is the fifth time I report the same fault",
        "three engineers have been and it still crackles",
        "I've phoned eight times and I'm none the wiser",
        "the second appointment nobody came to",
        "no one ever rings me back as promised",
        "how many more times must I explain it",
        "passed from one department to another again",
        "you promised it for Monday and nothing happened",
        "I'm sick of repeating myself to every new person",
        "my ticket has been closed without anybody repairing it",
        "yet another engineer who knows nothing",
        "told you four times that the line is dead",
    ],
)
def test_what_has_failed_again_goes_to_a_person_as_a_complaint(said: str) -> None:
    assert handed_over_as(said) == ("person", "complaint", "frontline")
