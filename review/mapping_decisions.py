"""People's decisions as training of the mapping: confirmed and rejected links of the record, and labelled passages of a file.

The trained model is a file of the data folder; without it the shipped one is used. It changes proposals only: points and findings rest
on what people confirm.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ingest.tables import Document, EvidenceLink, Passage
from retrieval.item_examples import Example
from review.audit import write_act
from review.errors import BadPassagesFileError
from review.rights import allowed
from review.workspace import Workspace
from scoring_rules.scheme import Scheme

if TYPE_CHECKING:
    from retrieval.mapping_training import Trained


@dataclass(frozen=True, slots=True)
class Training:
    """kept : whether the model was written. from_record, from_file : how many decided passages came from where."""

    trained: Trained
    from_record: int
    from_file: int
    kept: bool

    def to_json(self) -> dict[str, Any]:
        """As JSON data, figures to four decimals."""
        before, after = (
            {name: round(value, 4) for name, value in figures.items()}
            for figures in (self.trained.before, self.trained.after)
        )
        return {
            "from_record": self.from_record, "from_file": self.from_file, "decided": self.trained.decided,
            "before": before, "after": after, "kept": self.kept, "model": self.trained.model.digest,
        }  # fmt: skip


def model_file(workspace: Workspace) -> Path:
    """Where the trained model lies."""
    from retrieval.mapping_model import TRAINED_FILE

    return workspace.cache.parent / TRAINED_FILE


@allowed("maintain")
def decided_passages(workspace: Workspace) -> list[Example]:
    """Passages with links that people confirmed or rejected, oldest first; a passage's confirmed items by rank."""
    query = (
        select(EvidenceLink, Passage.text, Document.sha256)
        .join(EvidenceLink.passage)
        .join(Passage.document)
        .where(EvidenceLink.state.in_(("confirmed", "rejected")))
        .order_by(Passage.id, EvidenceLink.rank)
    )
    found: dict[int, tuple[str, str, list[str], list[str]]] = {}
    with workspace.store.session() as session:
        for link, text, document in session.execute(query):
            _, _, yes, no = found.setdefault(link.passage_id, (document, text, [], []))
            (yes if link.state == "confirmed" else no).append(link.item)
    return [
        Example(f"{document[:16]}#{place}", text, tuple(yes), tuple(no))
        for place, (document, text, yes, no) in found.items()
    ]


def read_decided(path: Path, scheme: Scheme) -> list[Example]:
    """Labelled passages of a JSONL file: {"id", "text", "items": ["B5-5"]}, the main item first, [] = of no item.

    Raises BadPassagesFileError at the first line that is none.
    """
    known = {item.id for item in scheme.items}
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            id_, text, items = record["id"], record["text"], record["items"]
        except (ValueError, TypeError, KeyError) as exc:
            raise BadPassagesFileError(path.name, number, "应为 id、text、items 三项的 JSON 对象") from exc
        if not isinstance(id_, str) or not isinstance(text, str) or not isinstance(items, list) or not text.strip():
            raise BadPassagesFileError(path.name, number, "id、text 应为文字，items 应为评价要点的列表")
        if unknown := [str(item) for item in items if item not in known]:
            raise BadPassagesFileError(path.name, number, f"方案里没有评价要点 {'、'.join(unknown)}")
        found.append(Example(id_, text, tuple(dict.fromkeys(items))))
    return found


@allowed("maintain")
def train_mapping(workspace: Workspace, labelled: Sequence[Example] = (), *, keep: bool = True) -> Training:
    """Trains on the record's decisions and on `labelled`, and keeps the model unless told otherwise."""
    from retrieval.embedder import load_embedder
    from retrieval.mapping_training import train

    decided = decided_passages(workspace)
    embedder = load_embedder(workspace.settings.embedding_model)
    trained = train(workspace.scheme, workspace.catalogue, embedder, [*labelled, *decided], cache=workspace.cache)
    result = Training(trained, len(decided), len(labelled), keep)
    if keep:
        _write(workspace, trained)
    return result


@allowed("maintain")
def forget_training(workspace: Workspace) -> bool:
    """Goes back to the shipped model; False when there was no other."""
    there = model_file(workspace).is_file()
    model_file(workspace).unlink(missing_ok=True)
    if there:
        workspace.store.write(
            lambda session: write_act(workspace, session, "mapping_trained", after={"model": "shipped"})
        )
    return there


def _write(workspace: Workspace, trained: Trained) -> None:
    """Whole or not at all: a reader never meets half a model."""
    from retrieval.mapping_model import to_data

    file = model_file(workspace)
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_suffix(f".{os.getpid()}")
    try:
        scratch.write_text(json.dumps(to_data(trained.model), ensure_ascii=False), encoding="utf-8")
        os.replace(scratch, file)
    finally:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
    after = {"model": trained.model.digest, "decided": trained.decided}
    workspace.store.write(lambda session: write_act(workspace, session, "mapping_trained", after=after))
