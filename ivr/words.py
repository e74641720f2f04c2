"""The telephone's own words, a file per language in `words/`: what it says, and which words and keys it understands."""

import re
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from escalation.client import Became

FOLDER = Path(__file__).resolve().parent / "words"
FIRST_LANGUAGE = "en"  # ships complete; spoken where a contact's language has no file

Command = Literal[
    "person", "repeat", "back", "menu", "go_on", "ready", "text_me", "news", "yes", "no", "call_back", "message", "chat"
]


class Part(BaseModel):
    """Unknown or missing fields in a language file are errors, so a phrase cannot be misspelt."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Count(Part):
    one: str
    many: str

    def of(self, n: int) -> str:
        return self.one if n == 1 else self.many.format(n=n)


class Phrases(Part):
    welcome: str
    person_offer: str
    option: str
    option_sentence: str
    more_options: str
    keys_only: str
    star_or_person: str
    not_heard: str
    not_understood: str
    tell_me: str
    key_in: str
    shall_i_go_on: str
    anything_else: str
    one_moment: str
    still_there: str
    lost: str
    lost_call: str
    no_luck: str
    bot_silent: str
    person_now: str
    ask_number: str
    reference: str
    putting_through: str
    callback_caller: str
    callback_given: str
    no_number: str
    by: str
    minutes: Count
    hours: Count
    days: Count
    noted: str
    already_passed: str
    line_busy: str
    line_no_answer: str
    line_refused: str
    line_failed: str
    closed_now: str
    trying_next: str
    trying_again: str
    next_in_queue: str
    place_in_queue: str
    wait_lately: str
    hold: str
    hold_offers: str
    hold_chat: str
    waited_long: str
    offer_message: str
    leave_message: str
    no_message: str
    message_kept: str
    take_your_time: str
    still_here: str
    texted: str
    not_texted: str
    chat_link_sent: str
    news_offer: str
    news_promised: str
    news_failed: str
    did_you_say: str
    number_right: str
    sorry_again: str
    yes: str
    no: str
    how_satisfied: str
    thank_you: str
    whisper: str
    whisper_reference: str
    whisper_ticket: str
    whisper_topic: str
    whisper_problem: str
    whisper_silent: str
    whisper_steps: str
    whisper_keys: str
    goodbye: str
    called_hello: str
    called_callback: str
    called_confirmation: str
    called_person: str
    called_reopened: str
    called_closed: str
    called_noted: str
    called_later: str
    called_dropped: str
    called_over: str
    called_failed: str
    fallback_dial: str
    fallback_after: str
    fallback_no_line: str


class Record(Part):
    silence: str
    unclear: str
    fact: str
    digits: str
    phone: str
    callback: str
    asked_again: str
    went_back: str
    hung_up: str
    line: str
    message: str
    rating: str
    texted: str
    news: str
    interrupted: str
    interrupted_after: str
    chat_link: str
    called: str


class Messages(Part):
    person: str
    back: str


class Option(Part):
    """One line of the menu. The key is its place in the list: the first is key 1."""

    label: str
    says: tuple[str, ...]
    opens: str | None = None  # another level ...
    send: str | None = None  # ... or what the assistant is told


class Level(Part):
    ask: str
    options: tuple[Option, ...]


class LanguageChoice(Part):
    """How this language is offered where the telephone speaks more than one."""

    ask: str  # {key}
    says: tuple[str, ...]  # the first is how the record of the call names it


class OwnVoice(Part):
    """For a language that ivr/speech.py has no voice for."""

    name: str
    language: str


class Texts(Part):
    """Text messages: what customers write, and what is answered."""

    yes: tuple[str, ...]
    no: tuple[str, ...]
    keywords: dict[Literal["STOP", "START", "HELP"], tuple[str, ...]]
    answers: dict[Became, str]
    go_on: str  # after steps; {link}
    chat_link: str  # {operator}, {link}


class Words(Part):
    language: str
    voice: OwnVoice | None = None
    language_choice: LanguageChoice
    say: Phrases
    record: Record
    commands: dict[Command, tuple[str, ...]]
    fillers: tuple[str, ...]
    keys: dict[str, tuple[str, ...]]
    ratings: dict[int, tuple[str, ...]]
    messages: Messages
    menu: dict[str, Level]
    texts: Texts

    def plain(self, said: str) -> str:
        """For comparing: lower case, letters and digits only, without the words people put in out of politeness."""
        words = re.sub(r"[^\w\s]", " ", said.lower()).split()
        kept = [word for word in words if word not in self.fillers]
        return " ".join(kept or words)

    def is_command(self, said: str, command: Command) -> bool:
        return self.plain(said) in {self.plain(phrase) for phrase in self.commands[command]}

    def key_named(self, said: str) -> str | None:
        """The key that the caller spoke instead of pressing it, as in "option two"."""
        plain = self.plain(said)
        for key, phrases in self.keys.items():
            if plain == key or plain in {self.plain(phrase) for phrase in phrases}:
                return key
        return None

    def rating(self, said: str) -> int | None:
        """1 to 5."""
        plain = self.plain(said)
        for stars, phrases in self.ratings.items():
            if plain in {str(stars), *(self.plain(phrase) for phrase in phrases)}:
                return stars
        return None


@cache
def words(language: str) -> Words:
    """The words of a language ("en", "en-GB"), of English where there is no file for it."""
    path = FOLDER / f"{language[:2].lower()}.yml"
    if not path.is_file():
        path = FOLDER / f"{FIRST_LANGUAGE}.yml"
    return Words.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def languages() -> tuple[str, ...]:
    """Those with a file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))
