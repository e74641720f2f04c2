"""Which words are a secret of the customer, and must not reach the assistant's memory. Pure."""

import re
from functools import cache
from pathlib import Path

import yaml

DOMAIN = Path(__file__).resolve().parent / "domain" / "session.yml"
NUMBER_DIGITS = 6  # an account number, a telephone number, a code or a date written together has so many or more
CHOICE_DIGITS = 1  # one figure is the number of a choice
FEW_WORDS = 4  # a fact is said in few words beside it: "my postcode is", "3rd of May"; a sentence is a question

_RUN = re.compile(r"\d(?:[ .\-/]?\d)*")
_DATE = re.compile(
    r"\b\d{1,2}[-/. ]+\d{1,2}[-/. ]+(?:\d{4}|\d{2})\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)?(?: of)?[ ,.-]*[^\W\d_]{3,9}[ ,.-]*\d{4}\b"
    r"|\b[^\W\d_]{3,9}[ ,.-]*\d{1,2}(?:st|nd|rd|th)?[ ,.-]+\d{4}\b"
)
_POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b", re.IGNORECASE)


def hides(text: str, *, expects: str | None, language: str) -> bool:
    """Whether nothing but the verification may see these words, by what the assistant asked for.

    `secret`: a fact, a code or a PIN. `voucher`: the code of one, or a part of it. `offer` and `fact`: not a secret,
    but an account number may come at once.
    """
    figures = spoken_figures(text, language)
    if expects == "secret":
        return _is_fact(text, figures)
    if expects == "voucher":
        return sum(map(str.isdigit, figures)) >= NUMBER_DIGITS
    longest = max((sum(map(str.isdigit, run)) for run in _RUN.findall(figures)), default=0)
    if expects == "offer":
        return longest >= NUMBER_DIGITS
    return expects == "fact" and NUMBER_DIGITS <= longest <= 8  # longer is a telephone number, kept for another use


def _is_fact(text: str, figures: str) -> bool:
    digits = sum(map(str.isdigit, figures))
    if digits <= CHOICE_DIGITS:
        return False
    if any(sum(map(str.isdigit, run)) >= NUMBER_DIGITS for run in _RUN.findall(figures)):
        return True
    if any(pattern.search(writing) for pattern in (_DATE, _POSTCODE) for writing in (text, figures)):
        return True
    words = [word for word in figures.split() if word.strip(".,;!").isalpha() and len(word) > 1]
    return len(words) <= FEW_WORDS and not text.rstrip().endswith("?")


def spoken_figures(text: str, language: str) -> str:
    """The text with spoken digits as figures: "double five one oh" becomes "5510"; a full number ends there."""
    figures, times = _words(language)
    out: list[str] = []
    repeat = 1
    for word in text.split():
        bare = word.casefold().strip(",.;")
        if bare in times:
            repeat = times[bare]
            continue
        figure = figures.get(bare) or (bare if bare.isdecimal() else None)
        if figure is None:
            out.append(word)
        else:
            figure *= repeat if len(figure) == 1 else 1
            goes_on = out and out[-1].isdecimal() and len(out[-1]) + len(figure) <= 15 and len(out[-1]) != 8
            if goes_on:
                out[-1] += figure
            else:
                out.append(figure)
        repeat = 1
    return " ".join(out)


@cache
def _words(language: str) -> tuple[dict[str, str], dict[str, int]]:
    """Words for digits, and for doubling them, out of the assistant's own wording."""
    responses = yaml.safe_load(DOMAIN.read_text("utf-8"))["responses"]

    def phrase(name: str) -> str:
        wanted = language[:2].lower()
        general = next(one["text"] for one in responses[name] if not one.get("condition"))
        fitting = (one for one in responses[name] if {"name": "language", "value": wanted} in _named(one))
        return str(next((one["text"] for one in fitting), general))

    figures = {word: str(value) for value, word in enumerate(phrase("phrase_digits").split(", "))}
    figures |= dict.fromkeys(phrase("phrase_zero").split(", "), "0")
    return figures, {phrase("phrase_double"): 2, phrase("phrase_triple"): 3}


def _named(variant: dict[str, list[dict[str, str]]]) -> list[dict[str, str]]:
    return [{"name": need["name"], "value": need["value"]} for need in variant.get("condition", [])]
