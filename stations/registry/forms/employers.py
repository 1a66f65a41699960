"""Forms of an employer."""

from __future__ import annotations

from django import forms

from jinhua_labor.core.creditcode import CreditCodeError, parse
from jinhua_labor.core.forms import CleanCharField, PortalForm


class EmployerForm(PortalForm):
    """更正企业登记."""

    name = CleanCharField(label="企业名称", max_length=100, help_text="与营业执照一致")
    in_district = forms.BooleanField(label="金东区用人主体", required=False)
    has_dispatch_licence = forms.BooleanField(label="有劳务派遣经营许可", required=False)
    reason = CleanCharField(label="更正依据", max_length=200, help_text="例如查询日期与结果、证明材料")


class NewEmployerForm(PortalForm):
    """登记企业 that no roster has named, such as the payer of an insurance extract."""

    name = CleanCharField(label="企业名称", max_length=100, help_text="与营业执照一致")
    credit_code = CleanCharField(label="统一社会信用代码", max_length=40)
    in_district = forms.BooleanField(label="金东区用人主体", required=False)
    has_dispatch_licence = forms.BooleanField(label="有劳务派遣经营许可", required=False)
    reason = CleanCharField(label="登记依据", max_length=200, help_text="例如查询日期与结果、证明材料")

    def clean_credit_code(self) -> str:
        try:
            return parse(self.cleaned_data["credit_code"]).text
        except CreditCodeError as error:
            raise forms.ValidationError(error.message) from error
