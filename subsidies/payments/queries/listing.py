"""What the pages of 拨付 list: grants that may be paid, those that wait for something, batches, sheets."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, Q, QuerySet, Sum, When

from jinhua_labor.accounts.models import User
from subsidies.grants.enums import Stage
from subsidies.grants.models import Grant
from subsidies.payments.enums import PaymentState
from subsidies.payments.models import Batch, FormerPapers, Payment, ResultRow, ResultSheet


@dataclass(frozen=True, slots=True)
class Ready:
    """Grants after their last approval: `free` may be batched, the others wait for what their words say."""

    free: tuple[Grant, ...]
    waiting: tuple[tuple[Grant, str], ...]

    @property
    def total(self) -> Decimal:
        return sum((grant.due for grant in self.free), Decimal(0))


def approved(user: User) -> QuerySet[Grant]:
    """Grants that wait for a batch, the longest first."""
    rows = Grant.objects.visible_to(user).filter(stage=Stage.APPROVED)
    return rows.select_related("station", "payee", "account").order_by("approved_on", "payee_name", "id")


def ready(listed: Iterable[Grant], kept: Mapping[uuid.UUID, str]) -> Ready:
    """These grants by whether something keeps them (`kept`: the reason, "" where there is none)."""
    grants = list(listed)
    free = tuple(grant for grant in grants if not kept[grant.pk])
    return Ready(free, tuple((grant, kept[grant.pk]) for grant in grants if kept[grant.pk]))


def batches(user: User, *, grant: uuid.UUID | None = None) -> QuerySet[Batch]:
    """Batches, the latest first, with how many of their payments still wait or bounced; all, or those one grant has
    ever been in."""
    rows = Batch.objects.visible_to(user)
    if grant:
        rows = rows.filter(pk__in=Payment.objects.visible_to(user).filter(grant=grant).values("batch"))
    return (
        rows.select_related("made_by")
        .annotate(
            waiting=Count("payments", filter=Q(payments__state=PaymentState.PENDING)),
            bounced=Count("payments", filter=Q(payments__state=PaymentState.BOUNCED)),
        )
        .order_by("-year", "-serial")
    )


def sheets(user: User) -> QuerySet[ResultSheet]:
    return ResultSheet.objects.visible_to(user).select_related("file", "brought_by")


def payments_of(batch: Batch, user: User) -> QuerySet[Payment]:
    """Its payments in their order; the account numbers stay shut."""
    rows = Payment.objects.visible_to(user).filter(batch=batch).defer("account")
    return rows.select_related("batch", "grant__station", "removed_by").order_by("seq")


def pending(user: User) -> QuerySet[Payment]:
    """Payments in a batch that have no result yet, the longest first."""
    rows = Payment.objects.visible_to(user).pending().defer("account")
    return rows.select_related("batch", "grant__station", "grant__payee").order_by(
        "batch__year", "batch__serial", "seq"
    )


def pending_grants(lines: Iterable[Payment]) -> list[Grant]:
    """The grants of these payments that are not paid yet."""
    return [one.grant for one in lines if one.state == PaymentState.PENDING]


def with_kept(lines: Iterable[Payment], kept: Mapping[uuid.UUID, str]) -> list[tuple[Payment, str]]:
    """Each payment with what keeps its grant now; "" where nothing does."""
    return [(one, kept.get(one.grant_id, "")) for one in lines]


def former_of(batch: Batch, user: User) -> QuerySet[FormerPapers]:
    """Editions of its papers that gave way to new ones, the latest first."""
    rows = FormerPapers.objects.visible_to(user).filter(batch=batch)
    return rows.select_related("replaced_by", "issued_by").order_by("-edition")


def papers_of(batch: Batch, edition: int | None) -> Batch | FormerPapers:
    """Where this edition's papers hang: on the batch itself the present ones, which are also given for an edition
    there is not."""
    rows = FormerPapers.objects.select_related("payment_sheet", "approval_sheet")
    return rows.filter(batch=batch, edition=edition).first() or batch


def rows_of(sheet: ResultSheet) -> QuerySet[ResultRow]:
    """The rows of a sheet, mismatches first."""
    rows = sheet.rows.select_related("payment").defer("payment__account")
    return rows.order_by(Case(When(problem="", then=1), default=0), "row")


def paid_in(batch: Batch) -> Decimal:
    paid = batch.payments.filter(state=PaymentState.PAID).aggregate(sum=Sum("amount"))["sum"]
    return paid or Decimal(0)
