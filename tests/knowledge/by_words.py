"""What a message's words alone decide: whether only a person may handle it, and which."""

from knowledge.decide import for_a_person
from knowledge.decision import Context


def reason(said: str) -> str | None:
    """None for what is left to the articles."""
    found = for_a_person(said, Context())
    return found.reason if found else None


def handed_over_as(said: str) -> tuple[str, str, str] | None:
    """Reason, category and department."""
    found = for_a_person(said, Context())
    return (found.reason, found.category, found.hints.department) if found and found.hints else None
