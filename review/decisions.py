"""Decisions: built from the recorded case, kept as frozen rows, computed again from what is inside them."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import DecisionRow, Document, EvidenceLink, Passage
from review.acts import OfficeRules, office_rules
from review.annex1 import STATE_WORDS, Found, findings
from review.audit import write_act
from review.cases import recorded_case
from review.entered_case import disagreeing
from review.errors import NoCaseError, ReplayFailedError, UnknownDecisionError
from review.field_results import bonus, results
from review.reviewers import panel_records
from review.rights import allowed, signer
from review.sampling import recorded_replacements, recorded_sample
from review.standing_case import with_record
from review.submission_case import handed_in_otherwise
from review.workspace import Workspace
from scoring_rules.case import Case
from scoring_rules.case_errors import ReplayError
from scoring_rules.decision import Records, Signature, decide, replay_decision, sha256_of
from scoring_rules.errors import ScoringError
from scoring_rules.ledger import canonical_json
from scoring_rules.plain_data import to_data
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.score_grade import ANNEX1

HASH_PREFIX = 8


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A decision of the record. number : its row; document : the JSON data; sha256 : of its canonical bytes."""

    number: int
    document: Mapping[str, Any]
    sha256: str

    def to_json(self) -> dict[str, Any]:
        """The document of `decide --json`."""
        return {"number": self.number, "sha256": self.sha256, "decision": self.document}


@dataclass(frozen=True, slots=True)
class Replayed:
    """One replay. failure : why it is not byte-equal, "" when it is. changed : parameters that have other values today."""

    name: str
    district: str
    cycle: int
    sha256: str
    failure: str
    changed: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The replay as JSON data."""
        return {
            "decision": self.name,
            "district": self.district,
            "cycle": self.cycle,
            "sha256": self.sha256,
            "byte_equal": not self.failure,
            "failure": self.failure,
            "parameters_changed_since": list(self.changed),
        }


@allowed("decide")
def decide_district(workspace: Workspace, district: str, cycle: int, by: str = "") -> StoredDecision:
    """The decision on the recorded case, kept as a frozen row; the newest one when nothing has changed since.

    by : who signs; "" = a draft. Raises NoCaseError without a case, OpenCaseError with every open item.
    """
    case = recorded_case(workspace, district, cycle)
    if case is None:
        raise NoCaseError(district, cycle)
    now = datetime.now(UTC).replace(microsecond=0)
    rules = office_rules(workspace, cycle, case.scheme)
    found = findings(workspace, district, cycle)
    sample = recorded_sample(workspace, district, cycle)
    entered, awarded = results(workspace, district, cycle), bonus(workspace, district, cycle)
    records = Records(
        _evidence(workspace, district, cycle),
        _citations(workspace, district, cycle, found),
        sample,
        panel_records(workspace, district, cycle),
        recorded_replacements(workspace, district, cycle),
        [found[c].to_json() for c in case.annex1 if c in found],
        [*_lacking(case, rules, found, has_sample=sample is not None), *handed_in_otherwise(workspace, case),
         *disagreeing(rules.scheme, case, entered, awarded)],
        [one.to_json() for one in (*entered, *(() if awarded is None else (awarded,)))],
    )  # fmt: skip
    case = with_record(workspace, case, found, entered, awarded)
    # Without a name it stays a draft; with one it is the acting person's own, or what the local operator writes down.
    signature = Signature(signer(workspace.actor, by) if by.strip() else "", now.isoformat())
    document = decide(load_scheme(case.scheme), case, rules.parameters, records, signature)
    newest = next(iter(stored_decisions(workspace, district, cycle)), None)
    if newest is not None and _without_time(newest.document) == _without_time(document):
        return newest
    data = canonical_json(document)
    columns: dict[str, Any] = {
        "district": district,
        "cycle": cycle,
        "grade": document["result"]["grade"],
        "document": data.decode(),
        "sha256": hashlib.sha256(data).hexdigest(),
        "decided_by": signature.by,
        "decided_at": now,
    }

    def work(session: Session) -> StoredDecision:
        row = DecisionRow(**columns)
        session.add(row)
        session.flush()
        after = {name: columns[name] for name in ("grade", "sha256", "decided_by")}
        before = None if newest is None else {"number": newest.number, "sha256": newest.sha256}
        write_act(
            workspace, session, "decided", district=district, cycle=cycle, subject=f"决定 {row.id}", before=before,
            after={"number": row.id, **after},
        )  # fmt: skip
        return StoredDecision(row.id, document, row.sha256)

    return workspace.write(work)


def _lacking(case: Case, rules: OfficeRules, found: Mapping[str, Found], *, has_sample: bool) -> list[str]:
    """What the record itself leaves open."""
    told = []
    if not has_sample:
        told.append("没有登记抽样，抽样过程无法复核。请用 edureview sample 抽样并按样本核查。")
    stated = [name for name, state in case.annex1.items() if state != "unknown"]
    if missing := [name for name in stated if name not in found]:
        told.append(
            f"附件 1 第{'、'.join(missing)}条只写在案卷里，没有登记的认定。请用 edureview annex1 confirm 逐条登记。"
        )
    for name in stated:
        if name in found and found[name].state != case.annex1[name]:
            told.append(
                f"附件 1 第{name}条案卷写的是“{STATE_WORDS[case.annex1[name]]}”，"
                f"登记的认定是“{STATE_WORDS[found[name].state]}”。请更正案卷。"
            )
    for act in case.acts:
        if act not in rules.acts:
            told.append(
                f"案卷里关于“{act.target}”的决定（{act.document}）没有登记。请用 edureview term set 登记或从案卷删去。"
            )
    return told


@allowed("read_decisions", filters=True)
def stored_decisions(
    workspace: Workspace, district: str | None = None, cycle: int | None = None
) -> list[StoredDecision]:
    """The decisions of the record, the newest first."""
    query = select(DecisionRow).where(workspace.actor.visible(DecisionRow.district)).order_by(DecisionRow.id.desc())
    if district is not None:
        query = query.where(DecisionRow.district == district)
    if cycle is not None:
        query = query.where(DecisionRow.cycle == cycle)
    with workspace.store.session() as session:
        return [StoredDecision(row.id, json.loads(row.document), row.sha256) for row in session.scalars(query)]


@allowed("read_decisions", filters=True)
def replay(workspace: Workspace, names: Sequence[str] = ()) -> list[Replayed]:
    """Replays of the decisions named by row number, SHA-256 prefix or file; of all stored ones without a name.

    Raises UnknownDecisionError for a name that is none of these.
    """
    return [_replayed(workspace, name, data, sha256) for name, data, sha256 in _chosen(workspace, names)]


def refuse_failures(replays: Sequence[Replayed]) -> None:
    """Raises ReplayFailedError when any replay is not byte-equal."""
    failures = [(one.name, one.failure) for one in replays if one.failure]
    if failures:
        raise ReplayFailedError(failures)


def _chosen(workspace: Workspace, names: Sequence[str]) -> list[tuple[str, bytes, str | None]]:
    """(name, bytes, recorded SHA-256) of each decision meant; a file has no recorded hash."""
    with workspace.store.session() as session:
        own = workspace.actor.visible(DecisionRow.district)
        rows = session.scalars(select(DecisionRow).where(own).order_by(DecisionRow.id)).all()
    recorded = [(row.id, row.document.encode(), row.sha256) for row in rows]
    if not names:
        return [(f"决定 {number}", data, sha256) for number, data, sha256 in recorded]
    chosen: list[tuple[str, bytes, str | None]] = []
    for name in names:
        found = [
            (f"决定 {number}", data, sha256)
            for number, data, sha256 in recorded
            if name == str(number) or (len(name) >= HASH_PREFIX and sha256.startswith(name.lower()))
        ]
        if found:
            chosen += found
        elif Path(name).is_file():
            chosen.append((name, _of_file(Path(name)), None))
        else:
            raise UnknownDecisionError(name)
    return chosen


def _of_file(path: Path) -> bytes:
    """The canonical bytes of an exported decision, whether it was written indented or inside the output of `decide --json`."""
    try:
        data = json.loads(path.read_bytes())
        return canonical_json(data.get("decision", data))
    except (OSError, ValueError, TypeError, AttributeError) as exc:
        raise UnknownDecisionError(path.name) from exc


def _replayed(workspace: Workspace, name: str, data: bytes, sha256: str | None) -> Replayed:
    failure, document = "", {}
    own = hashlib.sha256(data).hexdigest()
    try:
        document = json.loads(data)
        if sha256 is not None and own != sha256:
            raise ReplayError("内容与登记的 SHA-256 不符")
        if canonical_json(replay_decision(document)) != data:
            raise ReplayError("不是规范的 JSON 字节")
    except ScoringError as exc:
        failure = str(exc)
    except ValueError as exc:
        failure = f"不是 JSON（{exc}）"
    if not isinstance(document, dict):
        document = {}
    changed = () if failure else _changed(workspace, document)
    return Replayed(name, document.get("district", ""), document.get("cycle", 0), own, failure, changed)


def _changed(workspace: Workspace, document: Mapping[str, Any]) -> tuple[str, ...]:
    """Parameters and open terms inside a decision that have other contents today, and the scheme where it has."""
    rules = office_rules(workspace, document["cycle"])
    today = rules.parameters
    acted = {act.target: act.to_json() for act in rules.acts}
    held_acts = {act["target"]: act for act in document["case"].get("acts", ())}
    values = document["parameters"]["values"]
    changed = [name for name, held in values.items() if name not in today or to_data(today[name]) != held]
    changed += [name for name in {*acted, *held_acts} if acted.get(name) != held_acts.get(name)]
    try:
        scheme_now = sha256_of(to_data(load_scheme(document["scheme"]["id"])))
    except ScoringError:
        scheme_now = ""
    return (*sorted(set(changed)), *(() if scheme_now == document["scheme"]["sha256"] else ("scheme",)))


def _evidence(workspace: Workspace, district: str, cycle: int) -> list[dict[str, str]]:
    query = select(Document.file, Document.sha256, Document.state).where(
        Document.district == district, Document.cycle == cycle, Document.superseded_by.is_(None)
    )
    with workspace.store.session() as session:
        return [{"file": file, "sha256": sha256, "state": state} for file, sha256, state in session.execute(query)]


def _citations(workspace: Workspace, district: str, cycle: int, annex1: Mapping[str, Found]) -> dict[str, list[str]]:
    """Criterion id → keys of the passages a person confirmed for one of its items; 附件1 → those its findings rest on."""
    query = (
        select(EvidenceLink.item, Passage.key)
        .join(EvidenceLink.passage)
        .join(Passage.document)
        .where(Document.district == district, Document.cycle == cycle, EvidenceLink.state == "confirmed")
        .order_by(Passage.key, EvidenceLink.item)
    )
    owner = {item.id: item.criterion_id for item in workspace.scheme.items}
    found: dict[str, list[str]] = defaultdict(list)
    with workspace.store.session() as session:
        for item, key in session.execute(query):
            if key not in found[owner[item]]:
                found[owner[item]].append(key)
    if keys := sorted({key for finding in annex1.values() for key in finding.citations}):
        found[ANNEX1] = keys
    return dict(found)


def _without_time(document: Mapping[str, Any]) -> dict[str, Any]:
    return {**document, "signature": {**document["signature"], "at": ""}}
