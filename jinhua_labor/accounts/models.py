"""Organisations and the people who sign in for them."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from jinhua_labor.audit.triggers import append_only

from .enums import OFFICE_ROLES, OrganisationKind, OrganisationState, Role


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: User) -> OrganisationQuerySet:
        """The organisations this person may see: the offices and the auditor all, everyone else their own."""
        if user.role in OFFICE_ROLES or user.role in {Role.AUDITOR, Role.ADMIN}:
            return self
        return self.filter(pk=user.organisation_id)

    def operators(self) -> OrganisationQuerySet:
        return self.filter(kind=OrganisationKind.OPERATOR)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())
class Organisation(models.Model):
    """An operator (承建单位), the centre, the bureau or the association."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("类别", max_length=12, choices=OrganisationKind.choices)
    name = models.CharField("单位名称", max_length=100)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    state = models.CharField("状态", max_length=10, choices=OrganisationState.choices, default=OrganisationState.ACTIVE)
    contact_name = models.CharField("联系人", max_length=50, blank=True)
    contact_phone = models.CharField("联系电话", max_length=20, blank=True)
    licence_no = models.CharField("人力资源服务许可证编号", max_length=40, blank=True)
    consent_version = models.CharField("告知书版本", max_length=20, blank=True)
    consented_at = models.DateTimeField("同意告知时间", null=True, blank=True)
    registered_at = models.DateTimeField("注册时间", default=timezone.now)
    # PROTECT everywhere people are named: an account that acted is disabled, never deleted.
    confirmed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    refusal_reason = models.CharField("未通过原因", max_length=200, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(credit_code=""),
                name="organisation_credit_code_once",
                violation_error_message="该统一社会信用代码已经注册，请直接登录，或联系本单位管理员邀请您加入。",
            ),
            models.CheckConstraint(
                condition=~Q(kind=OrganisationKind.OPERATOR) | ~Q(credit_code=""),
                name="operator_has_credit_code",
                violation_error_message="承建单位必须填写统一社会信用代码。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="organisation_confirmed_at_has_by",
                violation_error_message="确认时间与确认人必须同时填写。",
            ),
            models.CheckConstraint(
                condition=~Q(state=OrganisationState.REFUSED) | ~Q(refusal_reason=""),
                name="organisation_refusal_has_reason",
                violation_error_message="不予通过必须写明原因。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_operator(self) -> bool:
        return self.kind == OrganisationKind.OPERATOR


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        # Accounts are stored in lower case; an exact match keeps the index in use.
        return self.select_related("organisation").get(username=(username or "").lower())

    def create_user(self, *, username: str, password: str | None, **fields: object) -> User:
        """A person who can sign in (or, with no password, one who first has to set it by an invitation)."""
        user = self.model(username=username.lower(), **fields)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user

    def system(self) -> User:
        """The user in whose name the portal acts by itself; it cannot sign in."""
        return self.get(role=Role.SYSTEM)


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: User) -> UserQuerySet:
        """An organisation administrator sees his own people, the system administrator everyone, others themselves."""
        if user.role == Role.ADMIN:
            return self.exclude(role=Role.SYSTEM)
        if user.is_org_admin:
            return self.filter(organisation=user.organisation_id)
        return self.filter(pk=user.pk)


@pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(), exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A person with exactly one role in one organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(
        "登录账号", max_length=40, unique=True, error_messages={"unique": "该登录账号已被使用，请换一个。"}
    )
    name = models.CharField("姓名", max_length=50)
    phone = models.CharField("手机", max_length=20, blank=True)
    email = models.EmailField("电子邮箱", blank=True)
    role = models.CharField("角色", max_length=12, choices=Role.choices)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="people", verbose_name="单位"
    )
    is_org_admin = models.BooleanField("本单位管理员", default=False)
    is_active = models.BooleanField("启用", default=True)
    large_text = models.BooleanField("大字版", default=False)
    created_at = models.DateTimeField("创建时间", default=timezone.now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name", "role"]

    objects = UserManager.from_queryset(UserQuerySet)()

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role=Role.SYSTEM, organisation__isnull=True, is_active=False)
                | (~Q(role=Role.SYSTEM) & Q(organisation__isnull=False)),
                name="user_belongs_to_organisation",
                violation_error_message="每个账号都必须属于一个单位。",
            ),
            models.UniqueConstraint(
                fields=["role"],
                condition=Q(role=Role.SYSTEM),
                name="one_system_user",
                violation_error_message="系统用户只有一个。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_office(self) -> bool:
        """Centre or bureau: the two offices that review."""
        return self.role in OFFICE_ROLES

    def has_perms(self, perm_list: object, obj: object = None) -> bool:
        """Rights come from the role and `visible_to`, never from Django's permission tables."""
        return False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Invitation(models.Model):
    """A one-time link by which an organisation administrator lets a person of his own set up an account (24 h)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")  # goes with it
    role = models.CharField("角色", max_length=12, choices=Role.choices)
    name = models.CharField("姓名", max_length=50)
    email = models.EmailField("电子邮箱", blank=True)
    is_org_admin = models.BooleanField("本单位管理员", default=False)
    token_hash = models.BinaryField(max_length=32, unique=True)  # only the digest is kept
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_by = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="invitation")
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="invitation_expires_later",
                violation_error_message="邀请的失效时间必须晚于创建时间。",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at__isnull=True),
                name="invitation_accepted_at_has_by",
                violation_error_message="接受时间与接受人必须同时填写；已撤回的邀请不能再接受。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}：{self.name}"


class PasswordReset(models.Model):
    """A one-time link by which a person sets a new password, given out by an administrator who knows him (24 h)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")  # worthless without the account
    token_hash = models.BinaryField(max_length=32, unique=True)  # only the digest is kept
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="passwordreset_expires_later",
                violation_error_message="重置链接的失效时间必须晚于创建时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"重置密码：{self.user}"


class LoginEvent(models.Model):
    """Every sign-in attempt and sign-out with its outcome (append-only; triggers refuse change)."""

    class Outcome(models.TextChoices):
        OK = "OK", "登录成功"
        FAILED = "FAILED", "密码错误"
        CODE_FAILED = "CODE_FAILED", "动态口令错误"
        LOCKED = "LOCKED", "已锁定"
        SECOND_FACTOR = "SECOND_FACTOR", "通过第二因素"
        LOGOUT = "LOGOUT", "退出"
        EXPIRED = "EXPIRED", "超时退出"
        UNLOCKED = "UNLOCKED", "管理员解除锁定"

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="login_events")
    username = models.CharField(max_length=40)
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="loginevent_user"),
            models.Index(fields=["username", "-id"], name="loginevent_username"),
        ]
        triggers: ClassVar = append_only()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.username} {self.get_outcome_display()}"
