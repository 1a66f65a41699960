"""Uploaded files: who may see one, and in what state it is."""

from django.db.models import TextChoices


class Audience(TextChoices):
    """Who sees the file, set by the room that stores it; narrowed later if need be, never widened."""

    PUBLIC = "PUBLIC", "公开（发布后）"
    PARTY_AND_OFFICE = "PARTY_AND_OFFICE", "本单位与主管部门"
    OFFICE = "OFFICE", "主管部门"
    CENTRE = "CENTRE", "区就业服务中心"


class FileState(TextChoices):
    OK = "OK", "正常"
    QUARANTINED = "QUARANTINED", "待安全检查"
    MISSING = "MISSING", "文件缺失"
