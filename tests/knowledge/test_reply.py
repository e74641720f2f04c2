"""Which choice a reply means: every wording of the house's flows finds its own, and "there is no light" is no no."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.flow import Branch, Step, read_flow
from knowledge.reply import choose
from knowledge.words import Words

ENGLISH = Words.of("en")
ARTICLES = Path(__file__).resolve().parents[2] / "knowledge" / "articles"
STEPS = [
    pytest.param(step, id=f"{file.name.split('.')[0]}-{step.id}")
    for file in sorted(ARTICLES.glob("*.flow.yml"))
    for step in read_flow(file).steps
    if step.choices
]
BETTER = (Branch("Yes, it's better", "a"), Branch("No, still slow", "b"))
LIGHTS = (Branch("No lights at all", "a"), Branch("Red", "b", says=("no signal",)), Branch("Yes we have two", "c"))
THINGS = ["light", "button", "signal", "picture", "lamp", "cable", "previous balance", "such setting", "idea", "clue"]


def chosen(choices: tuple[Branch, ...], said: str) -> str | None:
    branch = choose(choices, said, ENGLISH)
    return branch.go if branch else None


@pytest.mark.parametrize("step", STEPS)
def test_every_wording_finds_its_own_choice(step: Step) -> None:
    strays = {
        phrase: found and found.label
        for branch in step.choices
        for phrase in (branch.label, *branch.says)
        if (found := choose(step.choices, phrase, ENGLISH)) is not branch
    }

    assert strays == {}


@given(
    before=st.sampled_from(["there is", "I have", "it has", "I see", "there was", "it shows", "we've got"]),
    thing=st.sampled_from(THINGS),
    after=st.sampled_from(["", " here", " at all", " on the box", " anywhere"]),
)
@settings(max_examples=150)
def test_what_is_not_there_is_neither_yes_nor_no(before: str, thing: str, after: str) -> None:
    assert chosen(BETTER, f"{before} no {thing}{after}") is None


@given(
    who=st.sampled_from(["it is", "it's", "they are", "there is", "there are", "I have", "I am", "it has"]),
    what=st.sampled_from(["red", "a blue one", "on the wall", "two of them", "at work", "strange", "behind the TV"]),
)
@settings(max_examples=100)
def test_a_description_is_no_yes(who: str, what: str) -> None:
    assert chosen(BETTER, f"{who} {what}") is None


@given(
    yes=st.sampled_from(["yes", "yeah", "yep", "it is", "it does", "sure", "of course", "they are", "I think it is"]),
    after=st.sampled_from(["", " now", " again", " thanks", ", thank you", " already"]),
)
@settings(max_examples=100)
def test_a_short_answer_is_a_yes(yes: str, after: str) -> None:
    assert chosen(BETTER, yes + after) == "a"


@pytest.mark.parametrize(
    "said",
    [
        *(
            "no",
            "No.",
            "nope",
            "erm no",
            "no it isn't",
            "no not really",
            "no the page won't load",
            "it isn't",
            "not yet",
        ),
        *("it does not", "it didn't help", "nothing changed", "no no", "sorry, no", "I'm afraid it is not"),
    ],
)
def test_a_no(said: str) -> None:
    assert chosen(BETTER, said) == "b"


@pytest.mark.parametrize(
    "said", ["I don't know", "I'm not sure", "I am not really sure", "no idea", "I did not know that", "not sure"]
)
def test_whoever_does_not_know_says_neither(said: str) -> None:
    assert chosen(BETTER, said) is None


@pytest.mark.parametrize("said", ["no", "nope", "not really", "yes", "it is"])
def test_a_wording_that_only_begins_with_yes_or_no_is_no_answer(said: str) -> None:
    assert chosen(LIGHTS, said) is None


@pytest.mark.parametrize(
    ("said", "go"), [("no lights at all", "a"), ("there is no signal", "b"), ("yes we have two", "c")]
)
def test_such_a_wording_is_found_by_its_own_words(said: str, go: str) -> None:
    assert chosen(LIGHTS, said) == go
