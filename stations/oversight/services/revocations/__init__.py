"""取消资格 (第八条): proposed, told, heard, screened by a second person, decided by the bureau, announced, reversed.

Every step locks the station's row first (design §1.4).
"""

from .deciding import decide, dismiss, screen, send_back, withdraw
from .following import deliver, return_plaque, reverse_decision
from .hearing import answer, notify, state
from .proposing import MAY_START, Content, apply, draft_g3, drop, propose

__all__ = [
    "MAY_START",
    "Content",
    "answer",
    "apply",
    "decide",
    "deliver",
    "dismiss",
    "draft_g3",
    "drop",
    "notify",
    "propose",
    "return_plaque",
    "reverse_decision",
    "screen",
    "send_back",
    "state",
    "withdraw",
]
