"""Lists cost the same with more rows, and no query string breaks a page."""

from __future__ import annotations

import ast
import inspect
import re
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponseBase

from jinhua_labor.accounts.enums import OrganisationState, Role
from jinhua_labor.audit.services import record
from jinhua_labor.notices.models import NoticeState
from jinhua_labor.review.states import Action, State
from stations.applications.models import Application
from stations.roster.models import RosterList
from tests import factories
from tests.meta import (
    rows,
    rows_retention,
    world,
    world_assessment,
    world_assignments,
    world_excellent,
    world_oversight,
    world_payments,
    world_renewal,
    world_roster,
    world_rulebook,
    world_safety,
    world_subsidies,
    world_surveys,
)
from tests.meta.addresses import ADDRESSES, SEES, url
from tests.meta.browser import ask, browser
from tests.meta.test_headers import problems_of_page
from tests.meta.test_models import sources
from tests.meta.world import World
from tests.queries import queries

pytestmark = pytest.mark.slow  # every list at three sizes

NAMES = sorted(ADDRESSES)


def readers(name: str, district: World) -> list[Any]:
    """One of each role that opens this page; nobody for a public one."""
    address = ADDRESSES[name]
    if address.roles is None:
        return [None]
    return [district.actor(role) for role in sorted(SEES.get(name, address.roles))]


# --- the same number of queries ---------------------------------------------------------------------------------------


def grow(district: World, count: int) -> None:
    """So many more of everything a list may show: files in every state, people, papers, notices, messages."""
    own, clerk, official = district.own, district.people[Role.CENTRE], district.people[Role.BUREAU]
    for _ in range(count):
        number = rows.number()
        user = factories.user(Role.OPERATOR, organisation=own.organisation, name=f"本方新人{number}")
        rows.invitation(organisation=own.organisation, created_by=own.user)
        factories.organisation(state=OrganisationState.PENDING)
        employer = rows.employer(created_by=own.user)
        rows.alias(operator=own.organisation, employer=employer)
        rows.key_employer(employer=employer)
        rows.ban()
        rows.published(prepared_by=clerk, released_by=official, title=f"公示{number}")
        rows.notice(prepared_by=clerk, state=NoticeState.READY, title=f"待发布{number}")
        rows.objection(notice=district.notice)
        for person in (own.user, *district.people.values()):
            rows.message(user=person, subject=f"消息{number}")
        rows.job(created_by=own.user)
        record(by=own.user, action="test.entry", obj=own.organisation)
        _more_files(district, user)
        _more_papers(district)
        _more_rows(district)
        world_oversight.grow(own, clerk)
        world_roster.more(district)
        world_safety.grow(own, clerk)
        world_assignments.grow(district)
        world_renewal.grow(own)
        world_surveys.grow(own, clerk)
        world_rulebook.grow(official)
        world_assessment.grow(own, clerk)
        world_excellent.grow(own, clerk, official)
        world_subsidies.grow(own, clerk, official)
        world_payments.grow(own, district.people[Role.FINANCE])


def _more_files(district: World, user: Any) -> None:
    own, clerk, official = district.own, district.people[Role.CENTRE], district.people[Role.BUREAU]
    for state in State.values:
        if state != State.DRAFT:
            made = world.file_of(own, state, clerk, official, by=user)
            if state == State.APPROVED:
                Application.objects.filter(pk=made.pk).update(batch=district.batch)
    rows.station(operator=own.organisation, name=f"本方第{rows.number()}站")
    rows.establishment(created_by=official)


def _more_papers(district: World) -> None:
    for made in (district.own.submitted, district.own.returned, district.own.screened):
        for side in ("AREA", "DISTRICT"):
            place = rows.site(application=made, side=side, checked_by=district.people[Role.CENTRE], checked_at=rows.NOW)
            rows.material(application=made, slot="M6", site=place, attachment=_paper(district))
        rows.material(application=made, slot="M4B", attachment=_paper(district))
        rows.event(review=made.review, by=district.own.user, action=Action.SUBMIT)
        rows.defect(application=made, target=f"site:{place.pk}:address", marked_by=district.people[Role.CENTRE])


def _paper(district: World) -> Any:
    return rows.attachment(organisation=district.own.organisation, uploaded_by=district.own.user)


def _more_rows(district: World) -> None:
    own = district.own
    for made in (own.submitted, own.returned, own.screened, own.draft):
        roster = made.roster_list
        seq = roster.deliveries.count() + 1
        rows.delivery(
            operator=own.organisation, employer=own.employer, roster_list=roster, seq=seq, name=f"本方工友{seq}"
        )
        RosterList.objects.filter(pk=roster.pk).update(rows=seq, persons=seq, counted=1, pending=seq - 2, excluded=1)
        rows.extract(roster_list=roster, by=district.people[Role.CENTRE])
    _more_checks(district)
    own.import_batch.rows.create(
        row_no=1000 + rows.number(), state="BAD", name="本方待改", problems=own.staged.problems
    )


def _more_checks(district: World) -> None:
    own, clerk = district.own, district.people[Role.CENTRE]
    for build in (rows_retention.retention_check, rows_retention.answered_check):
        row = rows.delivery(operator=own.organisation, employer=own.employer, station=own.station, name="本方留用")
        build(delivery=row)
        rows_retention.recount_change(recount=own.recount, delivery=row)
    rows_retention.retention_correction(retention=own.answered, number=rows.number(), by=clerk)
    rows.extract(roster_list=None, station=own.station, by=clerk)
    rows.extract(roster_list=None, district=True, by=clerk)
    rows_retention.recount(by=clerk)


PRINTS = {name for name in NAMES if name.endswith(("pdf", "docx", "receipt"))}
"""Papers: a second to make each, the same for all their readers, and nothing in them listens to a query string."""


def counted(district: World) -> dict[tuple[str, str], tuple[int, list[str]]]:
    """How many queries each page costs each of its readers."""
    found = {}
    for name in NAMES:
        if name in {"account_logout", "accounts:join", "accounts:reset"}:
            continue
        for user in readers(name, district)[: 1 if name in PRINTS else None]:
            client = browser(user)
            answers: list[HttpResponseBase] = []
            asked = queries(
                lambda name=name, client=client, answers=answers: answers.append(
                    ask(client, "GET", url(name, district.own, district))
                )
            )
            if answers[0].status_code in {200, 286}:
                found[name, str(user.role) if user else "公开"] = len(asked), asked
    return found


@pytest.mark.slow
def test_更多的行不多一次查询(world: World) -> None:
    """Every page of every reader, at a few rows of each kind and at thirty more.

    The first count may hold what is asked once only (content types, caches of settings): fewer later is no fault, and
    a query for each row is far more than that.
    """
    grow(world, 3)
    before = counted(world)
    grow(world, 27)
    after = counted(world)
    found = []
    for page, (few, asked) in before.items():
        many, asked_later = after.get(page, (0, []))
        if page not in after or many > few:  # a page that no longer answers costs nothing, and is broken
            extra = _difference(asked, asked_later)
            found.append(f"{page}：{few} → {many}\n      {extra}")
    assert len(before) > 60
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def _difference(before: list[str], after: list[str]) -> str:
    shapes = [sql.split(" WHERE ")[0][:120] for sql in before]
    for sql in after:
        shape = sql.split(" WHERE ")[0][:120]
        if shape in shapes:
            shapes.remove(shape)
        else:
            return sql[:400]
    return "（同样的语句少了）"


# --- X5: query strings ------------------------------------------------------------------------------------------------

HOSTILE = {
    "负数": "-1",
    "很大的数": "9" * 30,
    "NUL": "\x00",
    "表名": "password",
    "引号": "' OR 1=1 --",
    "脚本": '"><img src=x onerror=x()><script>x()</script>',
    "模板": "{{ 7*7 }}{% debug %}",
    "控制方向": "\u202e\u200b\u2066",
    "假日期": "2026-13-45",
    "假编号": "00000000-0000-0000-0000-00000000000g",
    "全角": "１２３",
    "外站": "//evil.example/",
    "很长": "劳" * 300,
}
CAN_BE_MARKUP = {"引号", "脚本", "模板", "外站"}
RAW = {"非法编码": "%ff%fe%80", "代理对": "%ed%a0%bd", "半个百分号": "%", "数组": "1&{0}=2&{0}[]=3", "空": ""}


def asked_for() -> set[str]:
    """The names of every query parameter the code reads: from `request.GET`, from classes and tuples of filters."""
    names = {"page", "sort", "order", "per_page", "next", "format"}
    for path in sources():
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=asked, attr="get" | "getlist"), args=[ast.Constant(value=name), *_]
                ):
                    names |= {str(name)} if "GET" in ast.unparse(asked) else set()
                case ast.ClassDef() if "Filter" in node.name:
                    names |= {ast.unparse(item.target) for item in node.body if isinstance(item, ast.AnnAssign)}
                    names |= {ast.unparse(item.targets[0]) for item in node.body if isinstance(item, ast.Assign)}
                case ast.DictComp(generators=[ast.comprehension(iter=ast.Tuple() as listed)]) if "GET" in ast.unparse(
                    node
                ):
                    names |= set(ast.literal_eval(listed))
                case _:
                    pass
    return {name for name in names if name.isidentifier() and not name.startswith("_")}


PARAMETERS = sorted(asked_for())


def test_参数名是从代码里读到的() -> None:
    assert {"page", "q", "state", "area", "tab", "paper", "province", "code", "show", "rs"} <= set(PARAMETERS)


def hostile_queries() -> Iterator[tuple[str, str]]:
    for word, value in HOSTILE.items():
        yield word, "&".join(f"{name}={quote(value)}" for name in PARAMETERS)
    for word, raw in RAW.items():
        yield word, "&".join(f"{name}={raw.format(name)}" for name in PARAMETERS)


def fine(response: HttpResponseBase) -> bool:
    return response.status_code < 500


WITH_A_LIST = {"applications:file", "applications:review", "roster:list", "roster:import"}
LISTS = [name for name in NAMES if not ADDRESSES[name].arguments or name in WITH_A_LIST]


@pytest.mark.parametrize("name", NAMES)
def test_所有参数同时作怪也不出错(name: str, world: World) -> None:
    client, target = browser(readers(name, world)[0]), url(name, world.own, world)
    found = []
    for word, query in hostile_queries():
        response = ask(client, "GET", f"{target}?{query}")
        if not fine(response):
            found.append(f"{word}：{response.status_code}")
        html = response.get("Content-Type", "").startswith("text/html")
        if html and response.status_code == 200 and word in CAN_BE_MARKUP:
            problems = problems_of_page(response.content.decode())  # type: ignore[attr-defined]
            # What was typed is shown as it was typed: only of our own templates nothing may be left over.
            found += [f"{word}：{problem}" for problem in problems if word != "模板" or "未渲染" not in problem]
        location = response.get("Location", "")
        if location.startswith(("//", "http")) or "evil" in location.split("?")[0]:
            found.append(f"{word}：转到 {location}")
        if response.status_code == 405 or (name in PRINTS and word == "NUL"):
            break
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def _own_parameters(name: str) -> list[str]:
    """Those of its parameters that the module of the view (or its queries) spells out."""
    source = inspect.getsource(inspect.getmodule(inspect.unwrap(ADDRESSES[name].view)))  # type: ignore[arg-type]
    return [parameter for parameter in PARAMETERS if f'"{parameter}"' in source or parameter in {"page", "q"}]


@pytest.mark.parametrize("name", LISTS)
def test_每个参数单独作怪也不出错(name: str, world: World) -> None:
    """One at a time, beside good ones: a first bad value must not hide what a second would do."""
    found = []
    for user in readers(name, world)[-1:]:
        client, target = browser(user), url(name, world.own, world)
        for parameter in _own_parameters(name):
            for word in ("负数", "很大的数", "NUL", "表名", "假编号"):
                response = ask(client, "GET", f"{target}?{parameter}={quote(HOSTILE[word])}")
                if not fine(response):
                    found.append(f"{parameter}={word}：{response.status_code}")
            response = ask(client, "GET", f"{target}?{parameter}={RAW['非法编码']}")
            if not fine(response):
                found.append(f"{parameter}=非法编码：{response.status_code}")
    if found:
        pytest.fail("\n".join(found), pytrace=False)


@pytest.mark.parametrize("name", [name for name in NAMES if ADDRESSES[name].arguments])
@pytest.mark.parametrize("bad", ["x", str(uuid.UUID(int=0)), "1", "%00", "..%2f..%2fetc%2fpasswd", "%ff"])
def test_地址里的假编号找不到(name: str, bad: str, world: World) -> None:
    target = url(name, world.own, world)
    pieces = target.rstrip("/").split("/")
    first = next(index for index, piece in enumerate(pieces) if re.search(r"\d|\.|.{20}", piece))
    broken = "/".join([*pieces[:first], bad, *pieces[first + 1 :]]) + ("/" if target.endswith("/") else "")
    response = ask(browser(readers(name, world)[0]), "GET", broken)
    assert response.status_code in {400, 404, 405, 302}
