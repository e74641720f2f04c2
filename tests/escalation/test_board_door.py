"""A figure's name comes out of a browser's address: whatever it is, it stays one piece of the path that is asked."""

import httpx
import pytest

from escalation.board_door import BoardDoor
from escalation.errors import EscalationRefused
from escalation.indicators.figures import BoardAsked
from escalation.link import Link


@pytest.mark.parametrize("key", ["\x12", "a/b", "a?b=c", "é#"])
async def test_any_name_of_a_figure_is_asked_for_as_it_is(key: str) -> None:
    asked: list[httpx.URL] = []

    def no_such_figure(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(404, json={"message": "no such figure"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(no_such_figure), base_url="http://home") as http:
        with pytest.raises(EscalationRefused):
            await BoardDoor(Link(http)).behind("sam.okoye", key, BoardAsked())

    assert asked[0].path == f"/escalation/v1/indicators/{key}"
    assert asked[0].raw_path.count(b"/") == 4
