"""收款账户 handed in, checked, confirmed by a second person, stopped, revealed (R-46)."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import OrganisationKind, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.crypto import blind_index
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from jinhua_labor.rulebook import policy_on
from subsidies.payees.enums import ChangeState
from subsidies.payees.models import NUMBER_PURPOSE, AccountChange, PayeeAccount
from subsidies.payees.queries.accounts import current
from subsidies.payees.rules import effective_on, problems, same_name, tidy

PAPERS = ("pdf", "jpeg", "png")


@transaction.atomic
def ask(
    *,
    organisation_id: uuid.UUID,
    holder: str,
    bank: str,
    number: str,
    proof: attachments.Upload,
    reason: str,
    by: User,
    key: uuid.UUID,
) -> AccountChange:
    """登记 the first account of a unit, or 变更 of it; the same form sent twice is one. Everyone of the unit is told.

    Raises Refused for another name than the unit's, an account it has already, or while another change is open.
    """
    organisation = _lock(organisation_id)
    _may_ask(organisation, by)
    if earlier := AccountChange.objects.filter(pk=key, asked_by=by).first():
        return earlier
    if AccountChange.objects.filter(pk=key).exists():
        raise Conflict("这张表单已由他人提交，请刷新后再办。")
    found = problems(holder=holder, bank=bank, number=number, unit=organisation.name)
    former, digits = current(organisation.pk, day=today()), tidy(number)
    said = [(problem.message, f"#id_{problem.field}") for problem in found]
    if former is not None and not reason.strip():
        said.append(("请写明变更原因。", "#id_reason"))
    digest = blind_index(NUMBER_PURPOSE, digits)
    if former is not None and former.digest == digest:
        said.append(("这就是现在使用的账户，不需要变更。", "#id_number"))
    if said:
        raise Refused("还不能提交，请先处理以下问题。", problems=tuple(said))
    account = PayeeAccount.objects.create(
        organisation=organisation,
        holder=organisation.name,
        bank=bank.strip(),
        number=digits,
        digest=digest,
        tail=digits[-4:],
        proof=attachments.store(
            proof,
            by=by,
            organisation=organisation,
            audience=Audience.PARTY_AND_OFFICE,
            kinds=PAPERS,
            secret=True,
            kind="account_proof",
        ),
        added_by=by,
    )
    try:
        with transaction.atomic():
            change = AccountChange.objects.create(
                id=key,
                organisation=organisation,
                account=account,
                former=former,
                reason=reason.strip() if former else "",
                asked_by=by,
            )
    except IntegrityError as error:
        if "account_change_one_open" not in str(error):
            raise
        raise Refused("已有一件收款账户的登记或变更正在办理，请先办结或撤回那一件。") from error
    record(
        by=by, action="account.ask", obj=change, detail={"tail": account.tail, "former": former.tail if former else ""}
    )
    _tell_unit(change, f"{change}，尾号{account.tail}", "如果不是本单位提出的，请立即告知区就业服务中心。")
    send(to_role=Role.CENTRE, subject=f"待核对：{change}", link=change.get_absolute_url())
    return change


@transaction.atomic
def check(*, change_id: uuid.UUID, note: str, by: User) -> AccountChange:
    """核对 by one person of the centre: the proof read, the unit asked back; a colleague confirms."""
    _require(by, Role.CENTRE)
    change = _locked(change_id)
    if (change.state, change.checked_by_id, change.check_note) == (ChangeState.CHECKED, by.pk, note.strip()):
        return change
    _expect(change, ChangeState.ASKED)
    if not note.strip():
        raise Refused("请写明向单位核实的情况。", problems=(("请写明何时、向谁、用什么方式核实。", "#id_check_note"),))
    change.state, change.checked_by, change.checked_at = ChangeState.CHECKED, by, timezone.now()
    change.check_note = note.strip()
    change.save(update_fields=["state", "checked_by", "checked_at", "check_note"])
    record(by=by, action="account.check", obj=change)
    send(to_role=Role.CENTRE, subject=f"待复核：{change}", link=change.get_absolute_url())
    return change


@transaction.atomic
def confirm(*, change_id: uuid.UUID, by: User) -> AccountChange:
    """复核 by a second person of the centre: the account is in force at once where the unit had none, else after the
    days of waiting. Everyone of the unit is told again."""
    _require(by, Role.CENTRE)
    change = _locked(change_id)
    if change.state == ChangeState.CONFIRMED and change.confirmed_by_id == by.pk:
        return change
    _expect(change, ChangeState.CHECKED)
    if by.pk in {change.asked_by_id, change.checked_by_id}:
        raise Refused("复核人不能是提出人或核对人，请由另一位同事复核。")
    account = change.account
    if not same_name(account.holder, change.organisation.name):
        raise Refused(f"单位名称已变更为“{change.organisation.name}”，与户名不一致，请退回后重新提交。")
    day = today()
    account.effective_on = effective_on(day, first=change.former_id is None, settings=policy_on(day).policy.settings)
    account.save(update_fields=["effective_on"])
    change.state, change.confirmed_by, change.confirmed_at = ChangeState.CONFIRMED, by, timezone.now()
    change.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    record(by=by, action="account.confirm", obj=change, detail={"effective_on": account.effective_on.isoformat()})
    _tell_unit(
        change,
        f"收款账户已确认，尾号{account.tail}，{date_cn(account.effective_on)}起使用",
        "生效之前可以撤回；如果不是本单位提出的，请立即告知区就业服务中心。",
    )
    return change


@transaction.atomic
def refuse(*, change_id: uuid.UUID, reason: str, by: User) -> AccountChange:
    """未通过, with the reason; the account in force stays."""
    _require(by, Role.CENTRE)
    change = _locked(change_id)
    if (change.state, change.closed_by_id, change.closing_reason) == (ChangeState.REFUSED, by.pk, reason.strip()):
        return change
    _expect(change, ChangeState.ASKED, ChangeState.CHECKED)
    _close(change, ChangeState.REFUSED, reason, by=by)
    _tell_unit(change, f"{change}未通过", change.closing_reason)
    return change


@transaction.atomic
def stop(*, change_id: uuid.UUID, reason: str, by: User) -> AccountChange:
    """撤回 by the unit, or stopped by the centre, as long as the account is not in force."""
    change = _locked(change_id)
    _may_ask(change.organisation, by)
    if change.state == ChangeState.STOPPED:
        return change
    effective = change.account.effective_on
    if change.state == ChangeState.CONFIRMED:
        if effective is None or effective <= today():
            raise Conflict("这个账户已经生效，不能撤回；请另行提出变更。")
    else:
        _expect(change, ChangeState.ASKED, ChangeState.CHECKED)
    _close(change, ChangeState.STOPPED, reason, by=by)
    _tell_unit(change, f"{change}已撤回", change.closing_reason)
    send(to_role=Role.CENTRE, subject=f"{change}已撤回", link=change.get_absolute_url())
    return change


@transaction.atomic
def reveal(*, account_id: uuid.UUID, purpose: str, by: User) -> str:
    """The number in full, with the purpose in the journal."""
    account = PayeeAccount.objects.visible_to(by).get(pk=account_id)
    record(
        by=by, action="account.show_number", obj=account.organisation, purpose=purpose, detail={"tail": account.tail}
    )
    assert account.number is not None
    return account.number


def _close(change: AccountChange, state: ChangeState, reason: str, *, by: User) -> None:
    if not reason.strip():
        raise Refused("请写明理由。", problems=(("请写明理由。", "#id_reason"),))
    change.state, change.closing_reason = state, reason.strip()
    change.closed_by, change.closed_at = by, timezone.now()
    change.save(update_fields=["state", "closing_reason", "closed_by", "closed_at"])
    record(by=by, action=f"account.{'refuse' if state == ChangeState.REFUSED else 'stop'}", obj=change)


def _tell_unit(change: AccountChange, subject: str, body: str) -> None:
    """Every person of the unit gets the message and the mail: whoever did not ask for it learns of it."""
    send(to_organisation=change.organisation, subject=subject, body=body, link=change.get_absolute_url())


def _lock(organisation_id: uuid.UUID) -> Organisation:
    rows = Organisation.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=organisation_id, kind=OrganisationKind.OPERATOR)


def _locked(change_id: uuid.UUID) -> AccountChange:
    rows = AccountChange.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organisation", "account", "former").get(pk=change_id)


def _expect(change: AccountChange, *states: ChangeState) -> None:
    if change.state not in states:
        raise Conflict(f"{change}{change.get_state_display()}，请刷新后再办。")


def _may_ask(organisation: Organisation, by: User) -> None:
    if by.role == Role.CENTRE or (by.role == Role.OPERATOR and by.organisation_id == organisation.pk):
        return
    raise PermissionDenied


def _require(by: User, *roles: Role) -> None:
    if by.role not in roles:
        raise PermissionDenied
