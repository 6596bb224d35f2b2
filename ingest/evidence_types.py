"""Which kinds of evidence (M F R Y T …) a document is: by its file name, then its title, then its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Chinese names are head-final: 教师培训工作总结 is a summary (R) about training (P). So the forms below decide when they
# end a name; the subjects decide over the loose forms: 预算批复 is a budget (Y), 检测报告 a test (X), though 批复 and 报告 come last.
_FORMS = {
    "M": r"纪要|会议记录|会议决定事项",
    "Z": r"台账|名册|名单|清单|花名册|一览表|登记表|登记册|明细表",
    "T": r"统计报表|统计表|统计年报|基本情况表|统计台账|统计数据|汇总表|统计$",
    "G": r"(?:工资|薪酬|津贴|补贴|补助|社保|社会保险|公积金).{0,10}(?:发放表|发放明细|缴纳表|缴费表|发放册|发放台账)",
    "R": r"总结|汇报|自评报告|自查报告|自评|自查|述职",
    "N": r"情况说明|零报告|不适用|差异说明|说明$",
    "C": r"课表|课程表|作息时间表|章程$|章程（|教案",
    "V": r"照片|现场图|影像|图片集",
}
_SUBJECTS = {
    "Y": r"预算|决算|拨款|拨付|指标文|指标通知|收支|(?:下达|安排|拨付).{0,25}(?:资金|经费|补助)|(?:经费|资金|投入).{0,8}(?:执行|到位|落实|使用)",
    "B": r"机构编制|(?<!预算)编制(?!.{0,15}(?:规划|方案|预算|说明))|核编|定编|岗位设置|招聘|聘用|人员控制总量",
    "G": r"工资|薪酬|公积金|社会保险|社保|津贴|津补贴",
    "J": r"规划许可|施工许可|竣工|验收|移交|立项|可行性研究|建设用地|不动产|开工",
    "D": r"督导(?:检查)?(?:情况)?(?:记录|意见书|反馈|通报|回执)|检查记录|整改(?:通知|回执|报告|落实|完成|销号|情况|方案)|回执|随访记录",
    "X": r"检测|鉴定|测试|审计|监测|质量年报|质量年度报告|评估报告|绩效评价|体质健康.{0,6}(?:结果|报告)",
    "Q": r"问卷|满意度",
    "A": r"获奖|表彰|推广|荣誉|奖励|优秀案例|证书|典型经验",
    "P": r"培训|研修|继续教育",
    "W": r"公示|公告|网页|截图|网站|信息公开",
    "L": r"证明(?!材料)|复函|的函|函$|函（",
    "C": r"章程",
}
_LOOSE = {
    # Only as the last word: a report on how a plan was carried out is not the plan.
    "F": r"(?:通知|意见|办法|方案|规划|批复|决定|细则|规定|制度|计划|预案)(?=$|[（(《])",
    "R": r"报告|情况|综述|成效",
    "T": r"报表|统计|数据表",
    "Z": r"记录|登记|抽查表|核查表|申报表",
    "C": r"课程|教学计划",
    "D": r"挂牌督导|责任督学|抽查|督查",
    "Y": r"经费|资金",
    "V": r"现场|核查",
}
_TIERS = tuple({code: re.compile(words) for code, words in tier.items()} for tier in (_FORMS, _SUBJECTS, _LOOSE))

# Sentences that only this kind of paper holds. Each needs as many hits as given.
_CONTENT = {
    "M": (re.compile(r"会议(?:指出|强调|听取|研究|决定|要求|议定|审议)|(?:出席|列席|主持)[:：]"), 2),
    "L": (re.compile(r"特此证明|特此函[告复达]|此函"), 1),
    "N": (re.compile(r"特此说明|零报告|不适用"), 1),
    "W": (re.compile(r"https?://|www\.|浏览次数|发布时间|发布日期|公示期|予以公示|现公示"), 1),
    "X": (re.compile(r"检测依据|检测结论|鉴定结论|检测机构|测试人数|审计意见|样本"), 2),
    "G": (re.compile(r"应发|实发|代扣|缴费基数"), 2),
    "P": (re.compile(r"学时|参训|培训对象|培训内容"), 3),
    "Q": (re.compile(r"发放问卷|回收问卷|有效问卷|回收率|满意度"), 2),
    "D": (re.compile(r"责任督学|督学签名|整改时限|限期整改|整改结果"), 3),
    "Y": (re.compile(r"预算|决算|拨付|拨款|到账|功能科目"), 5),
    "R": (re.compile(r"一年来|下一步|存在(?:的)?问题|主要(?:做法|成效)|工作总结"), 2),
}
_ITEM = re.compile(r"[AB]\d{1,2}(?:-\d)?")


@dataclass(frozen=True, slots=True)
class TypeFound:
    """code : of the evidence catalogue. by : 文件名, 标题, 文号 or 正文. word : the words that said so."""

    code: str
    by: str
    word: str


def types_of(file_stem: str, title: str, text: str, number: str, *, kind: str) -> list[TypeFound]:
    """All types the document serves, the primary one first; empty when nothing tells.

    text : the beginning of the document. number : its own 文号. kind : media kind; a workbook no word describes is a list.
    """
    found: dict[str, TypeFound] = {}
    for by, name in (("文件名", file_stem), ("标题", title)):
        for code, word in _ranked(_ITEM.sub("", name)):
            found.setdefault(code, TypeFound(code, by, word))
    if number:
        found.setdefault("F", TypeFound("F", "文号", number))
    for code, word in _by_content(text):
        found.setdefault(code, TypeFound(code, "正文", word))
    if not found and kind in ("xlsx", "xls", "csv", "ods", "xlsb", "excelxml"):
        counted = len(re.findall(r"序号：", text)) >= 3
        found["Z" if counted else "T"] = TypeFound(
            "Z" if counted else "T", "正文", "逐行编号的表格" if counted else "电子表格"
        )
    return list(found.values())


def _ranked(name: str) -> Iterator[tuple[str, str]]:
    """Types a name states, the deciding one first: within a tier, the word that ends last."""
    for tier in _TIERS:
        hits = [(match.end(), code, match.group()) for code, words in tier.items() for match in words.finditer(name)]
        for _, code, word in sorted(hits, key=lambda hit: (-hit[0], -len(hit[2]), hit[1])):
            yield code, word


def _by_content(text: str) -> Iterator[tuple[str, str]]:
    hits = []
    for code, (words, needed) in _CONTENT.items():
        matches = [match.group() for match in words.finditer(text)]
        if len(matches) >= needed:
            hits.append((len(matches) / needed, code, matches[0]))
    for _, code, word in sorted(hits, key=lambda hit: (-hit[0], hit[1])):
        yield code, word
