"""What only a person may handle is seen by its words, before anything is looked up."""

from pathlib import Path

import pytest
import yaml

import knowledge
from knowledge.decide import for_a_person
from knowledge.decision import Context

TRAINING_TEXTS = Path(knowledge.__file__).parent / "languages" / "en.people.yml"


def reason(said: str) -> str | None:
    found = for_a_person(said, Context())
    return found.reason if found else None


def handed_over_as(said: str) -> tuple[str, str, str] | None:
    found = for_a_person(said, Context())
    return (found.reason, found.category, found.hints.department) if found and found.hints else None


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
        "I rang 999 and heard nothing at all",
        "triple nine wont go through from my handset",
        "our house phone refuses emergency numbers",
        "the alarm round my mother's neck has stopped working since Tuesday",
        "it said the emergency call could not be completed",
        "please get me an ambulance, my phone is barred",
        "I'm 88, on my own, the phone is dead and I can't ring for help if I fall",
        "the hospital monitor for my heart can't send because the line is down",
        "um I tried nine nine nine and it went beep beep beep",
        "the warden can't hear the residents when they pull the cord, your line is off",
        "MY SON HAS SEIZURES AND THERE IS NO PHONE LINE",
        "112 is blocked on my SIM",
        "is it normal that the router glows and stinks of hot plastic",
        "my socket went bang and everything is black",
        "the hub has set the curtain alight",
        "your wire came down in the wind and is across the pavement",
        "somebody is going to be killed by that pole",
        "the charger that came with the phone scorched my bedside table",
        "there's gas coming up where your men dug",
        "i got a zap off the metal bit on the box",
        "uncovered manhole by the primary school",
        "the phone's battery has gone like a balloon, it's bulging out the back",
        "theres sparks when i put the plug in",
        "SMOKE!! it's coming out the modem",
        "my boyfriend hits me and goes through my phone",
        "he's threatening to stab me",
        "there is somebody in my house right now",
        "your fitter fell through the ceiling and he's unconscious",
        "my ex found out my new address from the bill and now he's outside",
        "I slipped on the cable your lads left and broke my elbow",
        "a grown man keeps asking my little girl for pictures",
        "she is choking",
        "I'll batter the next engineer that comes round",
        "I had to run away from my husband and he can see where my phone is",
        "some bloke on the internet says he will publish my nudes if I don't pay",
        "my grandad collapsed and the line is dead",
        "I can't do this any more, I see no way out",
        "they'd all be better off without me",
        "i dont see why i should go on living",
        "I've been thinking about killing myself for weeks",
        "it would be easier if I just died",
        "nobody will miss me when I'm gone",
        "my brother wants to end his life and I can't reach him",
        "I've nothing left to live for since Mary passed",
        "i just want to fall asleep and never wake up",
        "I'm so tired of living, honestly",
        "she took all her sleeping tablets and won't answer",
        "i hurt myself again last nite and i cant stop",
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
        "can I call 999 when the power is off",
        "is 112 free from abroad",
        "does mum's pendant need the old socket",
        "my Fire tablet can't find the wifi",
        "the router is warm to the touch, does it need more air",
        "my bill gave me a shock, why is it £6 more",
        "smoke alarm app won't connect to the wifi",
        "cable from the wall is too short",
        "my boss is going to kill me if the video call drops again",
        "the app keeps dying on me",
        "I can't go on YouTube",
        "there's no way out of this menu",
        "losing the will to live on hold, can I do it online",
        "what's the point of the second box",
        "how do I end the trial",
        "is there a speaker phone for the deaf",
        "when people call me they can't hear me",
        "can somebody tell me what a PUK is",
        "my operator name shows wrong on the screen",
        "we live in Hampton Court, is there fibre",
        "I'm a lawyer and I need a fixed line at home",
        "which button do I press for subtitles",
        "my bill is £3.20 more than in May",
        "why was I charged £4 for a call to France",
        "second time I reset the box, is that normal",
        "I've tried three times to log in",
        "can I leave after the first year",
        "I'm moving and want to cancel in June",
        "how much notice for switching to another provider",
        "who do I write to with a compliment",
    ],
)
def test_an_ordinary_question_is_left_to_the_articles(said: str) -> None:
    assert reason(said) is None


def test_no_near_miss_of_the_training_texts_is_taken_for_one_for_a_person() -> None:
    near = yaml.safe_load(TRAINING_TEXTS.read_text(encoding="utf-8"))["near_misses"]

    assert len(near) >= 180
    assert [said for said in near if reason(said)] == []
