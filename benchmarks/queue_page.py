"""The queue's page without its browser: which lines it shows, since when, and what it does with a line it is told.

The same rules as in console/static/rows.js.
"""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

LINE = re.compile(r'<tr id="row-(FL-\d{8})" data-place="([^"]+)"')
VIEW = re.compile(r'name="view" value="(\w+)"[^>]* checked')


@dataclass
class QueuePage:
    """`asked`: its filters by name; `places` of its lines, by reference."""

    asked: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    told_at: dict[str, float] = field(default_factory=dict)  # when a line was replaced
    listed_at: list[tuple[float, float]] = field(default_factory=list)  # asked anew by itself, and shown
    chosen: int = 0  # how often the person chose what is shown
    _view: str = "all"
    _follows: bool = False
    _goes_on: bool = False

    def show(self, html: str, asked_at: float, now: float, *, chosen: str | None = None) -> None:
        """A list came; `chosen` is the query if the person asked for it."""
        if 'class="summary"' not in html:
            return
        self.places = dict(LINE.findall(html))
        self._follows, self._goes_on = "data-follows" in html, "data-goes-on" in html
        if chosen is None:
            self.listed_at.append((asked_at, now))
            return
        self.chosen += 1
        if found := VIEW.search(html):  # a part of the page does not say it: it starts with the one that was chosen
            self._view = found[1]
        self.asked = {"view": self._view, **dict(parse_qsl(chosen))}

    def tell(self, line: dict[str, Any], now: float) -> bool:
        """A line changed. Whether the list is right with that."""
        reference, place = line["reference"], line["place"]
        others = sorted(other for name, other in self.places.items() if name != reference)
        fits = self._is_asked_for(line)
        if reference not in self.places:
            return not fits or (line["is_open"] and not self._is_here(place, others))
        self.told_at[reference] = now
        self.places[reference] = place
        return fits and line["is_open"] and "unread" not in self.asked and self._is_here(place, others)

    def shown_at(self, reference: str, sent: float, answered: float) -> float | None:
        """When it showed the change that was sent and answered then; None as long as it does not."""
        if (told_at := self.told_at.get(reference, 0.0)) > sent:
            return told_at
        return next((shown for asked, shown in self.listed_at if asked > answered), None)

    def _is_asked_for(self, line: dict[str, Any]) -> bool:
        asked, own = self.asked, line["own"]
        if asked.get("view") == "mine" and not own["mine"]:
            return False
        is_in_tier = ("tier" in asked or own["tier"]) and ("department" in asked or own["department"])
        if asked.get("view") == "tier" and not is_in_tier:
            return False
        if "status" not in asked and not line["is_open"]:
            return False
        return all(asked.get(name, value) == value for name, value in line["facts"].items())

    def _is_here(self, place: str, others: list[str]) -> bool:
        if not others:
            return True
        return not (self._follows and place < others[0]) and not (self._goes_on and place > others[-1])
