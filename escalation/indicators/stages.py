"""The funnel as it is told: stages that conversations reached, places where they were left."""

from typing import Literal

from pydantic import AwareDatetime

from escalation.indicators.figures import Period
from escalation.storable import Wire
from escalation.wire import Channel

Place = Literal["menu", "step", "article", "question", "start"]


class FunnelAsked(Wire):
    """Of the conversations that ended in the window, which ends now."""

    window: Period = "week"
    channel: Channel | None = None


class Left(Wire):
    """The last that was heard or read before the customer left. `of`: level of the menu, guided flow or article."""

    channel: Channel
    place: Place
    of: str = ""
    step: str = ""  # of the flow
    count: int


class Funnel(Wire):
    """Each count is part of the one before, down to `confirmed`."""

    asked: FunnelAsked
    until: AwareDatetime
    ended: int
    said_something: int  # asked for something at all
    answered: int  # were shown or told an answer
    without_person: int  # ended without one, and without having asked for one in vain
    confirmed: int  # the customer said that it is solved
    handed_over: int
    wanted_person: int  # and had not got one when it ended
    stayed_away_pct: float | None  # indicator 20; None: nobody could be recognised
    left: tuple[Left, ...]  # the most frequent first
    left_elsewhere: int  # at rarer places
