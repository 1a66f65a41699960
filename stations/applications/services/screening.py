"""初审: judging the five conditions, what the centre looked up and saw, and forwarding the file with its opinion."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.locks import lock_name
from jinhua_labor.mailbox import services as mailbox
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, Recommendation
from jinhua_labor.rulebook import policy_on
from stations.applications.enums import Condition, CreditCheck, SnapshotStage, Verdict
from stations.applications.models import Application, Judgement, Site
from stations.applications.queries.conditions import PARTS, conditions, obstacles, standing_problems
from stations.applications.queries.targets import area_text, site_label
from stations.applications.rules import judgement_problems

from . import snapshot
from .draft import locked

OWN_ENTRY = "这件是您录入提交的，初审须由同事办理。"


def at_screening(application_id: uuid.UUID, by: User, *, version: int | None = None) -> Application:
    """The file, locked, for work that belongs to 初审.

    Raises PermissionDenied for anybody but the centre, Conflict when it is not at 初审, Refused for who entered it.
    """
    application = locked(application_id)
    review_services.may_take(application.review, Action.SCREEN, by=by, version=version)
    if application.review.entered_by(by):
        raise Refused(OWN_ENTRY)
    return application


@transaction.atomic
def judge(
    *,
    application_id: uuid.UUID,
    condition: Condition,
    part: str,
    verdict: Verdict | None,
    reason: str,
    by: User,
    version: int | None = None,
) -> Judgement:
    """符合 or 不符合 of one condition (of one of the three documents of (三)); the latest judgement holds.

    Raises Refused when no judgement is made or 不符合 has no reason, Conflict when the page was of before a 补正: its
    reader has not seen what came new.
    """
    application = at_screening(application_id, by, version=version)
    if part not in {code for code, _ in PARTS.get(condition, (("", ""),))}:
        raise Conflict("没有这一项判断，请刷新页面。")
    problems = judgement_problems(verdict, reason, target=condition, clause="第三条")
    if problems or verdict is None:
        raise Refused(problems[0].message, problems=tuple((problem.message, "") for problem in problems))
    before = application.judgements.filter(condition=condition, part=part).values_list("verdict", "reason").first()
    row, _ = Judgement.objects.update_or_create(
        application=application,
        condition=condition,
        part=part,
        defaults={"verdict": verdict, "reason": reason.strip(), "by": by, "at": timezone.now()},
    )
    record(
        by=by,
        action="application.judge",
        obj=application,
        detail={"condition": condition, "part": part, "before": before, "after": [verdict, reason.strip()]},
    )
    return row


@transaction.atomic
def confirm_judgements(*, application_id: uuid.UUID, by: User, version: int | None = None) -> int:
    """沿用补正前的判断: says of every judgement made before the latest submission that it still holds; how many."""
    application = at_screening(application_id, by, version=version)
    rows = application.judgements.filter(at__lt=application.review.submitted_at)
    confirmed = rows.update(by=by, at=timezone.now())
    if confirmed:
        record(by=by, action="application.confirm_judgements", obj=application, detail={"count": confirmed})
    return confirmed


@transaction.atomic
def record_credit(
    *, application_id: uuid.UUID, result: CreditCheck, note: str, by: User, version: int | None = None
) -> Application:
    """信用核查 (R-09): what the credit registers say. Raises Refused when a finding or a doubt is not explained."""
    application = at_screening(application_id, by, version=version)
    if result != CreditCheck.NONE and not note.strip():
        raise Refused(
            "有不良记录或存疑的，请写明查询的平台和内容。", problems=(("请写明核查说明。", "#id_credit_note"),)
        )
    before = [application.credit_check, application.credit_note]
    application.credit_check, application.credit_note = result, note.strip()
    application.save(update_fields=["credit_check", "credit_note"])
    after = [application.credit_check, application.credit_note]
    record(by=by, action="application.credit_check", obj=application, detail={"before": before, "after": after})
    return application


@transaction.atomic
def check_site(
    *, application_id: uuid.UUID, site_id: uuid.UUID, note: str, by: User, version: int | None = None
) -> Site:
    """实地或照片核查 of one 工作地点 (R-10). Raises Refused without a word on what was seen."""
    application = at_screening(application_id, by, version=version)
    if not note.strip():
        raise Refused("请写明核查方式和情况。", problems=(("请写明核查方式和情况。", f"#id_site_{site_id}_note"),))
    site = application.sites.select_for_update().filter(pk=site_id).first()
    if site is None:
        raise Conflict("该工作地点已被移除，请刷新页面。")
    site.checked_by, site.checked_at, site.check_note = by, timezone.now(), note.strip()
    site.save(update_fields=["checked_by", "checked_at", "check_note"])
    record(
        by=by,
        action="application.check_site",
        obj=application,
        detail={"site": str(site.pk), "label": site_label(application, site), "note": note.strip()},
    )
    return site


@transaction.atomic
def screen(
    *,
    application_id: uuid.UUID,
    recommendation: Recommendation | None,
    opinion: str,
    by: User,
    version: int | None = None,
    key: uuid.UUID | None = None,
) -> ReviewEvent:
    """Forwards the file to the bureau with 同意 or 不同意; the count is frozen, with 同意 the 备案号 is given.

    同意 needs every condition judged 符合 since the latest submission, nothing the rules object to on this day, at
    least 50 COUNTED as of the latest submission, and no mark left in the tray. Raises Refused with everything that
    stands in the way, Conflict when the file has moved on.
    """
    application = locked(application_id)
    review = application.review
    if earlier := review_services.repeated(review, key):
        return earlier
    review_services.may_take(review, Action.SCREEN, by=by, version=version)
    if review.entered_by(by):
        raise Refused(OWN_ENTRY)
    if recommendation is None:
        raise Refused("请选择同意或不同意。")
    if not opinion.strip():
        raise Refused("请填写初审的意见。", problems=(("请填写初审意见。", "#id_opinion"),))
    day = today()
    frozen = snapshot.take(application=application, stage=SnapshotStage.SCREEN, by=by)
    application.roster_list.refresh_from_db()
    if recommendation == Recommendation.AGREE:
        _refuse_while_open(application, day)
        snapshot.refuse_below_fifty(frozen)
        _file(application, day=day, by=by)
    event = review_services.transition(
        review,
        Action.SCREEN,
        by=by,
        opinion=Opinion(opinion, recommendation),
        version=version,
        key=key,
        detail={
            "recommendation": recommendation,
            "judgements": [
                [row.condition, row.part, row.verdict, row.reason, row.by.name] for row in _judgements(application)
            ],
            "problems": [
                [condition, problem.level, problem.message]
                for condition, found in standing_problems(application, day=day).items()
                for problem in found
            ],
            "snapshot": str(frozen.pk),
            "filing_no": application.filing_no if recommendation == Recommendation.AGREE else "",
        },
    )
    mailbox.send(
        to_role=Role.BUREAU,
        subject=f"{application.operator.name}设立申请待审核",
        body=f"受理编号 {review.number}，协作地区 {area_text(application)}，初审{recommendation.label}。",
        link=application.get_absolute_url(),
    )
    return event


def _judgements(application: Application) -> list[Judgement]:
    return list(application.judgements.select_related("by"))


def _refuse_while_open(application: Application, day: dt.date) -> None:
    found = obstacles(application, views=conditions(application, day=day))
    if found:
        raise Refused(f"还有 {len(found)} 项不具备同意的条件。", problems=found)


def _file(application: Application, *, day: dt.date, by: User) -> None:
    """备案号 `BA-330703-YYYY-nnn`, given once with the first 同意 and kept when the file comes back (R-01)."""
    if application.filing_no:
        return
    prefix = f"BA-{policy_on(day).policy.settings.district_code}-{day.year}-"
    lock_name(prefix)
    numbers = Application.objects.filter(filing_no__startswith=prefix).values_list("filing_no", flat=True)
    last = max((int(number.rsplit("-", 1)[1]) for number in numbers), default=0)
    application.filing_no, application.filed_by, application.filed_at = f"{prefix}{last + 1:03d}", by, timezone.now()
    application.save(update_fields=["filing_no", "filed_by", "filed_at"])
