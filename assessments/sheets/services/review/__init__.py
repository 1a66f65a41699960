"""From the finished sheet to the bureau's confirmation: handed on, checked, answered, screened, confirmed (§5.3).

Scorer, checker and the bureau's official are three persons. Each step locks the year, then its sheet, then the review.
"""

from .checking import NO_REMARK, check, is_over, screen, send_back, submit
from .confirming import confirm, return_to_centre
from .feedback import agree, answer, reply

__all__ = [
    "NO_REMARK",
    "agree",
    "answer",
    "check",
    "confirm",
    "is_over",
    "reply",
    "return_to_centre",
    "screen",
    "send_back",
    "submit",
]
