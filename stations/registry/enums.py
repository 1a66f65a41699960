"""Words of the registry: states of a station."""

from django.db.models import TextChoices


class StationState(TextChoices):
    ACTIVE = "ACTIVE", "运行中"
    RECTIFYING = "RECTIFYING", "整改中"
    REVOKING = "REVOKING", "取消程序中"
    REVOKED = "REVOKED", "已取消"
    EXPIRED = "EXPIRED", "经营期限届满"


PUBLIC_STATES = (StationState.ACTIVE, StationState.RECTIFYING, StationState.REVOKING)
"""What the directory lists; a procedure that is not decided yet is nobody's business but the parties'."""


class PartnerKind(TextChoices):
    """The other party of the agreement (附件1 合作机构)."""

    GOVERNMENT = "GOVERNMENT", "政府部门"
    PUBLIC_SERVICE = "PUBLIC_SERVICE", "公共就业服务机构"
    AGENCY = "AGENCY", "人力资源机构"
    OTHER = "OTHER", "其他"


class Side(TextChoices):
    """Where a site lies (第三条（二）)."""

    DISTRICT = "DISTRICT", "金东区"
    AREA = "AREA", "劳务输出地区"


class Tenure(TextChoices):
    OWNED = "OWNED", "自有"
    LEASED = "LEASED", "租赁"
    LENT = "LENT", "借用"


FACILITIES: tuple[str, ...] = (
    "办公桌椅", "电脑", "电话", "打印复印机", "档案柜", "网络", "接待洽谈区", "公示栏", "监控设备",
)  # fmt: skip
"""必要办公设施 (第三条（二）) as a checklist; the notice names none, so any tick counts and the centre judges."""


class PaperKind(TextChoices):
    """What a station's file (站点档案) holds: asked at 设立 and kept in force (第三、八条, 附件3 A1, A2, B1)."""

    BUSINESS = "BUSINESS", "营业执照"
    LICENCE = "LICENCE", "人力资源服务许可证"
    AGREEMENT = "AGREEMENT", "劳务协作协议"
    SITE = "SITE", "工作地点"
    RULES = "RULES", "劳务协作工作管理制度"
    WORKER_RULES = "WORKER_RULES", "务工人员管理办法"
    PLAN = "PLAN", "年度工作计划"


class PaperOrigin(TextChoices):
    """How a version came into the file."""

    APPLICATION = "APPLICATION", "设立申请材料"
    OPERATOR = "OPERATOR", "承建单位更新"
