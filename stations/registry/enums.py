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
