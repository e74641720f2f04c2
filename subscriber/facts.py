"""Facts that prove who somebody is, in one writing however they were typed or said. Pure."""

import re
from datetime import date

import phonenumbers

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_FIRST = frozenset({"US"})  # everybody else writes the day first
POSTCODE = {"GB": re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})\b")}

LONG_NUMBER = re.compile(r"\d(?:[ \-.]?\d){5,}")  # an account's, whatever stands between its digits

_WITH_MONTH_NAME = (
    re.compile(r"\b(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)?[ ,.-]*(?P<month>[a-z]{3,9})[ ,.-]*(?P<year>\d{4}|\d{2})\b"),
    re.compile(r"\b(?P<month>[a-z]{3,9})[ ,.-]*(?P<day>\d{1,2})(?:st|nd|rd|th)?[ ,.-]+(?P<year>\d{4}|\d{2})\b"),
)
_ISO = re.compile(r"\b(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})\b")
_NUMBERS = re.compile(r"\b(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4}|\d{2})\b")


def account_in(figures: str) -> tuple[str, str]:
    """The first number of six digits or more, and what was given beside it (perhaps the second fact)."""
    found = LONG_NUMBER.search(figures)
    if found is None:
        return "", figures
    rest = f"{figures[: found.start()]} {figures[found.end() :]}"
    return re.sub(r"\D", "", found.group()), re.sub(r"^[\s,;.]+|[\s,;.]+$", "", rest)


def phone_number(text: str, country: str) -> str | None:
    """E.164; a number without a country code is one of `country`."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_mobile(e164: str) -> bool:
    """By the numbering plan; False where it does not tell a mobile's numbers from others."""
    return phonenumbers.number_type(phonenumbers.parse(e164)) == phonenumbers.PhoneNumberType.MOBILE


def postcodes(text: str, country: str) -> frozenset[str]:
    """Without spaces and hyphens, capital letters: the text as a whole, and one found inside a sentence."""
    wanted = re.sub(r"[\W_]+", " ", text).strip().upper()
    inside = {first + second for first, second in POSTCODE[country].findall(wanted)} if country in POSTCODE else set()
    return frozenset({wanted.replace(" ", "")} | inside) - {""}


def district(postcode: str, country: str) -> str:
    """The part of a postcode that names a district, as in "LF4"; elsewhere the whole of it."""
    written = postcode.strip().upper()
    found = POSTCODE[country].fullmatch(written) if country in POSTCODE else None
    return str(found[1]) if found else written


def district_in(text: str, country: str) -> str | None:
    """Of the one whole postcode in a sentence; None when there is none, or several."""
    if country not in POSTCODE:
        return None
    found = {first for first, _ in POSTCODE[country].findall(text.upper())}
    return found.pop() if len(found) == 1 else None


def postcode_in(text: str, country: str) -> str | None:
    """The one whole postcode in a sentence, also one that is spelled out ("L F 4 1 A B"); None when there is none, or
    several. Where a country's pattern is not known it is the one number of four to six digits."""
    if country not in POSTCODE:
        numbers = set(re.findall(r"\b\d{4,6}\b", text))
        return numbers.pop() if len(numbers) == 1 else None
    wanted = re.sub(r"[\W_]+", " ", text).strip().upper()
    found = {f"{first} {second}" for first, second in POSTCODE[country].findall(wanted)}
    if not found:  # letters and digits one by one are put together
        for together in (re.sub(r"(?<=\b\w) (?=\w\b)", "", wanted), wanted.replace(" ", "")):
            found |= {f"{first} {second}" for first, second in POSTCODE[country].findall(together)}
    return found.pop() if len(found) == 1 else None


def dates(text: str, country: str, *, today: date) -> frozenset[date]:
    """Every past date the text can mean; two digits of a year are of the last hundred years."""
    text = text.lower()
    found = [_named(match, today) for pattern in _WITH_MONTH_NAME for match in pattern.finditer(text)]
    found += [_day(*match.groups(), today=today) for match in _ISO.finditer(text)]
    for match in _NUMBERS.finditer(text):
        found.append(_by_country(*match.groups(), country=country, today=today))
    digits = re.sub(r"\D", "", text)
    if len(digits) in (6, 8):
        found.append(_by_country(digits[:2], digits[2:4], digits[4:], country=country, today=today))
    if len(digits) == 8:
        found.append(_day(digits[:4], digits[4:6], digits[6:], today=today))
    return frozenset(day for day in found if day)


def _named(match: re.Match[str], today: date) -> date | None:
    if match["month"][:3] not in MONTHS:
        return None
    return _day(match["year"], str(MONTHS.index(match["month"][:3]) + 1), match["day"], today=today)


def _by_country(first: str, second: str, year: str, *, country: str, today: date) -> date | None:
    day, month = (second, first) if country in MONTH_FIRST else (first, second)
    return _day(year, month, day, today=today)


def _day(year: str, month: str, day: str, *, today: date) -> date | None:
    full = int(year)
    if len(year) == 2:
        full += 2000 if 2000 + full <= today.year else 1900
    try:
        found = date(full, int(month), int(day))
    except ValueError:
        return None
    return found if date(1890, 1, 1) < found <= today else None
