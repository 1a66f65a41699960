"""用工企业: who may correct them, and the bureau's list of 重点企业."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.errors import Refused
from stations.registry.models import Employer, KeyEmployer
from stations.registry.services import employers as services

pytestmark = pytest.mark.django_db


@pytest.fixture
def employer(centre_clerk):
    return Employer.objects.create(
        name="示例机械制造有限公司", credit_code="91339999MA0000023X", created_by=centre_clerk
    )


@pytest.fixture
def outside(centre_clerk):
    return Employer.objects.create(
        name="示例外地有限公司", credit_code="91339999MA0000031Q", in_district=False, created_by=centre_clerk
    )


def test_更正须写依据并留下前后内容(employer, centre_clerk):
    words = {"employer_id": employer.pk, "name": employer.name, "in_district": False, "has_dispatch_licence": False}
    with pytest.raises(Refused, match="依据"):
        services.amend(**words, reason=" ", by=centre_clerk)
    services.amend(**words, reason="2026年4月查询登记地", by=centre_clerk)
    entry = AuditEntry.objects.get(action="employer.amend")
    assert (entry.detail["before"]["in_district"], entry.detail["after"]["in_district"]) == (True, False)
    assert Employer.objects.get(pk=employer.pk).in_district is False


def test_重点企业名单只由区人社局维护(employer, centre_clerk, bureau_official):
    with pytest.raises(PermissionDenied):
        services.add_key_employer(employer_id=employer.pk, year=2026, by=centre_clerk)
    for _ in range(2):
        services.add_key_employer(employer_id=employer.pk, year=2026, by=bureau_official)
    assert list(KeyEmployer.objects.values_list("employer", "year")) == [(employer.pk, 2026)]
    services.remove_key_employer(employer_id=employer.pk, year=2026, by=bureau_official)
    assert not KeyEmployer.objects.exists()


def test_区外企业不能列入(outside, bureau_official):
    with pytest.raises(Refused, match="不是金东区企业"):
        services.add_key_employer(employer_id=outside.pk, year=2026, by=bureau_official)


def test_列表按名称和信用代码查(client_for, centre_clerk, employer, outside):
    page = client_for(centre_clerk).get(reverse("registry:employers"), {"q": "91339999ma0000023x"})
    assert "示例机械制造有限公司" in page.text
    assert "示例外地有限公司" not in page.text


def test_页面更正_缺依据时保留已填内容(client_for, centre_clerk, employer):
    client, url = client_for(centre_clerk), reverse("registry:employer_amend", args=[employer.pk])
    refused = client.post(url, {"name": "示例机械有限公司", "in_district": "on", "reason": ""})
    assert refused.status_code == 422
    assert "示例机械有限公司" in refused.text
    assert client.post(url, {"name": "示例机械有限公司", "in_district": "on", "reason": "营业执照"}).status_code == 302
    assert Employer.objects.get(pk=employer.pk).name == "示例机械有限公司"


def test_承建单位看不到企业登记(client_for, operator_user, employer):
    client = client_for(operator_user)
    assert client.get(reverse("registry:employers")).status_code == 403
    assert client.get(reverse("registry:employer", args=[employer.pk])).status_code == 403


def test_局里在页面上列入和移出(client_for, bureau_official, employer):
    client, url = client_for(bureau_official), reverse("registry:key_year", args=[employer.pk, 2026])
    client.post(url, {"listed": "on"})
    assert employer.key_years.filter(year=2026).exists()
    client.post(url, {})
    assert not employer.key_years.exists()


NEW = {
    "name": "示例缴费有限公司",
    "credit_code": "91339999ma0000031q",
    "in_district": "on",
    "reason": "参保明细中的缴费单位，2026年4月查询",
}


def test_参保明细里的缴费单位由主管部门登记(client_for, centre_clerk):
    client, url = client_for(centre_clerk), reverse("registry:employer_new")
    assert client.get(url).status_code == 200
    assert client.post(url, NEW).status_code == 302
    row = Employer.objects.get()
    assert (row.credit_code, row.in_district, row.created_by) == ("91339999MA0000031Q", True, centre_clerk)
    assert AuditEntry.objects.get(action="employer.create").purpose == NEW["reason"]
    again = client.post(url, NEW)
    assert again.status_code == 422
    assert "已登记" in again.text


@pytest.mark.parametrize(
    ("change", "words"),
    [({"credit_code": "91339999MA0000031X"}, "校验码"), ({"reason": " "}, "登记依据"), ({"name": ""}, "企业名称")],
    ids=["代码错", "没有依据", "没有名称"],
)
def test_登记企业须写全(client_for, centre_clerk, change, words):
    page = client_for(centre_clerk).post(reverse("registry:employer_new"), NEW | change)
    assert page.status_code == 422
    assert words in page.text
    assert not Employer.objects.exists()


def test_承建单位不能在这里登记(client_for, operator_user):
    assert client_for(operator_user).post(reverse("registry:employer_new"), NEW).status_code == 403
