"""Batches with their payments and papers, sheets that came back, the budget."""

from .batches import Batch, BatchQuerySet
from .budget import BudgetEntry, BudgetEntryQuerySet
from .papers import FormerPapers, FormerPapersQuerySet
from .payments import Payment, PaymentQuerySet
from .results import ResultRow, ResultSheet, ResultSheetQuerySet

__all__ = [
    "Batch",
    "BatchQuerySet",
    "BudgetEntry",
    "BudgetEntryQuerySet",
    "FormerPapers",
    "FormerPapersQuerySet",
    "Payment",
    "PaymentQuerySet",
    "ResultRow",
    "ResultSheet",
    "ResultSheetQuerySet",
]
