"""What can go wrong between us and the operator's systems.

SubscriberUnavailable    no answer, an error of theirs, or an answer that cannot be believed
"""


class SubscriberUnavailable(Exception):
    """One of the operator's systems did not answer sensibly. Names the system; carries nothing of the customer."""
