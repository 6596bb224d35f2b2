"""用人的判断训练段落对应：从记录和标注文件取判断，保存、恢复，坏文件说清哪一行。"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.tables import EvidenceLink
from retrieval.itemmap import ItemMapper
from retrieval.mapping_model import MappingModelError, shipped_model, trained_model
from review import mapping_decisions
from review.cli import edureview
from review.errors import BadPassagesFileError, NotAllowedError
from review.mapping_decisions import decided_passages, forget_training, model_file, read_decided, train_mapping
from review.people import Person
from review.workspace import Settings, Workspace
from tests.retrieval.conftest import TokenEmbedder
from tests.retrieval.record import add_document


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("EDUREVIEW_HOME", str(tmp_path))
    monkeypatch.setattr("retrieval.embedder.load_embedder", lambda name=None: TokenEmbedder())
    return Workspace(Settings(tmp_path))


def _decide(workspace: Workspace) -> None:
    with workspace.store.session() as session:
        document = add_document(
            session, "随访.txt", ["责任督学到校随访，查看作息时间。", "食堂留样记录齐全。", "没有人看过的一段。"]
        )
        ids = [passage.id for passage in document.passages]
        for place, item, rank, state in (
            (0, "B15-3", 1, "confirmed"), (0, "B15-4", 2, "rejected"), (1, "B12-1", 1, "rejected"), (2, "B1-1", 1, "proposed"),
        ):  # fmt: skip
            session.add(
                EvidenceLink(
                    passage_id=ids[place],
                    item=item,
                    rank=rank,
                    confidence=0.5,
                    verdict="supports",
                    state=state,
                    method="x",
                )
            )
        session.commit()


def test_从记录取确认与否定的_没人看过的不算(workspace: Workspace) -> None:
    _decide(workspace)
    first, second = decided_passages(workspace)
    assert (first.items, first.rejected) == (("B15-3",), ("B15-4",))
    assert (second.items, second.rejected, second.none) == ((), ("B12-1",), False)
    assert first.id.rpartition("#")[0] == second.id.rpartition("#")[0] != ""


def test_训练后保存_映射器读它_可以回到自带的(workspace: Workspace) -> None:
    _decide(workspace)
    result = train_mapping(workspace)
    assert (result.from_record, result.trained.decided, result.kept) == (2, 2, True)
    assert trained_model(workspace.settings.home, workspace.scheme).digest == result.trained.model.digest
    mapper = ItemMapper(workspace.scheme, workspace.catalogue, TokenEmbedder(), cache=workspace.cache)
    plain = ItemMapper(workspace.scheme, workspace.catalogue, TokenEmbedder())
    assert mapper.model.digest == result.trained.model.digest != plain.model.digest
    assert mapper.version != plain.version
    assert forget_training(workspace)
    assert not forget_training(workspace)
    assert trained_model(workspace.settings.home, workspace.scheme) is shipped_model(workspace.scheme)


def test_只看不存(workspace: Workspace) -> None:
    _decide(workspace)
    assert not train_mapping(workspace, keep=False).kept
    assert not model_file(workspace).exists()


def test_坏了的模型不悄悄换掉(workspace: Workspace) -> None:
    workspace.settings.home.mkdir(exist_ok=True)
    model_file(workspace).write_text("{}", encoding="utf-8")
    with pytest.raises(MappingModelError, match="请重新训练"):
        trained_model(workspace.settings.home, workspace.scheme)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("[1]", "JSON"),
        ('{"id": "甲", "text": "文字"}', "items"),
        ('{"id": "甲", "text": " ", "items": []}', "文字"),
        ('{"id": "甲", "text": "文字", "items": ["B99-1"]}', "B99-1"),
    ],
    ids=["不是对象", "缺项", "空文字", "没有的要点"],
)
def test_标注文件的错处说到行(workspace: Workspace, tmp_path: Path, line: str, told: str) -> None:
    file = tmp_path / "标注.jsonl"
    file.write_text(json.dumps({"id": "甲#1", "text": "校车", "items": ["B12-1"]}) + "\n" + line, encoding="utf-8")
    with pytest.raises(BadPassagesFileError) as caught:
        read_decided(file, workspace.scheme)
    assert told in str(caught.value)
    assert "2" in str(caught.value)


def test_区县无权训练(workspace: Workspace) -> None:
    clerk = workspace.acting_as(Person("甲", "district", frozenset({"云山区"})))
    for act in (train_mapping, forget_training, decided_passages):
        with pytest.raises(NotAllowedError):
            act(clerk)


def test_命令_先看再存(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "标注.jsonl"
    rows = [{"id": f"甲#{n}", "text": f"第{n}次检查校车，逐台登记。", "items": ["B12-2"]} for n in range(4)]
    rows.append({"id": "乙#1", "text": "新修公路通车。", "items": []})
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    runner = CliRunner()
    looked = runner.invoke(edureview, ["map-train", "--passages", str(file), "--dry-run", "--json"])
    assert looked.exit_code == 0, looked.output
    told = json.loads(looked.stdout)
    assert (told["from_file"], told["decided"], told["kept"]) == (5, 5, False)
    assert told["after"]["n"] == 4
    kept = runner.invoke(edureview, ["map-train", "--passages", str(file)])
    assert kept.exit_code == 0, kept.output
    assert "已保存" in kept.output
    assert mapping_decisions.model_file(workspace).is_file()
    assert "已回到自带的模型" in runner.invoke(edureview, ["map-train", "--reset"]).output
    assert runner.invoke(edureview, ["map-train", "--reset", "--dry-run"]).exit_code == 2
