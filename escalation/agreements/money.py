"""An amount as it is written: the code of its currency, thousands apart, all its coins."""

from decimal import Decimal

from escalation.agreements.penalty import coin_of


def in_words(amount: Decimal, currency: str) -> str:
    """GBP 1,500.00; JPY 1,500."""
    return f"{currency} {amount.quantize(coin_of(currency)):,}"
