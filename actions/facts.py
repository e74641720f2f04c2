"""Numbers and addresses in what was typed or said: contacts, account numbers, ticket references."""

import re

import phonenumbers

from actions.turn import Turn

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LONG_NUMBER = re.compile(r"\d(?:[\s\-.]?\d){5,}")  # of an account or a ticket, whatever stands between its digits
REFERENCE_DIGITS = 8
PHONE_DIGITS_AT_LEAST = 9  # fewer are an account or a ticket


def contact_in(turn: Turn) -> str | None:
    """An e-mail address, or a phone number as E.164; None when there is neither."""
    email = EMAIL.search(turn.text) or EMAIL.search(_spoken_address(turn))
    if email:
        return email.group().casefold()
    said, country = digits_said(turn), turn.tools.country
    for match in phonenumbers.PhoneNumberMatcher(said, country, leniency=phonenumbers.Leniency.POSSIBLE):
        if sum(char.isdigit() for char in match.raw_string) >= PHONE_DIGITS_AT_LEAST:
            return phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
    return None


def reference_in(turn: Turn) -> str | None:
    """A ticket's reference as it is stored, from eight digits with or without "FL"."""
    for found in LONG_NUMBER.finditer(digits_said(turn)):
        digits = re.sub(r"\D", "", found.group())
        if len(digits) == REFERENCE_DIGITS:
            return f"FL-{digits}"
    return None


def digits_said(turn: Turn) -> str:
    """The text with spoken digits as figures: "double five one oh" becomes "5510"."""
    figures = {word: str(value) for value, word in enumerate(turn.phrases("phrase_digits"))}
    figures |= dict.fromkeys(turn.phrases("phrase_zero"), "0")
    times = {turn.phrase("phrase_double"): 2, turn.phrase("phrase_triple"): 3}
    out: list[str] = []
    repeat = 1
    for word in turn.text.split():
        bare = word.casefold().strip(",.;")
        if bare in times:
            repeat = times[bare]
            continue
        figure = figures.get(bare) or (bare if bare.isdecimal() else None)
        if figure is None:
            out.append(f" {word} ")
        else:
            out.append(figure * repeat if len(figure) == 1 or repeat == 1 else figure)
        repeat = 1
    return " ".join("".join(out).split())


def _spoken_address(turn: Turn) -> str:
    """ "jo dot smith at example dot com" as jo.smith@example.com."""
    words = {turn.phrase("phrase_at"): "@", turn.phrase("phrase_dot"): "."}
    return re.sub(r"\s*([@.])\s*", r"\1", " ".join(words.get(word.casefold(), word) for word in turn.text.split()))
