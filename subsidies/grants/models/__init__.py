"""A grant, what is set off against it, its steps of approval, its later rounds, and what is asked back."""

from .grants import Grant, GrantQuerySet
from .recoveries import Recovery, RecoveryQuerySet
from .rows import Adjustment, Approval, OtherBenefit, OtherBenefitQuerySet

__all__ = [
    "Adjustment",
    "Approval",
    "Grant",
    "GrantQuerySet",
    "OtherBenefit",
    "OtherBenefitQuerySet",
    "Recovery",
    "RecoveryQuerySet",
]
