"""Batches with their payments, sheets that came back, the budget."""

from .batches import Batch, BatchQuerySet, Payment, PaymentQuerySet
from .budget import BudgetEntry, BudgetEntryQuerySet
from .results import ResultRow, ResultSheet, ResultSheetQuerySet

__all__ = [
    "Batch",
    "BatchQuerySet",
    "BudgetEntry",
    "BudgetEntryQuerySet",
    "Payment",
    "PaymentQuerySet",
    "ResultRow",
    "ResultSheet",
    "ResultSheetQuerySet",
]
