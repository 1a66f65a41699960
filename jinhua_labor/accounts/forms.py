"""Forms of sign-in, registration and people."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as SecondFactorReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction

from jinhua_labor.core.creditcode import CreditCodeError, parse
from jinhua_labor.core.forms import CleanCharField, PortalForm, say_what_is_missing
from jinhua_labor.core.people import clean_name, clean_phone
from jinhua_labor.core.text import TextError

from . import signin
from .enums import Role
from .models import LoginEvent, Organisation, User
from .passwords import MAX_LENGTH
from .services import may_grant

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{3,39}")


HOW_TO_CHOOSE = "至少 12 位，可以是一句话；不要用常见密码、账号或姓名。"


class _OwnWords:
    """A form of allauth in the portal's words: its labels and hints, no label repeated inside the box."""

    words: ClassVar[dict[str, tuple[str, str]]]
    """Label and hint of each field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, (label, hint) in self.words.items():
            field = self.fields[name]  # type: ignore[attr-defined]  # beside a form of allauth
            field.label, field.help_text = label, hint
            field.widget.attrs.pop("placeholder", None)
        say_what_is_missing(self)  # type: ignore[arg-type]


class LoginForm(_OwnWords, AllauthLoginForm):  # type: ignore[misc]  # allauth ships no complete types
    words: ClassVar = {"login": ("登录账号", ""), "password": ("密码", "")}


class ChangePasswordForm(_OwnWords, AllauthChangePasswordForm):  # type: ignore[misc]
    words: ClassVar = {
        "oldpassword": ("当前密码", ""),
        "password1": ("新密码", HOW_TO_CHOOSE),
        "password2": ("重复新密码", ""),
    }


class ReauthenticateForm(_OwnWords, AllauthReauthenticateForm):  # type: ignore[misc]
    words: ClassVar = {"password": ("密码", "")}


class _GuessedCode(_OwnWords):
    """Five wrong codes close the account as five wrong passwords do; allauth counts them by address only."""

    words: ClassVar = {"code": ("动态口令或备用码", "")}
    user: User

    def clean_code(self) -> str:
        refused: ValidationError | None = None
        code = ""
        with transaction.atomic():  # so that a hundred at once are still five
            signin.one_at_a_time(self.user.username)
            until = signin.locked_until(self.user.username)
            if until is not None:
                refused, outcome = (
                    ValidationError(signin.locked_message(until), code="locked"),
                    LoginEvent.Outcome.LOCKED,
                )
            else:
                try:
                    code = super().clean_code()  # type: ignore[misc]  # of allauth's form beside this class
                except ValidationError as error:
                    refused, outcome = error, LoginEvent.Outcome.CODE_FAILED
            if refused is not None:
                signin.note(username=self.user.username, outcome=outcome, user=self.user)
        if refused is not None:
            raise refused
        return code


class SecondFactorForm(_GuessedCode, AuthenticateForm):  # type: ignore[misc]
    pass


class SecondFactorAgainForm(_GuessedCode, SecondFactorReauthenticateForm):  # type: ignore[misc]
    pass


class SecondFactorOnForm(_OwnWords, ActivateTOTPForm):  # type: ignore[misc]
    words: ClassVar = {"code": ("六位动态口令", "")}


class PersonNameField(CleanCharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": "姓名", "max_length": 50, **kwargs})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return clean_name(text) if text else text
        except TextError as error:
            raise ValidationError(error.message, code=error.code) from error


class PhoneField(CleanCharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": "联系电话", "max_length": 20, **kwargs})
        self.widget.attrs.update({"autocomplete": "tel", "inputmode": "tel"})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return clean_phone(text) if text else text
        except TextError as error:
            raise ValidationError(error.message, code=error.code) from error


class CreditCodeField(CleanCharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": "统一社会信用代码", "max_length": 40, **kwargs})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return parse(text).text if text else text
        except CreditCodeError as error:
            raise ValidationError(error.message, code=error.code) from error


class UsernameField(CleanCharField):
    def __init__(self, **kwargs: Any) -> None:
        hint = "4～40 位，用小写字母、数字、点、横线，以字母或数字开头。"
        super().__init__(**{"label": "登录账号", "max_length": 40, "help_text": hint, **kwargs})
        self.widget.attrs.update({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})

    def clean(self, value: Any) -> str:
        name = super().clean(value).lower()
        if name and not USERNAME.fullmatch(name):
            raise ValidationError("须为 4～40 位小写字母、数字、点或横线，以字母或数字开头。", code="username")
        if name and User.objects.filter(username=name).exists():
            raise ValidationError("该登录账号已被使用，请换一个。", code="taken")
        return name


class NewPasswordMixin(forms.Form):
    """Two fields for a new password, checked against the portal's rules; never stripped, pasting is welcome."""

    password = forms.CharField(
        label="密码",
        strip=False,
        max_length=MAX_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=HOW_TO_CHOOSE,
    )
    password_again = forms.CharField(
        label="再输一次密码",
        error_messages={"required": "请再输一次密码。"},
        strip=False,
        max_length=MAX_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def person(self) -> User:
        """Whose password it will be, for the rule that it must not resemble account or name."""
        data = self.cleaned_data
        return User(username=data.get("username") or "", name=data.get("contact_name") or data.get("name") or "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        password, again = data.get("password"), data.get("password_again")
        if password and again and password != again:
            self.add_error("password_again", "两次输入的密码不一致。")
        elif password:
            try:
                password_validation.validate_password(password, self.person())
            except ValidationError as error:
                self.add_error("password", error)
        return data


class OrganisationFieldsMixin(forms.Form):
    name = CleanCharField(label="单位名称", max_length=100, help_text="与营业执照一致。")
    contact_name = PersonNameField(label="联系人")
    contact_phone = PhoneField()
    licence_no = CleanCharField(label="人力资源服务许可证编号", max_length=40)


class AmendForm(PortalForm, OrganisationFieldsMixin):
    """What can still be corrected while the centre has not confirmed."""


class RegisterForm(NewPasswordMixin, PortalForm, OrganisationFieldsMixin):
    credit_code = CreditCodeField(help_text="18 位，见营业执照。")
    email = forms.EmailField(label="电子邮箱", required=False, help_text="选填，用于收到新消息时提醒。")
    username = UsernameField()
    consent = forms.BooleanField(label="已阅读并同意《个人信息处理告知书》")
    field_order = (
        *("name", "credit_code", "licence_no", "contact_name", "contact_phone", "email"),
        *("username", "password", "password_again", "consent"),
    )

    def clean_credit_code(self) -> str:
        code: str = self.cleaned_data["credit_code"]
        if Organisation.objects.filter(credit_code=code).exists():
            raise ValidationError(
                "该统一社会信用代码已经注册，请直接登录，或联系本单位管理员邀请您加入。", code="taken"
            )
        return code


class RefuseForm(PortalForm):
    reason = CleanCharField(label="不予通过的原因", max_length=200, multiline=True)


class ReasonForm(PortalForm):
    reason = CleanCharField(label="原因", max_length=200)


class InviteForm(PortalForm):
    name = PersonNameField()
    role = forms.ChoiceField(label="角色")
    email = forms.EmailField(label="电子邮箱", required=False, help_text="选填，用于收到新消息时提醒。")
    is_org_admin = forms.BooleanField(label="同时担任本单位管理员", required=False)

    def __init__(self, *args: Any, by: User, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = may_grant(by, organisation)
        self.fields["role"].choices = [(role, Role(role).label) for role in roles]  # type: ignore[attr-defined]
        if len(roles) == 1:
            self.fields["role"].initial = roles[0]
            self.fields["role"].widget = forms.HiddenInput()


class JoinForm(NewPasswordMixin, PortalForm):
    name = PersonNameField()
    phone = PhoneField(required=False)
    username = UsernameField()
    field_order = ("name", "phone", "username", "password", "password_again")


class ResetForm(NewPasswordMixin, PortalForm):
    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def person(self) -> User:
        return self.user


class ProfileForm(PortalForm):
    name = PersonNameField()
    phone = PhoneField(required=False, label="手机")
    email = forms.EmailField(label="电子邮箱", required=False, help_text="收到新消息时发邮件提醒；邮件里不写具体内容。")
    large_text = forms.BooleanField(label="使用大字版", required=False)
