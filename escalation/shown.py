"""A ticket as a role may see it: what it may not know is masked or left out before it leaves the service."""

from collections.abc import Iterable, Sequence
from typing import Any

from escalation.kind_wire import RelationView
from escalation.masking import HIDDEN, Mask, MaskingWords
from escalation.role import Role
from escalation.store import Case
from escalation.wire import AuditEntry, Note, Signals, TicketDetail, TicketRow, Turn

# Of what a turn rests on: all that a page shows. The rest may hold the customer's words.
_ABOUT = frozenset({"title", "article", "confidence", "flow", "step", "recognition", "recognition_confidence"})


def shown_row(row: TicketRow, role: Role) -> TicketRow:
    """In a list nothing of the customer's words: a name that only the transcript gives away would not be known."""
    return row if role.personal else row.model_copy(update={"problem": "", "last_public_note": None})


def shown(whole: TicketDetail, problem: str, case: Case, role: Role, words: MaskingWords) -> TicketDetail:
    """`problem` is the customer's whole text, of which the ticket shows the beginning."""
    left_out: dict[str, Any] = {} if role.opens_files else {"attachments": ()}
    if not role.transcript:
        left_out |= {"turns": [], "contact_id": None}
    if not role.audit:
        left_out |= {"audit": [], "offers": (), "covers": (), "held_because": None}
    if role.sees != "all":
        # Another customer's words, whose ticket may not exist for this reader.
        left_out |= {"relations": _without_words(whole)}
    if role.personal:
        return whole.model_copy(update=left_out)
    mask = _mask_of(whole, problem, case, words)
    masked = {
        "problem": mask.text(problem)[: len(whole.problem)],
        "last_public_note": mask.text(whole.last_public_note) if whole.last_public_note else None,
        "signals": _signals(whole.signals, mask),
        "turns": [_turn(turn, mask) for turn in whole.turns],
        "notes": [_note(note, mask) for note in whole.notes],
        "audit": [_entry(entry, mask) for entry in whole.audit],
        "offers": tuple(offer.model_copy(update={"reason": mask.text(offer.reason)}) for offer in whole.offers),
        "because": tuple(mask.text(reason) for reason in whole.because),
        "held_because": mask.text(whole.held_because) if whole.held_because else None,
        "form": tuple(field.model_copy(update={"value": mask.value(field.value)}) for field in whole.form),
        # Another customer's words, of which a name that only their transcript gives away would not be known.
        "relations": _without_words(whole),
        "masked": True,
    }
    return whole.model_copy(update=masked | left_out)


def conversation(
    turns: Sequence[Turn], notes: Sequence[Note], role: Role, words: MaskingWords, *, known: Iterable[str | None]
) -> tuple[list[Turn], list[Note]]:
    """What was said and noted, as a role may see it. `known`: values of the customer that fields keep."""
    if not role.transcript:
        return [], []
    if role.personal:
        return [*turns], [*notes]
    mask = Mask.of(words, [*(turn.text for turn in turns), *(note.text for note in notes)], known)
    return [_turn(turn, mask) for turn in turns], [_note(note, mask) for note in notes]


def personal_fields(page: TicketDetail) -> list[str]:
    """What of a ticket's page may tell of the customer, as far as there is something of it."""
    signals = page.signals
    of = {"reachable": signals.reachable, "customer_id": signals.customer_id, "steps": signals.steps}
    of |= {name: getattr(page, name) for name in ("problem", "turns", "notes", "audit", "form", "relations")}
    return [name for name, value in of.items() if value]


def _without_words(whole: TicketDetail) -> tuple[RelationView, ...]:
    return tuple(relation.model_copy(update={"problem": ""}) for relation in whole.relations)


def _mask_of(whole: TicketDetail, problem: str, case: Case, words: MaskingWords) -> Mask:
    texts = [problem, *(turn.text for turn in whole.turns), *(note.text for note in whole.notes)]
    texts += [entry.why for entry in whole.audit]
    known = [case.ticket.reachable, case.ticket.customer_id, case.contact.caller if case.contact else None]
    return Mask.of(words, texts, known)


def _signals(signals: Signals, mask: Mask) -> Signals:
    return signals.model_copy(
        update={
            "problem": mask.text(signals.problem),
            "since": mask.text(signals.since) if signals.since else None,
            "reachable": HIDDEN if signals.reachable else None,
            "customer_id": HIDDEN if signals.customer_id else None,
            "steps": tuple(step.model_copy(update={"result": mask.text(step.result)}) for step in signals.steps),
            "checks": tuple(check.model_copy(update={"result": mask.text(check.result)}) for check in signals.checks),
        }
    )


def _turn(turn: Turn, mask: Mask) -> Turn:
    about = {name: mask.value(value) for name, value in turn.about.items() if name in _ABOUT}
    choices = tuple(mask.text(choice) for choice in turn.choices)
    return turn.model_copy(update={"text": mask.text(turn.text), "choices": choices, "about": about})


def _note(note: Note, mask: Mask) -> Note:
    return note.model_copy(update={"text": mask.text(note.text)})


def _entry(entry: AuditEntry, mask: Mask) -> AuditEntry:
    return entry.model_copy(update={"why": mask.text(entry.why)})
