"""Who takes part in the demo: the offices, two operators, one that waits to be let in, one that is barred."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.hashers import make_password

from jinhua_labor.accounts import services
from jinhua_labor.accounts.enums import OrganisationKind, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.policy.scoring import bar_until
from jinhua_labor.rulebook import policy_on
from stations.registry.models import Ban

from .days import ago, at
from .people import credit_code

PASSWORD: Final = "qingshan-lvshui-2026"  # noqa: S105  printed for everybody, set on a local installation only
JIA, BING = credit_code(900001), credit_code(900002)
WAITING, BARRED = credit_code(900003), credit_code(900004)
VETERANS = credit_code(900005), credit_code(900006)


@dataclass(frozen=True, slots=True)
class Account:
    """A line of the table of demo accounts."""

    username: str
    name: str
    role: Role
    organisation: str
    task: str
    admin: bool = False


CENTRE, BUREAU, ASSOCIATION = "金东区就业服务中心", "金东区人力资源和社会保障局", "金东区人力资源服务协会"
FIRST, SECOND = "示例人力资源有限公司", "样例劳务服务有限公司"
THIRD, FOURTH = "演示人才服务有限公司", "停报示例劳务有限公司"
FIFTH, SIXTH = "范例人力资源有限公司", "试行劳务服务有限公司"
OFFICE: Final = (
    Account("shouli", "测试受理", Role.CENTRE, CENTRE, "窗口受理、录入"),
    Account("chushen", "测试初审", Role.CENTRE, CENTRE, "初审、参保核对"),
    Account("zhongxin", "测试主任", Role.CENTRE, CENTRE, "中心负责人，管理本单位人员", admin=True),
    Account("shenhe", "测试审核", Role.BUREAU, BUREAU, "审核、发文"),
    Account("juzhang", "测试局长", Role.BUREAU, BUREAU, "审核、发布公示，管理本单位人员", admin=True),
    Account("caiwu", "测试财务", Role.FINANCE, BUREAU, "补贴审批、拨付"),
    Account("shenji", "测试审计", Role.AUDITOR, BUREAU, "查阅全部，不办理"),
    Account("guanli", "测试管理", Role.ADMIN, BUREAU, "账号管理"),
    Account("xiehui", "测试协会", Role.ASSOCIATION, ASSOCIATION, "受邀提出意见"),
)
OPERATORS: Final = (
    Account("jia", "测试甲", Role.OPERATOR, FIRST, "单位管理员", admin=True),
    Account("yi", "测试乙", Role.OPERATOR, FIRST, "经办人"),
    Account("bing", "测试丙", Role.OPERATOR, SECOND, "单位管理员", admin=True),
    Account("ding", "测试丁", Role.OPERATOR, SECOND, "经办人"),
    Account("wu", "测试戊", Role.OPERATOR, THIRD, "注册待确认", admin=True),
    Account("ji", "测试己", Role.OPERATOR, FOURTH, "被取消资格，不得申报", admin=True),
    Account("zi", "测试子", Role.OPERATOR, FIFTH, "优秀站点，评估结果公示中", admin=True),
    Account("chou", "测试丑", Role.OPERATOR, SIXTH, "连续两年评估不合格", admin=True),
)
ACCOUNTS: Final = (*OPERATORS, *OFFICE)


def table() -> str:
    """The accounts as columns of a fixed width; Chinese characters are two columns wide."""
    rows = [("账号", "姓名", "角色", "单位", "办什么")]
    rows += [(one.username, one.name, one.role.label, one.organisation, one.task) for one in ACCOUNTS]
    widths = [max(_width(row[column]) for row in rows) for column in range(4)]
    padded = ([_padded(text, size) for text, size in zip(row[:4], widths, strict=True)] for row in rows)
    lines = ["  ".join([*cells, row[4]]) for cells, row in zip(padded, rows, strict=True)]
    return "\n".join([f"演示账号（口令都是 {PASSWORD}）", "", *lines])


def _padded(text: str, size: int) -> str:
    return text + " " * (size - _width(text))


def _width(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in text)


def offices(*, since: dt.date) -> None:
    """The centre, the bureau and the association with their people; they are there before anything else."""
    with at(since, 8, 30):
        secret = make_password(PASSWORD)  # one hash for all: each costs a third of a second on purpose
        kinds = {
            CENTRE: OrganisationKind.CENTRE, BUREAU: OrganisationKind.BUREAU, ASSOCIATION: OrganisationKind.ASSOCIATION,
        }  # fmt: skip
        units = {name: Organisation.objects.create(kind=kind, name=name) for name, kind in kinds.items()}
        User.objects.bulk_create(
            User(
                username=one.username,
                name=one.name,
                role=one.role,
                organisation=units[one.organisation],
                is_org_admin=one.admin,
                password=secret,
            )
            for one in OFFICE
        )


def operators(*, base: dt.date) -> None:
    """Two operators that were let in by the centre, each with a second person; one that waits; one that is barred."""
    with at(dt.date(2021, 3, 25)):
        _register(FIRST, JIA, "jia", "测试甲", "（浙）人服证字〔2021〕第0799000001号")
        _join("jia", "yi", "测试乙")
    with at(dt.date(2021, 4, 6)):
        _register(SECOND, BING, "bing", "测试丙", "（浙）人服证字〔2021〕第0799000002号")
        _join("bing", "ding", "测试丁")
    with at(dt.date(2021, 4, 12)):
        _register(FOURTH, BARRED, "ji", "测试己", "（浙）人服证字〔2021〕第0799000004号")
    decided = ago(130, base=base)
    with at(decided):
        Ban.objects.create(  # no service makes one before revocation is built
            credit_code=BARRED,
            organisation_name=FOURTH,
            decided_on=decided,
            last_day=bar_until(decided, policy=policy_on(decided).policy),
            document_no=f"金东人社〔{decided.year}〕66号",
            created_by=User.objects.get(username="juzhang"),
        )


def veterans(*, on: dt.date) -> None:
    """Two operators whose stations have been assessed for years."""
    with at(on):
        for number, (name, code, one) in enumerate(zip((FIFTH, SIXTH), VETERANS, ("zi", "chou"), strict=True), 5):
            contact = next(account.name for account in OPERATORS if account.username == one)
            _register(name, code, one, contact, f"（浙）人服证字〔2021〕第079900000{number}号")


def latecomer(*, base: dt.date) -> None:
    """The registration that waits for the centre."""
    with at(ago(1, base=base), 15):
        _register(THIRD, WAITING, "wu", "测试戊", "（浙）人服证字〔2025〕第0799000003号", confirm=False)


def _register(name: str, code: str, username: str, contact: str, licence: str, *, confirm: bool = True) -> None:
    user = services.register_operator(
        name=name,
        credit_code=code,
        contact_name=contact,
        contact_phone="13000000000",
        licence_no=licence,
        username=username,
        password=PASSWORD,
    )
    if confirm and user.organisation is not None:
        services.confirm_registration(user.organisation, by=User.objects.get(username="shouli"))


def _join(admin: str, username: str, name: str) -> None:
    host = User.objects.select_related("organisation").get(username=admin)
    assert host.organisation is not None
    _, token = services.invite(by=host, organisation=host.organisation, role=Role.OPERATOR, name=name)
    services.accept_invitation(token, username=username, name=name, phone="13000000000", password=PASSWORD)
