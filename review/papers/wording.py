"""The office's own wording of sentences in a letter: every version kept, and no figure or name changed on the way.

A sentence of the draft is known by its own words: when the record changes and the draft says something else, an old wording no
longer applies. Versions are frozen rows of the record; files of FOLDER hold those of earlier programs, which still count.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from review.audit import write_act
from review.cycles import year
from review.errors import RefusedRecordError
from review.expectations import year_items
from review.kept_acts import Kept, add, history, newest
from review.papers.names_kept import names_changed
from review.reviewers import panels
from review.rights import allowed
from review.sampling import recorded_sample
from review.signing import named_signer
from review.turns import take_turn
from review.workspace import Workspace

FOLDER = "wording"
# In the place of a district: lines of the annual report, which is of no single one.
WHOLE_YEAR = ""
# A smoothed sentence may be longer than its draft by this factor (and 20 characters): what is longer tells something new.
LONGEST_SMOOTHED = 1.5
_DENIAL = re.compile(r"不|没有|未|无(?!障碍)")
_FIGURE = re.compile(r"\d+(?:\.\d+)?%?|[零〇一二三四五六七八九十百千万亿两]+(?=[个所人名项元分次年处家])")


@dataclass(frozen=True, slots=True)
class Revision:
    """A version of a sentence. before : as the draft has it. model : "" when a person wrote it, else the model's name."""

    before: str
    after: str
    by: str
    at: str
    model: str = ""


def altered(before: str, after: str, names: Iterable[str] = ()) -> list[str]:
    """Figures and names that one of the two sentences tells and the other does not; [] when all are kept.

    names : of offices, schools and people the record knows (`known_names`); others are known by how they end.
    """
    old, new = (Counter(_FIGURE.findall(text)) for text in (before, after))
    return list(dict.fromkeys([*(old - new), *(new - old), *names_changed(before, after, names)]))


def smooth(sentence: str, rewrite: Callable[[str], str], names: Iterable[str] = ()) -> str:
    """The sentence as `rewrite` (a language model) puts it. names : see `altered`.

    Raises RefusedRecordError when a figure or a name is another one, when something was added to it, or when nothing came back.
    """
    new = " ".join(rewrite(sentence).split())
    if not new:
        raise RefusedRecordError("改写没有给出句子")
    refuse_altered(sentence, new, names)
    if len(new) > LONGEST_SMOOTHED * len(sentence) + 20:
        raise RefusedRecordError(
            f"改写后的句子有 {len(new)} 个字，原句只有 {len(sentence)} 个，改写只能顺句，不能添加内容"
        )
    return new


def refuse_altered(before: str, after: str, names: Iterable[str] = ()) -> None:
    """Raises RefusedRecordError with every figure and name that differs, and for a denial put in or left out."""
    if changed := altered(before, after, names):
        raise RefusedRecordError(f"新句与原句的数或名称不同（{'、'.join(changed)}）；数或名称有误，请先更正记录")
    old, new = (_DENIAL.findall(text) for text in (before, after))
    if len(old) != len(new):
        words = "，".join(f"{which}有 {len(found)} 处" for which, found in (("原句", old), ("新句", new)))
        raise RefusedRecordError(f"新句与原句的否定词（不、没有、未、无）不一样多（{words}）；意思有误，请先更正记录")


@allowed("write_feedback")
def revise(
    workspace: Workspace, district: str, cycle: int, before: str, after: str, by: str = "", *, model: str = ""
) -> Revision:
    """Adds a version. model : name of the language model that smoothed the sentence, under the name of who takes it over.

    Raises RefusedRecordError when a figure or a name differs: what is wrong in the record has to be put right there.
    """
    who = named_signer(workspace, by)
    before, after = before.strip(), after.strip()
    if not before or not after:
        raise RefusedRecordError("原句和新句都要写")
    refuse_altered(before, after, known_names(workspace, district, cycle))
    subject = hashlib.sha256(before.encode()).hexdigest()[:40]

    def work(session: Session) -> Revision:
        take_turn(session, district, cycle)
        known = newest(session, district, cycle, "wording").get(subject)
        content = {"before": before, "after": after, "model": model}
        kept = add(session, district, cycle, "wording", subject, content, who)
        write_act(
            workspace, session, "wording_revised", district=district, cycle=cycle, subject=before[:60],
            before=None if known is None else known.to_json(), after=kept.to_json(),
        )  # fmt: skip
        return _revision(kept)

    return workspace.write(work)


@allowed("write_feedback")
def known_names(workspace: Workspace, district: str, cycle: int) -> frozenset[str]:
    """Names the record knows of the district (WHOLE_YEAR: of all): districts, departments, sampled schools, experts."""
    listed = [one.name for one in year(workspace, cycle).districts]
    found = {
        *listed,
        district,
        *(name for one in year_items(workspace, cycle).values() for name in one.responsible.all),
    }
    for name in [district] if district else listed:
        sample = recorded_sample(workspace, name, cycle)
        if sample is not None:
            found |= {school for s in sample["schools"] for part in ("drawn", "reserve") for school in s[part]}
        found |= {expert for panel in panels(workspace, name, cycle) for expert in panel.experts}
    return frozenset(name for name in found if name)


@allowed("write_feedback")
def revisions(workspace: Workspace, district: str, cycle: int) -> list[Revision]:
    """Every version of every sentence, the oldest first."""
    path = _path(workspace, district, cycle)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    with workspace.store.session() as session:
        kept = history(session, district, cycle, "wording")
    return [*(Revision(**json.loads(line)) for line in lines), *map(_revision, kept)]


@allowed("write_feedback")
def wording(workspace: Workspace, district: str, cycle: int) -> dict[str, str]:
    """The newest version of each sentence by the draft's own."""
    return {one.before: one.after for one in revisions(workspace, district, cycle)}


def _revision(kept: Kept) -> Revision:
    return Revision(kept.content["before"], kept.content["after"], kept.by, kept.at, kept.content["model"])


def _path(workspace: Workspace, district: str, cycle: int) -> Path:
    """A name of a district is a label, never a path."""
    key = hashlib.sha256(f"{district}\n{cycle}".encode()).hexdigest()[:24]
    return workspace.settings.home / FOLDER / f"{key}.jsonl"
