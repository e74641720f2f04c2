"""A call: where the caller is, what was asked last, and how often we did not understand each other. Pure."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import TypeAdapter

from escalation.client import Outcome

Expects = Literal["text", "fact", "digits", "secret", "voucher", "offer", "callback_number"]
Mode = Literal["bot", "handed_over", "ended"]
Asks = Literal["open", "pace", "sure", "hold", "callback", "satisfaction", "language"]
Miss = Literal["no_input", "no_match"]
Transport = Literal["gather", "relay"]
Rung = Literal["shorter", "keys", "person"]

LADDER: tuple[Rung, ...] = ("shorter", "keys", "person")
MOST_MISSES = 8  # in one call, whatever was understood in between: then a person takes over
MOST_CHOICES = 4  # read out at once; more are offered by the last of these keys


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the caller was last asked: key n of the choices read out is choice n."""

    text: str
    choices: tuple[str, ...] = ()
    expects: Expects = "text"
    level: str | None = None  # of the menu; None: the assistant asked
    in_flow: bool = False  # the assistant is leading through steps and can go back one
    rest: str = ""  # of a long text, read when the caller says "go on"
    first_choice: int = 0  # where the choices read out begin
    may_end: bool = False  # needs no answer: silence ends the call kindly
    asks: Asks = "open"  # other than open: keys and words mean what ivr/heard.py says there
    patience_s: int = 0  # silence after it; 0: as long as this kind of question needs
    offers_news: bool = False  # of the incident that was announced, by text message
    offers_chat: bool = False  # while holding: the call can go on in the chat
    whole: str = ""  # the assistant's answer uncut, for a text message

    @property
    def offered(self) -> tuple[str, ...]:
        """The choices read out now. More than four: three, and the fourth key leads on."""
        left = self.choices[self.first_choice :]
        return left if len(left) <= MOST_CHOICES else left[: MOST_CHOICES - 1]

    @property
    def more_key(self) -> str | None:
        return str(MOST_CHOICES) if len(self.choices) - self.first_choice > MOST_CHOICES else None

    @property
    def keyed(self) -> bool:
        """Several keys, ended by #, are the answer."""
        return self.expects not in {"text", "offer"}


@dataclass(frozen=True, slots=True)
class Episode:
    """A hand-over that has begun and has no ticket yet. The same key always gives the same ticket."""

    key: str
    signals: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What we believe to have heard, while the caller is asked whether it is right; `prompt` was asked before."""

    text: str
    shown: str
    about: dict[str, Any]
    prompt: Prompt
    is_number: bool = False  # to call back


@dataclass(frozen=True, slots=True)
class Holding:
    """Waiting for a person: which number rang last, since when, which numbers have been tried, rounds of music."""

    number: str
    since: datetime
    tried: tuple[str, ...] = ()
    rounds: int = 0


@dataclass(frozen=True, slots=True)
class Incident:
    """A major incident where the caller lives. `reporter`: who they are to escalation, however sure that is."""

    area: str
    service: str
    reporter: str


@dataclass(frozen=True, slots=True)
class Call:
    call_sid: str
    contact_id: UUID
    language: str
    caller: str | None  # E.164; None where the number is withheld
    step: int = 0  # webhooks answered; the next one carries this number
    prompt: Prompt = Prompt("")
    mode: Mode = "bot"
    no_input: int = 0  # in a row
    no_match: int = 0  # in a row
    misses: int = 0  # in the whole call
    person_asked: int = 0
    episode: Episode | None = None
    reference: str | None = None  # of the ticket, once there is one
    respond_by: datetime | None = None  # what the caller was promised with it
    callback_number: str | None = None  # keyed in by a caller whose own is withheld
    last_turn: str | None = None  # the newest turn in the record
    problem: str = ""  # the caller's first words about it
    articles: tuple[str, ...] = ()  # read to the caller
    solved: bool = False  # the caller said so
    said_goodbye: bool = False  # it was us who ended the call
    doubt: Doubt | None = None
    holding: Holding | None = None
    paced_s: int = 0  # given to do the present step
    incidents: tuple[Incident, ...] = ()  # announced at the welcome
    texted: int = 0  # text messages the caller asked for
    rated: bool = False  # asked how satisfied they are
    began: bool = True  # escalation and the assistant have been told of it
    chose_language: bool = False
    turns: str = ""  # before the ids of its turns, where the conversation had another call before
    transport: Transport = "gather"  # how the caller is asked: by a <Gather>, or over a socket

    @property
    def reachable(self) -> str | None:
        return self.caller or self.callback_number


def asked(call: Call, prompt: Prompt) -> Call:
    return replace(call, prompt=prompt)


def next_step(call: Call) -> Call:
    return replace(call, step=call.step + 1)


def understood(call: Call) -> Call:
    """The ladders begin at the bottom again; the misses of the call stay counted."""
    return replace(call, no_input=0, no_match=0, paced_s=0)


def missed(call: Call, miss: Miss) -> tuple[Call, Rung]:
    """One rung up the ladder of this kind: a shorter question, keys only, a person."""
    in_a_row = getattr(call, miss) + 1
    call = replace(call, misses=call.misses + 1)
    call = replace(call, no_input=in_a_row) if miss == "no_input" else replace(call, no_match=in_a_row)
    if call.misses >= MOST_MISSES:
        return call, "person"
    return call, LADDER[min(in_a_row, len(LADDER)) - 1]


def collecting(call: Call, key: str, signals: dict[str, Any]) -> Call:
    return replace(call, episode=Episode(key, signals))


def opened(call: Call, reference: str, respond_by: datetime | None) -> Call:
    return replace(call, episode=None, reference=reference, respond_by=respond_by, mode="handed_over")


def outcome(call: Call) -> Outcome:
    """How the contact ended, as it is stored: a ticket counts before everything else."""
    if call.reference:
        return "handed_over"
    if call.solved:
        return "confirmed_solved"
    if call.person_asked or call.episode:
        return "wanted_person_got_none"
    return "unconfirmed" if call.articles else "dropped"


_json = TypeAdapter(Call)


def dump(call: Call) -> bytes:
    return _json.dump_json(call)


def load(stored: str | bytes) -> Call:
    return _json.validate_json(stored)
