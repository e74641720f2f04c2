"""What only a person may handle is seen by its words, before anything is looked up."""

import pytest

from knowledge.decide import for_a_person
from knowledge.decision import Context


def reason(said: str) -> str | None:
    found = for_a_person(said, Context())
    return found.reason if found else None


@pytest.mark.parametrize(
    "said",
    [
        "I can smell gas near your cabinet",
        "there's a burning smell coming from the router",
        "my hub is on fire",
        "sparks are coming out of the socket where the router is plugged in",
        "the battery of the phone you sold me is swollen",
        "I got an electric shock from your cable",
        "a telegraph pole has fallen across the road",
        "the engineer fell off the ladder and he is hurt",
        "I can't call 999",
        "cant get through to 999",
        "emergency calls don't work on my phone",
        "my mum's pendant alarm is not working since you switched the line",
        "I need an ambulance",
        "I want to kill myself",
        "i dont want to live anymore",
        "there is no point in living",
        "thinking about suicide",
        "my ex is tracking me through my phone",
        "I am going to hurt someone if this is not fixed",
    ],
)
def test_danger_goes_to_a_person_at_once(said: str) -> None:
    assert reason(said) == "safety"


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
    ],
)
def test_who_wants_a_person_or_threatens_with_the_law_gets_one(said: str) -> None:
    assert reason(said) == "person"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "my internet is really slow tonight",
        "my phone only shows emergency calls only",
        "my fire stick doesn't work",
        "I can't talk to my friend on the phone, the call drops",
        "people can't call me",
        "I spoke to an agent yesterday and the router is still broken",
        "how do I set up voicemail",
        "this is killing me, the wifi drops every hour",
        "I forgot my password for the account manager page",
        "the line is dead",
        "what are the operator settings for my network",
        "how do I watch the tennis court cameras",
        "can someone explain my bill",
        "my battery drains too fast",
        "does the call get charged when nobody answers",
    ],
)
def test_an_ordinary_question_is_left_to_the_articles(said: str) -> None:
    assert reason(said) is None
