"""段落对应评价要点：词语、名称、编号都起作用；与教育无关的如实说没有。"""

from __future__ import annotations

import pytest

from retrieval.cues import CuesError, load_cues, read_cues
from retrieval.embedder import default_model_folder, load_embedder
from retrieval.itemmap import ItemMapper
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme
from tests.retrieval.conftest import TokenEmbedder

SCHEME = load_scheme()

SAMPLES = [
    ("B5-5", "2018年全区普惠性幼儿园覆盖率86.5%，新认定普惠性民办幼儿园34所，学前教育入园率97.2%。"),
    ("B2-2", "区政府常务会议听取教育工作汇报，研究解决教育重点难点问题。"),
    ("B12-1", "各镇街在水库河边设警示牌，开展预防学生溺水宣传，落实校园周边综合治理制度。"),
    ("B15-3", "全部中小学、幼儿园实行责任督学挂牌督导，校门口公布督学姓名和电话。"),
    ("B16-6", "印发师德考核办法，师德失范行为一票否决。"),
    ("B17-3", "安排教师培训费，组织骨干教师研修班，教师培训费占公用经费预算总额的5%。"),
    ("B20", "家庭经济困难学生助学金按时发放，应助尽助，没有学生因贫失学。"),
    ("B3-2", "各学校章程全部核准，聘请法治副校长，法治进校园活动有计划有实施。"),
]


@pytest.fixture(scope="module")
def mapper() -> ItemMapper:
    return ItemMapper(SCHEME, load_catalogue(), TokenEmbedder())


@pytest.mark.parametrize(("item", "text"), SAMPLES, ids=[item for item, _ in SAMPLES])
def test_对应到要点(mapper: ItemMapper, item: str, text: str) -> None:
    (mapping,) = mapper.map([text])
    assert mapping.ranking[0][0] == item
    assert not mapping.none


def test_置信度在0到1之间_从大到小_只列k个(mapper: ItemMapper) -> None:
    (mapping,) = mapper.map([SAMPLES[0][1]], k=65)
    confidences = [confidence for _, confidence in mapping.ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert 0.99 < sum(confidences) < 1.01
    assert len({item for item, _ in mapping.ranking}) == 65
    assert len(mapper.map([SAMPLES[0][1]], k=3)[0].ranking) == 3


@pytest.mark.parametrize(
    "text",
    ["本公司股票今日上涨，净利润同比增长。", "台风登陆沿海，气象台发布暴雨预警。", "某大学召开研究生学术年会。"],
)
def test_与区县教育无关的说没有(mapper: ItemMapper, text: str) -> None:
    assert mapper.map([text])[0].none


def test_文件名里的编号算数(mapper: ItemMapper) -> None:
    text = "序号：1；名称：甲；数量：3"
    (mapping,) = mapper.map([text], contexts=["佐证/B5-6 附表.xlsx"])
    assert mapping.ranking[0][0] == "B5-6"
    assert not mapping.none
    (whole,) = mapper.map([text], contexts=["B16 教师队伍.xlsx"])
    assert whole.ranking[0][0].startswith("B16-")


def test_标题帮助对应(mapper: ItemMapper) -> None:
    (mapping,) = mapper.map(["学校：望云路小学；人数：12"], contexts=["2018年教师交流轮岗名册"])
    assert mapping.ranking[0][0] == "B16-2"


def test_向量可以给也可以现算_结果一样() -> None:
    embedder = TokenEmbedder()
    mapper = ItemMapper(SCHEME, load_catalogue(), embedder)
    texts = [text for _, text in SAMPLES]
    assert mapper.map(texts) == mapper.map(texts, embedder.embed_passages(texts))
    assert mapper.map([]) == []


def test_联想词覆盖全部要点() -> None:
    cues = load_cues(SCHEME)
    assert set(cues.words) == set(cues.hints) == {item.id for item in SCHEME.items}
    assert not [item for item in cues.words if set(cues.words[item]) & set(cues.hints[item])]


def test_联想词文件的错误一次报全() -> None:
    text = 'scheme: "2018"\nfield_words: [学校, 学校]\ncues:\n  "B99-1": [甲]\nhints:\n  "B1-1": [乙]\n'
    with pytest.raises(CuesError) as caught:
        read_cues(text, SCHEME)
    joined = str(caught.value)
    for word in ("2019", "重复", "B99-1", "缺少这些评价要点", "请"):
        assert word in joined


@pytest.mark.model
@pytest.mark.skipif(not default_model_folder().is_dir(), reason="本机没有转换好的嵌入模型，请先运行 setup")
def test_真实模型下的对应() -> None:
    mapper = ItemMapper(SCHEME, load_catalogue(), load_embedder())
    mappings = mapper.map([text for _, text in SAMPLES])
    assert [mapping.ranking[0][0] for mapping in mappings] == [item for item, _ in SAMPLES]
    assert not any(mapping.none for mapping in mappings)
    assert mapper.map(["本公司股票今日上涨，净利润同比增长。"])[0].none
