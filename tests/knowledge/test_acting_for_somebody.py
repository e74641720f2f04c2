"""The legal rule of the language file: who acts for somebody with a power of attorney threatens nobody."""

import pytest

from knowledge.decide import for_a_person
from knowledge.decision import Context


@pytest.mark.parametrize(
    "said",
    [
        "power of attorney",
        "I have power of attorney for my mum",
        "POWER-OF-ATTORNEY for my dad's account",
        "my sister and I hold powers of attorney",
        "I'm my dad's attorney, can I talk about his bill",
        "I am my late aunt's attorney, how do I close her account",
        "I am acting as attorney for my uncle",
        "I am the attorney of my mother",
        "my daughter is my attorney and pays my bills",
        "she made me her attorney last year",
        "I'm a joint attorney with my sister",
        "how do I add an attorney to the account",
        "can my attorney manage my account for me",
        "attorneys for property and financial affairs",
        "the solicitor drew up a lasting power of attorney for my dad",
        "I have a power of attorney letter from the solicitor",
        "do you accept a power of attorney or a court order",
        "we have a court order as deputy for my brother",
    ],
)
def test_who_acts_for_somebody_is_left_to_the_articles(said: str) -> None:
    assert for_a_person(said, Context()) is None


@pytest.mark.parametrize(
    "said",
    [
        "you will hear from my attorney",
        "my attorney will contact you",
        "my attorneys are preparing a case",
        "expect a letter from my attorney",
        "I am hiring an attorney",
        "I have an attorney now, sort it out",
        "my mum's attorney will be in touch with you about this",
        "I have engaged Mr Hale as my attorney",
        "I am an attorney and I will sue you",
        "I have power of attorney for my mum and you will hear from my lawyer",
        "I have power of attorney and my attorney will see you in court",
        "I hold power of attorney for my father and I will take you to court",
        "my daughter is my attorney and we are going to the ombudsman",
    ],
)
def test_a_legal_threat_goes_to_a_person(said: str) -> None:
    found = for_a_person(said, Context())

    assert found is not None
    assert (found.reason, found.category) == ("person", "complaint")
