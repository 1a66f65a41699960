"""续期 (R-19, G-31): asked for, mended, taken back, screened, approved or refused, and the document that ends it.

Every step locks the station's row first (design §1.4).
"""

from .asking import Content, amend, submit, withdraw
from .issuing import issue
from .passing import approved_stations, lapse_overdue, remind_ending
from .reviewing import approve, reject, return_to_centre, screen, send_back

__all__ = [
    "Content",
    "amend",
    "approve",
    "approved_stations",
    "issue",
    "lapse_overdue",
    "reject",
    "remind_ending",
    "return_to_centre",
    "screen",
    "send_back",
    "submit",
    "withdraw",
]
