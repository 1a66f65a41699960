"""第五章 as pure functions (R-33, R-43 … R-48)."""

from .deriving import Act, GrantFact, Plan, plan
from .keeping import Amounts, ApprovalStep, Hold, Standing, amounts, approval_steps, next_step, same_matter_problem
from .owed import (
    NOTHING,
    Decided,
    Entitlement,
    Holding,
    ResultFact,
    StationFact,
    TitleFact,
    Wait,
    excellent,
    first_title,
    setup,
    survives,
    yearly,
)

__all__ = [
    "NOTHING",
    "Act",
    "Amounts",
    "ApprovalStep",
    "Decided",
    "Entitlement",
    "GrantFact",
    "Hold",
    "Holding",
    "Plan",
    "ResultFact",
    "Standing",
    "StationFact",
    "TitleFact",
    "Wait",
    "amounts",
    "approval_steps",
    "excellent",
    "first_title",
    "next_step",
    "plan",
    "same_matter_problem",
    "setup",
    "survives",
    "yearly",
]
