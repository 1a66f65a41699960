"""Every rule the database holds itself: it has a Chinese message, and it refuses what its name says."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import OrganisationState, Role
from jinhua_labor.accounts.models import LoginEvent
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.jobs.models import JobState
from jinhua_labor.mailbox.models import EmailState
from jinhua_labor.notices.models import NoticeState
from jinhua_labor.review.models import Review
from jinhua_labor.review.states import Action, Decider, Kind, Recommendation, State
from stations.applications.enums import Verdict
from stations.registry.enums import PaperKind
from stations.registry.models import Station
from stations.roster.enums import BatchState, CertificateResult, ContractKind, LeaveReason, SkillLevel
from tests import factories
from tests.meta import (
    rows,
    rows_assessment,
    rows_assignments,
    rows_excellent,
    rows_ledger,
    rows_oversight,
    rows_payments,
    rows_renewal,
    rows_retention,
    rows_roster,
    rows_safety,
    rows_subsidies,
    rows_surveys,
    violations_assessment,
    violations_assignments,
    violations_excellent,
    violations_oversight,
    violations_payments,
    violations_renewal,
    violations_rulebook,
    violations_safety,
    violations_subsidies,
    violations_surveys,
)

pytestmark = pytest.mark.django_db

OURS = ("jinhua_labor.", "stations.", "assessments.", "subsidies.")
DAY, LATER = rows.DAY, rows.LATER


def our_models() -> Iterator[type[models.Model]]:
    """Our own models; the history tables pghistory makes beside some of them are its own."""
    for model in apps.get_models():
        if model.__module__.startswith(OURS) and not hasattr(model, "pgh_tracked_model"):
            yield model


CONSTRAINTS = {constraint.name: (model, constraint) for model in our_models() for constraint in model._meta.constraints}
CHINESE = range(0x4E00, 0x9FFF)


def twice(row: Callable[..., Any], **fields: Callable[[], Any] | Any) -> Callable[[], Any]:
    """The same values in two rows; a value that is a function is made once for both."""

    def violate() -> None:
        chosen = {name: value() if callable(value) else value for name, value in fields.items()}
        row(**chosen)
        row(**chosen)

    return violate


def wrong(row: Callable[..., Any], **fields: Callable[[], Any] | Any) -> Callable[[], Any]:
    """A row that is right but for these values."""

    def violate() -> None:
        row(**{name: value() if callable(value) else value for name, value in fields.items()})

    return violate


def same_person(state: str, *names: str) -> Callable[[], Any]:
    """A review whose stages were taken by one and the same official."""

    def violate() -> None:
        official = rows.clerk()
        rows.review(state=state, **dict.fromkeys(names, official))

    return violate


NOW = timezone.now()
VIOLATIONS: dict[str, Callable[[], Any]] = {
    "audit_seq_once": twice(rows.entry, seq=987_654_321, hash=b"0" * 32),
    "audit_seq_has_hash": wrong(rows.entry, seq=987_654_321),
    "organisation_credit_code_once": twice(rows.organisation, credit_code=lambda: factories.credit_code(777)),
    "operator_has_credit_code": wrong(rows.organisation, credit_code=""),
    "organisation_confirmed_at_has_by": wrong(rows.organisation, confirmed_at=NOW),
    "organisation_refusal_has_reason": wrong(rows.organisation, state=OrganisationState.REFUSED),
    "user_belongs_to_organisation": wrong(factories.user, organisation=None),
    "one_system_user": lambda: [factories.user(Role.SYSTEM, organisation=None, is_active=False) for _ in range(2)],
    "invitation_expires_later": wrong(rows.invitation, expires_at=NOW - timedelta(days=2)),
    "invitation_accepted_at_has_by": wrong(rows.invitation, accepted_at=NOW),
    "passwordreset_expires_later": wrong(rows.password_reset, expires_at=NOW - timedelta(days=2)),
    "attachment_released_is_public": wrong(rows.attachment, released_at=NOW),
    "attachment_secret_never_public": wrong(rows.attachment, secret=True, audience=Audience.PUBLIC),
    "attachment_share_open_once": twice(
        rows.share, attachment=rows.attachment, organisation=rows.organisation, matter=uuid.uuid4
    ),
    "attachment_share_closed_whole": wrong(rows.share, closed_at=NOW),
    "job_finished_at_iff_finished": wrong(rows.job, state=JobState.DONE),
    "job_done_within_total": wrong(rows.job, total=1, done=2),
    "email_sent_at_iff_sent": wrong(rows.email, state=EmailState.SENT),
    "review_once_per_file": twice(rows.review, object_id=uuid.uuid4),
    "review_number_once": twice(rows.review, state=State.SUBMITTED, number="SL-330703-20990101-001"),
    "review_one_open": twice(rows.review, open_key="APPLICATION:同一承建单位:同一地区"),
    "review_decided_by_bureau": wrong(rows.review, kind=Kind.CHANGE, decider=Decider.CENTRE),
    "review_open_has_key": wrong(rows.review, open_key=None),
    "review_submitted_has_number": wrong(rows.review, state=State.SUBMITTED, number=""),
    "review_screened_has_at": wrong(
        rows.review,
        state=State.SCREENED,
        screened_at=None,
        screened_by=None,
        recommendation="",
        screen_opinion="",
    ),
    "review_screened_has_opinion": wrong(rows.review, state=State.SCREENED, screen_opinion=""),
    "review_decided_has_opinion": wrong(rows.review, state=State.REJECTED, decision_opinion=""),
    "review_approved_was_recommended": wrong(rows.review, state=State.APPROVED, recommendation=Recommendation.DISAGREE),
    "review_approved_has_approved_at": wrong(rows.review, state=State.APPROVED, approved_at=None, approved_by=None),
    "review_rejected_has_rejected_at": wrong(rows.review, state=State.REJECTED, rejected_at=None, rejected_by=None),
    "review_submitted_at_has_by": wrong(rows.review, state=State.SUBMITTED, submitted_by=None),
    "review_screened_at_has_by": wrong(rows.review, state=State.SCREENED, screened_by=None),
    "review_approved_at_has_by": wrong(rows.review, state=State.APPROVED, approved_by=None),
    "review_rejected_at_has_by": wrong(rows.review, state=State.REJECTED, rejected_by=None),
    "review_screened_by_not_submitted_by": same_person(State.SCREENED, "submitted_by", "screened_by"),
    "review_approved_by_not_screened_by": same_person(State.APPROVED, "screened_by", "approved_by"),
    "review_approved_by_not_submitted_by": same_person(State.APPROVED, "submitted_by", "approved_by"),
    "review_rejected_by_not_screened_by": same_person(State.REJECTED, "screened_by", "rejected_by"),
    "review_rejected_by_not_submitted_by": same_person(State.REJECTED, "submitted_by", "rejected_by"),
    "review_event_key_once": twice(rows.event, review=rows.review, key=uuid.uuid4),
    "review_event_has_comment": wrong(
        rows.event, action=Action.RETURN, from_state=State.SUBMITTED, to_state=State.RETURNED
    ),
    "notice_released_has_at": wrong(rows.notice, state=NoticeState.PUBLISHED),
    "notice_released_whole": wrong(rows.notice, state=NoticeState.PUBLISHED, released_at=NOW),
    "notice_two_persons": lambda: (lambda person: rows.published(prepared_by=person, released_by=person))(rows.clerk()),
    "notice_withdrawn_whole": wrong(rows.published, state=NoticeState.WITHDRAWN, withdrawn_at=NOW),
    "objection_answer_whole": wrong(rows.objection, answer="已核实。"),
    "doc_no_once": twice(rows.document, doc_no="金东人社〔2099〕1号"),
    "profile_licence_dates": wrong(rows.profile, licence_from=LATER, licence_to=DAY),
    "employer_once": twice(rows.employer, credit_code=lambda: factories.credit_code(778)),
    "employer_alias_once": twice(rows.alias, operator=rows.organisation, text="同一写法"),
    "key_employer_once": twice(rows.key_employer, employer=rows.employer),
    "station_number_once": twice(rows.station, number="JD-2099-001"),
    "station_one_per_area": twice(rows.station, operator=rows.organisation, area_key="52|同一市|"),
    "station_area_outside": wrong(rows.station, area_province="33"),
    "station_plaque_whole": wrong(rows.station, plaque_on=LATER),
    "station_plaque_after_document": wrong(
        rows.station, plaque_on=DAY - timedelta(days=1), plaque_no="铭1", plaque_by=rows.clerk
    ),
    "liaison_one_at_a_time": twice(rows.liaison, station=rows.station),
    "ban_ends_later": wrong(rows.ban, last_day=DAY),
    "person_once": twice(rows.person, id_index=b"1" * 32),
    "roster_tally_adds_up": wrong(rows.roster_list, rows=1),
    "roster_open_rows_only_when_locked": wrong(rows.roster_list, open_rows=[uuid.uuid4()]),
    "batch_committed_has_at": wrong(rows.import_batch, committed_at=NOW),
    "batch_committed_has_declaration": wrong(
        rows.import_batch, state=BatchState.COMMITTED, committed_at=NOW, committed_by=rows.operator
    ),
    "staged_row_once": twice(rows.staged_row, batch=rows.import_batch),
    "delivery_once": twice(rows.delivery, operator=rows.organisation, person=rows.person, employer=rows.employer),
    "delivery_leaves_after_entry": wrong(rows.delivery, leave_on=DAY - timedelta(days=1)),
    "delivery_leave_reason_has_day": wrong(rows.delivery, leave_reason=LeaveReason.WENT_HOME),
    "roster_of_station_stays_open": wrong(rows_roster.station_list, locked_at=NOW),
    "contract_once": twice(rows_roster.contract, delivery=rows.delivery),
    "contract_file_or_paper": wrong(rows_roster.contract, paper_reference=""),
    "contract_ends_after_start": wrong(rows_roster.contract, ends_on=DAY - timedelta(days=1)),
    "contract_kind_fits_end": wrong(rows_roster.contract, kind=ContractKind.OPEN),
    "contract_paper_seen_whole": wrong(rows_roster.contract, paper_seen_on=DAY),
    "contract_voided_whole": wrong(rows_roster.contract, voided_at=NOW, voided_by=rows.operator),
    "certificate_once": twice(rows_roster.certificate, delivery=rows.delivery, number="S1"),
    "certificate_level_fits_kind": wrong(rows_roster.certificate, level=SkillLevel.JUNIOR),
    "certificate_checked_whole": wrong(rows_roster.certificate, result=CertificateResult.VERIFIED),
    "certificate_unfound_has_note": wrong(
        rows_roster.certificate, result=CertificateResult.UNFOUND, checked_by=rows.clerk, checked_on=DAY
    ),
    "certificate_voided_whole": wrong(rows_roster.certificate, voided_at=NOW, voided_by=rows.operator),
    "frozen_year_once": twice(rows_roster.frozen_year, station=rows.station),
    "frozen_year_in_order": wrong(rows_roster.frozen_year, ends_on=DAY),
    "frozen_year_adds_up": wrong(rows_roster.frozen_year, raw=1),
    "correction_has_reason": wrong(rows_roster.correction, reason=""),
    "claim_decided_once": twice(rows_roster.claim_decision, holder=rows.delivery, claimant=rows.delivery),
    "claim_of_two_rows": lambda: [rows_roster.claim_decision(holder=row, claimant=row) for row in [rows.delivery()]],
    "claim_has_reason": wrong(rows_roster.claim_decision, reason=""),
    "adjudication_once": twice(rows.adjudication, delivery=rows.delivery),
    "adjudication_has_reason": wrong(rows.adjudication, reason=""),
    "extract_months_in_order": wrong(rows.extract, month_to=202212),
    "extract_has_one_scope": wrong(rows.extract, district=True),
    "retention_due_after_check": wrong(rows_retention.retention_check, due_on=DAY - timedelta(days=1)),
    "retention_answer_whole": wrong(rows_retention.answered_check, locked=False),
    "retention_kept_somewhere": wrong(rows_retention.answered_check, employer_on_check=None),
    "retention_corrected_by_centre": wrong(rows_retention.answered_check, revision=1),
    "retention_correction_once": twice(rows_retention.retention_correction, retention=rows_retention.answered_check),
    "retention_correction_has_reason": wrong(rows_retention.retention_correction, reason=""),
    "headcount_only_one": wrong(rows_retention.headcount, pk=2),
    "recount_adds_up": wrong(rows_retention.recount, rows=1),
    "recount_change_once": twice(rows_retention.recount_change, recount=rows_retention.recount, delivery=rows.delivery),
    "insured_month_once": twice(rows.insured_month, extract=rows.extract, person=rows.person),
    "establishment_issued_whole": wrong(rows.establishment, issued_at=NOW),
    "filing_no_once": twice(rows.application, filing_no="JD-BA-1", filed_by=rows.clerk, filed_at=NOW),
    "filing_whole": wrong(rows.application, filing_no="JD-BA-1"),
    "pledge_whole": wrong(rows.application, pledged_at=NOW),
    "established_was_filed": wrong(rows.application, state=State.APPROVED, station=rows.station),
    "site_lease_in_order": wrong(rows.site, lease_from=LATER, lease_to=DAY),
    "site_checked_whole": wrong(rows.site, checked_at=NOW),
    "paper_once": twice(rows.paper, application=rows.application),
    "paper_of_seven": wrong(rows.paper, material=8),
    "supplement_round_once": twice(rows.supplement, application=rows.application),
    "supplement_override_whole": wrong(rows.supplement, override_reason="同事认为必须补正"),
    "defect_once_in_tray": twice(rows.defect, application=rows.application),
    "judgement_once": twice(rows.judgement, application=rows.application),
    "judgement_unmet_has_reason": wrong(rows.judgement, verdict=Verdict.UNMET),
    "station_paper_version_once": twice(rows_ledger.station_paper, station=rows.station),
    "station_paper_dates_in_order": wrong(rows_ledger.station_paper, valid_from=LATER, valid_to=DAY),
    "station_paper_site_whole": wrong(rows_ledger.station_paper, kind=PaperKind.SITE, place=uuid.uuid4),
    "station_paper_plan_has_period": wrong(rows_ledger.station_paper, kind=PaperKind.PLAN),
    "station_paper_checked_whole": wrong(rows_ledger.station_paper, checked_at=NOW),
    "station_paper_unmet_has_note": wrong(
        rows_ledger.station_paper, accepted=False, checked_by=rows.clerk, checked_at=NOW
    ),
    "station_paper_file_once": twice(
        rows_ledger.station_paper_file, paper=rows_ledger.station_paper, attachment=rows.attachment
    ),
    "ledger_entry_employer": wrong(rows_ledger.ledger_entry, employer=None),
    "ledger_entry_file_or_paper": wrong(rows_ledger.ledger_entry, paper_volume=""),
    "ledger_entry_paper_has_volume": wrong(
        rows_ledger.ledger_entry, file=rows.attachment, paper_volume="", paper_pages=3
    ),
    "ledger_entry_paper_pages": wrong(rows_ledger.ledger_entry, paper_pages=0),
    "ledger_entry_seen_whole": wrong(rows_ledger.ledger_entry, paper_seen_at=NOW),
    "ledger_entry_superseded_whole": wrong(rows_ledger.ledger_entry, superseded_at=NOW),
    "job_demand_headcount": wrong(rows_ledger.job_demand, headcount=0),
    "job_demand_wage_in_order": wrong(rows_ledger.job_demand, wage_max=5000),
    "job_demand_dates_in_order": wrong(rows_ledger.job_demand, valid_to=DAY - timedelta(days=1)),
    "job_demand_cleared_whole": wrong(rows_ledger.job_demand, cleared_by=rows.clerk, cleared_at=NOW),
    "job_demand_published_whole": wrong(rows_ledger.job_demand, published_at=NOW),
    "job_demand_published_clean": wrong(rows_ledger.published_demand, findings=["限男性"]),
    "job_demand_withdrawn_whole": wrong(rows_ledger.job_demand, withdrawn_at=NOW),
    **violations_oversight.violations(twice, wrong),
    **violations_renewal.violations(twice, wrong),
    **violations_assessment.violations(twice, wrong),
    **violations_excellent.violations(twice, wrong),
    **violations_surveys.violations(twice, wrong),
    **violations_subsidies.violations(twice, wrong),
    **violations_rulebook.violations(twice, wrong),
    **violations_safety.violations(twice, wrong),
    **violations_assignments.violations(twice, wrong),
    **violations_payments.violations(twice, wrong),
}


def test_每个约束都有违反它的例子() -> None:
    assert sorted(VIOLATIONS) == sorted(CONSTRAINTS)


@pytest.mark.parametrize("name", sorted(CONSTRAINTS))
def test_约束的提示是中文(name: str) -> None:
    message = str(CONSTRAINTS[name][1].violation_error_message)
    assert any(ord(letter) in CHINESE for letter in message), message


@pytest.mark.parametrize("name", sorted(set(CONSTRAINTS) & set(VIOLATIONS)))
def test_违反约束被数据库拒绝(name: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        VIOLATIONS[name]()
    assert f'"{name}"' in str(refused.value)


@pytest.mark.parametrize(
    "row",
    [
        value
        for room in (
            *(rows, rows_ledger, rows_retention, rows_oversight, rows_renewal, rows_roster, rows_safety),
            *(rows_assignments, rows_assessment, rows_excellent, rows_subsidies, rows_surveys, rows_payments),
        )
        for name, value in vars(room).items()
        if callable(value) and getattr(value, "__module__", "") == room.__name__ and not name.startswith("_")
    ],
    ids=lambda row: row.__name__,
)
def test_其余值正确的行可以保存(row: Callable[[], Any]) -> None:
    row()


@pytest.mark.parametrize("state", State.values)
def test_各状态的正常行可以保存(state: str) -> None:
    rows.application(state=state)


# --- unique columns ---------------------------------------------------------------------------------------------------

ONCE = {
    **violations_oversight.once(twice),
    **violations_renewal.once(twice),
    **violations_assessment.once(twice),
    **violations_excellent.once(twice),
    **violations_surveys.once(twice),
    **violations_subsidies.once(twice),
    **violations_payments.once(twice),
    "accounts.User.username": twice(factories.user, username="chongfu"),
    "accounts.Invitation.token_hash": twice(rows.invitation, token_hash=b"1" * 32),
    "accounts.Invitation.accepted_by": twice(rows.invitation, accepted_by=rows.operator, accepted_at=NOW),
    "accounts.PasswordReset.token_hash": twice(rows.password_reset, token_hash=b"1" * 32),
    "attachments.Attachment.stored_name": twice(rows.attachment, stored_name="同名.pdf"),
    "mailbox.OutgoingEmail.message": twice(rows.email, message=rows.message),
    "stations.EstablishmentBatch.document": twice(
        rows.establishment, document=rows.document, issued_by=rows.clerk, issued_at=NOW
    ),
    "stations.RetentionCheck.delivery": twice(rows_retention.retention_check, delivery=rows.delivery),
    "stations.RosterList.station": twice(rows_roster.station_list, station=rows.station),
    "stations.Application.review": twice(rows.application, review=rows.review),
    "stations.Application.roster_list": twice(rows.application, roster_list=rows.roster_list),
    "stations.Application.station": lambda: [
        rows.application(station=station, batch=batch, filing_no=f"JD-BA-{n}", filed_by=rows.clerk(), filed_at=NOW)
        for station, batch in [(rows.station(), rows.establishment())]
        for n in (1, 2)
    ],
}


def test_每个唯一列都有重复的例子() -> None:
    unique = {
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.local_fields
        if field.unique and not field.primary_key
    }
    assert sorted(ONCE) == sorted(unique)


@pytest.mark.parametrize("name", sorted(ONCE))
def test_唯一列不能重复(name: str) -> None:
    column = apps.get_model(*name.split(".")[:2])._meta.get_field(name.split(".")[2]).column  # type: ignore[union-attr]
    with pytest.raises(IntegrityError, match=rf"Key \({column}\)"), transaction.atomic():
        ONCE[name]()


# --- triggers ---------------------------------------------------------------------------------------------------------


def sql(statement: str, *values: Any) -> Callable[[], None]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    return run


def changed(row: Callable[..., Any], column: str, value: Any) -> Callable[[], Any]:
    return lambda: type(made := row())._base_manager.filter(pk=made.pk).update(**{column: value})


def removed(row: Callable[..., Any]) -> Callable[[], Any]:
    def delete() -> None:
        made = row()
        sql(f'DELETE FROM "{made._meta.db_table}" WHERE id = %s', made.pk)()  # noqa: S608  # a table of ours

    return delete


def login() -> LoginEvent:
    return LoginEvent.objects.create(username="ceshi", outcome=LoginEvent.Outcome.OK)


REFUSED_BY_TRIGGER: dict[str, Callable[[], Any]] = {
    "audit.AuditEntry:append_only_update": changed(rows.entry, "action", "伪造"),
    "audit.AuditEntry:append_only_delete": removed(rows.entry),
    "accounts.LoginEvent:append_only_update": changed(login, "outcome", "FAILED"),
    "accounts.LoginEvent:append_only_delete": removed(login),
    "review.Review:review_states": changed(rows.review, "state", State.APPROVED),
    "review.ReviewEvent:append_only": changed(rows.event, "comment", "伪造"),
    "stations.CountSnapshot:frozen": changed(rows.snapshot, "counted", 50),
    "stations.RetentionCheck:locked_answer": changed(rows_retention.answered_check, "result", "LEFT"),
    "stations.RetentionCorrection:append_only": changed(rows_retention.retention_correction, "reason", "伪造"),
    "stations.Delivery:refers_on_insert": lambda: rows.delivery(person_id=uuid.uuid4()),
    "stations.Delivery:refers_on_update": changed(rows.delivery, "employer_id", uuid.uuid4()),
    "stations.Delivery:frozen_on_insert": lambda: rows.delivery(station=rows_roster.frozen_year().station),
    "stations.Delivery:frozen_on_update": changed(rows_roster.frozen_delivery, "entry_on", LATER),
    "stations.Delivery:frozen_on_delete": lambda: removed(rows_roster.frozen_delivery)(),
    "stations.FrozenYear:frozen": changed(rows_roster.frozen_year, "as_of", DAY),
    "stations.RowCorrection:append_only": changed(rows_roster.correction, "reason", "伪造"),
    "stations.ClaimDecision:append_only": changed(rows_roster.claim_decision, "reason", "伪造"),
    "stations.Employer:named_by_delivery": lambda: removed(lambda: rows.delivery().employer)(),
    "stations.Person:named_by_delivery": lambda: removed(lambda: rows.delivery().person)(),
    "stations.StationPaper:version_kept": changed(rows_ledger.station_paper, "valid_to", LATER),
    "stations.StationPaper:never_removed": removed(rows_ledger.station_paper),
    "stations.LedgerEntry:entry_kept": changed(rows_ledger.ledger_entry, "title", "改名"),
    "stations.LedgerEntry:never_removed": removed(rows_ledger.ledger_entry),
    "stations.LedgerBook:printed": changed(rows_ledger.ledger_book, "pages", 1),
    **violations_assignments.by_trigger(changed, removed),
    **violations_rulebook.by_trigger(changed, removed),
    **violations_surveys.by_trigger(changed, removed),
    **violations_subsidies.by_trigger(changed, removed),
    **violations_payments.by_trigger(changed, removed),
    "assessments.Sheet:confirmed_stays": changed(rows_assessment.confirmed, "total", 59),
    "assessments.Sheet:never_deleted": removed(rows_assessment.sheet),
    "assessments.SheetLine:confirmed_stays": changed(rows_assessment.confirmed_line, "reason", "事后改写"),
    "assessments.LedgerSight:append_only": changed(rows_excellent.ledger_sight, "note", "伪造"),
    "assessments.SheetPerson:frozen": changed(rows_assessment.person, "retained", False),
}
TRUNCATE = {"audit.AuditEntry:append_only_truncate", "accounts.LoginEvent:append_only_truncate"}
"""Refused for whole tables; their own test asks."""


def _triggers() -> dict[str, Any]:
    return {
        f"{model._meta.label}:{trigger.name}": (model, trigger)
        for model, trigger in pgtrigger.registered()
        if model.__module__.startswith(OURS)
    }


def _history() -> dict[str, Any]:
    return {name: pair for name, pair in _triggers().items() if "pghistory" in type(pair[1]).__module__}


def test_每个触发器都有违反它的例子() -> None:
    assert sorted({*REFUSED_BY_TRIGGER, *TRUNCATE}) == sorted(_triggers().keys() - _history().keys())


@pytest.mark.parametrize("name", sorted(REFUSED_BY_TRIGGER))
def test_触发器拒绝(name: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        REFUSED_BY_TRIGGER[name]()


@pytest.mark.parametrize(
    "row",
    [
        rows.event,
        rows.snapshot,
        rows_retention.retention_correction,
        rows_roster.frozen_year,
        rows_roster.correction,
        rows_roster.claim_decision,
        rows_assignments.opinion,
    ],
    ids=["办理记录", "计数快照", "留用更正", "冻结的年度", "更正记录", "归属认定", "协会意见"],
)
def test_只增不改的行也不能删(row: Callable[[], Any]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        removed(row)()


@pytest.mark.parametrize("name", sorted(TRUNCATE))
def test_触发器拒绝清空(name: str) -> None:
    model, _trigger = _triggers()[name]
    table = model._meta.db_table
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(f'TRUNCATE "{table}" CASCADE')()


TRACKED: dict[str, tuple[Callable[[], models.Model], str, Any]] = {
    "accounts.Organisation": (rows.organisation, "name", "改名后的示例公司"),
    "accounts.User": (rows.operator, "name", "改名"),
    "attachments.Attachment": (rows.attachment, "name", "改名.pdf"),
    "stations.Station": (rows.station, "name", "改名后的工作站"),
    "stations.Delivery": (rows.delivery, "name", "改名工友"),
    "stations.Application": (rows.application, "head", "改名负责人"),
    "stations.JobDemand": (rows_ledger.job_demand, "post", "改名岗位"),
}


def test_每个留痕的模型都有例子() -> None:
    assert sorted(TRACKED) == sorted({name.split(":")[0] for name in _history()})


@pytest.mark.parametrize("label", sorted(TRACKED))
def test_修改留下历史(label: str) -> None:
    build, column, value = TRACKED[label]
    row = build()
    history = next(model for model in apps.get_models() if getattr(model, "pgh_tracked_model", None) is type(row))
    before = history._default_manager.filter(pgh_obj_id=row.pk).count()
    type(row)._default_manager.filter(pk=row.pk).update(**{column: value})
    assert history._default_manager.filter(pgh_obj_id=row.pk).count() == before + 1


def test_数据库里的约束与模型一致() -> None:
    """A constraint dropped by hand or by a migration is missed here, whatever the models say."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        there = {row[0] for row in cursor.fetchall()}
    assert set(CONSTRAINTS) <= there
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        triggers = {row[0] for row in cursor.fetchall()}
    assert {trigger.get_pgid(model) for model, trigger in _triggers().values()} <= triggers


def test_状态机拒绝表外的跳转() -> None:
    review = rows.review(state=State.SUBMITTED)
    with pytest.raises(DatabaseError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(state=State.DRAFT)
    assert Station.objects.count() == 0
