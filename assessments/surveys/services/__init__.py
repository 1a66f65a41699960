"""Every write of the satisfaction surveys."""

from .answering import Given, Unanswerable, answer
from .closing import close_due
from .opening import open_surveys
from .printing import Printed, parts, print_cards, print_handout

__all__ = [
    "Given",
    "Printed",
    "Unanswerable",
    "answer",
    "close_due",
    "open_surveys",
    "parts",
    "print_cards",
    "print_handout",
]
