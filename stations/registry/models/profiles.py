"""What is kept of a 承建单位 beside its account: licence, persons, seat."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from jinhua_labor.accounts.models import Organisation
from jinhua_labor.core.fields import EncryptedTextField

if TYPE_CHECKING:
    pass


class OperatorProfile(models.Model):
    """The operator's standing data (营业执照, 许可证): given once, offered again in every later form."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, primary_key=True, related_name="profile"
    )
    legal_rep = models.CharField("法定代表人", max_length=50, blank=True)
    legal_rep_id = EncryptedTextField(
        "法定代表人身份证号", context="operatorprofile.legal_rep_id", null=True, blank=True
    )
    head = models.CharField("申请机构负责人", max_length=50, blank=True)
    head_phone = models.CharField("联系电话", max_length=20, blank=True)
    registered_address = models.CharField("住所", max_length=200, blank=True)
    licence_no = models.CharField("人力资源服务许可证编号", max_length=40, blank=True)
    licence_issuer = models.CharField("发证机关", max_length=60, blank=True)
    licence_from = models.DateField("许可证有效期起", null=True, blank=True)
    licence_to = models.DateField("许可证有效期止", null=True, blank=True, help_text="长期有效的留空")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(licence_to__isnull=True)
                | Q(licence_from__isnull=True)
                | Q(licence_to__gte=F("licence_from")),
                name="profile_licence_dates",
                violation_error_message="许可证有效期的截止日期不能早于起始日期。",
            ),
        ]
