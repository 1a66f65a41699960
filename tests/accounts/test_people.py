"""Registration of operators, invitations, and who keeps whose accounts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts import services
from jinhua_labor.accounts.enums import OrganisationKind, OrganisationState, Role
from jinhua_labor.accounts.models import Invitation, Organisation, User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.errors import Conflict, Refused
from tests import factories

pytestmark = pytest.mark.django_db

REGISTRATION = {
    "name": "示例新来人力资源有限公司",
    "credit_code": factories.credit_code(9_000_001),
    "licence_no": "（示例）人服证字〔2021〕第0001号",
    "contact_name": "测试丙",
    "contact_phone": "13900000001",
    "email": "",
    "username": "shili-xinlai",
    "password": factories.PASSWORD,
    "password_again": factories.PASSWORD,
    "consent": "on",
}


def register(client: Client, **changes: str) -> Any:
    return client.post(reverse("accounts:register"), {**REGISTRATION, **changes})


def test_registration_until_confirmed(client: Client, centre_clerk: User, client_for: Callable[..., Client]) -> None:
    assert register(client)["Location"] == reverse("account_login")
    person = User.objects.get(username="shili-xinlai")
    organisation = person.organisation
    assert organisation is not None
    assert (organisation.state, person.is_org_admin) == (OrganisationState.PENDING, True)
    assert organisation.consent_version == services.CONSENT_VERSION
    theirs = client_for(person)
    for name in ("mailbox:inbox", "accounts:people", "dashboard:home"):
        assert theirs.get(reverse(name))["Location"] == reverse("accounts:waiting")
    assert "等待区就业服务中心确认" in theirs.get(reverse("accounts:waiting")).content.decode()
    centre = client_for(centre_clerk)
    assert organisation.name in centre.get(reverse("accounts:registrations")).content.decode()
    page = reverse("accounts:registration", args=[organisation.pk])
    assert centre.get(page).status_code == 200
    assert centre.post(page, {"decision": "confirm"}).status_code == 302
    assert theirs.get(reverse("mailbox:inbox")).status_code == 200
    assert centre.post(page, {"decision": "confirm"}).status_code == 409


def test_refused_registration_says_why_and_may_be_corrected(
    client_for: Callable[..., Client], centre_clerk: User
) -> None:
    person = factories.user(organisation=factories.organisation(state=OrganisationState.PENDING), is_org_admin=True)
    centre = client_for(centre_clerk)
    page = reverse("accounts:registration", args=[person.organisation_id])
    assert centre.post(page, {"decision": "refuse", "reason": " "}).status_code == 422
    centre.post(page, {"decision": "refuse", "reason": "许可证编号与证件不符。"})
    theirs = client_for(person)
    assert "许可证编号与证件不符。" in theirs.get(reverse("accounts:waiting")).content.decode()
    theirs.post(
        reverse("accounts:waiting"),
        {"name": "示例改正公司", "contact_name": "测试丙", "contact_phone": "13900000001", "licence_no": "示例第2号"},
    )
    organisation = Organisation.objects.get(pk=person.organisation_id)
    assert (organisation.state, organisation.name) == (OrganisationState.PENDING, "示例改正公司")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"credit_code": "91339999MA00000000"}, "校验", id="信用代码校验码不符"),
        pytest.param({"password_again": "另一句不同的长口令"}, "两次输入的密码不一致", id="两次密码不同"),
        pytest.param({"consent": ""}, "请勾选", id="未同意告知书"),
        pytest.param({"name": ""}, "请填写单位名称。", id="缺单位名称"),
        pytest.param({"username": "中文账号"}, "4～40 位", id="账号不是字母数字"),
        pytest.param({"name": "甲" * 101}, "100", id="名称101字"),
        pytest.param({"contact_name": "测试\x00"}, "", id="姓名带NUL"),
        pytest.param({"username": "SHILI-taken"}, "已被使用", id="账号已被使用"),
    ],
)
def test_registration_refuses(client: Client, changes: dict[str, str], words: str) -> None:
    factories.user(username="shili-taken")
    response = register(client, **changes)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Organisation.objects.filter(credit_code=REGISTRATION["credit_code"]).exists()


def test_registration_takes_no_extra_fields(client: Client) -> None:
    register(client, state="ACTIVE", role="ADMIN", kind="BUREAU", is_staff="on")
    person = User.objects.get(username="shili-xinlai")
    assert person.role == Role.OPERATOR
    assert person.organisation is not None
    assert (person.organisation.state, person.organisation.kind) == (
        OrganisationState.PENDING,
        OrganisationKind.OPERATOR,
    )


def test_credit_code_registers_once(client: Client) -> None:
    register(client)
    assert "已经注册" in register(Client(), username="shili-other").content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_registrations_at_once_leave_one() -> None:
    def attempt(number: int) -> str:
        try:
            fields = {k: v for k, v in REGISTRATION.items() if k not in {"password_again", "consent", "username"}}
            services.register_operator(username=f"shili-{number}", **fields)
        except Refused:
            return "refused"
        finally:
            connection.close()
        return "ok"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, (1, 2))) == ["ok", "refused"]
    assert User.objects.filter(username__startswith="shili-").count() == 1


def test_invitation_from_link_to_account(client_for: Callable[..., Client], operator_user: User) -> None:
    admin = client_for(operator_user)
    page = admin.post(
        reverse("accounts:invite", args=[operator_user.organisation_id]),
        {"name": "测试丁", "role": "OPERATOR", "email": "ceshi@example.invalid"},
    ).content.decode()
    found = re.search(r"http://testserver(/account/join/[\w-]+/)", page)
    assert found
    assert Invitation.objects.filter(token_hash=found[1].split("/")[3].encode()).count() == 0
    guest = Client()
    assert guest.get(found[1]).status_code == 200
    data = {"name": "测试丁", "phone": "", "username": "ceshi-ding", "password": factories.PASSWORD}
    assert guest.post(found[1], {**data, "password_again": factories.PASSWORD}).status_code == 302
    person = User.objects.get(username="ceshi-ding")
    assert (person.organisation_id, person.role, person.is_org_admin) == (
        operator_user.organisation_id,
        Role.OPERATOR,
        False,
    )
    assert guest.get(found[1]).status_code == 404, "a link is good once"


@pytest.mark.parametrize(
    ("after", "good"),
    [
        pytest.param(dt.timedelta(hours=23, minutes=59), True, id="未满24小时"),
        pytest.param(dt.timedelta(hours=24, seconds=1), False, id="超过24小时"),
    ],
)
def test_links_end_after_a_day(operator_user: User, admin: User, after: dt.timedelta, good: bool) -> None:
    assert operator_user.organisation is not None
    _, invitation = services.invite(
        by=operator_user, organisation=operator_user.organisation, role=Role.OPERATOR, name="测试丁"
    )
    _, reset = services.issue_password_reset(operator_user, by=admin, reason="电话核实")
    with time_machine.travel(timezone.now() + after, tick=False):
        assert (services.find_invitation(invitation) is not None) is good
        assert (services.find_password_reset(reset) is not None) is good


def test_withdrawn_invitation_is_worthless(operator_user: User) -> None:
    assert operator_user.organisation is not None
    invitation, token = services.invite(
        by=operator_user, organisation=operator_user.organisation, role=Role.OPERATOR, name="测试丁"
    )
    services.withdraw_invitation(invitation, by=operator_user)
    with pytest.raises(Refused):
        services.accept_invitation(token, username="ceshi-wu", name="测试戊", phone="", password=factories.PASSWORD)
    with pytest.raises(Conflict):
        services.withdraw_invitation(invitation, by=operator_user)


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        pytest.param(OrganisationKind.OPERATOR, Role.CENTRE, id="承建单位不能邀请中心人员"),
        pytest.param(OrganisationKind.CENTRE, Role.BUREAU, id="中心不能邀请局人员"),
        pytest.param(OrganisationKind.BUREAU, Role.ADMIN, id="局内管理员不能造系统管理员"),
    ],
)
def test_roles_nobody_may_give(kind: str, role: Role) -> None:
    organisation = factories.organisation(kind)
    by = factories.user(
        {"OPERATOR": Role.OPERATOR, "CENTRE": Role.CENTRE, "BUREAU": Role.BUREAU}[kind],
        organisation=organisation,
        is_org_admin=True,
    )
    with pytest.raises(Refused):
        services.invite(by=by, organisation=organisation, role=role, name="测试己")


def test_password_reset_by_link(client_for: Callable[..., Client], operator_user: User) -> None:
    colleague = factories.user(organisation=operator_user.organisation)
    theirs = client_for(colleague)
    assert theirs.get(reverse("mailbox:inbox")).status_code == 200
    page = (
        client_for(operator_user)
        .post(reverse("accounts:change", args=[colleague.pk, "reset"]), {"reason": "当面核实"})
        .content.decode()
    )
    found = re.search(r"http://testserver(/account/reset/[\w-]+/)", page)
    assert found
    new = "一句全新的测试长口令啊"
    guest = Client()
    assert guest.post(found[1], {"password": "短", "password_again": "短"}).status_code == 422
    new = f"{new}真的很长"
    assert guest.post(found[1], {"password": new, "password_again": new}).status_code == 302
    colleague.refresh_from_db()
    assert colleague.check_password(new)
    assert theirs.get(reverse("mailbox:inbox")).status_code == 302, "old sessions are ended"
    assert guest.get(found[1]).status_code == 404


def test_strangers_people_are_not_found(
    client_for: Callable[..., Client], operator_user: User, stranger_operator: User
) -> None:
    client = client_for(operator_user)
    foreign = reverse("accounts:people") + f"?organisation={stranger_operator.organisation_id}"
    assert client.get(foreign).status_code == 404
    assert client.get(reverse("accounts:person", args=[stranger_operator.pk])).status_code == 404
    for step in ("disable", "enable", "admin", "member", "unlock", "reset", "second-factor"):
        answer = client.post(reverse("accounts:change", args=[stranger_operator.pk, step]), {"reason": "测试"})
        assert answer.status_code == 404
    assert client.post(reverse("accounts:invite", args=[stranger_operator.organisation_id])).status_code == 404
    invitation, _ = services.invite(
        by=stranger_operator, organisation=stranger_operator.organisation, role=Role.OPERATOR, name="测试庚"
    )
    assert client.post(reverse("accounts:withdraw", args=[invitation.pk])).status_code == 404
    for call in (services.enable_user, services.unlock):
        with pytest.raises(PermissionDenied):
            call(stranger_operator, by=operator_user)


def test_ordinary_people_keep_no_accounts(
    client_for: Callable[..., Client], centre_clerk: User, centre_second: User
) -> None:
    client = client_for(centre_clerk)
    assert client.get(reverse("accounts:people")).status_code == 403
    assert client.get(reverse("accounts:person", args=[centre_second.pk])).status_code == 403


@pytest.mark.parametrize(
    "step",
    [
        pytest.param("reset", id="重置密码"),
        pytest.param("disable", id="停用"),
        pytest.param("admin", id="设为管理员"),
        pytest.param("unlock", id="解除登录限制"),
    ],
)
def test_administrator_of_the_bureau_cannot_take_over_a_system_administrator(
    client_for: Callable[..., Client], admin: User, step: str
) -> None:
    chief = factories.user(Role.BUREAU, organisation=admin.organisation, is_org_admin=True)
    client = client_for(chief)
    page = client.get(reverse("accounts:person", args=[admin.pk])).content.decode()
    assert reverse("accounts:change", args=[admin.pk, step]) not in page
    answer = client.post(reverse("accounts:change", args=[admin.pk, step]), {"reason": "测试"})
    assert answer.status_code == 403
    assert not AuditEntry.objects.filter(action__startswith="user.").exists()


def test_system_administrator_keeps_all(
    client_for: Callable[..., Client], admin: User, stranger_operator: User
) -> None:
    client = client_for(admin)
    page = client.get(reverse("accounts:people") + f"?organisation={stranger_operator.organisation_id}")
    assert stranger_operator.name in page.content.decode()
    assert client.get(reverse("accounts:person", args=[stranger_operator.pk])).status_code == 200
    assert client.post(reverse("accounts:change", args=[stranger_operator.pk, "explode"])).status_code == 404


def test_last_administrator_stays(operator_user: User, admin: User) -> None:
    with pytest.raises(Refused, match="最后一名管理员"):
        services.disable_user(operator_user, by=operator_user, reason="测试")
    with pytest.raises(Refused, match="最后一名管理员"):
        services.set_org_admin(operator_user, by=operator_user, value=False)
    with pytest.raises(Refused, match="最后一名系统管理员"):
        services.disable_user(admin, by=admin, reason="测试")
    second = factories.user(organisation=operator_user.organisation, is_org_admin=True)
    services.disable_user(operator_user, by=second, reason="离职")
    assert not User.objects.get(pk=operator_user.pk).is_active


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_disable_each_other() -> None:
    first = factories.user(is_org_admin=True)
    second = factories.user(organisation=first.organisation, is_org_admin=True)

    def disable(pair: tuple[User, User]) -> str:
        try:
            services.disable_user(pair[0], by=pair[1], reason="测试")
        except (Refused, PermissionDenied):
            return "refused"
        finally:
            connection.close()
        return "ok"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(disable, [(first, second), (second, first)])) == ["ok", "refused"]


def test_profile_is_ones_own(client_for: Callable[..., Client], operator_user: User, stranger_operator: User) -> None:
    data = {
        "name": "测试改名",
        "phone": "13900000002",
        "email": "a@example.invalid",
        "large_text": "on",
        "role": "ADMIN",
    }
    assert client_for(operator_user).post(reverse("accounts:me"), data).status_code == 302
    operator_user.refresh_from_db()
    assert (operator_user.name, operator_user.large_text, operator_user.role) == ("测试改名", True, Role.OPERATOR)
    with pytest.raises(PermissionDenied):
        services.update_profile(stranger_operator, by=operator_user, name="x", phone="", email="", large_text=False)


def test_what_is_done_to_accounts_is_journalled(operator_user: User, admin: User) -> None:
    colleague = factories.user(organisation=operator_user.organisation)
    services.disable_user(colleague, by=operator_user, reason="离职")
    services.enable_user(colleague, by=admin)
    actions = AuditEntry.objects.filter(object_id=str(colleague.pk)).values_list("action", flat=True)
    assert sorted(actions) == ["user.disable", "user.enable"]


def invitation(**fields: Any) -> Callable[[User], object]:
    later = {"expires_at": timezone.now() + dt.timedelta(1)} | fields
    return lambda user: Invitation.objects.create(
        organisation=user.organisation, role=Role.OPERATOR, name="测试", token_hash=b"1", created_by=user, **later
    )


def organisation(**fields: Any) -> Callable[[User], object]:
    return lambda user: Organisation.objects.filter(pk=user.organisation_id).update(**fields)


def person(**fields: Any) -> Callable[[User], object]:
    return lambda user: User.objects.filter(pk=user.pk).update(**fields)


def same_code(user: User) -> object:
    return Organisation.objects.create(kind="OPERATOR", name="示例", credit_code=user.organisation.credit_code)


@pytest.mark.parametrize(
    ("name", "break_it"),
    [
        pytest.param("organisation_credit_code_once", same_code, id="信用代码唯一"),
        pytest.param("operator_has_credit_code", organisation(credit_code=""), id="承建单位必有信用代码"),
        pytest.param("organisation_confirmed_at_has_by", organisation(confirmed_at=timezone.now()), id="确认有确认人"),
        pytest.param("organisation_refusal_has_reason", organisation(state="REFUSED"), id="不予通过有原因"),
        pytest.param("user_belongs_to_organisation", person(organisation=None), id="账号属于单位"),
        pytest.param("one_system_user", person(role="SYSTEM", organisation=None, is_active=False), id="系统用户唯一"),
        pytest.param(
            "invitation_expires_later",
            invitation(expires_at=timezone.now() - dt.timedelta(1)),
            id="邀请失效晚于创建",
        ),
        pytest.param("invitation_accepted_at_has_by", invitation(accepted_at=timezone.now()), id="邀请接受有接受人"),
    ],
)
def test_database_says_no(operator_user: User, name: str, break_it: Callable[[User], object]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        break_it(operator_user)
