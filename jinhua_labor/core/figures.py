"""Scores as a person writes them."""

from decimal import Decimal


def plain(number: Decimal) -> str:
    """The number without trailing zeros and never in powers of ten: 「5」, 「59.5」, 「100」."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
