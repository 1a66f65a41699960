"""Pages of 政策版本: edited page by page, confirmed by a second person, read by others, shown to the public."""

from __future__ import annotations

import datetime as dt
import html
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.models import User
from jinhua_labor.policy.load import raw_versions, versions
from jinhua_labor.rulebook.book import forget_book
from jinhua_labor.rulebook.enums import Kind, VersionState
from jinhua_labor.rulebook.forms import PARTS, bare, parts_of
from jinhua_labor.rulebook.models import Version

pytestmark = pytest.mark.django_db

Make = Callable[..., Version]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def drafter(bureau_official: User) -> Client:
    return signed_in(bureau_official)


@pytest.fixture
def second(bureau_second: User) -> Client:
    return signed_in(bureau_second)


def text_of(page: Any) -> str:
    return html.unescape(page.content.decode())


def typed(page: Any) -> dict[str, Any]:
    """What the form of a page would send as it stands."""
    form = page.context["form"]
    sent: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if value is not None:
            sent[name] = value
    return sent


def edit(client: Client, row: Version, part: str, **changes: Any) -> Any:
    """One page of the draft with some fields typed otherwise."""
    url = reverse("rulebook:part", args=[row.pk, part])
    sent = typed(client.get(url)) | {name.replace("__", "-"): value for name, value in changes.items()}
    return client.post(url, sent)


@pytest.mark.parametrize("kind", [Kind.READING, Kind.SUCCESSOR])
def test_每一页原样保存都不是修改(kind: Kind, drafted: Make, drafter: Client) -> None:
    row = drafted(kind, part={})
    for part in parts_of(kind):
        url = reverse("rulebook:part", args=[row.pk, part])
        page = drafter.get(url)
        assert page.status_code == 200, part
        assert drafter.post(url, typed(page)).status_code == 302, part
    row.refresh_from_db()
    assert row.changes == {}


def test_新文件的各页合起来能改每一个参数(drafted: Make, drafter: Client) -> None:
    """Every number, threshold, band, tier and indicator of the file has its field."""
    row = drafted(Kind.SUCCESSOR)
    fields = {
        part: set(drafter.get(reverse("rulebook:part", args=[row.pk, part])).context["form"].fields) for part in PARTS
    }
    every = set().union(*fields.values())
    columns = {"doc_no", "issued", "effective_from", "effective_to"}
    assert set(versions()[0].readings) - columns <= every
    raw = raw_versions()[0]
    for line in raw["indicators"]:
        assert {f"{line['code']}-weight", f"{line['code']}-criterion"} <= fields["lines"]
        for kind in ("bands", "suggestion"):
            for place in range(len(line.get(kind, ()))):
                assert f"{line['code']}-{kind}-{place}-score" in fields["bands"]
    assert {f"{number}-text" for number in range(1, 16)} <= fields["text"]
    assert {"0-floor", "3-amount"} <= fields["tiers"]


def test_口径的页面只列可以另作理解的各项(drafted: Make, drafter: Client) -> None:
    row = drafted(part={})
    page = drafter.get(reverse("rulebook:part", args=[row.pk, "setup"]))
    names = set(page.context["form"].fields)
    assert "established_anchor" in names
    assert "min_delivered" not in names
    text = text_of(page)
    reading = versions()[0].readings["established_anchor"]
    assert all(words in text for words in (reading.clause, reading.quote, reading.reading, bare(reading.alternative)))
    assert drafter.get(reverse("rulebook:part", args=[row.pk, "tiers"])).status_code == 404


def test_从草稿到施行(may: dt.date, drafter: Client, second: Client, client: Client, settings: Any) -> None:
    """A reading from the first page to the public one, as two officials do it."""
    started = drafter.post(
        reverse("rulebook:new"), {"kind": "READING", "subject": "一票否决的口径", "key": str(uuid.uuid4())}
    )
    row = Version.objects.get()
    assert started.headers["Location"] == reverse("rulebook:head", args=[row.pk])
    saved = edit(drafter, row, "assess", veto_mode="B", veto_mode__reading="事故与投诉合计三次以上，一票否决。")
    assert saved.status_code == 302
    row.refresh_from_db()
    assert list(row.changes) == ["pv"]
    head = reverse("rulebook:head", args=[row.pk])
    sent = {
        "subject": "一票否决的口径",
        "decided_by": "测试局",
        "doc_no": "测试人社[2022]8号",
        "doc_date": "2022-05-09",
        "valid_from": "2022-06-01",
        "revision": row.revision,
    }
    assert drafter.post(head, sent).status_code == 302
    row.refresh_from_db()
    assert row.doc_no == "测试人社〔2022〕8号"
    shown = text_of(drafter.get(row.get_absolute_url()))
    assert "任一事故，或投诉达到次数" in shown
    assert "全部通过校验" in shown
    assert drafter.post(reverse("rulebook:submit", args=[row.pk]), {"revision": row.revision}).status_code == 302
    confirm = reverse("rulebook:confirm", args=[row.pk])
    assert "您是拟稿人" in text_of(drafter.get(confirm))
    assert drafter.post(confirm, {"revision": row.revision}).status_code == 422
    assert "事故与投诉合计达到次数" in text_of(second.get(confirm))
    assert second.post(confirm, {"revision": row.revision}).status_code == 302
    forget_book()
    public = text_of(client.get(reverse("dashboard:policy")))
    assert "自2022年6月1日起将改变" in public
    assert "测试人社〔2022〕8号" in public
    settings.PORTAL_TODAY = dt.date(2022, 6, 1)
    forget_book()
    public = text_of(client.get(reverse("dashboard:policy")))
    assert "将改变" not in public
    assert "事故与投诉合计三次以上，一票否决。" in public
    assert "测试局，测试人社〔2022〕8号（2022年5月9日），自2022年6月1日起" in public
    assert "施行中" in text_of(second.get(row.get_absolute_url()))


def test_延期在公开页面写明文号和日期(in_force: Make, client: Client) -> None:
    in_force(Kind.EXTENSION)
    public = text_of(client.get(reverse("dashboard:policy")))
    assert "以测试人社〔2022〕8号（2022年5月9日）将施行期延长至2026年12月31日" in public


def test_草稿和待确认的公众看不到(handed_in: Make, client: Client) -> None:
    handed_in()
    assert "测试人社〔2022〕8号" not in text_of(client.get(reverse("dashboard:policy")))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"C5__bands__1__high": "49"}, "在49与50之间留有空档", id="分档有空档"),
        pytest.param({"C4__bands__1__high": "201"}, "在200处重叠", id="分档重叠"),
        pytest.param({"C5__bands__3__score": "14"}, "最高分14与权重15不符", id="最高分与权重"),
    ],
)
def test_分档不成立时保存而说明(drafted: Make, drafter: Client, changes: dict[str, str], told: str) -> None:
    """What cannot be right yet is kept, told on top and beside the line, and cannot be handed in."""
    row = drafted(Kind.SUCCESSOR)
    assert edit(drafter, row, "bands", **changes).status_code == 302
    page = text_of(drafter.get(reverse("rulebook:part", args=[row.pk, "bands"])))
    assert page.count(told) >= 2
    row.refresh_from_db()
    refused = drafter.post(reverse("rulebook:submit", args=[row.pk]), {"revision": row.revision})
    assert refused.status_code == 422
    assert told in text_of(refused)


@pytest.mark.parametrize(
    ("part", "changes", "told"),
    [
        pytest.param("assess", {"pass_score": "六十"}, "请填写整数。", id="不是数字"),
        pytest.param("assess", {"pass_score": "-1"}, "不能小于0。", id="负数"),
        pytest.param("assess", {"veto_mode": "D"}, "不在可用的选项中", id="没有的读法"),
        pytest.param("bands", {"C5__bands__1__low": ""}, "请填写下限", id="缺下限"),
        pytest.param("tiers", {"0__amount": ""}, "须同时填写", id="缺金额"),
        pytest.param("text", {"3__text": ""}, "只能从最后一条删起", id="中间缺一条"),
    ],
)
def test_填错的写在旁边_打的字还在(
    drafted: Make, drafter: Client, part: str, changes: dict[str, str], told: str
) -> None:
    row = drafted(Kind.SUCCESSOR)
    page = edit(drafter, row, part, **changes)
    assert page.status_code == 422
    text = text_of(page)
    assert told in text
    assert 'class="error-summary"' in text
    row.refresh_from_db()
    assert row.changes == {}


def test_清空一档就是去掉一档_添一行就是添一档(drafted: Make, drafter: Client) -> None:
    row = drafted(Kind.SUCCESSOR)
    edit(drafter, row, "tiers", **{"3__floor": "", "3__amount": ""})
    row.refresh_from_db()
    assert [tier["floor"] for tier in row.changes["tiers"]] == [60, 70, 80]
    edit(drafter, row, "tiers", **{"3__floor": "95", "3__amount": "90000"})
    row.refresh_from_db()
    assert row.changes["tiers"][-1] == {"floor": 95, "amount": 90000}


def test_两页改同一项指标互不覆盖(drafted: Make, drafter: Client) -> None:
    row = drafted(Kind.SUCCESSOR)
    edit(drafter, row, "lines", C5__weight="14", A1__weight="6")
    row.refresh_from_db()
    edit(drafter, row, "bands", C5__bands__3__score="14")
    row.refresh_from_db()
    assert row.changes["indicators"]["C5"]["weight"] == 14
    assert row.changes["indicators"]["C5"]["bands"][-1]["score"] == 14
    assert row.changes["indicators"]["A1"] == {"weight": 6}
    assert "全部通过校验" in text_of(drafter.get(row.get_absolute_url()))


def test_新文件可以添一条(drafted: Make, drafter: Client) -> None:
    row = drafted(Kind.SUCCESSOR)
    edit(drafter, row, "text", **{"16__text": "本办法由测试局另行制定细则。"})
    row.refresh_from_db()
    assert (len(row.changes["articles"]), row.changes["articles"][-1]["number"]) == (16, 16)
    assert "第十六条" in text_of(drafter.get(row.get_absolute_url()))


def test_条文改了而引文没改_逐处说明(drafted: Make, drafter: Client) -> None:
    row = drafted(Kind.SUCCESSOR)
    edit(drafter, row, "text", **{"7__text": "建立劳务协作工作站年度评估制度，另行规定。"})
    page = text_of(drafter.get(row.get_absolute_url()))
    assert "合格线：引用的文字不在文件中" in page


def test_旧页面的保存得到409(drafted: Make, drafter: Client) -> None:
    row = drafted(Kind.SUCCESSOR)
    url = reverse("rulebook:part", args=[row.pk, "tiers"])
    stale = typed(drafter.get(url))
    edit(drafter, row, "tiers", **{"3__amount": "90000"})
    page = drafter.post(url, stale | {"3-amount": "80000"})
    assert page.status_code == 409
    assert "80000" in text_of(page)


@pytest.mark.parametrize("who", ["centre_clerk", "auditor", "bureau_second"])
def test_别人只能看(who: str, drafted: Make, request: pytest.FixtureRequest) -> None:
    row, client = drafted(), signed_in(request.getfixturevalue(who))
    page = text_of(client.get(row.get_absolute_url()))
    assert "事故与投诉合计达到次数" in page
    assert "提请确认</button>" not in page
    refused = client.post(reverse("rulebook:submit", args=[row.pk]), {"revision": row.revision})
    assert refused.status_code == (422 if who == "bureau_second" else 403)
    row.refresh_from_db()
    assert row.state == VersionState.DRAFT


def test_待确认的出现在另一位局工作人员的首页(handed_in: Make, drafter: Client, second: Client) -> None:
    handed_in()
    assert "解释口径：测试事项" in text_of(second.get(reverse("dashboard:home")))
    assert "解释口径：测试事项" not in text_of(drafter.get(reverse("dashboard:home")))


def test_列表写明现在适用的版本(in_force: Make, drafter: Client) -> None:
    in_force()
    page = text_of(drafter.get(reverse("rulebook:list")))
    assert all(word in page for word in ("JD-2021-14", "2022年6月1日", "测试人社〔2022〕8号"))
