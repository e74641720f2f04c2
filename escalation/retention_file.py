"""data/operator/retention.yml: how long what tells of a customer is kept."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator

from escalation.policy_files import Duration, Entry
from escalation.read_record import LEAST_KEPT

BOARD_LOOKS_BACK = timedelta(days=60)  # a month and the one before it (indicators/figures.py)


def _after_the_board(kept: timedelta) -> timedelta:
    if kept < BOARD_LOOKS_BACK:
        raise ValueError("the board looks back 60 days: at least 60d")
    return kept


def _at_least_guarded(kept: timedelta) -> timedelta:
    if kept < LEAST_KEPT:
        raise ValueError("the database deletes no read of the last 90 days: at least 90d")
    return kept


Kept = Annotated[Duration, AfterValidator(_after_the_board)]


class RetentionFile(Entry):
    voicemails: Kept
    texts: Kept
    conversations: Kept
    tickets: Kept
    reads: Annotated[Duration, AfterValidator(_at_least_guarded)]
