"""Which kind of question it is, by its words alone: the scheme, evidence, what is missing, a comparison, or the record of points."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

QuestionKind = Literal["indicator", "evidence", "missing", "comparison", "ledger", "unknown"]
Topic = Literal[
    "",
    "annex1",
    "grades",
    "total",
    "bonus",
    "procedure",
    "document",
    "count",
    "threshold",
    "parts",
    "where",
    "materials",
]
About = Literal[
    "", "figure", "evidence", "indicator", "missing", "comparison", "points", "rectification", "annex1", "grade", "procedure",
    "deadline", "unknown",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Naming:
    """What else is known of a question. explicit : it names an entry by id; own : it says that this district is meant.

    named : it names an item or a metric in words; metric : a metric; money : one that is counted in yuan.
    districts : how many districts it is about, the asker's own among them when it names another.
    """

    explicit: bool
    own: bool
    named: bool
    metric: bool
    money: bool = False
    districts: int = 0


_MISSING = re.compile(
    r"还缺(?!多少|几)|缺什么|缺啥|缺哪|缺少|缺了|欠缺|差什么|差啥|差哪些|没交|未交|漏了|漏交|漏报|补交|补什么|补啥|补哪些|补齐|要补|待补"
    r"|没有?(?:任何)?(?:材料|佐证|证据)(?:的|$|[？?])|材料.{0,4}(?:齐全|完整|够不够|够吗|够了|齐吗|齐了|齐没|齐不齐|全不全|全吗|到位)|尚未提供|未提供|未提交"
    r"|(?:少|缺)(?:什么|哪些|哪几|哪份|啥)(?:材料|东西|佐证|证据)?|缺(?:的)?(?:材料|佐证|证据)|(?:材料|佐证|证据)(?:还)?缺|(?:交|备|报|上传)(?:齐|全)|一份(?:材料|佐证)?(?:都|也)没|(?:材料|佐证|证据)(?:都|也)没有?"
)
_MISSING_ELSE = re.compile(r"缺编|缺岗|缺员|缺课|缺口|缺席|缺勤|缺额")
_LEDGER_WORDS = re.compile(
    r"得分|总分|最终|自评(?:分|得|总)|核查分|可信度|认定等级|评价等级|什么等级|哪个等级|名次|第几名|排第几|扣分|扣了|被扣|降级|加分|分数"
)
_ASKS_HOW = re.compile(
    r"为什么|为何|怎么算|如何算|怎么得|如何得|怎么来|是多少|多少|第几|几分|什么等级|哪个等级|算出来|会不会|是否|有没有|吗"
)
_POINTS = re.compile(
    r"(?:为什么|为何|为啥|凭什么|咋|怎么|怎会).{0,16}(?:\d分|几分|扣|失分|丢分|得分|低分|这么低|这么少|满分)"
    r"|(?:只有|才|只给|只得|得了|给了|拿了)\s*\d+(?:\.\d+)?\s*分|\d分.{0,4}(?:怎么|如何|咋)(?:来|算|得|扣)"
    r"|(?:得|扣|给|打|拿|失|丢)了?(?:多少|几)分|(?:扣|失|丢)分|(?:初评|核查|复核|审定|专家|实地).{0,5}(?:多少分|几分|得分|分数|的分|给分|打分|评分)"
    r"|可信度.{0,6}(?:多少|几|高|低|系数|打)|可信度.{0,8}(?:为什么|为啥)|(?:认|批|核|评|审)(?:定|准|出)?了?(?:多少|几)分|总分.{0,6}(?:怎么来|咋来|如何来|怎么得|怎么出)"
    r"|计分过程|算分过程|分数.{0,4}(?:怎么|如何|咋)|(?:怎么|如何|咋)(?:算|打|扣|评|得)(?:出来)?的?分"
)
_BOTH_POINTS = re.compile(r"自评(?:和|与|跟|比)核查|核查(?:和|与|跟|比)自评|(?:得|拿|给|打)了?满分(?:吗|没|了没)")
_HOW_COUNTED = re.compile(r"(?:怎么|咋|如何)(?:来|算|得|出)|过程|一步步|明细|逐[条项]")
# Asks what was done with points, which no scheme can say.
_GIVEN = re.compile(
    r"为什么|为啥|为何|凭什么|了(?:多少|几)分|(?:怎么|咋|如何)(?:来|得)|只有|可信度.{0,6}(?:是|有)?多少"
)
# Projects, pupils and surveys are given points too; these stand in the evidence.
_POINTS_ELSE = re.compile(r"绩效|满意度|测试|考试|中考|高考|平均分|体测|问卷")
# 自评 and 核查 points are the district's own whatever else is said.
_POINTS_OF_RECORD = re.compile(
    r"自评(?:分|得分|总分|打分)|核查(?:分|得分)|最终得分|初评.{0,12}(?:为|给|低|满|扣|少|几|多少|分)|自评.{0,4}(?:打|得|报|给)了?(?:多少|几)分|自评(?:一共|总共|合计|共)|评定(?:了)?(?:多少|几)分"
)
_OF_SCHEME_POINTS = re.compile(
    r"满分|分值|(?:占|值|算)(?:多少|几)分|方案(?:里|中|上|规定)|(?:可以|最多|最高|能)(?:加|得)"
)
_GRADE_DISTANCE = re.compile(
    r"(?:离|距|距离|到).{0,8}(?:优秀|良好|合格|等级|一档|上一级|达标线).{0,10}(?:差|远|多少|几)"
    r"|(?:再|还)?(?:丢|掉|扣|失|降)(?:多少|几)分?.{0,8}(?:优秀|良好|合格|等级|一档)|等级.{0,6}(?:变|会成|受影响)|(?:如果|要是|万一|假如).{0,20}(?:等级|评|优秀|良好|合格|结果)"
    r"|(?:差|少|缺|要|再|提高|涨|补)(?:多少|几)分?.{0,8}(?:优秀|良好|合格|上一档|升档)|(?:优秀|良好|合格).{0,8}(?:还)?差(?:多少|几|得)"
    r"|(?:能不能|能否|可不可以|会不会|够不够|有没有可能|有没有希望|有希望|有机会|够得上|够得着|能|会|可以|稳|保).{0,8}(?:优秀|良好|合格|优(?=[吗么？?]|$))"
    r"|(?:优秀|良好|合格).{0,6}(?:有戏|稳吗|稳不稳|保得住|够吗|够不够|悬)"
    r"|(?:评|定|认定|拿|得|是)(?:了|到|上|成)?(?:个)?(?:什么|哪个|几|啥)(?:等级|等次|档次|档)|(?:等级|等次|档次).{0,3}(?:定了|出来|认定了|确定了|是什么|是啥)"
    r"|(?:现在|目前|眼下|最后|最终|今年|大概|预计).{0,8}(?:等级|等次|第几名|排名|名次|总分)|第几名|排第几|名次"
)
_STATED_POINTS = re.compile(r"\d+(?:\.\d+)?\s*分")
_GRADE_RULE = re.compile(
    r"(?:多少|几)分.{0,6}(?:算|是|才|能|可以|以上|评)|怎么(?:划分|分)|如何划分|分数线|标准|划分|哪几个等级|几个等级|分几等|有哪些等级"
)
_OURS = re.compile(
    r"我区|我县|本区|本县|我们|咱们|咱区|咱|该区|这个区|全区得|区得|(?<!市)区里|县里|(?:现在|目前|眼下)(?!.{0,4}规定)"
)
_COMPARISON = re.compile(
    r"对比|比较|相比|哪个区|哪个县|哪些区|哪些县|各区县|各个区|各区|各县|谁(?:更|最)高|差距|区别|排名|变化趋势|历年|逐年"
    r"|(?:其他|其它|别的|兄弟|所有|全部|几个|十二个|12个|每个|隔壁|周边)(?:的)?(?:区|县).{0,12}(?:比|高|低|排|情况|怎么样|呢|多少)|哪区|横向|全市.{0,8}(?:排|最高|最低|倒数)"
)
# Of two districts that are named.
_SIDE_BY_SIDE = re.compile(r"谁|比(?!例|率|重)|哪个|更|一样|高于|低于|分别|各|和|跟|与|同|相差|差距")
_EXAMPLES_OF_PLACES = re.compile(r"各区域|各区块|各区片|各县域")
_RECTIFICATION = re.compile(
    r"(?:上年|上一年|上年度|去年|前一年|往年|上次|上一次|上轮|上一轮|之前|历年).{0,10}(?:问题|反馈|意见|整改|毛病|通报)"
    r"|(?:督导)?反馈(?:的|意见)?.{0,4}(?:问题|意见).{0,14}(?:整改|改|落实|销号|完成|到位)|问题.{0,10}(?:整改|销号|改了|改完|改好|改到位|没改|没解决|解决了|落实了)"
    r"|整改.{0,6}(?:到位|完成|情况|进度|进展|落实|得怎么样|怎么样|了吗|了没|没有|几项|多少|率|完了|销号|台账)|没(?:有)?整改|未整改|销号|整改了|复查(?:结果|结论|通过|了吗|没有|没)"
)
# Hazards, kindergartens of housing estates and training firms are put right too; that stands in the evidence.
_RECTIFICATION_ELSE = re.compile(r"隐患|配套|无证|培训机构|大班额|校车|食堂|小学化|收费|消防|校舍|督学")
_RECTIFICATION_RULE = re.compile(
    r"(?:不整改|整改不到位|没整改|未整改|不到位|整改不力).{0,8}(?:会|怎么办|后果|处理|怎么样|扣|怎么扣)|整改(?:的)?(?:程序|流程|要求|规定|步骤)|怎么整改|(?:谁|由谁).{0,4}复查|整改复查(?:是|怎么|由)"
)
_WANTS_MATERIAL = re.compile(
    r"材料|佐证|证据|证明|支撑|依据是什么文件|哪份|哪些文件|哪个文件|出处|原文在|说明.{0,12}(?:达标|情况|落实)|体现|反映|看哪|看什么|可看|可查|拿什么|拿哪|凭什么材料|哪里写|哪儿写|写在哪(?!条|一条|款)|哪一?页|原话|原句"
)
_NEEDS_MATERIAL = re.compile(
    r"(?:需要|要准备|应准备|应提供|要提供|应提交|要交|必备|必须有|应有|要看|要求|该交|该准备|得准备|准备).{0,8}(?:材料|佐证|证据)|(?:材料|佐证|证据).{0,4}(?:要求|清单|目录)"
)
_ANNEX = re.compile(
    r"触发|命中|附件\s*[1一１]|降低.{0,3}等级|等级.{0,6}降|降级|降一级|降一档|降一等|降等|降档|哪些情形|什么情形|六种情形|六条情形|一票否决|掉(?:一)?级|掉(?:一)?档"
)
_ANNEX_STATE = re.compile(
    r"做到[了没吗]|做没做到|到没到|触发|命中|触碰|踩|中了|中招|沾|认定|待核实|核实|状态|结论|有没有|有无|现在|目前|会不会|会被|要不要|被降|要被|怎么(?:还)?没|该不该"
    r"|(?:会|要|该).{0,4}降.{0,4}(?:吗|么|不|？|\?)|符合|成立|排除|风险|(?:哪|几)(?:几)?条.{0,4}(?:有问题|没定|未定|不确定|中)"
)
_ANNEX_TEXT = re.compile(
    r"(?:哪些|什么|几种|哪几种|哪种)情[形况]|情[形况](?:有哪些|有几|是什么|包括)|内容|规定|原文|(?:说|写|讲)的?(?:是)?(?:什么|啥)|是什么|是啥|包括|有几[条种]|几[条种]|列了|才会|就会|怎么样会|怎样会"
)
_GRADES = ("不合格", "合格", "良好", "优秀")
_GRADE_ASK = re.compile(
    r"多少分|几分|分数线|怎么划分|如何划分|怎么分|几个等级|哪几个等级|分几等|等级.{0,4}(?:标准|划分|有哪些|是什么|怎么)|算(?:优秀|良好|合格|不合格)|才(?:能)?(?:算|是|得)?(?:优秀|良好|合格)|达到(?:优秀|良好|合格)|什么等级|哪个等级|属于什么|是(?:优秀|良好|合格)|能评"
)
_TOTAL = re.compile(r"满分|总分(?:值)?(?:是|为|有)?多少|一共多少分|总共多少分|合计多少分")
_BONUS = re.compile(r"加分|奖励性|奖励分")
# What a district has applied for, and how many there are of a thing, stands in its papers, not in the scheme.
_APPLIED = re.compile(r"申请|申报")
_COUNTED = re.compile(r"(?:多少|几)(?:所|名|人|处|起|万元|个班)")
_DEADLINE = re.compile(
    r"截止|最晚|最迟|期限|时限|哪一?天|几号|还[剩有](?:几|多少)天|到期|多久(?:之)?内|多长时间|来得及|几天(?:内|时间)"
    r"|(?:什么时候|啥时候|何时|几月|哪个月).{0,8}(?:交|报|提交|结束|截|开始|启动|来|到|反馈|复查|发布|公布|公开|出来|完成|部署|通知|印发|自评|督导|检查)"
    r"|(?:交|报|提交|报送|自评|整改|复查|督导|评审|反馈|公布)(?:要|得|应该|是|在)?(?:到什么时候|什么时候|啥时候|何时|几月|哪天|截止)"
)
_OF_THE_YEAR = re.compile(
    r"自评|自查|材料|报告|整改|提交|复查|督导|反馈|审核|发布|公布|公示|填报|评价|评审|申诉|阶段|通知|结果|检查|部署"
)
_PROCEDURE = re.compile(
    r"程序|流程|步骤|怎么开展|如何开展|组织实施|自查自评|审核监测|实地督导|反馈意见|整改复查|评价报告|验证法|可信度|随机抽|什么时候(?:开始|部署|印发)|几月|每年几次|多久一次|谁来评|谁来(?:检查|打分|审)|谁来?(?:组织|负责|审定|发布)|评价.{0,4}(?:一年|每年).{0,3}几次|第三方|满意度|结果.{0,4}(?:运用|使用|用途|有什么用|干什么)|问责|通报批评|奖惩"
    r"|(?:到|进行到|走到|处于|在)(?:哪|什么|哪个|哪一个?)(?:阶段|步|环节)|(?:几个|哪几个|哪些)(?:阶段|步骤|环节)|抽样|怎么(?:抽|评|复查|申诉)|弄虚作假|造假"
)
_STAGE = re.compile(r"(?:到|进行到|走到|处于|在|是)(?:了)?(?:哪|什么|哪个|哪一个?)(?:阶段|步|环节)|什么阶段|哪个阶段")
_DOCUMENT = re.compile(
    r"文号|几号文|哪个文件|什么时候印发|何时印发|谁印发|发文单位|印发日期|方案(?:的)?(?:名称|全称|标题)"
)
_COUNT = re.compile(
    r"(?:多少|几)(?:个|条|项)?(?:评价)?(?:指标|要点|条目|一级|二级|子项)|指标(?:体系)?(?:有哪些|包括|构成)|(?:一级|二级)指标(?:有)?(?:哪些|几)|哪些(?:一级|二级)?指标$|指标体系"
)
_THRESHOLD = re.compile(
    r"要求.{0,3}(?:多少|几)|(?:要求|标准|规定|门槛|底线|指标值|目标值)(?:是|为|达到|的|值|有)*(?:多少|什么|几|啥)|要达到|应达到|应该达到|需达到|须达到|需要达到|得达到|要(?:开|有|占|够)?(?:多少|几)|至少|不低于多少|最低|多少(?:才|算)(?:达标|合格|符合|行|够)?|多少以上|达标线|达标标准|方案(?:中|里|对|要求|规定)|怎么要求|咋要求|如何要求|怎么规定|如何规定|有什么要求|有啥要求|有哪些要求|要求是什么|标准是什么|(?:的|\s)(?:要求|标准|规定)[？?。]?$|(?:方案|规定|政策|上面|市里)(?:上)?(?:要求|规定)"
)
_PARTS = re.compile(
    r"满分|多少分|几分|分值|包括|包含|哪几条|哪些条|有哪些要点|是什么|是啥|什么意思|啥意思|什么内容|内容是|指什么|讲什么|讲的|说的|说什么|管什么|原文|全文|怎么写|怎么说|要求|标准|规定|哪些内容|介绍|解释|哪几项|几条|有几|考什么|考核什么|看什么|评什么"
)
_WHERE = re.compile(
    r"(?:属于|对应|在)(?:哪个|哪条|哪一条|哪一项|什么)(?:指标|要点|条|项|评价)?|哪(?:个|条|些|一条|几条)(?:指标|要点|条目|评价要点)|归(?:哪|到哪)"
)
_STATE = re.compile(r"达标[了吗没]|达标情况|落实|完成[了吗得]|怎么样|做得|进展|情况|做了没|做没做|得了多少|达没达标")
_DEMANDED = re.compile(r"要求|规定|方案|至少|不低于|最低|应达|要达|达标|门槛|底线")
_TWO_VALUES = re.compile(r"(?:两|几|不同的)个?(?:数|说法)|对不上")
_QUOTE_WANTED = re.compile(r"原文(?:给|发|贴|呢|看)|原话|原句")
# A question for a 文号 that is longer names the document it means.
_SHORT = 12
# What a district has claimed for itself stands in its own assessment.
CLAIMED = re.compile(r"自评|申报|申请|想加|扣了|扣几分|扣多少")
_SELF_SAID = re.compile(r"自评|申报|申请|想加")
# Which of its own is the lowest: nothing the scheme could say.
_EXTREME = re.compile(r"哪一?(?:类|项|个|所|片|条|家|块|科|门|年|些|几).*最[低高多少大小差好挤]")
_OF_SCHEME = re.compile(r"指标|要点|分值|方案")
_SCHEME_WORDS = re.compile(r"方案|办法|文件规定|评价指标|评价要点|济政办发")
FIGURE = re.compile(
    r"多少|(?<![这那哪近好前后第])几(?:所|个|人|次|名|起|元|分|成|间|条|项|年|套|处|回|家|块|岁|门|份|栋|件|天|万|张|台|本|班|位|场|期|批|倍)|(?:有|怎么|为什么|哪)两个数|比例|占比|百分|数量|人数|金额|率(?:是|为|达|有|怎|如|$|？|\?)|何时|哪年|哪一年|平均|总数"
)


def is_own(text: str, district: str | None) -> bool:
    """Whether the text says that this district's own state is meant."""
    return bool(_OURS.search(text) or (district and district in text))


def kind_of(text: str, naming: Naming, bare: bool) -> tuple[QuestionKind, About, Topic]:
    """Kind, finer kind and topic of a question. bare : the text holds nothing but ids."""
    for asks, answer in (
        (_asks_deadline, ("indicator", "deadline", "procedure")),
        (_asks_comparison_of_districts, ("comparison", "comparison", "")),
        (_asks_missing, ("missing", "missing", "")),
        (_asks_needed_material, ("indicator", "indicator", "materials")),
        (_asks_rectification_rule, ("indicator", "procedure", "procedure")),
        (_asks_rectification, ("ledger", "rectification", "")),
        (_asks_what_if, ("ledger", "grade", "")),
        (_asks_annex_state, ("ledger", "annex1", "")),
        (_asks_grade, ("ledger", "grade", "")),
        (_asks_points, ("ledger", "points", "")),
    ):
        if asks(text, naming):
            return answer  # type: ignore[return-value]
    if _COMPARISON.search(text):
        return "comparison", "comparison", ""
    if _WANTS_MATERIAL.search(text) and not _SCHEME_WORDS.search(text):
        figure = _TWO_VALUES.search(text)
        return "evidence", "figure" if figure else "evidence", ""
    if _QUOTE_WANTED.search(text) and not naming.explicit:
        return "evidence", "evidence", ""
    topic = _topic(text, naming, bare)
    if not topic:
        return "evidence", "figure" if FIGURE.search(text) or naming.metric else "evidence", ""
    abouts: dict[Topic, About] = {"annex1": "annex1", "grades": "grade", "procedure": "procedure"}
    return "indicator", abouts.get(topic, "indicator"), topic


def _asks_deadline(text: str, naming: Naming) -> bool:
    if naming.explicit or naming.metric or not _DEADLINE.search(text):
        return False
    # When the scheme itself was issued is printed on it; 8 月的检查 of a district stands in its papers.
    return bool(_OF_THE_YEAR.search(text)) and not naming.named and not (_DOCUMENT.search(text) and "方案" in text)


def _asks_comparison_of_districts(text: str, naming: Naming) -> bool:
    if naming.districts > 1 and _SIDE_BY_SIDE.search(text):
        return True
    found = _COMPARISON.search(text)
    return bool(found and re.search(r"区|县|全市|横向", found[0])) and not _EXAMPLES_OF_PLACES.search(text)


def _asks_missing(text: str, naming: Naming) -> bool:
    return bool(_MISSING.search(text)) and not _MISSING_ELSE.search(text)


def _asks_needed_material(text: str, naming: Naming) -> bool:
    return bool(_NEEDS_MATERIAL.search(text)) and (naming.explicit or naming.named) and not naming.own


def _asks_rectification_rule(text: str, naming: Naming) -> bool:
    return bool(_RECTIFICATION_RULE.search(text)) and not naming.explicit and not _RECTIFICATION_ELSE.search(text)


def _asks_rectification(text: str, naming: Naming) -> bool:
    if not _RECTIFICATION.search(text) or _RECTIFICATION_RULE.search(text):
        return False
    return not (_RECTIFICATION_ELSE.search(text) and not re.search(r"上年|去年|反馈|上次", text))


def _asks_annex_state(text: str, naming: Naming) -> bool:
    if not _ANNEX.search(text):
        return False
    if _ANNEX_TEXT.search(text) and not naming.own and not re.search(r"触发|命中|待核实|中了|中招", text):
        return False
    return naming.own or bool(_ANNEX_STATE.search(text))


def _asks_what_if(text: str, naming: Naming) -> bool:
    return bool(re.search(r"(?:如果|要是|万一|假如|假设).{0,20}(?:等级|优秀|良好|合格|评)", text)) and "分" not in text


def _asks_grade(text: str, naming: Naming) -> bool:
    if _OF_SCHEME_POINTS.search(text) or naming.metric or _HOW_COUNTED.search(text):
        return False
    if _GRADE_DISTANCE.search(text) and not _GRADE_RULE.search(text):
        return naming.own or not _STATED_POINTS.search(text)
    return naming.own and bool(re.search(r"总分|等级|等次|名次|排名", text)) and bool(_ASKS_HOW.search(text))


def _asks_points(text: str, naming: Naming) -> bool:
    if _POINTS_OF_RECORD.search(text) or _BOTH_POINTS.search(text):
        return True
    if _POINTS_ELSE.search(text):
        return False
    if _OF_SCHEME_POINTS.search(text) and not naming.own:
        return False
    if _POINTS.search(text) and not _SELF_SAID.search(text.replace("自评可信度", "")):
        return (
            bool(_GIVEN.search(text))
            or naming.own
            or naming.explicit
            or naming.named
            or not _topic(text, naming, False)
        )
    counted = _HOW_COUNTED.search(text) and re.search(r"总分|得分", text)
    return naming.own and bool(_LEDGER_WORDS.search(text)) and bool(_ASKS_HOW.search(text) or counted)


def _topic(text: str, naming: Naming, bare: bool) -> Topic:
    if naming.explicit:
        # With an id the question is about that entry unless it asks for this district's own state.
        if (_STATE.search(text) or CLAIMED.search(text)) and not _SCHEME_WORDS.search(text):
            return ""
        return "parts" if _PARTS.search(text) or bare else ("threshold" if _THRESHOLD.search(text) else "")
    if _EXTREME.search(text) and not _OF_SCHEME.search(text):
        return ""
    if _ANNEX.search(text):
        return "annex1"
    if (
        (any(grade in text for grade in _GRADES) or "等级" in text)
        and _GRADE_ASK.search(text)
        and not (naming.named and "率" in text)
    ):
        return "grades"
    if _TOTAL.search(text) and not naming.own:
        return "total"
    if _BONUS.search(text) and not naming.own and not _APPLIED.search(text):
        return "bonus"
    if _DOCUMENT.search(text) and (_SCHEME_WORDS.search(text) or (not naming.named and len(text) <= _SHORT)):
        return "document"
    if _COUNT.search(text):
        return "count"
    if _WHERE.search(text):
        return "where"
    if naming.named and _THRESHOLD.search(text) and not naming.own and not _COUNTED.search(text):
        # 生均公用经费标准是多少 asks what is paid, not what is demanded.
        return "" if naming.money and not _DEMANDED.search(text) else "threshold"
    if _STAGE.search(text) or (_PROCEDURE.search(text) and not naming.own and not naming.named):
        return "procedure"
    if _SCHEME_WORDS.search(text) and naming.named:
        return "threshold"
    return ""
