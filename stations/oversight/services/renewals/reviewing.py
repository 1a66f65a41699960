"""The two steps: 退回补正, 初审, 退回初审, 审核通过, 不予续期."""

from __future__ import annotations

import uuid

from django.db import transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Refused
from jinhua_labor.mailbox.services import send
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, Recommendation
from stations.oversight.enums import RenewalState
from stations.oversight.models import Renewal
from stations.oversight.queries.renewals import standing_problems
from stations.oversight.services.common import require
from stations.registry.services import papers

from .common import locked, refuse_standing

SCREENED = "续期初审时核对"


@transaction.atomic
def send_back(*, renewal_id: uuid.UUID, answer: str, by: User) -> Renewal:
    """退回补正 with everything that is to be mended."""
    require(by, Role.CENTRE)
    row = locked(renewal_id)
    if not answer.strip():
        raise Refused("请写明需要补正的内容。", problems=(("请写明需要补正的内容。", "#id_return_answer"),))
    row.review = review_services.transition(row.review, Action.RETURN, by=by, opinion=Opinion(answer)).review
    row.state, row.answer = RenewalState.RETURNED, answer.strip()
    row.save(update_fields=["state", "answer"])
    record(by=by, action="renewal.return", obj=row)
    due = row.review.due_on
    send(
        to_organisation=row.operator,
        subject=f"{row.station.name}续期申请需要补正",
        body=f"受理编号{row.number}。{row.answer}" + (f"请在{date_cn(due)}（含）前补正。" if due else ""),
        link=row.get_absolute_url(),
    )
    return row


@transaction.atomic
def screen(
    *, renewal_id: uuid.UUID, recommendation: Recommendation | None, opinion: str, by: User,
    version: int | None = None, key: uuid.UUID | None = None,
) -> ReviewEvent:  # fmt: skip
    """初审: 同意 needs the conditions of 第三条 but the 50 (G-31); the agreement is 已核 with it."""
    row = locked(renewal_id)
    if earlier := review_services.repeated(row.review, key):
        return earlier
    review_services.may_take(row.review, Action.SCREEN, by=by, version=version)
    if recommendation == Recommendation.AGREE:
        refuse_standing(row, day=today())
        if row.agreement.accepted is None:
            papers.check(paper_id=row.agreement_id, accepted=True, note=SCREENED, by=by)
    event = review_services.transition(
        row.review, Action.SCREEN, by=by, opinion=Opinion(opinion, recommendation), version=version, key=key
    )
    send(
        to_role=Role.BUREAU,
        subject=f"{row.station.name}续期待审核",
        body=f"受理编号{row.number}，{row.operator.name}，申请续至{date_cn(row.term_to)}。",
        link=row.get_absolute_url(),
    )
    return event


@transaction.atomic
def return_to_centre(
    *, renewal_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """退回初审 with what is to be looked at again."""
    row = locked(renewal_id)
    return review_services.transition(
        row.review, Action.SEND_BACK, by=by, opinion=Opinion(opinion), version=version, key=key
    )


@transaction.atomic
def approve(
    *, renewal_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """审核通过: the term is renewed with the document that follows."""
    row = locked(renewal_id)
    if earlier := review_services.repeated(row.review, key):
        return earlier
    review_services.may_take(row.review, Action.APPROVE, by=by, version=version)
    refuse_standing(row, day=today())
    event = review_services.transition(
        row.review, Action.APPROVE, by=by, opinion=Opinion(opinion), version=version, key=key
    )
    row.state = RenewalState.APPROVED
    row.save(update_fields=["state"])
    record(by=by, action="renewal.approve", obj=row)
    send(
        to_organisation=row.operator,
        subject=f"{row.station.name}续期审核通过，待发文",
        body=f"受理编号{row.number}。批复印发后新的经营期限生效。",
        link=row.get_absolute_url(),
    )
    return event


@transaction.atomic
def reject(
    *, renewal_id: uuid.UUID, reason: str, clause: str, remedy: str, by: User, version: int | None = None,
    key: uuid.UUID | None = None,
) -> Renewal:  # fmt: skip
    """不予续期 with reason, clause and remedy (R-18); the station keeps the term it has.

    One that is approved already is refused only where its conditions have fallen away since: its document cannot
    follow, and it would keep the station's next application from being made.
    """
    require(by, Role.BUREAU)
    row = locked(renewal_id)
    if row.state == RenewalState.REFUSED and (row.answer, row.clause) == (reason.strip(), clause.strip()):
        return row
    given = {"reason": reason.strip(), "clause": clause.strip(), "remedy": remedy.strip()}
    words = {"reason": "不予续期的理由", "clause": "依据的条款", "remedy": "救济途径"}
    if missing := [name for name, text in given.items() if not text]:
        raise Refused(
            "不予续期须写明理由、依据和救济途径。",
            problems=tuple((f"请填写{words[name]}。", f"#id_reject_{name}") for name in missing),
        )
    if row.state == RenewalState.APPROVED:
        if not standing_problems(row, day=today()):
            raise Refused("这件续期已审核通过，现在仍具备条件，请登记发文。")
    else:
        review_services.transition(
            row.review, Action.REJECT, by=by, opinion=Opinion(reason), version=version, key=key,
            detail={"clause": given["clause"], "remedy": given["remedy"]},
        )  # fmt: skip
    row.state, row.answer = RenewalState.REFUSED, given["reason"]
    row.clause, row.remedy = given["clause"], given["remedy"]
    row.save(update_fields=["state", "answer", "clause", "remedy"])
    record(by=by, action="renewal.reject", obj=row, detail={"clause": row.clause})
    send(
        to_organisation=row.operator,
        subject=f"不予续期：{row.station.name}",
        body=f"受理编号{row.number}。{row.answer}依据：{row.clause}。{row.remedy}",
        link=row.get_absolute_url(),
    )
    return row
