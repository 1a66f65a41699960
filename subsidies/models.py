"""The rooms' models in one place: one app, one migration history."""

from .grants.models import Adjustment, Approval, Grant, OtherBenefit, Recovery
from .payees.models import AccountChange, PayeeAccount

__all__ = [
    "AccountChange",
    "Adjustment",
    "Approval",
    "Grant",
    "OtherBenefit",
    "PayeeAccount",
    "Recovery",
]
