"""The office's own wording of sentences in a letter: every version kept, and no figure or name changed on the way.

A sentence of the draft is known by its own words: when the record changes and the draft says something else, an old wording no
longer applies. Versions stand in a file of the data folder, one line each, and are only ever added to.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from review.errors import RefusedRecordError
from review.rights import allowed
from review.signing import named_signer
from review.workspace import Workspace

FOLDER = "wording"
_FIGURE = re.compile(r"\d+(?:\.\d+)?%?|[零〇一二三四五六七八九十百千万亿两]+(?=[个所人名项元分次年处家])")
_NAME = re.compile(r"《[^》]*》|“[^”]*”|[AB]\d+(?:-\d+)?")
_PLACE = re.compile(r"[\u4e00-\u9fff]{1,12}?(?:幼儿园|小学|中学|学校|学院|街道|[镇乡区县])")


@dataclass(frozen=True, slots=True)
class Revision:
    """A version of a sentence. before : as the draft has it. model : "" when a person wrote it, else the model's name."""

    before: str
    after: str
    by: str
    at: str
    model: str = ""


def altered(before: str, after: str) -> list[str]:
    """Figures and names that one of the two sentences has more often than the other; [] when all are kept.

    Places and schools of the first sentence have to be found in the second; what only looks like one there is compared too.
    """
    found = []
    for pattern in (_FIGURE, _NAME):
        old, new = (Counter(pattern.findall(text)) for text in (before, after))
        found += [*(old - new), *(new - old)]
    found += [name for name in _PLACE.findall(before) if name not in after]
    found += [
        name
        for name in _PLACE.findall(after)
        if name not in before and not any(name.endswith(p) for p in _PLACE.findall(before))
    ]
    return list(dict.fromkeys(found))


@allowed("write_feedback")
def revise(
    workspace: Workspace, district: str, cycle: int, before: str, after: str, by: str = "", *, model: str = ""
) -> Revision:
    """Adds a version. model : name of the language model that smoothed the sentence, under the name of who takes it over.

    Raises RefusedRecordError when a figure or a name differs: what is wrong in the record has to be put right there.
    """
    who = named_signer(workspace, by)
    if not before.strip() or not after.strip():
        raise RefusedRecordError("原句和新句都要写")
    if changed := altered(before, after):
        raise RefusedRecordError(f"新句与原句的数或名称不同（{'、'.join(changed)}）；数或名称有误，请先更正记录")
    made = Revision(before.strip(), after.strip(), who, datetime.now(UTC).isoformat(), model)
    path = _path(workspace, district, cycle)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(made), ensure_ascii=False) + "\n")
    return made


@allowed("write_feedback")
def revisions(workspace: Workspace, district: str, cycle: int) -> list[Revision]:
    """Every version of every sentence, the oldest first."""
    path = _path(workspace, district, cycle)
    if not path.exists():
        return []
    return [Revision(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


@allowed("write_feedback")
def wording(workspace: Workspace, district: str, cycle: int) -> dict[str, str]:
    """The newest version of each sentence by the draft's own."""
    return {one.before: one.after for one in revisions(workspace, district, cycle)}


def _path(workspace: Workspace, district: str, cycle: int) -> Path:
    """A name of a district is a label, never a path."""
    key = hashlib.sha256(f"{district}\n{cycle}".encode()).hexdigest()[:24]
    return workspace.settings.home / FOLDER / f"{key}.jsonl"
