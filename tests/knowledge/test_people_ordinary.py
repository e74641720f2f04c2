"""An ordinary question is not taken for one for a person, whatever words it shares with those."""

from pathlib import Path

import pytest
import yaml

import knowledge
from knowledge.words import Words
from tests.knowledge.by_words import reason

TRAINING_TEXTS = Path(knowledge.__file__).parent / "languages" / "en.people.yml"


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
        "there was something on the radio about it",
        "I had a nice chat with a lady from Sunderland",
        "I can't get up the ladder at my age",
        "we got the keys from the solicitor on Friday",
        "I work at the county court and need wifi calling in the basement",
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


def test_a_rule_looks_for_all_its_phrases_in_the_words_that_they_need() -> None:
    training = yaml.safe_load(TRAINING_TEXTS.read_text(encoding="utf-8"))
    words = Words.of("en")
    texts = [text for kind, held in training.items() for text in (held if kind == "near_misses" else held["examples"])]
    said = [words.spoken(text) for text in texts]

    found = 0
    for rule in words.people:
        for phrase in (*rule.phrases, *rule.unless):
            with_it = [spoken for spoken in said if phrase.pattern.search(f" {spoken}")]
            found += len(with_it)
            assert all(phrase.may_be_in(frozenset(spoken.split())) for spoken in with_it), phrase

    assert found > 500
    assert any(phrase.needs for rule in words.people for phrase in rule.phrases)
