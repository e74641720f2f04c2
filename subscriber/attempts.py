"""How often somebody may guess the facts of one account."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

MOST_WRONG = 5  # a customer mistypes twice or three times
WINDOW_S = 15 * 60.0
MOST_ACCOUNTS = 10_000  # about 5 MB; the account asked about longest ago is forgotten first


class Attempts:
    """Wrong guesses in the last quarter of an hour, by account number, whether or not such an account exists.

    Kept in this process: verification happens in one program (`inner`), the door has no database, and the operator's
    own system is the place for a lock that outlives a restart. With n copies of that program a guesser has n times
    as many tries, still far too few for a date of birth.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, account: str) -> bool:
        """Count a guess before it is checked, so that many at once are not free; False when there were too many.

        A guess made while locked does not lengthen the lock, so that nobody can keep a customer out for good.
        """
        now = self._clock()
        wrong = self._wrong.setdefault(account, deque())
        self._wrong.move_to_end(account)
        while wrong and wrong[0] <= now - WINDOW_S:
            wrong.popleft()
        if len(self._wrong) > MOST_ACCOUNTS:
            self._wrong.popitem(last=False)
        if len(wrong) >= MOST_WRONG:
            return False
        wrong.append(now)
        return True

    def was_right(self, account: str) -> None:
        self._wrong.pop(account, None)

    def give_back(self, account: str) -> None:
        """The guess was never checked: the system did not answer."""
        if wrong := self._wrong.get(account):
            wrong.pop()
