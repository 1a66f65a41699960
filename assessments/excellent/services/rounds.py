"""评选: a round opened by the bureau, its list published by the centre, the recognition document (R-36, R-41)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.excellent.enums import CandidateStage
from assessments.excellent.models import Candidate, Round, Title
from assessments.excellent.queries import matrix_of
from assessments.excellent.rules import round_problem
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.documents.models import DocumentKind, IssuedDocument
from jinhua_labor.documents.services import number_problems, register
from jinhua_labor.mailbox.services import send
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import Notice, NoticeKind, NoticeState
from jinhua_labor.rulebook import policy_on
from stations.oversight.services.common import lock_station, require
from stations.registry.enums import StationState
from stations.registry.models import Station


@transaction.atomic
def open_round(*, year: int, cutoff: dt.date, apply_until: dt.date, quota: int | None, remark: str, by: User) -> Round:
    """启动评选 by the bureau. Raises Refused before two years have passed, or where the policy's end blocks it.

    A round stays for good and the next one counts from its year: a slip of the pen (2062) would block them all.
    """
    require(by, Role.BUREAU)
    if abs(year - today().year) > 1:
        text = "评选年份应为今年，跨年办理的可为上一年或下一年。"
        raise Refused(text, problems=((text, "#id_year"),))
    found = policy_on(cutoff)
    if found.refuses_intake:
        raise Refused(found.notice)
    if problem := round_problem(year, list(Round.objects.values_list("year", flat=True)), policy=found.policy):
        raise Refused(problem, problems=((problem, "#id_year"),))
    try:
        with transaction.atomic():
            round_ = Round.objects.create(
                year=year, cutoff=cutoff, apply_until=apply_until, quota=quota, remark=remark.strip(), opened_by=by
            )
    except IntegrityError as error:
        if "round_days_in_order" in str(error):
            raise Refused(
                "申报截止日不能早于数据截止日。", problems=(("请核对两个日期。", "#id_apply_until"),)
            ) from error
        raise Conflict(f"{year}年的评选已经启动。") from error
    record(by=by, action="excellent.open", obj=round_, detail={"year": year, "cutoff": cutoff.isoformat()})
    body = f"数据截止{date_cn(cutoff)}，{date_cn(apply_until)}前可以申报。"
    send(to_role=Role.CENTRE, subject=f"{round_}已启动", body=body, link=round_.get_absolute_url())
    units = Organisation.objects.filter(stations__state=StationState.ACTIVE).distinct()
    for unit in units:
        send(to_organisation=unit, subject=f"{round_}已启动", body=body, link=round_.get_absolute_url())
    return round_


@transaction.atomic
def prepare_notice(*, round_id: uuid.UUID, by: User) -> Notice:
    """拟公示稿 of those approved, once nobody else of the round is still under review (R-41)."""
    require(by, Role.CENTRE)
    round_ = _lock(round_id)
    if is_listed(round_):
        raise Conflict("这一轮已有公示稿，请刷新后再办。")
    if today() <= round_.apply_until:
        raise Refused(f"申报到{date_cn(round_.apply_until)}截止，截止之后才能公示。")
    rows = round_.candidates.select_related("station", "operator")
    if rows.filter(stage__in=[CandidateStage.SUBMITTED, CandidateStage.SCREENED]).exists():
        raise Refused("还有候选站点没有办结，请先办结再公示。")
    if round_.notice is not None and round_.notice.objections.open().exists():
        raise Refused("撤回的公示还有异议没有答复，请先答复。")  # the new notice knows nothing of it
    chosen = list(rows.filter(stage=CandidateStage.APPROVED).order_by("station__name"))
    if not chosen:
        raise Refused("没有审核通过的候选站点，不必公示。")
    policy = policy_on(round_.cutoff).policy
    office = by.organisation.name if by.organisation else ""
    lines = [f"{number}．{row.station.name}（承建单位：{row.operator.name}）" for number, row in enumerate(chosen, 1)]
    days = policy.publicity_workdays_excellent
    body = "\n\n".join(
        [
            f"根据《{policy.document.regulation}》第四章，经区就业服务中心核对、区人社局审核，拟认定下列劳务协作工作站为"
            f"{round_.year}年区级劳务协作工作优秀站点，现予公示。",
            *lines,
            f"公示期自发布次日起{days}个工作日。对公示内容有异议的，请在公示期内实名向{office}提出，并说明理由、附上依据。",
        ]
    )
    notice = notices.prepare(
        kind=NoticeKind.EXCELLENT,
        title=f"关于{round_.year}年区级劳务协作工作优秀站点拟认定名单的公示",
        body=body,
        fixed=lines,
        workdays=days,
        office=office,
        phone=settings.SITE_PHONE,
        object_id=round_.pk,
        by=by,
    )
    round_.notice = notice
    round_.save(update_fields=["notice"])
    record(by=by, action="excellent.notice", obj=round_, detail={"stations": len(chosen)})
    send(to_role=Role.BUREAU, subject=f"待发布：{notice.title}", link=reverse("notices:desk", args=[notice.pk]))
    return notice


@transaction.atomic
def recognise(
    *, round_id: uuid.UUID, doc_no: str, issued_on: dt.date, upload: attachments.Upload, by: User
) -> list[Title]:
    """认定: number, date and signed copy of the document; every station of the list gets the title, all or none.

    Raises Refused while 公示 runs or an objection is open, Conflict when a station of the list may not get it any more.
    """
    require(by, Role.BUREAU)
    approved = Candidate.objects.filter(round=round_id, stage=CandidateStage.APPROVED)
    for pk in approved.order_by("station_id").values_list("station_id", flat=True):
        lock_station(pk)  # before the round, as every step of a candidate does
    round_ = _lock(round_id)
    if round_.document_id:
        raise Conflict("这一轮的认定文件已经登记。")
    _refuse_running(round_)
    number, problems = number_problems(doc_no, issued_on)
    ended = round_.notice.ends_on if round_.notice else None
    if ended is not None and issued_on <= ended:
        problems = [*problems, (f"公示到{date_cn(ended)}截止，成文日期应在其后。", "#id_issued_on")]
    if problems:
        raise Refused("还不能登记，请先处理以下问题。", problems=tuple(problems))
    rows = round_.candidates.filter(stage=CandidateStage.APPROVED).select_related("station", "operator", "review")
    chosen = list(rows.order_by("station_id"))
    for row in chosen:
        station = lock_station(row.station_id)
        if reason := _bars(station, round_):
            raise Conflict(f"{station.name}{reason}，请先撤回公示，从名单中除去后重新公示。")
    if not chosen:
        raise Refused("这一轮没有可以认定的站点。")
    document = _register(round_, chosen, number, issued_on, upload, by)
    titles = [
        Title(
            station=row.station,
            operator=row.station.operator,
            candidate=row,
            document=document,
            recognised_on=issued_on,
        )
        for row in chosen
    ]
    Title.objects.bulk_create(titles)
    Candidate.objects.filter(pk__in=[row.pk for row in chosen]).update(stage=CandidateStage.RECOGNISED)
    round_.document = document
    round_.save(update_fields=["document"])
    record(by=by, action="excellent.recognise", obj=round_, detail={"doc_no": number, "stations": len(titles)})
    for title in titles:
        send(
            to_organisation=title.operator,
            subject=f"{title.station.name}已认定为优秀站点",
            body=f"{number}，{date_cn(issued_on)}。",
            link=title.candidate.get_absolute_url(),
        )
    return titles


def said(
    round_: Round, chosen: list[Candidate], *, doc_no: str = "", issued_on: dt.date | None = None
) -> dict[str, Any]:
    """What the recognition document says, as plain data."""
    policy = policy_on(round_.cutoff).policy
    return {
        "year": round_.year,
        "regulation": policy.document.regulation,
        "basis": policy.doc_no,
        "stations": [{"name": row.station.name, "operator": row.operator.name} for row in chosen],
        "doc_no": doc_no,
        "issued_on": issued_on.isoformat() if issued_on else "",
    }


def _register(
    round_: Round, chosen: list[Candidate], number: str, issued_on: dt.date, upload: attachments.Upload, by: User
) -> IssuedDocument:
    office = by.organisation
    assert office is not None  # officials belong to the bureau
    signed = attachments.store(
        upload, by=by, organisation=office, audience=Audience.OFFICE, kinds=("pdf",), kind="recognition_document"
    )
    return register(
        kind=DocumentKind.RECOGNITION,
        doc_no=number,
        title=f"关于认定{round_.year}年区级劳务协作工作优秀站点的通知",
        issued_on=issued_on,
        content=said(round_, chosen, doc_no=number, issued_on=issued_on),
        signed=signed,
        by=by,
    )


def _bars(station: Station, round_: Round) -> str:
    """Why a station of the list may not get the title any more; empty when it may. A result may have been corrected,
    a ledger looked at again, a title given by another round since 审核."""
    if station.state == StationState.REVOKED or station.revocations.open().exists():
        return "正在或已经取消资格"
    if station.titles.held().exists():
        return "已是优秀站点"
    found = matrix_of(station, cutoff=round_.cutoff)
    return "" if found.met else f"已不符合第十条的标准：{'；'.join((*found.failures, *found.waiting))}"


def _refuse_running(round_: Round) -> None:
    notice = round_.notice
    if notice is None or notice.state != NoticeState.PUBLISHED or notice.ends_on is None:
        raise Refused("拟认定名单还没有公示。")
    if today() <= notice.ends_on:
        raise Refused(f"公示到{date_cn(notice.ends_on)}截止，期满之后才能认定。")
    if notice.objections.open().exists():
        raise Refused("还有异议没有答复，请先答复。")


def is_listed(round_: Round) -> bool:
    """Whether the list of the round stands in a notice that was not taken back: then nobody is added or struck out."""
    return round_.notice is not None and round_.notice.state != NoticeState.WITHDRAWN


def _lock(round_id: uuid.UUID) -> Round:
    rows = Round.objects.select_for_update(of=("self",), no_key=True).select_related("notice")
    return rows.get(pk=round_id)
