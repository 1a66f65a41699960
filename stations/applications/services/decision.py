"""审核: the bureau approves, refuses with clause and remedy, or sends back; several at once, each by itself."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox import services as mailbox
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, Recommendation
from stations.applications.enums import CreditCheck, SnapshotStage
from stations.applications.models import Application
from stations.applications.queries.conditions import standing_problems
from stations.applications.rules import blocking, refusal_problems

from . import snapshot
from .draft import locked

SECOND_HAT = "这件您已在前一环节办理过，审核须由他人办理。"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file of a batch: approved, or why not."""

    application: Application
    approved: bool
    message: str = ""


def _at_decision(
    application_id: uuid.UUID, action: Action, *, by: User, version: int | None, key: uuid.UUID | None
) -> tuple[Application, ReviewEvent | None]:
    """The file, locked, and the event of an earlier post of the same form."""
    application = locked(application_id)
    review = application.review
    if earlier := review_services.repeated(review, key):
        return application, earlier
    review_services.may_take(review, action, by=by, version=version)
    if by.pk in {review.submitted_by_id, review.screened_by_id}:
        raise Refused(SECOND_HAT)
    return application, None


@transaction.atomic
def approve(
    *, application_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """审核通过: the count is taken and frozen again, the rules are asked again on this day; then it waits for 发文.

    Raises Refused when the centre said 不同意, fewer than 50 count, or a paper has run out since; Conflict when
    somebody was quicker.
    """
    application, earlier = _at_decision(application_id, Action.APPROVE, by=by, version=version, key=key)
    if earlier:
        return earlier
    review = application.review
    if review.recommendation != Recommendation.AGREE:
        raise Refused("初审意见为不同意，不能直接审核通过；请退回初审或不予通过。")
    if not opinion.strip():
        raise Refused("请填写审核通过的意见。", problems=(("请填写审核意见。", "#id_approve_opinion"),))
    frozen = snapshot.take(application=application, stage=SnapshotStage.APPROVE, by=by)
    application.roster_list.refresh_from_db()
    snapshot.refuse_below_fifty(frozen)
    open_ = [problem for found in standing_problems(application, day=today()).values() for problem in blocking(found)]
    if open_:
        raise Refused(
            "初审后情况有变，现在不具备通过的条件；请退回初审核实。",
            problems=tuple((f"{problem.clause}：{problem.message}", "") for problem in open_),
        )
    event = review_services.transition(
        review,
        Action.APPROVE,
        by=by,
        opinion=Opinion(opinion),
        version=version,
        key=key,
        detail={"snapshot": str(frozen.pk), "filing_no": application.filing_no},
    )
    mailbox.send(
        to_organisation=application.operator,
        subject="设立申请已审核通过",
        body=f"受理编号 {review.number}。区人社局印发设立文件后，工作站即告设立，届时另行通知。",
        link=application.get_absolute_url(),
    )
    return event


def approve_several(
    *,
    application_ids: Sequence[uuid.UUID],
    opinion: str,
    by: User,
    key: uuid.UUID,
    versions: Mapping[uuid.UUID, int] | None = None,
) -> list[Outcome]:
    """Each file in a step of its own, checked again as if it stood alone; one refused leaves the others approved.

    `versions` are those the list showed: what was sent back and reported anew since is not approved unseen. A repeated
    post of the same form answers as the first did.
    """
    if by.role != Role.BUREAU:
        raise PermissionDenied
    outcomes = []
    for pk in dict.fromkeys(application_ids):
        application = Application.objects.select_related("review", "operator").get(pk=pk)
        try:
            version = (versions or {}).get(pk)
            approve(application_id=pk, opinion=opinion, by=by, version=version, key=uuid.uuid5(key, str(pk)))
        except Refused as refusal:
            reasons = [text for text, _ in refusal.problems]
            outcomes.append(Outcome(application, approved=False, message="".join([refusal.message, *reasons])))
        else:
            outcomes.append(Outcome(application, approved=True))
    return outcomes


@transaction.atomic
def reject(
    *,
    application_id: uuid.UUID,
    clause: str,
    reason: str,
    remedy: str,
    by: User,
    version: int | None = None,
    key: uuid.UUID | None = None,
) -> ReviewEvent:
    """不予设立 with its reason, the clause it rests on and how to object (R-18); it bars nobody."""
    application, earlier = _at_decision(application_id, Action.REJECT, by=by, version=version, key=key)
    if earlier:
        return earlier
    if problems := refusal_problems(reason, clause, remedy):
        raise Refused(
            "决定书还不完整。",
            problems=tuple((problem.message, f"#id_reject_{problem.target}") for problem in problems),
        )
    review = application.review
    event = review_services.transition(
        review,
        Action.REJECT,
        by=by,
        opinion=Opinion(reason),
        version=version,
        key=key,
        detail={"clause": clause.strip(), "remedy": remedy.strip()},
    )
    mailbox.send(
        to_organisation=application.operator,
        subject="设立申请未获通过",
        body=f"受理编号 {review.number}。不予设立的理由、依据和救济途径见决定书。",
        link=application.get_absolute_url(),
    )
    return event


@transaction.atomic
def send_back(
    *,
    application_id: uuid.UUID,
    comment: str,
    by: User,
    credit_waiver: bool = False,
    version: int | None = None,
    key: uuid.UUID | None = None,
) -> ReviewEvent:
    """退回初审 with what is to be looked at again.

    `credit_waiver` says that the comment is the bureau's reason for going on in spite of a bad credit record (R-09).
    """
    application, earlier = _at_decision(application_id, Action.SEND_BACK, by=by, version=version, key=key)
    if earlier:
        return earlier
    if not comment.strip():
        raise Refused("请填写退回初审的意见。", problems=(("请写明需要核实的事项。", "#id_back_comment"),))
    if credit_waiver and application.credit_check != CreditCheck.FOUND:
        raise Conflict("信用核查没有不良记录，请刷新页面。")
    event = review_services.transition(
        application.review,
        Action.SEND_BACK,
        by=by,
        opinion=Opinion(comment),
        version=version,
        key=key,
        detail={"credit_waiver": True} if credit_waiver else {},
    )
    mailbox.send(
        to_role=Role.CENTRE,
        subject=f"{application.operator.name}设立申请被退回初审",
        body=f"受理编号 {application.review.number}。{comment.strip()}",
        link=application.get_absolute_url(),
    )
    return event
