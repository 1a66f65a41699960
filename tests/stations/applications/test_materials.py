"""材料: each file by itself, the good ones stay; handed-in papers are kept when they are replaced."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.core.errors import Conflict, Refused
from stations.applications.enums import Slot, TargetKind
from stations.applications.models import Material
from stations.applications.services import materials, submission
from tests.factories import png

from . import build

pytestmark = pytest.mark.django_db


def bad(name: str = "合同.exe") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"MZ not a paper", "application/pdf")


@pytest.fixture
def client(client_for: Callable[[User], Client], operator_user: User) -> Client:
    return client_for(operator_user)


def test_好的留下坏的说明(client: Client, operator_user: User) -> None:
    application = build.started(operator_user)
    answer = client.post(
        reverse("applications:material_add", args=[application.pk]),
        {"slot": "M4A", "files": [build.pdf("简介.pdf"), bad(), png(name="封面.png")]},
    )
    assert answer.status_code == 422
    assert "「合同.exe」没有上传" in answer.text
    assert "其余 2 个文件已上传" in answer.text
    assert sorted(row.attachment.name for row in application.materials.all()) == ["封面.png", "简介.pdf"]


@pytest.mark.parametrize(
    ("slot", "secret"),
    [(Slot.M1, False), (Slot.M7, True), (Slot.PLAN, False)],
    ids=["营业执照", "法定代表人身份证", "工作计划"],
)
def test_证件类加密级别(operator_user: User, slot: Slot, secret: bool) -> None:
    material = build.put(build.started(operator_user), slot, operator_user)
    assert material.attachment.secret is secret
    assert material.attachment.organisation == operator_user.organisation


def test_照片栏不收PDF(operator_user: User) -> None:
    application = build.started(operator_user)
    site = application.sites.first()
    [outcome] = materials.add_files(
        application_id=application.pk, slot=Slot.M6, uploads=[build.pdf()], by=operator_user, site_id=site.pk
    )
    assert outcome.material is None
    assert outcome.error


def test_没有选文件(client: Client, operator_user: User) -> None:
    application = build.started(operator_user)
    answer = client.post(reverse("applications:material_add", args=[application.pk]), {"slot": "M1"})
    assert answer.status_code == 422
    assert "请先选择文件" in answer.text


def test_替换草稿中的文件不留旧件(operator_user: User) -> None:
    application = build.started(operator_user)
    old = build.put(application, Slot.M1, operator_user)
    materials.add_files(
        application_id=application.pk, slot=Slot.M1, uploads=[build.pdf()], by=operator_user, replaces=old.pk
    )
    assert [row.attachment.name for row in application.materials.all()] == ["协议.pdf"]
    assert not Attachment.objects.filter(pk=old.attachment_id).exists()


def test_已提交的文件替换后留存(operator_user: User, centre_clerk: User) -> None:
    application = build.returned(build.submitted(operator_user), centre_clerk, (TargetKind.MATERIAL, "M1"))
    old = application.materials.get(slot=Slot.M1)
    materials.add_files(
        application_id=application.pk, slot=Slot.M1, uploads=[build.pdf()], by=operator_user, replaces=old.pk
    )
    old.refresh_from_db()
    assert old.superseded_at is not None
    assert application.materials.filter(slot=Slot.M1, superseded_at__isnull=True).count() == 1
    other = [build.pdf()]
    with pytest.raises(Conflict, match="补正通知书"):
        materials.add_files(application_id=application.pk, slot=Slot.M2, uploads=other, by=operator_user)


def test_按地点标注只开放那一处(operator_user: User, centre_clerk: User) -> None:
    application = build.submitted(operator_user)
    one, other = application.sites.all()
    build.returned(application, centre_clerk, (TargetKind.MATERIAL, f"M6:{one.pk}"))
    build.put(application, Slot.M6, operator_user, site_id=one.pk)
    with pytest.raises(Conflict):
        materials.add_files(
            application_id=application.pk, slot=Slot.M6, uploads=[png()], by=operator_user, site_id=other.pk
        )


def test_移除两次无妨(operator_user: User) -> None:
    application = build.started(operator_user)
    material = build.put(application, Slot.M1, operator_user)
    for _ in range(2):
        materials.remove(application_id=application.pk, material_id=material.pk, by=operator_user)
    assert not application.materials.exists()


def test_每栏文件有上限(operator_user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(materials, "FILES_MAX", 1)
    application = build.started(operator_user)
    build.put(application, Slot.M1, operator_user)
    [outcome] = materials.add_files(application_id=application.pk, slot=Slot.M1, uploads=[png()], by=operator_user)
    assert "最多1个文件" in outcome.error


def test_沿用上次的文件(operator_user: User) -> None:
    first = build.submitted(operator_user)
    submission.withdraw(
        application_id=first.pk, by=operator_user, reason="重新申请", version=first.review.version, key=uuid.uuid4()
    )
    second = build.started(operator_user)
    for _ in range(2):  # twice is once
        materials.reuse(application_id=second.pk, slot=Slot.M1, by=operator_user)
    assert second.materials.filter(slot=Slot.M1).count() == 1
    # Taken out of the new draft, the paper of the first application stays.
    materials.remove(application_id=second.pk, material_id=second.materials.get(slot=Slot.M1).pk, by=operator_user)
    assert Attachment.objects.filter(pk=first.materials.get(slot=Slot.M1).attachment_id).exists()


def test_陌生单位的材料(client_for: Callable[[User], Client], operator_user: User, stranger_operator: User) -> None:
    application = build.started(operator_user)
    material = build.put(application, Slot.M1, operator_user)
    mine = build.started(stranger_operator)
    client = client_for(stranger_operator)
    url = reverse("applications:material_add", args=[application.pk])
    assert client.post(url, {"slot": "M1", "files": [png()]}).status_code == 404
    # A paper of another file named under one's own changes nothing.
    client.post(reverse("applications:material_remove", args=[mine.pk, material.pk]))
    assert Material.objects.filter(pk=material.pk).exists()


def test_没有该地点(operator_user: User, stranger_operator: User) -> None:
    application, other = build.started(operator_user), build.started(stranger_operator)
    foreign = other.sites.first()
    with pytest.raises((Conflict, Refused)):
        materials.add_files(
            application_id=application.pk, slot=Slot.M6, uploads=[png()], by=operator_user, site_id=foreign.pk
        )
