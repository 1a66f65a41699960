"""告知同意: what each worker is told before his data go to the centre (个人信息保护法第23条), by version.

A text once used is never changed; a new wording is a new version. The version is kept with each import and each row.
"""

from __future__ import annotations

from typing import Final

CURRENT: Final = "v1"
TEXTS: Final[dict[str, str]] = {
    "v1": (
        "我单位已逐人告知名册中的务工人员：为申请设立省外劳务协作工作站和核定输送人数，我单位将其姓名、身份证号、户籍、入职企业、"
        "入职时间及用工形式提供给金东区就业服务中心、金东区人力资源和社会保障局，由其用于核对社会保险参保情况、人数核定和补贴审核；"
        "其有权查询、更正个人信息，也有权撤回同意。每名人员均已单独同意。"
    ),
}


def text_of(version: str) -> str:
    """The wording of a version; KeyError for one that never was."""
    return TEXTS[version]
