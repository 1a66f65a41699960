"""用工企业: who they are, how operators call them, the key employers of a year (G-43)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import Organisation, User

if TYPE_CHECKING:
    pass


class EmployerQuerySet(models.QuerySet["Employer"]):
    def visible_to(self, user: User) -> EmployerQuerySet:
        """Offices and the auditor see all employers; an operator those it delivered to or named itself."""
        if user.role in OFFICE_ROLES or user.role == Role.AUDITOR:
            return self
        if user.role == Role.OPERATOR:
            return self.filter(aliases__operator=user.organisation_id).distinct()
        return self.none()


class Employer(models.Model):
    """用工企业, known by its credit code; whether it is a 金东 用人主体 decides E08."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("企业名称", max_length=100)
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    in_district = models.BooleanField("注册地在金东区", default=True)
    has_dispatch_licence = models.BooleanField("有劳务派遣经营许可", default=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = EmployerQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["credit_code"],
                name="employer_once",
                violation_error_message="该信用代码的企业已登记，请直接选用。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EmployerAlias(models.Model):
    """How an operator writes an employer's name in its rosters: matched once to a credit code and remembered."""

    operator = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="employer_aliases")  # its memory
    text = models.CharField("名册中的写法", max_length=100)  # as core.text.match_key gives it
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="aliases")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["operator", "text"], name="employer_alias_once", violation_error_message="该名称已对应到企业。"
            ),
        ]


class KeyEmployer(models.Model):
    """区内重点企业 of a year, kept by the bureau (第三条（五）, G-43)."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="key_years")
    year = models.PositiveSmallIntegerField("年度")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-year", "employer__name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["employer", "year"],
                name="key_employer_once",
                violation_error_message="该企业已在本年度名单中。",
            ),
        ]
