"""The pages of a station's year, as people click through them."""

from __future__ import annotations

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from stations.roster.models import ClaimDecision, Contract, Delivery, SkillCertificate
from stations.roster.queries import year as rows_of_year
from stations.roster.services import freezing
from tests import factories
from tests.data.people import people
from tests.data.workbooks import roster
from tests.meta.browser import browser
from tests.queries import queries
from tests.stations.roster.build import upload
from tests.stations.roster.station import add, counted, fields, station

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return factories.user(Role.OPERATOR)


@pytest.fixture
def clerk():
    return factories.user(Role.CENTRE)


@pytest.fixture
def place(operator):
    return station(operator)


def year(place, number=1, **query):
    return reverse("roster:year", args=[place.pk, number], query=query or None)


def row_form(user, **changes):
    """What a browser posts to correct a good row."""
    typed = fields(1, user)
    return {
        "name": typed.name,
        "hukou_text": typed.hukou_text,
        "employer_name": typed.employer.name,
        "credit_code": typed.employer.credit_code,
        "in_district": "on",
        "entry_on": typed.entry_on.isoformat(),
        "employment_form": "DIRECT",
        **changes,
    }


def test_年度页显示两个时钟和合同(place, operator, clerk) -> None:
    row = counted(place, operator, clerk)
    page = browser(operator).get(year(place)).content.decode()
    assert row.name in page
    assert "2 / 2 个月" in page
    assert "2021年11月10日" in page
    assert "未签订" in page


def test_没有开始的年度是404(place, operator) -> None:
    assert browser(operator).get(year(place, 99)).status_code == 404


def test_空的年度说明怎样开始(place, operator) -> None:
    assert "导入名册" in browser(operator).get(reverse("roster:station", args=[place.pk])).content.decode()


def test_更多的行不多一次查询(place, operator) -> None:
    def asked() -> int:
        client = browser(operator)
        client.get(year(place))
        return len(queries(lambda: client.get(year(place))))

    add(place, operator, 1)
    few = asked()
    for number in (3, 5, 7):
        add(place, operator, number)
    assert asked() == few


@pytest.mark.parametrize("query", [{}, {"status": "COUNTED"}, {"status": "EXCLUDED"}, {"q": "查无此人"}], ids=str)
def test_页上的行数就是筛选出的行数(place, operator, clerk, query) -> None:
    counted(place, operator, clerk)
    for number in (3, 5):
        add(place, operator, number)
    (period,) = [one for one in rows_of_year.years_of(place) if one.number == 1]
    found = rows_of_year.filtered(place, period, rows_of_year.YearFilters.read(query))
    page = browser(operator).get(year(place, **query)).context["page_obj"]
    assert page.paginator.count == found.count() == len(page.object_list)


def test_按号码查找_号码不进地址(place, operator) -> None:
    row = add(place, operator)
    url = reverse("roster:station_find", args=[place.pk])
    response = browser(operator).post(url, {"id_number": row.person.id_number})
    assert response.status_code == 302
    assert response["Location"].startswith(year(place))
    assert row.person.id_number not in response["Location"]


def test_上传到工作站_核对_提交(place, operator) -> None:
    client = browser(operator)
    url = reverse("roster:station_upload", args=[place.pk])
    response = client.post(url, {"file": upload(roster(people(2)))})
    assert response.status_code == 302
    assert client.get(response["Location"]).status_code == 200
    assert place.roster.operator == operator.organisation
    response = client.get(reverse("roster:list", args=[place.roster.pk]))
    assert response["Location"] == reverse("roster:station", args=[place.pk])


def test_已计入的行不写理由得到422_写了保存(place, operator, clerk) -> None:
    row = counted(place, operator, clerk)
    client, url = browser(operator), reverse("roster:correct", args=[row.pk])
    assert client.get(reverse("roster:edit", args=[row.pk]))["Location"] == url
    assert client.post(url, row_form(operator, name="测试乙")).status_code == 422
    assert client.post(url, row_form(operator, name="测试乙", reason="核对身份证")).status_code == 302
    page = client.get(row.get_absolute_url()).content.decode()
    assert "姓名：测试甲1 → 测试乙（核对身份证）" in page


def test_登记离职_合同_证书_核验(place, operator, clerk) -> None:
    row = add(place, operator)
    client = browser(operator)
    leave = {"leave_on": "2021-09-01", "leave_reason": "WENT_HOME"}
    assert client.post(reverse("roster:leave", args=[row.pk]), leave).status_code == 302
    contract = {"kind": "FIXED", "signed_on": "2021-05-10", "starts_on": "2021-05-10", "ends_on": "2024-05-09"}
    url = reverse("roster:contract_add", args=[row.pk])
    assert client.post(url, contract).status_code == 422  # neither scan nor paper
    assert client.post(url, {**contract, "paper_reference": "1册"}).status_code == 302
    certificate = {"kind": "SKILL", "level": "4", "number": "S1", "file": factories.png()}
    assert client.post(reverse("roster:certificate_add", args=[row.pk]), certificate).status_code == 302
    made = SkillCertificate.objects.get()
    check = {"result": "VERIFIED", "checked_on": "2021-09-02"}
    assert browser(clerk).post(reverse("roster:certificate_check", args=[made.pk]), check).status_code == 302
    page = client.get(row.get_absolute_url()).content.decode()
    for words in ("2021年9月1日（返乡）", "固定期限", "1册", "已核验", "技术技能人才"):
        assert words in page
    void = {"reason": "登记有误"}
    url = reverse("roster:contract_void", args=[Contract.objects.get().pk])
    assert client.post(url, void).status_code == 302
    assert "已作废" in client.get(row.get_absolute_url()).content.decode()


def test_导出问用途_附件2(place, operator) -> None:
    add(place, operator)
    client, url = browser(operator), reverse("roster:year_export", args=[place.pk, 1])
    assert "将导出 1 行" in client.get(url).content.decode()
    assert client.post(url, {"kind": "annex2", "purpose": ""}).status_code == 422
    response = client.post(url, {"kind": "annex2", "purpose": "归档"})
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]


def test_冻结页列出快照后变更(place, operator, clerk) -> None:
    row = counted(place, operator, clerk)
    freezing.freeze(station=place, number=1, by=clerk)
    client = browser(operator)
    form = row_form(operator, name="测试乙", reason="核对身份证")
    assert client.post(reverse("roster:correct", args=[row.pk]), form).status_code == 302
    page = client.get(reverse("roster:frozen", args=[place.pk, 1])).content.decode()
    for words in ("快照后变更 1 行", "已重新计算，一致", "测试甲1 → 测试乙", "核对身份证"):
        assert words in page
    assert "已于" in client.get(year(place)).content.decode()


def test_归属_双方看不到对方_中心认定一次(place, operator, clerk) -> None:
    first = counted(place, operator, clerk)
    other = factories.user(Role.OPERATOR)
    later = add(station(other), other, entry_on=dt.date(2021, 8, 10))
    for user, row, stranger in ((operator, first, other), (other, later, operator)):
        page = browser(user).get(row.get_absolute_url()).content.decode()
        assert "该人员已被其他站点登记" in page
        assert stranger.organisation.name not in page
        assert browser(user).get(reverse("roster:claims")).status_code == 403
    page = browser(clerk).get(reverse("roster:claims")).content.decode()
    assert "认定归属" in page
    url = reverse("roster:claim", args=[later.pk])
    page = browser(clerk).get(url).content.decode()
    assert operator.organisation.name in page
    assert other.organisation.name in page
    answer = {"kept": "CLAIMANT", "reason": "劳动合同"}
    assert browser(factories.user(Role.BUREAU)).post(url, answer).status_code == 403
    assert browser(clerk).post(url, answer).status_code == 302
    assert ClaimDecision.objects.get().kept == "CLAIMANT"
    assert Delivery.objects.get(pk=first.pk).codes == ["E13"]
    assert "认定只作一次" in browser(clerk).get(url).content.decode()


def test_筛选折叠时写明正在筛选什么(place, operator, clerk) -> None:
    row = counted(place, operator, clerk)
    query = {"status": "COUNTED", "month": f"{row.entry_on:%Y%m}", "province": row.hukou_province, "q": "测试"}
    page = BeautifulSoup(browser(operator).get(year(place, **query)).content, "html.parser")
    fold = page.select_one("details.filters-fold")
    assert fold is not None
    assert fold.find_next_sibling().name == "form"
    for words in ("筛选：计入", f"{row.entry_on.year}年{row.entry_on.month}月", "贵州省", "姓名含“测试”"):
        assert words in fold.get_text(), words
    bare = BeautifulSoup(browser(operator).get(year(place)).content, "html.parser")
    assert bare.select_one("details.filters-fold summary").get_text(strip=True) == "筛选"


def test_工作站名册的位置写成两级(place, operator) -> None:
    client = browser(operator)
    uploaded = client.post(reverse("roster:station_upload", args=[place.pk]), {"file": upload(roster(people(2)))})
    page = BeautifulSoup(client.get(uploaded["Location"]).content, "html.parser")
    crumbs = [item.get_text(strip=True) for item in page.select(".crumbs li")]
    assert crumbs[:3] == ["工作站", place.number, "名册"]
