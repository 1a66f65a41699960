"""Words of the ledger: the eight items of 第六条（四）."""

from django.db.models import TextChoices


class Item(TextChoices):
    """台账的八目, in the notice's words; the seventh with the 省 it dropped (G-03)."""

    L1 = "L1", "用工企业基本情况"
    L2 = "L2", "用工企业员工管理制度"
    L3 = "L3", "用工企业安全生产制度或规定"
    L4 = "L4", "用工企业需求岗位表"
    L5 = "L5", "每年输送劳动力名册"
    L6 = "L6", "省外务工人员劳动合同"
    L7 = "L7", "省外务工人员留用名册"
    L8 = "L8", "其他相关资料"


PER_EMPLOYER = (Item.L1, Item.L2, Item.L3, Item.L4)
"""Kept for each employer served in the year (R-24)."""


class Education(TextChoices):
    """学历要求 of a post."""

    ANY = "ANY", "不限"
    JUNIOR = "JUNIOR", "初中及以上"
    SENIOR = "SENIOR", "高中、中专及以上"
    COLLEGE = "COLLEGE", "大专及以上"
    BACHELOR = "BACHELOR", "本科及以上"
