"""The scale of a year's score, drawn as SVG: how far it reaches, and where each tier of the reward begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django import template

from jinhua_labor.core.money import yuan
from jinhua_labor.policy.types import Tier

register = template.Library()
FULL = 100
TEN_THOUSAND = 10_000


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a tier begins, and what it brings."""

    at: str
    points: int
    amount: str
    reached: bool
    here: bool
    until: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Lengths as SVG takes them."""

    fill: str
    marks: tuple[Mark, ...]


@register.simple_tag
def scale(total: Decimal, tiers: Iterable[Tier]) -> Scale:
    """The scale for a total of 0 to 100."""
    ordered = sorted(tiers, key=lambda tier: tier.floor)
    ends = [*(tier.floor for tier in ordered[1:]), None]
    marks = tuple(
        Mark(
            at=f"{tier.floor}%",
            points=tier.floor,
            amount=wan(tier.amount),
            reached=total >= tier.floor,
            here=total >= tier.floor and (end is None or total < end),
            until=f"{tier.floor} 分以上（含）" + (f"、{end} 分以下" if end else ""),
        )
        for tier, end in zip(ordered, ends, strict=True)
    )
    return Scale(fill=f"{min(max(total, Decimal(0)), Decimal(FULL)):f}%", marks=marks)


@register.filter
def wan(amount: Decimal) -> str:
    """6 万元; an amount that is not whole thousands in 元."""
    if amount % 1000:
        return yuan(amount)
    return f"{(amount / TEN_THOUSAND).normalize():f} 万元"


@register.filter
def points(value: Decimal) -> str:
    """8, or 8.5: no digits that say nothing."""
    return f"{value.normalize():f}"
