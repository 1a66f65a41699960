"""其他补助 recorded by the centre, 同一事项 decided by the bureau (第十四条, R-47); 局决定 where R-43 leaves it."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from jinhua_labor.rulebook.book import policy_version
from subsidies.grants.enums import BEFORE_REVIEWED, CancelCause
from subsidies.grants.models import Grant, OtherBenefit
from subsidies.grants.rules import NOTHING, Wait, amounts, same_matter_problem

from .common import locked, require, standing_now
from .deriving import cancel

PAPERS = ("pdf", "jpeg", "png")


@transaction.atomic
def record_benefit(
    *,
    grant_id: uuid.UUID,
    policy: str,
    doc_no: str,
    issued_on: dt.date,
    matter: str,
    amount: Decimal,
    paid_on: dt.date,
    proof: attachments.Upload | None,
    by: User,
    key: uuid.UUID,
) -> OtherBenefit:
    """What the unit had elsewhere for the same time; whether it is the same matter the bureau decides."""
    require(by, Role.CENTRE)
    grant = locked(grant_id)
    if earlier := OtherBenefit.objects.filter(pk=key, recorded_by=by).first():
        return earlier
    if OtherBenefit.objects.filter(pk=key).exists():
        raise Conflict("这张表单已由他人提交，请刷新后再办。")
    _expect_open(grant)
    if paid_on > today():
        raise Refused("享受日期不能晚于今天。", problems=(("享受日期不能晚于今天。", "#id_benefit_paid_on"),))
    row = OtherBenefit.objects.create(
        id=key,
        grant=grant,
        policy=policy.strip(),
        doc_no=doc_no.strip(),
        issued_on=issued_on,
        matter=matter.strip(),
        amount=amount,
        paid_on=paid_on,
        proof=attachments.store(
            proof,
            by=by,
            organisation=grant.payee,
            audience=Audience.PARTY_AND_OFFICE,
            kinds=PAPERS,
            kind="other_benefit",
        )
        if proof
        else None,
        recorded_by=by,
    )
    record(by=by, action="grant.benefit", obj=grant, detail={"amount": str(amount), "policy": row.policy})
    send(to_role=Role.BUREAU, subject=f"请认定是否同一事项：{grant}", body=str(row), link=grant.get_absolute_url())
    return row


@transaction.atomic
def decide_benefit(*, benefit_id: uuid.UUID, same_matter: bool, reason: str, by: User) -> OtherBenefit:
    """同一事项 or not, by the bureau, with its reason; what is left to pay follows at once. It may be decided anew as
    long as the grant is not approved."""
    require(by, Role.BUREAU)
    grant = locked(OtherBenefit.objects.values_list("grant_id", flat=True).get(pk=benefit_id))
    row = OtherBenefit.objects.select_for_update(of=("self",), no_key=True).get(pk=benefit_id)
    _expect_open(grant)
    if not reason.strip():
        raise Refused("请写明认定的理由。", problems=(("请写明认定的理由。", "#id_reason"),))
    if same_matter and (problem := same_matter_problem(row.issued_on, policy=policy_version(grant.policy_version))):
        raise Refused(problem)
    row.same_matter, row.decision_reason = same_matter, reason.strip()
    row.decided_by, row.decided_at = by, timezone.now()
    row.save()
    total = grant.benefits.filter(same_matter=True).aggregate(sum=Sum("amount"))["sum"] or NOTHING
    found = amounts(grant.base, [total])
    grant.other, grant.payable = found.other, found.payable
    grant.top = max(grant.top, grant.payable)
    grant.save(update_fields=["other", "payable", "top"])
    record(
        by=by,
        action="grant.benefit_decide",
        obj=grant,
        purpose=row.decision_reason,
        detail={"same": same_matter, "amount": str(row.amount), "payable": str(grant.payable)},
    )
    return row


@transaction.atomic
def decide(*, grant_id: uuid.UUID, pay: bool, reason: str, doc_no: str, upload: attachments.Upload, by: User) -> Grant:
    """局决定 on what is not automatic: a station set up again in the same area or after a bar (R-43).

    What only waits for an extension is not decided here: the document is recorded in the policy versions (R-48).
    """
    require(by, Role.BUREAU)
    grant = locked(grant_id)
    _expect_open(grant)
    if Wait.AGAIN not in standing_now(grant).waits:
        raise Refused("这笔补贴没有须由局决定的事项；试行期届满的，请在政策版本中登记延期文件。")
    if grant.decision_pay is not None:
        raise Conflict("局已作出决定，请刷新后再办。")
    if not reason.strip():
        raise Refused("请写明决定的理由。", problems=(("请写明决定的理由。", "#id_decide_reason"),))
    office = by.organisation
    assert office is not None  # officials belong to the bureau
    grant.decision_pay, grant.decision_reason = pay, reason.strip()
    grant.decision_doc_no, grant.decision_by, grant.decision_at = doc_no.strip(), by, timezone.now()
    grant.decision_file = attachments.store(
        upload, by=by, organisation=office, audience=Audience.OFFICE, kinds=("pdf",), kind="grant_decision"
    )
    grant.save()
    record(by=by, action="grant.decide", obj=grant, purpose=grant.decision_reason, detail={"pay": pay})
    if not pay:
        cancel(grant, CancelCause.BUREAU, grant.decision_reason, by=by)
        send(
            to_organisation=grant.payee,
            subject=f"{grant}不再拨付",
            body=grant.cancel_reason,
            link=grant.get_absolute_url(),
        )
    return grant


def _expect_open(grant: Grant) -> None:
    if grant.stage not in BEFORE_REVIEWED:
        raise Conflict(f"{grant}{grant.get_stage_display()}，不能再变动其他补助。")
    if grant.paid > NOTHING:
        raise Refused("已有拨付的补贴补差时，不再变动其他补助。")
