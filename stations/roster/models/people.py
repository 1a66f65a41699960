"""Persons, one row per citizen number."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from jinhua_labor.core.fields import BlindIndexField, EncryptedTextField
from stations.roster.triggers import referred_to

ID_CONTEXT = "person.id_number"  # authenticated with every ciphertext: rows move from staging without re-encrypting
ID_PURPOSE = "person.id_number"  # of the keyed hash by which a person is found
RAW_CONTEXT = "stagedrow.raw"


class Person(models.Model):
    """务工人员, one row per citizen number (R-07). Reached only through deliveries somebody may see."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    id_number = EncryptedTextField("公民身份号码", context=ID_CONTEXT)
    id_index = BlindIndexField()
    last4 = models.CharField("身份证后四位", max_length=4)
    id_province = models.CharField("号码前两位", max_length=2)
    sex = models.CharField("性别", max_length=1, choices=[("M", "男"), ("F", "女")])
    birth = models.DateField("出生日期")
    si_checked_to = models.IntegerField(
        "社保已查至", null=True, blank=True
    )  # yyyymm of the last month asked for
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id_index"], name="person_once", violation_error_message="该人员已登记。"),
        ]
        triggers: ClassVar = [referred_to("person_id")]

    def __str__(self) -> str:
        return self.masked_id

    @property
    def masked_id(self) -> str:
        return f"**************{self.last4}"
