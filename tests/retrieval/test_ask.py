"""从材料回答：原句、可核的出处；没有就说没有、说清查了什么。"""

from __future__ import annotations

import pytest

from ingest.store import Store
from retrieval.annotate import Annotator
from retrieval.answer import Answer
from retrieval.ask import ask
from retrieval.cite import Citation, verify
from retrieval.embedder import default_model_folder, load_embedder
from retrieval.index import EvidenceIndex
from retrieval.itemmap import ItemMapper
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme
from tests.retrieval.record import add_document

needs_model = pytest.mark.skipif(not default_model_folder().is_dir(), reason="本机没有转换好的嵌入模型，请先运行 setup")
SCHEME, CATALOGUE = load_scheme(), load_catalogue()

EVIDENCE = {
    "学前教育报告.pdf": (
        "云山区学前教育发展情况报告",
        2018,
        [
            "2018年全区普惠性幼儿园覆盖率（普惠率）为86.5%，比2017年的83.4%提高3.1个百分点。学前教育入园率为97.2%。",
            "分镇街看，新城街道普惠率为73.9%。",
        ],
    ),
    "统计报表.xlsx": ("教育事业统计报表", 2018, ["镇街：合计；在园幼儿数（人）：18600；普惠率：86.5%"]),
    "社区教育总结.docx": ("社区教育工作总结", 2018, ["镇（街道）社区教育中心覆盖率91.7%（11÷12）。"]),
    "社区教育台账.xlsx": (
        "社区教育机构台账",
        2018,
        ["层级：镇（街道）社区教育中心；应设（个）：12；已设（个）：10；覆盖率：83.3%"],
    ),
    "语言文字.docx": ("语言文字工作情况", 2018, ["语言文字工作经费26万元列入区级预算，推广普通话宣传周活动常态开展。"]),
    "法治.docx": (
        "教育法治工作报告",
        2018,
        ["全年开展法治进校园活动386场，聘请法治副校长73名。", "章程建设持续推进。"],
    ),
    "纪要2017.pdf": ("常务会议纪要", 2017, ["2017年区政府常务会议研究教育工作1次。"]),
    "自评得分表.xlsx": (
        "自评得分表",
        2018,
        ["二级指标：B4促进语言文字规范化工作；分值：10；自评得分：7；扣分原因：进展不平衡"],
    ),
}


def fill(index: EvidenceIndex, store: Store, *, district: str = "云山区") -> None:
    with store.session() as session:
        for file, (title, year, paragraphs) in EVIDENCE.items():
            add_document(session, file, paragraphs, title=title, district=district).data_year = year
        add_document(session, "坏.pdf", [], state="failed", district=district)
    index.index_pending(annotate=Annotator(ItemMapper(SCHEME, CATALOGUE, index.embedder)))


@pytest.fixture
def filled(index: EvidenceIndex, store: Store) -> EvidenceIndex:
    fill(index, store)
    return index


def answer(index: EvidenceIndex, text: str, *, district: str = "云山区") -> Answer:
    return ask(index, SCHEME, CATALOGUE, text, district=district, cycle=2019)


def test_问数字先给写着数字的原句_带文件和页(filled: EvidenceIndex) -> None:
    found = answer(filled, "学前教育普惠率达到多少？")
    assert (found.kind, found.found) == ("evidence", True)
    first = found.sentences[0]
    assert "86.5%" in first.sentence
    (citation,) = first.citations
    assert isinstance(citation, Citation)
    assert (citation.file, citation.page, citation.quote) == ("学前教育报告.pdf", 1, first.sentence)


def test_每句都是存档页面的切片且核过(filled: EvidenceIndex) -> None:
    for text in ("哪些材料能说明普惠率达标？", "入园率是多少", "B5-5有哪些材料支撑？"):
        found = answer(filled, text)
        assert found.sentences
        with filled.store.session() as session:
            for sentence in found.sentences:
                assert sentence.supported
                (citation,) = sentence.citations
                assert isinstance(citation, Citation)
                assert verify(session, citation)
                assert citation.quote == sentence.sentence


def test_问材料不同文件都给到(filled: EvidenceIndex) -> None:
    files = [s.citations[0].file for s in answer(filled, "哪些材料能说明普惠率达标？").sentences]
    assert {"学前教育报告.pdf", "统计报表.xlsx"} <= set(files)


def test_问哪年给哪年_没有就不拿别的年份顶(filled: EvidenceIndex) -> None:
    assert "83.4%" not in EVIDENCE["统计报表.xlsx"][2][0]
    assert not answer(filled, "2015年的普惠率是多少").found
    assert "1次" in answer(filled, "2017年常务会议研究教育工作几次").sentences[0].sentence


def test_问镇街给镇街(filled: EvidenceIndex) -> None:
    first = answer(filled, "新城街道的普惠率是多少？").sentences[0].sentence
    assert first == "分镇街看，新城街道普惠率为73.9%。"
    assert answer(filled, "新城的普惠率是多少？").sentences[0].sentence == first


def test_问两个指标两个都在前面(filled: EvidenceIndex) -> None:
    front = "".join(one.sentence for one in answer(filled, "普惠率、社区教育中心覆盖率各是多少？").sentences[:2])
    assert "86.5%" in front
    assert "91.7%" in front


def test_矛盾的数都列出并提示(filled: EvidenceIndex) -> None:
    found = answer(filled, "镇街社区教育中心覆盖率是多少？")
    text = "".join(sentence.sentence for sentence in found.sentences[:2])
    assert "91.7%" in text
    assert "83.3%" in text
    (note,) = found.notes
    assert "口径矛盾" in note
    assert "社区教育台账.xlsx" in note


@pytest.mark.parametrize(
    "text",
    ["B4-2有哪些材料？", "B7-2有哪些材料？", "高考上线率是多少？", "今天天气怎么样？", "语言文字达标情况怎么样？"],
)
def test_没有就说没有_并说查了什么(filled: EvidenceIndex, text: str) -> None:
    found = answer(filled, text)
    assert (found.found, found.sentences) == (False, ())
    assert "云山区 2019 年度" in found.searched
    assert "8 份材料" in found.searched
    assert "1 份不可读" in found.searched


def test_往年的材料标明年度不符(filled: EvidenceIndex) -> None:
    (note,) = answer(filled, "B2-2有哪些材料？").notes
    assert "年度不符" in note
    assert "2017 年" in note
    assert answer(filled, "2017年常务会议研究教育工作几次").notes == ()


def test_看不到别的区县(filled: EvidenceIndex, store: Store) -> None:
    with store.session() as session:
        add_document(session, "青石.pdf", ["青石区普惠率为99.9%。"], district="青石区", title="学前").data_year = 2018
    filled.index_pending(annotate=Annotator(ItemMapper(SCHEME, CATALOGUE, filled.embedder)))
    for text in ("普惠率是多少", "青石区普惠率是多少", "云山区和青石区的普惠率对比"):
        shown = str(answer(filled, text).to_json())
        assert "99.9" not in shown
        assert "青石.pdf" not in shown


def test_比较给出各年的原句(filled: EvidenceIndex) -> None:
    found = answer(filled, "普惠率变化趋势")
    assert found.kind == "comparison"
    assert found.found


def test_输出的键(filled: EvidenceIndex) -> None:
    shown = answer(filled, "普惠率是多少").to_json()
    assert {"kind", "found", "answer"} <= shown.keys()
    sentence = shown["answer"][0]
    assert {"sentence", "citations", "supported"} <= sentence.keys()
    assert {"document", "file", "locator", "start", "end", "quote"} <= sentence["citations"][0].keys()


@pytest.mark.model
@needs_model
def test_真实模型_检索到的原句与找不到(store: Store, home) -> None:  # type: ignore[no-untyped-def]
    index = EvidenceIndex(store, home, load_embedder())
    fill(index, store)
    assert "386场" in answer(index, "法治进校园有哪些活动？").sentences[0].sentence
    assert "26万元" in answer(index, "语言文字工作经费是多少？").sentences[0].sentence
    for text in (
        "语言文字达标情况怎么样？",
        "特色高中建设有哪些材料？",
        "高考上线率是多少？",
        "今天天气怎么样？",
        "教师有偿家教查处了几起？",
    ):
        assert not answer(index, text).found, text
