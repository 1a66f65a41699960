"""Forms of 拨付 and 预算: nobody types an amount that is due; what is typed is what the bank or the bureau says."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from jinhua_labor.core.forms import CleanCharField, PortalForm
from stations.roster.forms import DayField
from subsidies.grants.models import Grant


class MakeForm(PortalForm):
    """The grants ticked for a batch; `key` makes a double click one batch."""

    GONE = "有补贴刚刚列入了其他批次或不再待拨付，请刷新后重新勾选。"

    key = forms.UUIDField(widget=forms.HiddenInput)
    grants = forms.ModelMultipleChoiceField(queryset=Grant.objects.none(), label="要拨付的补贴")
    remark = CleanCharField(label="备注", max_length=200, required=False)

    def __init__(self, *args: Any, grants: QuerySet[Grant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["grants"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = grants
        field.error_messages["required"] = "请先勾选要拨付的补贴。"
        field.error_messages["invalid_choice"] = self.GONE


class CancelForm(PortalForm):
    reason = CleanCharField(label="撤销理由", max_length=200, multiline=True)


class SheetForm(PortalForm):
    """Why the payment sheet with its account numbers is taken; kept in the journal."""

    purpose = CleanCharField(
        label="用途", max_length=200, min_length=2, help_text="拨付表含完整账号，用途与您的姓名、时间一并记入操作日志。"
    )
    edition = forms.TypedChoiceField(label="版次", coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, editions: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        """Without former editions there is nothing to choose."""
        super().__init__(*args, **kwargs)
        field, offered = self.fields["edition"], list(editions)
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = offered
        if not offered:
            del self.fields["edition"]


class TakeOutForm(PortalForm):
    reason = CleanCharField(
        label="移出理由", max_length=200, multiline=True, help_text="例如：工作站正在取消资格程序中，暂停拨付。"
    )


class ResultForm(PortalForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label="拨付结果表",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods"}),
        help_text="可直接用填好结果的拨付表：每行有批次号、收款单位、金额，已拨付的写凭证号和日期，退票的写原因和日期。",
    )


class PayForm(PortalForm):
    voucher_no = CleanCharField(label="拨付凭证号", max_length=40)
    paid_on = DayField(label="拨付日期")
    bank_ref = CleanCharField(label="银行流水号", max_length=60, required=False)
    held_reason = CleanCharField(
        label="暂停期间付出的情况",
        max_length=200,
        required=False,
        help_text="暂停之后才付出的必须填写：怎样付出的、能否收回。区人社局和中心会收到通知。",
    )

    def __init__(self, *args: Any, held: bool = False, **kwargs: Any) -> None:
        """Where nothing holds the payment there is nothing to explain."""
        super().__init__(*args, **kwargs)
        if not held:
            del self.fields["held_reason"]


class BounceForm(PortalForm):
    on = DayField(label="退票日期")
    reason = CleanCharField(label="退票原因", max_length=200, help_text="照银行退回的说明填写，承建单位会看到。")


class BudgetForm(PortalForm):
    number = forms.IntegerField(widget=forms.HiddenInput)
    amount = forms.DecimalField(
        label="预算金额（元）", min_value=Decimal(0), max_digits=14, decimal_places=2, help_text="例如 790000。"
    )
    basis = CleanCharField(label="依据", max_length=200, help_text="预算批复文号，或调整的原因。")
