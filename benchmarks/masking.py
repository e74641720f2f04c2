"""How much of what tells who somebody is the log masks, and how much it masks that tells nothing.

    .venv/bin/python -m benchmarks.masking [--texts 300] [--seed 7] [--result benchmarks/results/masking.md]

The texts are made here from sentences written without a look at the recognisers; each holds one piece of personal data,
and counts as masked when no run of four of its characters is left (of a name: no word of it). The clean texts are the
questions of `data/eval/questions.jsonl`, written by people for another purpose.
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from logs import masked
from settings import ROOT

QUESTIONS = ROOT / "data" / "eval" / "questions.jsonl"
FIRST = (
    "Aoife",
    "Bartholomew",
    "chidi",
    "Darya",
    "Eun-ji",
    "Françoise",
    "george",
    "Hanna",
    "İpek",
    "Jürgen",
    "kwame",
    "Łucja",
)
LAST = ("O'Neill", "Nkemelu", "van der Berg", "Smith", "García", "Kowalczyk", "Pemberton", "Ng", "Achterberg", "Yılmaz")
STREETS = ("Mill Lane", "Old Church Road", "Victoria Street", "Harbour View Terrace", "Elm Grove", "Station Rd")
AREAS = ("SW1A 1AA", "LF1 4AB", "m1 1ae", "EC2V 7HN", "b33 8th", "CR2 6XH", "lf14cd", "DN55 1PT")
MAIL = ("example.com", "mail.example.org", "post.example.co.uk", "firma.example.de")
MONTHS = ("January", "March", "may", "Sept", "december")


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def parted(rng: random.Random, number: str, *sizes: int) -> str:
    """The digits in groups of these sizes, with one kind of separator."""
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    return rng.choice((" ", "-", ".", " - ")).join(part for part in parts if part)


def phone(rng: random.Random) -> str:
    tail = digits(rng, 6)
    written = (
        f"07700{tail}",
        f"07700 {tail}",
        f"07700 {tail[:3]} {tail[3:]}",
        f"+447700{tail}",
        f"+44 7700 {tail}",
        f"+44 (0)7700 {tail}",
        f"(020) 7946 0{tail[:3]}",
        f"01632-960{tail[:3]}",
        f"0044 1632 960{tail[:3]}",
        f"+49 30 {tail[:4]} {tail[2:]}",
        f"+353 1 {tail[:3]} {tail[2:]}",
        " ".join(["zero", "seven", "double", "seven", "double", "oh", "nine", "oh", "one", "two", "three"]),
    )
    return rng.choice(written)


def e_mail(rng: random.Random) -> str:
    name = f"{rng.choice(FIRST)}{rng.choice(('.', '_', '', '+isp'))}{rng.choice(LAST)}".replace(" ", "").replace(
        "'", ""
    )
    return f"{name}{rng.choice(('', '84'))}@{rng.choice(MAIL)}"


def card(rng: random.Random) -> str:
    start = rng.choice(("4", "51", "55", "34", "6011"))
    body = start + digits(rng, (14 if start == "34" else 15) - len(start))
    total = sum(sum(divmod(int(d) * (2 if place % 2 == 0 else 1), 10)) for place, d in enumerate(reversed(body)))
    number = body + str(-total % 10)
    return rng.choice((number, parted(rng, number, 4, 4, 4, 4)))


def iban(rng: random.Random) -> str:
    country, bank = rng.choice(
        (("GB", "NWBK" + digits(rng, 14)), ("DE", digits(rng, 18)), ("NL", "ABNA" + digits(rng, 10)))
    )
    number = int("".join(str(int(char, 36)) for char in bank + country + "00"))
    whole = f"{country}{98 - number % 97:02d}{bank}"
    return rng.choice((whole, " ".join(whole[at : at + 4] for at in range(0, len(whole), 4)), whole.lower()))


def born(rng: random.Random) -> str:
    day, year = rng.randint(1, 28), rng.randint(1930, 2007)
    return rng.choice(
        (f"{day} {rng.choice(MONTHS)} {year}", f"{day:02d}/{rng.randint(1, 12):02d}/{year}", f"{year}-03-{day:02d}")
    )


# Kind -> (how one is made, what people write around it).
KINDS: dict[str, tuple[Callable[[random.Random], str], tuple[str, ...]]] = {
    "telephone number": (
        phone,
        (
            "ring me on {} after six",
            "my mobile's {}",
            "{} is the best number for me",
            "tel:{}",
            "call back {}, please!",
        ),
    ),
    "e-mail address": (
        e_mail,
        ("write to {} instead", "it's {}.", "answer to <{}>", "login {} does not work", "send the bill to {}, thanks"),
    ),
    "card number": (card, ("I paid with {} yesterday", "card {} was refused", "my card is {} and it expires in May")),
    "IBAN": (iban, ("refund to {} please", "IBAN {}", "you still have my old account {} on file")),
    "account number": (
        lambda rng: rng.choice(
            (digits(rng, 8), parted(rng, digits(rng, 8), 4, 4), parted(rng, digits(rng, 8), 2, 2, 2, 2))
        ),
        ("my account is {}", "account number {}", "customer {} here, no internet", "it says {} on the letter"),
    ),
    "code": (
        lambda rng: digits(rng, rng.choice((4, 4, 6, 8))),
        (
            "my PIN is {}",
            "pin: {}",
            "I typed the PUK {} three times",
            "the security code was {}",
            "passcode {} is refused",
        ),
    ),
    "password": (
        lambda rng: rng.choice(("hunter2!", "Tr0ub4dor", "s3cret-sauce", "Fluffy2019")),
        ("my password is {}", "password: {}", "I use the password {} everywhere"),
    ),
    "postcode": (
        lambda rng: rng.choice(AREAS),
        ("nothing works in {}", "the postcode is {}", "I moved from {} last week", "is there an outage at {}?"),
    ),
    "address": (
        lambda rng: f"{rng.randint(1, 220)} {rng.choice(STREETS)}",
        ("I live at {}", "the engineer went to {} by mistake", "{}, second floor", "deliver it to {} please"),
    ),
    "name": (
        lambda rng: rng.choice((rng.choice(FIRST), f"{rng.choice(FIRST)} {rng.choice(LAST)}")),
        (
            "my name is {}",
            "Hi, my name's {}",
            "the account holder is {}",
            "Mrs {} would like to cancel",
            "am I speaking to {}",
        ),
    ),
    "date of birth": (born, ("I was born on {}", "date of birth: {}", "DOB {}", "my birthday is {}")),
}


def is_left(piece: str, kind: str, text: str) -> bool:
    """Whether somebody could still read a part that matters."""
    text = re.sub(r"\[[\w-]+\]", " ", text)  # what was put in its place
    if kind == "name":
        return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in piece.split())
    plain = re.sub(r"\W", "", text).casefold()
    told = re.sub(r"\W", "", piece).casefold()
    return any(told[at : at + 4] in plain for at in range(max(1, len(told) - 3)))


def measure(count: int, seed: int) -> tuple[Counter[str], Counter[str], list[str]]:
    """How many texts of each kind there were, how many were masked, and the others."""
    rng, made, caught, missed = random.Random(seed), Counter[str](), Counter[str](), []
    for number in range(count):
        kind = list(KINDS)[number % len(KINDS)]
        make, sentences = KINDS[kind]
        piece = make(rng)
        text = rng.choice(sentences).format(piece)
        made[kind] += 1
        if is_left(piece, kind, masked(text)):
            missed.append(f"{kind}: {text} -> {masked(text)}")
        else:
            caught[kind] += 1
    return made, caught, missed


def falsely_masked() -> tuple[int, list[str]]:
    """How many clean texts there are, and those that are not left as they are."""
    texts = [json.loads(line)["text"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return len(texts), [f"{text} -> {masked(text)}" for text in texts if masked(text) != text]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--result", type=Path)
    asked = parser.parse_args()
    made, caught, missed = measure(asked.texts, asked.seed)
    clean, wrong = falsely_masked()
    lines = [f"| {kind} | {caught[kind]} of {made[kind]} |" for kind in made]
    told = [
        "# Personal data in the log\n",
        f"`.venv/bin/python -m benchmarks.masking --texts {asked.texts} --seed {asked.seed}`\n",
        "| personal data | masked |\n|---|---|\n" + "\n".join(lines) + "\n",
        f"In all {caught.total()} of {made.total()} ({caught.total() / made.total():.1%}).\n",
        f"Of {clean} clean questions {len(wrong)} are changed ({len(wrong) / clean:.1%}).\n",
        *(["Not masked:\n", *(f"- {each}" for each in missed)] if missed else []),
        *(["Changed without need:\n", *(f"- {each}" for each in wrong)] if wrong else []),
    ]
    print("\n".join(told))
    if asked.result:
        asked.result.write_text("\n".join(told) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
