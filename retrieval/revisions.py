"""Tells whether a paper or a sentence corrects a figure that was given before."""

from __future__ import annotations

import re

_TITLE = re.compile(r"更正|勘误|修订稿|修订版|修订）|修订\)|订正|修正|调整说明|调整后|复核结果|更新版|定稿|终稿|最终稿")
_SENTENCE = re.compile(
    r"更正|勘误|订正|修正为|修订为|调整为|核减为|核增为|(?:决算|审核|复核|核查|核实|审计|统计)(?:后)?(?:审核|核实)?调整|经(?:复核|核实|重新核算|重新核查)[，,].*(?:应为|为)"
    r"|以(?:本|此)[\u4e00-\u9fff]{0,6}为准|原(?:上报|报|报告|填报|公布)"
)


def is_revision(sentence: str, title: str = "") -> bool:
    """Whether the sentence says that it corrects a figure (由…更正为…), or the title that the paper is a corrected one."""
    return bool(_SENTENCE.search(re.sub(r"\s", "", sentence)) or _TITLE.search(title))
