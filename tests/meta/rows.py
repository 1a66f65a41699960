"""Rows that the database accepts, one function a model; a test overrides what it wants to be wrong or different.

Rows are written as they are, past the services: the sweeps ask what the database and the pages make of them.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Invitation, Organisation, PasswordReset, User
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.attachments.models import Attachment, AttachmentShare
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.documents.models import DocumentKind, IssuedDocument
from jinhua_labor.jobs.models import Job
from jinhua_labor.mailbox.models import Message, OutgoingEmail
from jinhua_labor.notices.models import Notice, NoticeKind, NoticeState, Objection
from jinhua_labor.review.models import Review, ReviewEvent
from jinhua_labor.review.states import CLOSED, Action, Kind, Recommendation, State
from stations.applications.enums import Channel, Condition, Side, Slot, SnapshotStage, TargetKind, Verdict
from stations.applications.models import (
    Application,
    CountSnapshot,
    Defect,
    EstablishmentBatch,
    Judgement,
    Material,
    PaperReceipt,
    Site,
    SupplementNotice,
)
from stations.registry.models import (
    Ban,
    Employer,
    EmployerAlias,
    KeyEmployer,
    Liaison,
    OperatorProfile,
    Station,
)
from stations.roster.enums import BatchState, EmploymentForm, StagedState
from stations.roster.models import (
    Adjudication,
    Delivery,
    ImportBatch,
    InsuranceExtract,
    InsuredMonth,
    Person,
    RosterList,
    StagedRow,
)
from tests import factories

_numbers = itertools.count(1)
DAY = dt.date(2023, 3, 1)
LATER = dt.date(2024, 3, 1)
NOW = dt.datetime(2023, 3, 1, 9, tzinfo=dt.UTC)


def number() -> int:
    """A number no other row of this run has."""
    return next(_numbers)


def _made(model: type[models.Model], values: dict[str, Any], fields: dict[str, Any]) -> Any:
    """The row; a value that is a function is only asked when nobody overrides it."""
    chosen = {
        name: value() if callable(value) else value
        for name, value in values.items()
        if not {name, f"{name}_id"} & set(fields)
    }
    return model._default_manager.create(**chosen, **fields)


def clerk(role: str = Role.CENTRE) -> User:
    return factories.user(role)


def operator() -> User:
    return factories.user(Role.OPERATOR, is_org_admin=True)


# --- the lower rooms --------------------------------------------------------------------------------------------------


def organisation(**fields: Any) -> Organisation:
    return factories.organisation(**fields)


def invitation(**fields: Any) -> Invitation:
    return _made(
        Invitation,
        {
            "organisation": organisation,
            "role": Role.OPERATOR,
            "name": "测试受邀",
            "token_hash": lambda: uuid.uuid4().bytes * 2,
            "created_by": operator,
            "expires_at": lambda: timezone.now() + dt.timedelta(days=1),
        },
        fields,
    )


def password_reset(**fields: Any) -> PasswordReset:
    return _made(
        PasswordReset,
        {
            "user": operator,
            "token_hash": lambda: uuid.uuid4().bytes * 2,
            "created_by": operator,
            "expires_at": lambda: timezone.now() + dt.timedelta(days=1),
        },
        fields,
    )


def entry(**fields: Any) -> AuditEntry:
    return _made(AuditEntry, {"action": "test.entry", "actor_name": "测试"}, fields)


def attachment(**fields: Any) -> Attachment:
    """The row of a file; there is no file behind it."""
    return _made(
        Attachment,
        {
            "organisation": organisation,
            "audience": Audience.PARTY_AND_OFFICE,
            "name": "测试.pdf",
            "content_type": "application/pdf",
            "size": 1,
            "sha256": "0" * 64,
            "original_size": 1,
            "original_sha256": "0" * 64,
            "stored_name": lambda: f"{uuid.uuid4()}.pdf",
            "uploaded_by": operator,
        },
        fields,
    )


def share(**fields: Any) -> AttachmentShare:
    return _made(
        AttachmentShare,
        {
            "attachment": attachment,
            "organisation": organisation,
            "matter": uuid.uuid4,
            "reason": "测试委托",
            "until": LATER,
            "opened_by": clerk,
        },
        fields,
    )


def job(**fields: Any) -> Job:
    by = fields.pop("created_by", None) or operator()
    return _made(
        Job,
        {"kind": "test", "title": "测试任务", "organisation": by.organisation, "created_by": by},
        fields,
    )


def message(**fields: Any) -> Message:
    return _made(Message, {"user": operator, "subject": "测试消息"}, fields)


def email(**fields: Any) -> OutgoingEmail:
    return _made(OutgoingEmail, {"message": message, "to": "ceshi@example.invalid"}, fields)


# --- review, notices, documents ---------------------------------------------------------------------------------------


def review(**fields: Any) -> Review:
    """A review in DRAFT, or in `state` with the stamps that state needs."""
    by = fields.pop("created_by", None) or operator()
    state = fields.get("state", State.DRAFT)
    values: dict[str, Any] = {
        "kind": Kind.APPLICATION,
        "title": "测试设立申请",
        "organisation": by.organisation or organisation,
        "url_name": "applications:file",
        "object_id": uuid.uuid4(),
        "created_by": by,
        "open_key": None if state in CLOSED else f"test:{number()}",
    }
    if state != State.DRAFT:
        now = timezone.now()
        values |= {
            "number": f"SL-330703-20230301-{number():03d}",
            "submitted_by": by,
            "submitted_at": now,
            "first_submitted_at": now,
        }
    if state in {State.SUBMITTED, State.SCREENED}:
        values |= {"due_on": LATER, "clock_from": DAY}
    if state in {State.SCREENED, State.APPROVED, State.REJECTED}:
        values |= {
            "screened_by": clerk,
            "screened_at": timezone.now(),
            "accepted_on": DAY,
            "recommendation": Recommendation.AGREE,
            "screen_opinion": "材料齐全，同意。",
        }
    if state == State.APPROVED:
        values |= {
            "approved_by": lambda: clerk(Role.BUREAU),
            "approved_at": timezone.now(),
            "decision_opinion": "同意。",
        }
    if state == State.REJECTED:
        values |= {
            "rejected_by": lambda: clerk(Role.BUREAU),
            "rejected_at": timezone.now(),
            "decision_opinion": "不符合第三条（二）。",
        }
    return _made(Review, values, fields)


def event(**fields: Any) -> ReviewEvent:
    return _made(
        ReviewEvent,
        {
            "review": lambda: review(state=State.SUBMITTED),
            "action": Action.SUBMIT,
            "from_state": State.DRAFT,
            "to_state": State.SUBMITTED,
            "by": operator,
        },
        fields,
    )


def notice(**fields: Any) -> Notice:
    return _made(
        Notice,
        {"kind": NoticeKind.OTHER, "title": "测试公告", "body": "测试正文。", "prepared_by": clerk},
        fields,
    )


def published(**fields: Any) -> Notice:
    """A 公示 that is open for objections."""
    now = timezone.now()
    values = {
        "state": NoticeState.PUBLISHED,
        "released_at": now,
        "released_by": clerk(Role.BUREAU),
        "content_sha256": "0" * 64,
        "workdays": 5,
        "ends_on": timezone.localdate(now) + dt.timedelta(days=9),
    }
    return notice(**{**values, **fields})


def objection(**fields: Any) -> Objection:
    return _made(
        Objection,
        {"notice": published, "name": "测试异议人", "contact": "测试联系方式", "content": "测试异议。"},
        fields,
    )


def document(**fields: Any) -> IssuedDocument:
    return _made(
        IssuedDocument,
        {
            "kind": DocumentKind.ESTABLISHMENT,
            "doc_no": lambda: f"金东人社〔2023〕{number()}号",
            "title": "测试设立文件",
            "issued_on": DAY,
            "content_sha256": "0" * 64,
            "signed_file": attachment,
            "signed_sha256": "0" * 64,
            "signed_sm3": "0" * 64,
            "created_by": lambda: clerk(Role.BUREAU),
        },
        fields,
    )


# --- registry ---------------------------------------------------------------------------------------------------------


def profile(**fields: Any) -> OperatorProfile:
    return _made(OperatorProfile, {"organisation": organisation}, fields)


def employer(**fields: Any) -> Employer:
    return _made(
        Employer,
        {
            "name": lambda: f"示例{number()}号制造有限公司",
            "credit_code": lambda: factories.credit_code(900_000 + number()),
            "created_by": operator,
        },
        fields,
    )


def alias(**fields: Any) -> EmployerAlias:
    return _made(
        EmployerAlias,
        {"operator": organisation, "text": lambda: f"示例{number()}号厂", "employer": employer},
        fields,
    )


def key_employer(**fields: Any) -> KeyEmployer:
    return _made(KeyEmployer, {"employer": employer, "year": 2023, "added_by": lambda: clerk(Role.BUREAU)}, fields)


def station(**fields: Any) -> Station:
    return _made(
        Station,
        {
            "number": lambda: f"JD-2023-{number():03d}",
            "name": "测试劳务协作工作站",
            "operator": organisation,
            "area_province": "52",
            "area_key": lambda: f"52|测试市|测试{number()}县",
            "address": "测试地址1号",
            "partner_name": "测试合作机构",
            "term_from": DAY,
            "term_to": LATER + dt.timedelta(days=3000),
            "filing_no": "测试备1",
            "document": document,
            "established_on": DAY,
        },
        fields,
    )


def liaison(**fields: Any) -> Liaison:
    return _made(Liaison, {"station": station, "name": "测试专人", "phone": "000-00000000", "since": DAY}, fields)


def ban(**fields: Any) -> Ban:
    return _made(
        Ban,
        {
            "credit_code": lambda: factories.credit_code(800_000 + number()),
            "organisation_name": "示例被取消单位",
            "decided_on": DAY,
            "last_day": LATER,
            "created_by": lambda: clerk(Role.BUREAU),
        },
        fields,
    )


# --- roster -----------------------------------------------------------------------------------------------------------


def person(**fields: Any) -> Person:
    return _made(
        Person,
        {
            "id_number": lambda: f"99999919900101{number():04d}",
            "id_index": lambda: uuid.uuid4().bytes * 2,
            "last4": "0018",
            "id_province": "99",
            "sex": "M",
            "birth": dt.date(1990, 1, 1),
        },
        fields,
    )


def roster_list(**fields: Any) -> RosterList:
    return _made(RosterList, {"operator": organisation}, fields)


def import_batch(**fields: Any) -> ImportBatch:
    by = fields.pop("created_by", None) or operator()
    return _made(
        ImportBatch,
        {
            "operator": by.organisation,
            "roster_list": lambda: roster_list(operator=by.organisation),
            "file": lambda: attachment(organisation=by.organisation, uploaded_by=by, secret=True),
            "created_by": by,
        },
        fields,
    )


def staged_row(**fields: Any) -> StagedRow:
    return _made(
        StagedRow,
        {"batch": lambda: import_batch(state=BatchState.CHECKING), "row_no": 5, "state": StagedState.BAD},
        fields,
    )


def delivery(**fields: Any) -> Delivery:
    return _made(
        Delivery,
        {
            "operator": organisation,
            "person": person,
            "employer": employer,
            "entry_on": DAY,
            "name": "测试工友",
            "hukou_text": "贵州省测试县",
            "hukou_province": "52",
            "employment_form": EmploymentForm.DIRECT,
            "consent_version": "v1",
            "consent_at": timezone.now,
        },
        fields,
    )


def adjudication(**fields: Any) -> Adjudication:
    return _made(
        Adjudication,
        {"delivery": delivery, "code": "E04", "accepted": True, "reason": "户口簿复印件", "by": clerk},
        fields,
    )


def extract(**fields: Any) -> InsuranceExtract:
    return _made(
        InsuranceExtract,
        {"roster_list": roster_list, "source": "测试社保查询", "month_from": 202301, "month_to": 202303, "by": clerk},
        fields,
    )


def insured_month(**fields: Any) -> InsuredMonth:
    return _made(
        InsuredMonth,
        {
            "extract": extract,
            "person": person,
            "month": 202301,
            "kind": "城镇职工基本养老保险",
            "place": "330703",
            "payer_code": factories.credit_code(900_000),
            "status": "实缴",
        },
        fields,
    )


# --- applications -----------------------------------------------------------------------------------------------------


def establishment(**fields: Any) -> EstablishmentBatch:
    return _made(EstablishmentBatch, {"title": "测试设立文件", "created_by": lambda: clerk(Role.BUREAU)}, fields)


def application(*, by: User | None = None, state: str = State.DRAFT, **fields: Any) -> Application:
    """A filled-in 附件1 of the operator `by`, its review standing in `state`."""
    by = by or operator()
    unit = fields.pop("operator", None) or by.organisation
    pk = fields.pop("pk", None) or uuid.uuid4()
    values: dict[str, Any] = {
        "id": pk,
        "operator": unit,
        "channel": Channel.ONLINE,
        "review": lambda: review(created_by=by, organisation=unit, object_id=pk, state=state),
        "roster_list": lambda: roster_list(
            operator=unit, created_by=by, locked_at=None if state == State.DRAFT else timezone.now()
        ),
        "area_province": "52",
        "area_city": "测试市",
        "area_county": lambda: f"测试{number()}县",
        "head": "测试负责人",
        "head_phone": "000-00000000",
        "partner_name": "测试合作机构",
        "station_address": "贵州省测试市测试路1号",
        "profile": "测试简介。" * 20,
    }
    return _made(Application, values, fields)


def site(**fields: Any) -> Site:
    return _made(Site, {"application": application, "side": Side.AREA, "province": "52"}, fields)


def material(**fields: Any) -> Material:
    owner = fields.pop("application", None) or application()
    return _made(
        Material,
        {
            "application": owner,
            "slot": Slot.M1,
            "attachment": lambda: attachment(organisation=owner.operator),
            "added_by": owner.review.created_by,
        },
        fields,
    )


def paper(**fields: Any) -> PaperReceipt:
    return _made(PaperReceipt, {"application": application, "material": 1, "copies": 2, "by": clerk}, fields)


def supplement(**fields: Any) -> SupplementNotice:
    return _made(
        SupplementNotice,
        {
            "application": lambda: application(state=State.RETURNED),
            "round": 1,
            "due_on": LATER,
            "issued_by": clerk,
        },
        fields,
    )


def defect(**fields: Any) -> Defect:
    return _made(
        Defect,
        {
            "application": lambda: application(state=State.RETURNED),
            "kind": TargetKind.FIELD,
            "target": "head",
            "label": "申请机构负责人",
            "text": "与营业执照不一致，请核对。",
            "marked_by": clerk,
        },
        fields,
    )


def judgement(**fields: Any) -> Judgement:
    return _made(
        Judgement,
        {
            "application": lambda: application(state=State.SUBMITTED),
            "condition": Condition.C1,
            "verdict": Verdict.MET,
            "by": clerk,
        },
        fields,
    )


def snapshot(**fields: Any) -> CountSnapshot:
    return _made(
        CountSnapshot,
        {
            "application": lambda: application(state=State.SCREENED),
            "stage": SnapshotStage.SCREEN,
            "as_of": DAY,
            "policy_version": "2021-14",
            "certainty": "CONFIRMED",
            "raw": 0,
            "counted": 0,
            "pending": 0,
            "excluded": 0,
            "rows": list,
            "sha256": "0" * 64,
        },
        fields,
    )
