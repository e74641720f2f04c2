"""What keys and words mean depends on what was asked."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.call import MOST_MISSES, Call, Prompt, asked, missed, outcome, understood
from ivr.heard import understand
from ivr.meaning import Heard, Number, Open, Rating, Say, Unsure, number_in
from ivr.reply import menu_prompt
from ivr.words import words
from tests.security.hostile import any_text

EN = words("en")
QUESTION = Prompt("Is the light on?", choices=("Yes", "No, it is off"))
OPEN = Prompt("What is the problem?")
DIGITS = Prompt("Your account number?", expects="digits")
NUMBER = Prompt("Your number?", expects="callback_number")
LONG = Prompt("Part one.", choices=("Yes", "No"), rest="Part two.")


def call(prompt: Prompt = OPEN) -> Call:
    return Call(call_sid="CA1", contact_id=uuid4(), language="en", caller=None, prompt=prompt)


def meaning(prompt: Prompt, *, keys: str = "", speech: str = "", confidence: float | None = 0.9) -> object:
    return understand(Heard(keys=keys, speech=speech, confidence=confidence), call(prompt), EN)


@pytest.mark.parametrize("prompt", [QUESTION, OPEN, DIGITS, LONG, menu_prompt(EN, "main")])
@pytest.mark.parametrize(
    ("keys", "speech", "expected"),
    [
        ("0", "", "person"),
        ("*", "", "repeat"),
        ("#", "", "back"),
        ("", "agent", "person"),
        ("", "A person, please.", "person"),
        ("", "Repeat", "repeat"),
        ("", "go back", "back"),
        ("", "", "silence"),
    ],
)
def test_commands_work_at_every_prompt(prompt: Prompt, keys: str, speech: str, expected: str) -> None:
    assert meaning(prompt, keys=keys, speech=speech) == expected


@pytest.mark.parametrize(
    "said", ["my agent told me it works", "I want to go back to my old plan", "the person before me had this number"]
)
def test_a_command_inside_a_sentence_is_part_of_the_sentence(said: str) -> None:
    told = meaning(OPEN, speech=said)

    assert isinstance(told, Say)
    assert told.text == said


@pytest.mark.parametrize(
    ("keys", "speech"), [("2", ""), ("", "two"), ("", "Option two."), ("", "no, it is off"), ("", "No it is off!")]
)
def test_a_choice_is_taken_by_key_by_the_keys_name_or_by_its_words(keys: str, speech: str) -> None:
    told = meaning(QUESTION, keys=keys, speech=speech)

    assert isinstance(told, Say)
    assert told.text == "No, it is off"


@pytest.mark.parametrize("keys", ["3", "9"])
def test_a_key_that_was_not_offered_is_no_answer(keys: str) -> None:
    assert meaning(QUESTION, keys=keys) == "no_match"


def test_words_the_recogniser_doubts_are_no_answer() -> None:
    assert meaning(OPEN, speech="blub", confidence=0.1) == "no_match"
    assert isinstance(meaning(OPEN, speech="my wifi is slow", confidence=None), Say)


def test_a_recogniser_that_reports_zero_does_not_know() -> None:
    assert Heard.of({"SpeechResult": "hello there", "Confidence": "0.0"}).confidence is None
    assert Heard.of({"SpeechResult": "hello there", "Confidence": "high"}).confidence is None


def test_the_menu_is_walked_by_key_and_by_word() -> None:
    assert meaning(menu_prompt(EN, "main"), keys="1") == Open("fault")
    assert meaning(menu_prompt(EN, "main"), speech="billing") == Open("bill")
    assert meaning(OPEN, speech="main menu") == Open("main")
    told = meaning(menu_prompt(EN, "fault"), keys="3")
    assert isinstance(told, Say)
    assert told.text == "My TV is not working"


def test_digits_reach_the_assistant_and_not_the_record() -> None:
    keyed, spoken = meaning(DIGITS, keys="10023456"), meaning(DIGITS, speech="one 0023456")

    assert isinstance(spoken, Unsure)  # read back first
    for told in (keyed, spoken.meaning):
        assert isinstance(told, Say)
        assert told.shown == "[digits]"
        assert "0023456" in told.text


def test_a_callback_number_is_read_back_before_it_counts() -> None:
    assert meaning(NUMBER, keys="07700900123") == Unsure(Number("07700900123"))
    assert meaning(NUMBER, speech="07700 900 123") == Unsure(Number("07700900123"))
    assert meaning(NUMBER, keys="12") == "no_match"
    assert understand(Heard(key_pressed=True), call(NUMBER), EN) == Number(None)


@pytest.mark.parametrize(("confidence", "is_asked_back"), [(0.31, True), (0.49, True), (0.5, False), (None, False)])
def test_doubtful_words_are_asked_back(confidence: float | None, is_asked_back: bool) -> None:
    assert isinstance(meaning(OPEN, speech="my wifi is slow", confidence=confidence), Unsure) is is_asked_back


@pytest.mark.parametrize(
    ("keys", "speech", "means"),
    [
        ("1", "", "call_back"),
        ("", "call me back please", "call_back"),
        ("2", "", "leave_message"),
        ("", "leave a message", "leave_message"),
        ("0", "", "keep_waiting"),
        ("7", "", "keep_waiting"),
        ("", "are you still there", "keep_waiting"),
        ("*", "", "repeat"),
        ("", "", "keep_waiting"),
    ],
)
def test_who_holds_the_line_chooses_by_key_or_word_and_nothing_is_wrong(keys: str, speech: str, means: str) -> None:
    assert meaning(Prompt("Hold.", asks="hold"), keys=keys, speech=speech) == means


@pytest.mark.parametrize(
    ("keys", "speech", "means"),
    [
        ("5", "", Rating(5)),
        ("", "two", Rating(2)),
        ("", "Excellent!", Rating(5)),
        ("6", "", "no_match"),
        ("", "purple", "no_match"),
        ("", "", "silence"),
    ],
)
def test_a_rating_is_a_key_or_a_word(keys: str, speech: str, means: object) -> None:
    assert meaning(Prompt("How satisfied?", asks="satisfaction"), keys=keys, speech=speech) == means


def test_the_rest_of_a_long_text_is_asked_for() -> None:
    assert meaning(LONG, keys="9") == meaning(LONG, speech="yes") == meaning(LONG, speech="go on") == "go_on"


@pytest.mark.parametrize("miss", ["no_input", "no_match"])
def test_each_ladder_ends_at_a_person_on_the_third_rung(miss: str) -> None:
    now, rungs = call(), []
    for _ in range(4):
        now, rung = missed(now, miss)  # type: ignore[arg-type]  # parametrised
        rungs.append(rung)

    assert rungs == ["shorter", "keys", "person", "person"]


def test_understanding_in_between_starts_the_ladder_afresh_but_not_for_ever() -> None:
    now, rung = call(), "shorter"
    for _ in range(MOST_MISSES):
        assert rung == "shorter"
        now, rung = missed(understood(now), "no_match")

    assert rung == "person"


def test_choices_beyond_four_are_read_in_turn() -> None:
    many = Prompt("Which?", choices=tuple("abcdef"))

    assert (many.offered, many.more_key) == (("a", "b", "c"), "4")
    assert meaning(many, keys="4") == "more_choices"


def test_a_contact_ends_with_what_came_of_it() -> None:
    plain = call()

    assert outcome(plain) == "dropped"
    assert outcome(asked(Call("CA", uuid4(), "en", None, articles=("a",)), OPEN)) == "unconfirmed"
    assert outcome(Call("CA", uuid4(), "en", None, solved=True)) == "confirmed_solved"
    assert outcome(Call("CA", uuid4(), "en", None, person_asked=1)) == "wanted_person_got_none"
    assert outcome(Call("CA", uuid4(), "en", None, reference="FL-48317264", solved=True)) == "handed_over"


@given(
    prompt=st.sampled_from(
        [QUESTION, OPEN, DIGITS, NUMBER, LONG, menu_prompt(EN, "main"), Prompt("?", asks="language")]
    ),
    form=st.fixed_dictionaries({"Digits": any_text() | st.text("0123456789*#\u00b2\u0663\u2460", max_size=6)}),
    more=st.dictionaries(st.sampled_from(["SpeechResult", "Confidence", "FinishedOnKey"]), any_text()),
)
def test_whatever_the_network_reports_means_something(
    prompt: Prompt, form: dict[str, str], more: dict[str, str]
) -> None:
    heard = Heard.of(form | more)

    assert understand(heard, call(prompt), EN)
    assert set(heard.keys) <= set("0123456789*#ABCD")


@pytest.mark.parametrize(
    ("written", "number"), [("12", 12), ("", 0), ("-1", 0), ("1.5", 0), ("\u0663", 0), ("\u00b2", 0), ("9" * 5000, 300)]
)
def test_a_number_is_read_or_is_none(written: str, number: int) -> None:
    assert number_in(written, 300) == number
