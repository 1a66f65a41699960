"""成批: grants frozen under one number, its two papers made once, or the batch taken back (R-46, F3)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from django.db import transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import now, today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.locks import lock_name
from jinhua_labor.core.money import yuan
from jinhua_labor.documents.payments import approval_sheet_pdf
from jinhua_labor.rulebook import policy_on
from stations.oversight.services.common import require
from subsidies.grants.enums import Stage
from subsidies.grants.models import Grant
from subsidies.grants.queries.account import snapshot_of
from subsidies.grants.services import paying
from subsidies.grants.services.deriving import derive_station
from subsidies.payments.enums import BatchState, PaymentState
from subsidies.payments.models import Batch, FormerPapers, Payment
from subsidies.payments.queries.papers import approval_sheet_of, payment_sheet_of, replaced_note
from subsidies.payments.rules.numbers import batch_number, next_serial
from subsidies.payments.workbook import payment_sheet


@transaction.atomic
def make(*, key: uuid.UUID, grant_ids: Collection[uuid.UUID], remark: str = "", by: User) -> Batch:
    """A batch over these grants: the stations are locked, what is owed is derived anew, every grant is asked whether it
    may be paid, then all are frozen with amount and account, or none. `key` of the form makes a double click one batch.

    Raises Refused with every grant that may not be paid now and why, Conflict where another batch has taken one.
    """
    require(by, Role.FINANCE)
    if earlier := _made(key, by):
        return earlier
    if not grant_ids:
        raise Refused("请先勾选要拨付的补贴。", problems=(("请先勾选要拨付的补贴。", "#id_grants"),))
    grants = _locked(grant_ids)
    if earlier := _made(key, by):  # the same form, sent twice at once: the first has it
        return earlier
    if taken := [grant for grant in grants if grant.stage == Stage.BATCHED]:
        told = tuple((f"{grant}已列入其他批次", grant.get_absolute_url()) for grant in taken)
        raise Conflict("有补贴刚刚列入了其他批次，一笔都没有列入。", problems=told)
    if faults := _faults(grants):
        raise Refused(f"有 {len(faults)} 笔现在不能列入批次，一笔都没有列入。", problems=faults)
    number, year, serial = _next_number()
    batch = Batch.objects.create(
        id=key,
        number=number,
        year=year,
        serial=serial,
        lines=len(grants),
        total=sum(grant.due for grant in grants),
        remark=remark,
        made_by=by,
        made_on=today(),
    )
    _freeze(batch, grants, by)
    record(
        by=by,
        action="payments.make",
        obj=batch,
        detail={"number": number, "lines": batch.lines, "total": str(batch.total)},
    )
    return batch


def _made(key: uuid.UUID, by: User) -> Batch | None:
    found = Batch.objects.filter(pk=key).first()
    if found is not None and found.made_by_id != by.pk:
        raise Conflict("这张表单已由他人提交，请刷新后重新勾选。")
    return found


def _locked(grant_ids: Collection[uuid.UUID]) -> list[Grant]:
    """The grants, their stations' rows locked before them and what is owed to these derived under the locks."""
    stations = {grant.station_id for grant in paying.lock(grant_ids)}
    for station in sorted(stations):
        derive_station(station_id=station, by=User.objects.system())
    grants = paying.lock(grant_ids)
    if len(grants) != len(set(grant_ids)):
        raise Conflict("有补贴已不存在，请刷新后重新勾选。")
    return sorted(grants, key=lambda grant: (grant.payee_name, grant.station.number, grant.kind, grant.period_no or 0))


def _faults(grants: Sequence[Grant]) -> tuple[tuple[str, str], ...]:
    """Each grant that may not be paid now, with the reason and its page."""
    found = paying.problems(grants)
    return tuple((f"{grant}：{found[grant.pk]}", grant.get_absolute_url()) for grant in grants if found[grant.pk])


def _next_number() -> tuple[str, int, int]:
    """Number, year and serial, the next of the year: given once, whoever else asks at the same time."""
    year = today().year
    lock_name(f"payments.batch:{year}")
    serial = next_serial(Batch.objects.filter(year=year).values_list("serial", flat=True))
    return batch_number(policy_on(today()).policy.settings.district_code, year, serial), year, serial


def _freeze(batch: Batch, grants: Sequence[Grant], by: User) -> None:
    lines = []
    for seq, grant in enumerate(grants, 1):
        amount = grant.due
        paying.take_into_batch(grant, by=by)
        account = snapshot_of(grant)
        assert account is not None  # an approved grant has its account (grant_has_account)
        assert grant.fiscal_year is not None
        lines.append(
            Payment(
                batch=batch,
                seq=seq,
                grant=grant,
                round=grant.rounds,
                fiscal_year=grant.fiscal_year,
                payee=account.holder,
                station=grant.station.name,
                item=grant.item,
                bank=account.bank,
                account=account.number,
                account_tail=account.tail,
                amount=amount,
                submitted_by=grant.submitted_by,
                screened_by=grant.screened_by,
                approved_by=grant.approved_by,
                made_by=by,
            )
        )
    Payment.objects.bulk_create(lines)


def issue(*, batch_id: uuid.UUID, by: User) -> Batch:
    """审批表 and 拨付表 under the batch's number: both are stored whole with their digests, or neither is; a second
    call gives what the first made. Raises Refused where a grant may not be paid any more.

    What they say was frozen when the batch was made: they are laid out before anything is locked.
    """
    require(by, Role.FINANCE)
    batch, day = Batch.objects.select_related("made_by__organisation").get(pk=batch_id), today()
    if batch.is_issued and batch.state != BatchState.CANCELLED:
        return batch
    related = ("grant__station", "grant__review", "screened_by", "approved_by")
    every = list(batch.payments.select_related(*related).order_by("seq"))
    payments = [one for one in every if one.state != PaymentState.REMOVED]
    former = list(batch.former.order_by("edition"))
    workbook = payment_sheet(payment_sheet_of(batch, payments, day=day))
    paper = approval_sheet_pdf(approval_sheet_of(batch, payments, note=replaced_note(former, every)))
    return _issue(batch_id, {one.pk for one in payments}, workbook, paper, day, by)


@transaction.atomic
def _issue(
    batch_id: uuid.UUID, laid_out: Collection[uuid.UUID], workbook: bytes, paper: bytes, day: dt.date, by: User
) -> Batch:
    batch = locked(batch_id)
    if batch.state == BatchState.CANCELLED:
        raise Conflict("这个批次已经撤销。")
    if batch.is_issued:
        return batch
    payments = list(batch.payments.in_batch().select_related("grant__station"))
    if {one.pk for one in payments} != set(laid_out):
        raise Conflict("批次里刚刚有补贴移出，请再生成一次。")
    if held := _faults([one.grant for one in payments if one.state == PaymentState.PENDING]):
        raise Refused("批次里有补贴现在不能拨付，请移出这些补贴，或撤销这个批次后重新成批。", problems=held)
    office, edition = _office(by), batch.former.count() + 1
    name = batch.number if edition == 1 else f"{batch.number}_第{edition}版"
    common = {"by": by, "organisation": office, "audience": Audience.OFFICE, "secret": True}
    batch.payment_sheet = attachments.store_generated(
        workbook, name=f"拨付表_{name}.xlsx", file_type="xlsx", kind="payment_sheet", **common
    )
    batch.approval_sheet = attachments.store_generated(
        paper, name=f"补贴拨付审批表_{name}.pdf", file_type="pdf", kind="payment_approval", **common
    )
    batch.state, batch.issued_by, batch.issued_on = BatchState.ISSUED, by, day
    batch.save(update_fields=["payment_sheet", "approval_sheet", "state", "issued_by", "issued_on"])
    record(
        by=by,
        action="payments.papers",
        obj=batch,
        detail={
            "number": batch.number,
            "edition": edition,
            "payment_sheet": batch.payment_sheet.sha256,
            "approval_sheet": batch.approval_sheet.sha256,
        },
    )
    close_if_settled(batch)  # all that stayed had its result before the papers were made anew
    return batch


@transaction.atomic
def cancel(*, batch_id: uuid.UUID, reason: str, by: User) -> Batch:
    """撤销: while no result is recorded, the grants go back to 待拨付 with the account they had; the number stays used.

    Raises Refused without a reason and after the first result.
    """
    require(by, Role.FINANCE)
    if not reason.strip():
        raise Refused("请写明撤销的理由。", problems=(("请写明撤销的理由。", "#id_reason"),))
    batch = locked(batch_id)
    if batch.state == BatchState.CANCELLED:
        return batch
    payments = list(batch.payments.in_batch().select_related("grant"))
    if any(one.state != PaymentState.PENDING for one in payments):
        raise Conflict("这个批次已经登记了拨付结果，不能撤销。")
    for one in payments:
        paying.put_back(one.grant, by=by)
    batch.payments.pending().update(state=PaymentState.CANCELLED)
    batch.state, batch.cancelled_by, batch.cancelled_at = BatchState.CANCELLED, by, now()
    batch.cancel_reason = reason.strip()
    batch.save(update_fields=["state", "cancelled_by", "cancelled_at", "cancel_reason"])
    record(
        by=by, action="payments.cancel", obj=batch, detail={"reason": batch.cancel_reason, "total": yuan(batch.total)}
    )
    return batch


def note_sheet(*, batch: Batch, papers: Batch | FormerPapers, purpose: str, by: User) -> None:
    """The journal's line of who takes the payment sheet with its account numbers (that of an edition), and what for."""
    require(by, Role.FINANCE)
    if papers.issued_on is None:
        raise Refused("这个批次还没有生成审批表和拨付表。")
    detail = {"number": batch.number, "rows": papers.lines}
    if isinstance(papers, FormerPapers):
        detail["edition"] = papers.edition
    record(by=by, action="payments.sheet", obj=batch, purpose=purpose, detail=detail)


def locked(batch_id: uuid.UUID) -> Batch:
    """The batch, the stations' and the grants' rows locked before it."""
    paying.lock(list(Payment.objects.filter(batch=batch_id).values_list("grant_id", flat=True)))
    return Batch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch_id)


def close_if_settled(batch: Batch) -> None:
    """办结 once every payment of the batch has its result; the caller holds the batch."""
    if batch.state == BatchState.ISSUED and not batch.payments.pending().exists():
        batch.state, batch.closed_on = BatchState.CLOSED, today()
        batch.save(update_fields=["state", "closed_on"])


def _office(by: User) -> Organisation:
    assert by.organisation is not None  # finance belongs to the bureau
    return by.organisation
