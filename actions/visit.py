"""The technician's visit: when it is, and booking, moving and cancelling it, with real free windows to choose from."""

from actions import visit_desk
from actions.account import confirm, done, tell
from actions.handover import hand_over
from actions.memory import Booking, Question, Window, Wish
from actions.turn import Turn, plain
from actions.when import window
from subscriber.client import Slot, SlotTaken, SubscriberUnavailable, Visit, free_slots, offered, upcoming

ON_SCREEN, FOR_THE_EAR = 4, 3  # windows offered at once
NOON = 12
TRIES = 3
NOT_NOW = {"deny", "none_of_these", "dont_know", "cannot", "go_back"}


async def action_visit_when(turn: Turn) -> None:
    await tell(turn, "action_visit_when", _when)


async def action_visit_book(turn: Turn) -> None:
    await tell(turn, "action_visit_book", _book)


async def action_visit_move(turn: Turn) -> None:
    await tell(turn, "action_visit_move", _move)


async def action_visit_cancel(turn: Turn) -> None:
    await tell(turn, "action_visit_cancel", _cancel)


async def action_visit_cancelled(turn: Turn) -> None:
    """The customer said yes: looked up anew, because somebody else may have changed it."""
    await tell(turn, "action_visit_cancelled", _cancelled)


async def action_visit_agreed(turn: Turn) -> None:
    """The customer said yes to the window they chose."""
    await tell(turn, "action_visit_agreed", _agreed)


async def action_visit_later(turn: Turn) -> None:
    """Windows after those that were shown."""
    turn.remember(turn.recall(Wish).model_copy(update={"confirm": "action_visit_later"}))
    await tell(turn, "action_visit_later", _later)


async def action_visit_reply(turn: Turn) -> None:
    """The reply to the windows on offer: one of them, by its words, number or day; later ones; or none."""
    booking = turn.recall(Booking)
    chosen = _chosen(turn, booking)
    if not booking.windows:
        turn.go(None)
        turn.then("action_question")
    elif turn.intent == "later_times" or plain(turn.text) in turn.phrases("phrase_visit_more"):
        turn.then("action_visit_later")
    elif chosen is not None:
        turn.remember(booking.model_copy(update={"chosen": chosen, "key": turn.turn_id}))
        confirm(turn, "action_visit_agreed", f"utter_visit_confirm_{booking.purpose}", window=chosen.label)
    elif turn.intent in NOT_NOW:
        turn.forget(Booking)
        turn.go(None)
        turn.say("utter_nothing_changed")
        done(turn)
    elif turn.asks_something_else:
        turn.forget(Booking, Wish)
        turn.go(None)
        turn.then("action_question")
    else:
        _again(turn, booking)


async def _when(turn: Turn, customer_id: str) -> None:
    visit = await _present(turn, customer_id)
    if visit is None:
        confirm(turn, "action_visit_book", "utter_visit_none_yet")
        return
    turn.say("utter_visit_at", window=window(turn, visit.slot.begins, visit.slot.ends))
    await visit_desk.agreed(turn, customer_id, visit)


async def _book(turn: Turn, customer_id: str) -> None:
    visit = await _present(turn, customer_id)
    if visit is None:
        await _offer(turn, customer_id, Booking(purpose="book"))
    else:
        at = window(turn, visit.slot.begins, visit.slot.ends)
        confirm(turn, "action_visit_move", "utter_visit_already", window=at)


async def _move(turn: Turn, customer_id: str) -> None:
    visit = await _present(turn, customer_id)
    if visit is None:
        confirm(turn, "action_visit_book", "utter_visit_none_yet")
        return
    turn.say("utter_visit_at", window=window(turn, visit.slot.begins, visit.slot.ends))
    await _offer(turn, customer_id, Booking(purpose="move"))


async def _cancel(turn: Turn, customer_id: str) -> None:
    visit = await _present(turn, customer_id)
    if visit is None:
        turn.say("utter_visit_none")
        return
    at = window(turn, visit.slot.begins, visit.slot.ends)
    confirm(turn, "action_visit_cancelled", "utter_visit_confirm_cancel", window=at)


async def _cancelled(turn: Turn, customer_id: str) -> None:
    visit = await _present(turn, customer_id)
    if visit is None:
        turn.say("utter_visit_none")
        return
    try:
        await turn.tools.subscriber.visits.cancel(visit)
    except (SlotTaken, SubscriberUnavailable):
        _ask_a_person(turn)
        return
    turn.say("utter_visit_cancelled", window=window(turn, visit.slot.begins, visit.slot.ends))
    await visit_desk.cancelled(turn, visit)


async def _later(turn: Turn, customer_id: str) -> None:
    await _offer(turn, customer_id, turn.recall(Booking))


async def _agreed(turn: Turn, customer_id: str) -> None:
    booking = turn.recall(Booking)
    if booking.chosen is None:
        await _book(turn, customer_id)
        return
    slot = Slot(booking.chosen.begins, booking.chosen.ends)
    try:
        visit = await _arranged(turn, customer_id, booking, slot)
    except SlotTaken:
        turn.say("utter_visit_taken", window=booking.chosen.label)
        await _offer(turn, customer_id, Booking(purpose=booking.purpose))
        return
    except SubscriberUnavailable:  # it may be booked or not
        _ask_a_person(turn)
        return
    turn.forget(Booking)
    turn.say(f"utter_visit_{booking.purpose}_done", window=window(turn, visit.slot.begins, visit.slot.ends))
    await visit_desk.agreed(turn, customer_id, visit)


async def _arranged(turn: Turn, customer_id: str, booking: Booking, slot: Slot) -> Visit:
    """Raises SlotTaken, also for a window that time has overtaken."""
    visits = turn.tools.subscriber.visits
    if slot not in offered([slot], turn.tools.now()):
        raise SlotTaken
    present = await _present(turn, customer_id)
    if present is not None and (booking.purpose == "move" or present.slot == slot):
        return present if present.slot == slot else await visits.move(present, slot)
    order_id = await visit_desk.order_of(turn, customer_id)
    return await visits.book(customer_id, slot, key=f"{turn.contact_id}-{booking.key}", order_id=order_id)


async def _present(turn: Turn, customer_id: str) -> Visit | None:
    return upcoming(await turn.tools.subscriber.visits.of_customer(customer_id), turn.tools.now())


async def _offer(turn: Turn, customer_id: str, booking: Booking) -> None:
    """A few windows, after those shown before; two that would be called the same are one."""
    after = booking.windows[-1].begins if booking.windows else None
    found = await free_slots(turn.tools.subscriber.visits, customer_id, turn.tools.now())
    named = {
        window(turn, slot.begins, slot.ends): slot for slot in reversed(found) if after is None or slot.begins > after
    }
    if not named:
        _offer_person(turn, "utter_visit_no_later" if after else "utter_visit_no_windows")
        return
    fitting = [Window(label=label, begins=slot.begins, ends=slot.ends) for label, slot in reversed(named.items())]
    most = FOR_THE_EAR if turn.medium == "ear" else ON_SCREEN
    turn.remember(booking.model_copy(update={"windows": tuple(fitting[:most]), "chosen": None, "misses": 0}))
    turn.go("visit")
    response = "utter_visit_choose" if len(fitting) > most else "utter_visit_choose_last"
    turn.say(response, choices=[one.label for one in fitting[:most]])


def _chosen(turn: Turn, booking: Booking) -> Window | None:
    """The window that was picked, or the only one that fits the day and the part of it that were said."""
    exact = [one for one in booking.windows if one.label == turn.picked]
    if exact:
        return exact[0]
    said = set(plain(turn.text).split())
    weekdays = [plain(name) for name in turn.phrases("phrase_weekdays")]
    parts = turn.phrases("phrase_visit_parts")
    fitting = []
    for one in booking.windows:
        local = one.begins.astimezone(turn.tools.timezone)
        known = {weekdays[local.weekday()], parts[local.hour >= NOON]}
        named = said & {*weekdays, *parts}
        if named and named <= known:
            fitting.append(one)
    return fitting[0] if len(fitting) == 1 else None


def _again(turn: Turn, booking: Booking) -> None:
    booking = booking.model_copy(update={"misses": booking.misses + 1})
    if booking.misses >= TRIES:
        _offer_person(turn, "utter_offer_person")
        return
    turn.remember(booking)
    turn.say("utter_not_understood")
    turn.say("utter_visit_choose", choices=[one.label for one in booking.windows])


def _offer_person(turn: Turn, response: str) -> None:
    turn.forget(Booking)
    turn.remember(turn.recall(Question).model_copy(update={"awaiting": "person", "category": "technician"}))
    turn.go("choosing")
    turn.say(response)


def _ask_a_person(turn: Turn) -> None:
    """What became of it is not certain: nothing is claimed, and a colleague looks."""
    wish = turn.recall(Wish)
    turn.forget(Booking, Wish)
    turn.remember(turn.recall(Question).model_copy(update={"problem": wish.question or turn.text}))
    turn.say("utter_visit_unsure")
    hand_over(turn, "article", category="technician")
