"""What can go wrong between us and the operator's systems.

SubscriberUnavailable    no answer, an error of theirs, or an answer that cannot be believed
SubscriberConflict       it answered, and refuses: what was asked for is no longer possible
"""


class SubscriberUnavailable(Exception):
    """One of the operator's systems did not answer sensibly. Names the system; carries nothing of the customer."""


class SubscriberConflict(SubscriberUnavailable):
    """A conflict with what the system holds by now (409). It is up, and asking the same again is of no use."""
