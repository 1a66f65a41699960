"""Words of the application: sides, slots of the materials, conditions, verdicts."""

from django.db.models import TextChoices

from stations.registry.enums import Side, Tenure

__all__ = [
    "Channel",
    "Condition",
    "CreditCheck",
    "Side",
    "Slot",
    "SnapshotStage",
    "TargetKind",
    "Tenure",
    "Verdict",
]


class Channel(TextChoices):
    ONLINE = "ONLINE", "网上"
    COUNTER = "COUNTER", "窗口"


class Slot(TextChoices):
    """Where a paper belongs: the seven materials of 第四条 (the fourth in its parts) and what stands off the form."""

    M1 = "M1", "申请单位营业执照"
    M2 = "M2", "人力资源服务许可证"
    M3 = "M3", "设立申请表（附件1）签字盖章件"
    M4A = "M4A", "单位简介"
    M4B = "M4B", "劳务协作协议"
    M4C = "M4C", "务工人员管理办法"
    M4D = "M4D", "其他工作管理制度"
    M5 = "M5", "输送劳动力清单（附件2）盖章件"
    M6 = "M6", "办公场所照片"
    M7 = "M7", "法定代表人身份证"
    PLAN = "PLAN", "年度省外劳动力工作计划"
    LEASE = "LEASE", "场所使用证明"


class Condition(TextChoices):
    """The five conditions of 第三条, R-09 … R-13."""

    C1 = "C1", "总体要求"
    C2 = "C2", "实体化运作"
    C3 = "C3", "管理规范"
    C4 = "C4", "初有成效"
    C5 = "C5", "服务优良"


class Verdict(TextChoices):
    MET = "MET", "符合"
    UNMET = "UNMET", "不符合"


class CreditCheck(TextChoices):
    """What the centre found in the credit registers (R-09)."""

    NONE = "NONE", "无不良记录"
    FOUND = "FOUND", "有不良记录"
    DOUBT = "DOUBT", "存疑"


class TargetKind(TextChoices):
    FIELD = "FIELD", "申请表栏目"
    MATERIAL = "MATERIAL", "材料"
    ROW = "ROW", "名册"


class SnapshotStage(TextChoices):
    SCREEN = "SCREEN", "初审"
    APPROVE = "APPROVE", "审核"
