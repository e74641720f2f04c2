"""What crosses the door about the telephone: lines that were put through, callbacks, voicemails, the whisper."""

from typing import Literal

from pydantic import AwareDatetime, Field

from escalation.storable import Wire
from escalation.wire import Priority, Short, Step

LineOutcome = Literal["accepted", "refused", "busy", "no_answer", "closed", "failed"]
PersonsOutcome = Literal["reached", "busy", "no_answer", "mailbox"]  # of an attempt that one of us made
# Of one that Firstline made. no_key: picked up, and nothing pressed; later: asked for another time.
AttemptOutcome = PersonsOutcome | Literal["no_key", "later", "failed"]

MOST_AUDIO_BYTES = 1_950_000  # two minutes of telephone sound (8 kHz, 16 bits) are 1,920,000
RECORDING_SID = r"RE[0-9a-fA-F]{32}"
BY_ITSELF = "telephone"  # who made an attempt that no person made


class LineEnded(Wire):
    """A line that was put through for the contact's newest open ticket, and how that went."""

    outcome: LineOutcome
    dialled: str = Field(default="", max_length=200)  # number or SIP address; empty when none could be


class CallbackAsked(Wire):
    """The caller no longer waits: they are called. `number` is one they gave, when their own is not known."""

    number: str | None = Field(default=None, max_length=40)
    by_voicemail: bool = False


class Attempt(Wire):
    at: AwareDatetime
    who: str  # a person's user name, or BY_ITSELF
    outcome: AttemptOutcome


class Callback(Wire):
    """What a caller was promised, and how often somebody tried."""

    number: str | None
    asked_at: AwareDatetime
    call_by: AwareDatetime | None  # None: the promise stands without a time
    by_voicemail: bool
    attempts: tuple[Attempt, ...] = ()
    reached_at: AwareDatetime | None = None


class Transcribed(Wire):
    text: str = Field(max_length=8000)


class Voicemail(Wire):
    recording_sid: str
    at: AwareDatetime
    length_s: int
    transcript: str | None


class PhoneSide(Wire):
    """Of one ticket, for the people of the console."""

    callback: Callback | None
    voicemails: tuple[Voicemail, ...]


class AttemptMade(Wire):
    outcome: PersonsOutcome


class Brief(Wire):
    """What a person is told in the ear before they take a call."""

    reference: str
    priority: Priority
    category: Short
    problem: str
    steps: tuple[Step, ...]
