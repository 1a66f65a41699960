"""Handing a file in, promising that it is true, taking it back."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.text import match_key
from jinhua_labor.mailbox import services as mailbox
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import STEPS, Action, Kind, State
from jinhua_labor.rulebook import policy_on
from stations.applications.enums import Channel, Slot
from stations.applications.models import Application
from stations.applications.queries.completeness import Check, check
from stations.applications.queries.editable import may_act
from stations.applications.queries.facts import area_of
from stations.applications.queries.progress import Progress, progress, promise_stands
from stations.applications.queries.targets import area_text, site_label
from stations.applications.rules import FiftyGate, fifty_gate
from stations.registry.models import OperatorProfile
from stations.roster.queries import RosterSummary
from stations.roster.services.lists import lock_list
from stations.roster.services.recount import recount_list

from . import answers
from .draft import locked
from .receipts import issue_receipt

log = structlog.get_logger("portal.applications")

PLEDGE = "本单位保证本表所填信息和提供的所有材料真实、有效、合法。"
"""申请机构承诺, in the words of 附件1."""


@transaction.atomic
def pledge(*, application_id: uuid.UUID, signer: str, by: User) -> Application:
    """Records the unit's own promise on a file that the counter entered; the clerk cannot give it (R-14).

    `signer` is the legal representative, as 附件1 wants 机构法人签名. Raises PermissionDenied for anybody but the
    unit's people, Conflict once the file is handed in, Refused when the name is another one.
    """
    application = locked(application_id)
    if by.role != Role.OPERATOR or application.operator_id != by.organisation_id:
        raise PermissionDenied
    if application.review.state not in STEPS[Action.SUBMIT].sources:
        raise Conflict("申请已经提交，无需再次确认承诺。")
    _sign(application, signer, by=by)
    record(by=by, action="application.pledge", obj=application)
    if application.review.created_by.is_office:
        mailbox.send(
            to_user=application.review.created_by,
            subject=f"{application.operator.name}已确认承诺",
            body="该单位已确认窗口录入的申请和承诺，可以提交。",
            link=application.get_absolute_url(),
        )
    return application


def _sign(application: Application, signer: str, *, by: User) -> None:
    if not application.legal_rep:
        raise Refused("请先填写法定代表人。", problems=(("请填写法定代表人。", "#id_legal_rep"),))
    if match_key(signer) != match_key(application.legal_rep):
        raise Refused(
            f"机构法人签名应为法定代表人{application.legal_rep}的姓名，请核对。",
            problems=(("机构法人签名与法定代表人不一致。", "#id_signer"),),
        )
    application.pledged_by_name, application.pledged_by, application.pledged_at = (
        application.legal_rep,
        by,
        timezone.now(),
    )
    application.save(update_fields=["pledged_by_name", "pledged_by", "pledged_at"])


@transaction.atomic
def submit(
    *,
    application_id: uuid.UUID,
    by: User,
    version: int,
    key: uuid.UUID,
    signer: str = "",
    pledged: bool = False,
) -> ReviewEvent:
    """Hands the file in: number, lock on the roster, message to the centre, receipt once committed; all or nothing.

    By the operator, who promises with it (`pledged`, `signer`), or by the clerk who entered it after the unit confirmed
    the promise. A repeated post of the same rendered form (`key`) is answered with the step it took.

    Raises PermissionDenied for others, Conflict when the page was old, Refused with every gap and its place when
    something is missing (R-09 … R-15), the unit is barred (R-35) or the area is taken (R-14).
    """
    application = locked(application_id)
    review = application.review
    if not may_act(application, by):
        raise PermissionDenied
    if earlier := review_services.repeated(review, key):
        return earlier
    if review.state not in STEPS[Action.SUBMIT].sources or review.version != version:
        # The step itself says who did what meanwhile.
        return review_services.transition(review, Action.SUBMIT, by=by, version=version, key=key)
    day = today()
    answers.refresh(application)
    found, gate = readiness(application, day=day, recount_by=by)
    _refuse_incomplete(application, found)
    _promise(application, by=by, signer=signer, pledged=pledged)
    lock_list(roster_list=application.roster_list, by=by)
    _remember(application)
    event = review_services.transition(
        review,
        Action.SUBMIT,
        by=by,
        version=version,
        key=key,
        open_key=f"{Kind.APPLICATION}:{application.operator_id}:{area_of(application).key}",
        detail=frozen(application, gate, day=day),
    )
    again = review.events.filter(action=Action.SUBMIT).count() > 1
    mailbox.send(
        to_role=Role.CENTRE,
        subject=f"{application.operator.name}{'已补正并重新提交' if again else '提交了设立申请'}",
        body=f"受理编号 {review.number}，协作地区 {area_text(application)}。",
        link=application.get_absolute_url(),
    )
    transaction.on_commit(lambda: _receipt_after(event.pk))
    return event


def readiness(application: Application, *, day: dt.date, recount_by: User | None = None) -> tuple[Check, FiftyGate]:
    """What is missing on this day and the meter. With `recount_by` the roster is counted anew first (a write)."""
    from stations.roster.queries import summary

    roster = application.roster_list
    tally: RosterSummary = (
        recount_list(roster_list=roster, as_of=day, by=recount_by) if recount_by is not None else summary(roster)
    )
    gate = fifty_gate(counted=tally.counted, pending=tally.pending, policy=policy_on(day).policy)
    return check(application, day=day, gate=gate, rows=tally.raw), gate


def _refuse_incomplete(application: Application, found: Check) -> None:
    problems = [(gap.text, gap.url) for gap in found.missing]
    if application.review.state == State.RETURNED:
        told: Progress | None = progress(application)
        if told is not None:
            problems += [(f"尚未补正：{item.defect.label}。", item.url) for item in told.open_items]
    if problems:
        raise Refused(f"还有 {len(problems)} 项没有完成，完成后即可提交。", problems=tuple(problems))


def _promise(application: Application, *, by: User, signer: str, pledged: bool) -> None:
    """附件1: 申请机构承诺. The unit's people give it with the submission; for a clerk it must be there and fresh."""
    if by.role == Role.OPERATOR:
        if not pledged:
            raise Refused("请勾选申请机构承诺。", problems=(("请勾选申请机构承诺。", "#id_pledged"),))
        _sign(application, signer, by=by)
        return
    if not promise_stands(application):
        raise Refused(
            "申请单位尚未确认承诺（确认后又有改动的须重新确认）。请单位经办人登录平台确认后再提交。",
            problems=(("等待申请单位确认承诺。", "#pledge"),),
        )


def _remember(application: Application) -> None:
    """Data given once is offered again: the unit's standing data follow what it last handed in."""
    names = ("legal_rep", "head", "head_phone", "licence_no", "licence_issuer", "licence_from", "licence_to")
    OperatorProfile.objects.update_or_create(
        organisation=application.operator, defaults={name: getattr(application, name) for name in names}
    )


def frozen(application: Application, gate: FiftyGate, *, day: dt.date) -> dict[str, Any]:
    """What was handed in, as the receipt says it: papers with their digests, the roster's numbers, the version."""
    rows = application.materials.filter(superseded_at__isnull=True).select_related("attachment", "site")
    order = list(Slot.values)  # the notice's own, what stands off the form behind it
    papers = [
        {
            "slot": row.slot,
            "label": str(Slot(row.slot).label) + (f"（{site_label(application, row.site)}）" if row.site else ""),
            "name": row.attachment.name,
            "size": row.attachment.size,
            "sha256": row.attachment.sha256,
        }
        for row in sorted(rows, key=lambda row: order.index(row.slot))
    ]
    found = policy_on(day)
    return {
        "as_of": day.isoformat(),
        "area": area_text(application),
        "channel": application.channel,
        "papers": papers,
        "copies": (
            {str(number): copies for number, copies in application.paper.values_list("material", "copies")}
            if application.channel == Channel.COUNTER
            else {}
        ),
        "roster": {
            "rows": application.roster_list.deliveries.count(),
            "counted": gate.counted,
            "pending": gate.pending,
            "needed": gate.needed,
        },
        "policy": {"doc_no": found.policy.doc_no, "certainty": str(found.certainty)},
        "pledged_by": application.pledged_by_name,
    }


def _receipt_after(event_id: int) -> None:
    """The paper must not undo the step: without it the receipt is drawn anew from what the event has frozen."""
    try:
        issue_receipt(event_id=event_id)
    except Exception:
        log.exception("receipt_failed", event=event_id)


@transaction.atomic
def withdraw(*, application_id: uuid.UUID, by: User, reason: str, version: int, key: uuid.UUID) -> ReviewEvent:
    """Takes the file back, from a draft until it is decided; the reason is kept, nothing is barred by it.

    Raises PermissionDenied for anybody but the submitting organisation, Conflict when it is decided or the page was
    old.
    """
    application = locked(application_id)
    review = application.review
    if by.role != Role.OPERATOR or application.operator_id != by.organisation_id:
        raise PermissionDenied
    if not reason.strip():
        raise Refused("请填写撤回的理由。", problems=(("请填写撤回的理由。", "#id_reason"),))
    was = State(review.state)
    event = review_services.transition(
        review, Action.WITHDRAW, by=by, opinion=Opinion(reason.strip()), version=version, key=key
    )
    if event.from_state != was or was == State.DRAFT:
        return event
    mailbox.send(
        to_role=Role.BUREAU if was == State.SCREENED else Role.CENTRE,
        subject=f"{application.operator.name}撤回了设立申请",
        body=f"受理编号 {review.number}。理由：{reason.strip()}",
        link=application.get_absolute_url(),
    )
    return event
