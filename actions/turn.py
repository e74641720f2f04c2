"""One turn as an action sees it: what was said, what is remembered, what to say and to remember next."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar
from uuid import UUID

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.memory import Episode, Memory, Stage
from actions.tools import Tools
from actions.wording import Wording
from knowledge.answer import Article

M = TypeVar("M", bound=Memory)
LISTEN = "action_listen"
FRAME = {"utter_hello_again", "utter_back_to_steps", "utter_not_understood"}  # said around a question, not again
TOLD_ONCE = {"decision", "picked", "helped"}  # of a message's `about`: what happened with it, not what it is about
WORDS_OF_A_QUESTION = 4  # shorter words given instead of a fact are not a new subject
# Questions that only the customer's account answers. To everything that takes replies they are questions like others.
ACCOUNT_QUESTIONS = frozenset(
    {
        "bill_balance",
        "bill_explain",
        "bill_change",
        "payment_state",
        "payment_extension",
        "usage_left",
        "plan_now",
        "plan_fit",
        "puk",
        "sim_activate",
        "password_reset",
        "pin_reset",
        "cancel_service",
        "move_house",
        "loyalty_points",
        "loyalty_redeem",
        "change_plan",
        "addon_state",
        "addon_book",
        "addon_remove",
        "roaming_on",
        "roaming_off",
        "topup",
        "usage_alert_state",
        "usage_alert_set",
        "usage_alert_off",
        "order_status",
        "visit_when",
        "visit_book",
        "visit_move",
        "visit_cancel",
    }
)
GIVEN = frozenset(
    {"verified", "half_verified", "failed", "voucher_given"}
)  # told by the front door alone, never recognised in words
SESSION_SLOTS = ("medium", "language", "contact_id", "caller")


class Turn:
    """Actions read it, call `say`, `remember`, `go` and `then`; `events` is what Rasa is told in the end."""

    def __init__(self, tools: Tools, dispatcher: CollectingDispatcher, tracker: Tracker, wording: Wording) -> None:
        self.tools = tools
        self._dispatcher = dispatcher
        self._tracker = tracker
        self._wording = wording
        self._changed: dict[str, Any] = {}
        self._noted: dict[str, Any] = {}
        message = tracker.latest_message
        self.metadata: dict[str, Any] = message.get("metadata") or tracker.slots.get("session_started_metadata") or {}
        recognised = message.get("intent") or {}
        self.text: str = (message.get("text") or "").strip() if recognised.get("name") not in GIVEN else ""
        self._taken = self._choice_taken()
        self.picked: str | None = self._taken["title"] if self._taken else None  # the choice on offer that was taken
        meant = (self._taken or {}).get("means")
        self.intent: str = meant or recognised.get("name") or ""
        self.of_account: bool = self.intent in ACCOUNT_QUESTIONS  # it asks for what only the customer's account holds
        if self.of_account:
            self.intent = "support_question"
        self.sure: float = recognised.get("confidence", 1.0) if meant is None else 1.0  # of the intent, from 0 to 1
        self.next: str | None = None
        self.asks_something_else = self.intent == "support_question" and len(self.text.split()) >= WORDS_OF_A_QUESTION
        for name in SESSION_SLOTS:  # missing only when the session began while the actions were away
            if tracker.slots.get(name) is None and self.metadata.get(name) is not None:
                self._changed[name] = self.metadata[name]

    @property
    def turn_id(self) -> str:
        return str(self.metadata.get("turn_id") or "")

    @property
    def given(self) -> str | None:
        """How the check of a secret ended that the front door took in place of words; None when these are words."""
        outcome = self.metadata.get("outcome") if self.intent in GIVEN else None
        return str(outcome) if outcome else None

    @property
    def contact_id(self) -> UUID:
        return UUID(self._slot("contact_id") or self._tracker.sender_id)

    @property
    def medium(self) -> Literal["screen", "ear"]:
        return "ear" if self._slot("medium") == "ear" else "screen"

    @property
    def channel(self) -> Literal["chat", "voice"]:
        return "voice" if self.medium == "ear" else "chat"

    @property
    def language(self) -> str:
        return str(self._slot("language") or "en")

    @property
    def caller(self) -> str | None:
        """The number a call comes from, E.164."""
        return self._slot("caller") if self.medium == "ear" else None

    @property
    def stage(self) -> Stage | None:
        stage: Stage | None = self._slot("stage")
        return stage

    @property
    def has_spoken(self) -> bool:
        """Whether the assistant has said anything in this conversation."""
        return any(event.get("event") == "bot" for event in self._tracker.events)

    def recall(self, kind: type[M]) -> M:
        value = self._slot(kind.slot)
        return kind.model_validate(value) if value else kind()

    def remember(self, *memories: Memory) -> None:
        for memory in memories:
            self._changed[memory.slot] = memory.model_dump(mode="json")

    def forget(self, *kinds: type[Memory]) -> None:
        for kind in kinds:
            self._changed[kind.slot] = None

    def go(self, stage: Stage | None) -> None:
        """The topic that the next reply belongs to; None: none."""
        self._changed["stage"] = stage

    def then(self, action: str) -> None:
        """The action that goes on with this turn."""
        self.next = action

    def note(self, **about: Any) -> None:
        """What the next message of this turn tells besides, in its `about`."""
        self._noted |= about

    def say(
        self,
        response: str,
        *,
        choices: Sequence[str] = (),
        about: Mapping[str, Any] | None = None,
        handover: Mapping[str, Any] | None = None,
        expects: Literal["text", "fact", "digits", "secret", "voucher", "offer"] | None = None,
        closing: bool = False,
        **values: Any,
    ) -> None:
        """A response of `bot/domain`. `choices` come before those that the response has itself; `values` fill its
        braces. While a hand-over is prepared every message carries what is known of it."""
        custom: dict[str, Any] = {"about": {"response": response, **self._noted, **(about or {})}}
        self._noted = {}
        if handover := handover or self._collecting():
            custom["handover"] = dict(handover)
        if expects:
            custom["expects"] = expects
        if closing:
            custom["closing"] = True
        buttons = [{"title": choice, "payload": choice} for choice in choices]
        self._dispatcher.utter_message(response=response, buttons=buttons, json_message=custom, **values)

    def say_again(self) -> bool:
        """What was said last, once more; False when nothing was."""
        spoken = [event for event in self._last_said() if _response_of(event) not in FRAME]
        for event in spoken:
            data = event.get("data") or {}
            custom = {key: value for key, value in (data.get("custom") or {}).items() if key in {"about", "expects"}}
            custom["about"] = {key: value for key, value in custom.get("about", {}).items() if key not in TOLD_ONCE}
            if collecting := self._collecting():
                custom["handover"] = collecting
            self._dispatcher.utter_message(
                text=event.get("text") or "", buttons=data.get("buttons") or [], json_message=custom
            )
        return bool(spoken)

    def say_meanwhile(self, response: str) -> None:
        """Words in between: the choices on offer stay, and so does what is expected."""
        last = (self._last_said() or [{}])[-1]
        kept = {key: value for key, value in _custom_of(last).items() if key in {"about", "expects"}}
        about = {key: value for key, value in kept.get("about", {}).items() if key not in TOLD_ONCE}
        custom = {**kept, "about": {**about, "response": response}}
        if collecting := self._collecting():
            custom["handover"] = collecting
        self._dispatcher.utter_message(response=response, buttons=self._shown(), json_message=custom)

    def article(self, article_id: str) -> Article | None:
        """In the language of the conversation; None when the index has it no longer."""
        try:
            return self.tools.article(article_id, self.language)
        except KeyError:
            return None

    def phrase(self, name: str) -> str:
        """A piece of wording of `bot/domain` that an action puts into a larger one."""
        return self._wording.piece(name, medium=self.medium, language=self.language)

    def phrases(self, name: str) -> tuple[str, ...]:
        """A list of words of `bot/domain`."""
        return tuple(self.phrase(name).split(", "))

    def events(self) -> list[EventType]:
        followup = [FollowupAction(LISTEN)]
        return [*(SlotSet(name, value) for name, value in self._changed.items()), *followup]

    def _slot(self, name: str) -> Any:
        return self._changed[name] if name in self._changed else self._tracker.slots.get(name)

    def _collecting(self) -> dict[str, Any] | None:
        episode = self.recall(Episode)
        if episode.signals is None:
            return None
        return {"state": "collecting", "key": episode.key, "signals": episode.signals.model_dump(mode="json")}

    def _shown(self) -> list[dict[str, Any]]:
        buttons = [button for event in self._last_said() for button in (event.get("data") or {}).get("buttons") or []]
        return sorted(buttons, key=lambda button: bool(button.get("last")))

    def _choice_taken(self) -> dict[str, Any] | None:
        """By its words, or by its number; what the domain says that it `means` counts more than recognition."""
        shown, said = self._shown(), plain(self.text)
        if said.isdecimal() and len(said) == 1 and 0 < int(said) <= len(shown):
            return shown[int(said) - 1]
        return next((button for button in shown if plain(button["title"]) == said), None)

    def _last_said(self) -> list[dict[str, Any]]:
        """The assistant's messages between the customer's last message and the one before."""
        said: list[dict[str, Any]] = []
        customer_turns = 0
        for event in reversed(self._tracker.events):
            if event.get("event") == "user":
                customer_turns += 1
                if customer_turns == 2:
                    break
            elif event.get("event") == "bot" and customer_turns == 1:
                said.insert(0, event)
        return said


def _custom_of(event: Mapping[str, Any]) -> dict[str, Any]:
    return dict((event.get("data") or {}).get("custom") or {})


def _response_of(event: Mapping[str, Any]) -> str:
    return str((_custom_of(event).get("about") or {}).get("response", ""))


def plain(text: str) -> str:
    """Letters and digits only, for comparing."""
    return " ".join(re.sub(r"[^\w\s]", "", text.casefold().replace("_", " ")).split())
