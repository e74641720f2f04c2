"""What a system answered a moment ago, so that a conversation does not ask for the same bill at every turn."""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")
MOST_KEPT = 2000  # the one asked for longest ago is forgotten first


class Recent(Generic[T]):
    """Answers not older than `age_s`. An error is never kept."""

    def __init__(self, *, age_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._age_s = age_s
        self._clock = clock
        self._kept: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()

    async def get(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        kept = self._kept.get(key)
        if kept and self._clock() - kept[0] < self._age_s:
            return kept[1]
        answer = await ask()
        self._kept[key] = (self._clock(), answer)
        self._kept.move_to_end(key)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return answer

    def forget(self, key: Hashable) -> None:
        self._kept.pop(key, None)
