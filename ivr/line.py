"""What every document of an installation needs: where its webhooks are, whom it calls from, how waiting sounds."""

from dataclasses import dataclass, field
from uuid import UUID

from ivr.hints import Hints


@dataclass(frozen=True, slots=True)
class Line:
    """Addresses are paths on the public address."""

    prefix: str = "/ivr"
    socket: str = "ws://127.0.0.1:8000/ivr/relay"  # where ConversationRelay connects, absolute
    country: str = "GB"
    caller_id: str = ""
    ring_s: int = 25
    music: str = ""  # address of what waiting callers hear; empty: a soft tone of our own
    transcribes: bool = False
    hints: Hints = field(default_factory=Hints, compare=False)

    @property
    def hold_music(self) -> str:
        return self.music or f"{self.prefix}/hold.wav"

    def turn(self, step: int) -> str:
        return f"{self.prefix}/turn?step={step}"

    @property
    def relayed(self) -> str:
        return f"{self.prefix}/relayed"

    def dial(self, step: int) -> str:
        return f"{self.prefix}/dial?step={step}"

    def message(self, step: int) -> str:
        return f"{self.prefix}/message?step={step}"

    def whisper(self, call_sid: str, step: int) -> str:
        """On the agent's own leg, which is another call."""
        return f"{self.prefix}/whisper?call={call_sid}&step={step}"

    def pressed(self, call_sid: str, step: int, asked: int) -> str:
        return f"{self.prefix}/pressed?call={call_sid}&step={step}&asked={asked}"

    def called_key(self, call_id: UUID, purpose: str, language: str, asked: int) -> str:
        """Of a call that we made."""
        return f"{self.prefix}/called/key?call={call_id}&purpose={purpose}&language={language}&asked={asked}"

    @property
    def recording(self) -> str:
        return f"{self.prefix}/recording"

    @property
    def transcript(self) -> str:
        return f"{self.prefix}/transcript"

    def wait(self, step: int, asked: int) -> str:
        return f"{self.prefix}/wait?step={step}&asked={asked}"
