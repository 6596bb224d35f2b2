"""The papers there are, by name, and the one function that makes each: values from the record, template from the corpus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from review.errors import RefusedRecordError
from review.papers.annexes import completeness_values, expert_values, sample_values
from review.papers.basis import basis_values
from review.papers.letter import letter_values
from review.papers.record import DistrictRecord, read_record
from review.papers.rectification_paper import rectification_values
from review.papers.render import render
from review.rights import allowed
from review.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper. id : also the name of its template."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Kind(Paper):
    """A paper of a district."""

    values: Callable[[DistrictRecord], dict[str, Any]]


ANNUAL = Paper("annual", "年度评价报告")
KINDS = (
    Kind("feedback", "反馈意见", letter_values),
    Kind("rectification", "整改通知", rectification_values),
    Kind("completeness", "完整性检查清单", completeness_values),
    Kind("expert_sheet", "专家评审表", expert_values),
    Kind("field_sample", "实地督导抽样表", sample_values),
    Kind("basis", "评分依据", basis_values),
)


def kind_of(name: str) -> Kind:
    """The paper of that id or name. RefusedRecordError when there is none."""
    for kind in KINDS:
        if name.strip() in (kind.id, kind.words):
            return kind
    raise RefusedRecordError(f"没有“{name}”这种文书，只有{'、'.join(kind.words for kind in KINDS)}")


def paper_of(record: DistrictRecord, kind: Kind, *, template: bytes | None = None) -> bytes:
    """The DOCX file of one paper. template : the office's own version of the template."""
    return render(kind.id, kind.values(record), template=template)


@allowed("write_feedback")
def papers(workspace: Workspace, district: str, cycle: int) -> Mapping[str, bytes]:
    """Every paper of the district by its name, from one reading of the record."""
    record = read_record(workspace, district, cycle)
    return {kind.words: paper_of(record, kind) for kind in KINDS}
