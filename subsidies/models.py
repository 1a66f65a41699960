"""The rooms' models in one place: one app, one migration history."""

from .grants.models import Adjustment, Approval, Grant, OtherBenefit, Recovery
from .payees.models import AccountChange, PayeeAccount
from .payments.models import Batch, BudgetEntry, FormerPapers, Payment, ResultRow, ResultSheet

__all__ = [
    "AccountChange",
    "Adjustment",
    "Approval",
    "Batch",
    "BudgetEntry",
    "FormerPapers",
    "Grant",
    "OtherBenefit",
    "PayeeAccount",
    "Payment",
    "Recovery",
    "ResultRow",
    "ResultSheet",
]
