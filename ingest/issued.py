"""Who issued a document, and when: from the letterhead, the signature at the end, the imprint line or the form's own fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.years import EARLIEST, LATEST, plain

# What the name of a public body ends with. A sentence may end so as well, hence the limit on length and the words below.
_BODY = re.compile(
    r"^[\u4e00-\u9fff（）()·]{2,36}(?:人民政府|办公室|委员会|教育局|体育局|财政局|公安局|管理局|分局|局|委|办|厅|部|处|中心|领导小组|"
    r"学校|小学|中学|幼儿园|幼教集团|学院|大学|研究院|教研室|公司|事务所|街道办事处|镇政府|街道|镇|支队|大队|协会|联合会|所|院|科|股|室|站)$"
)
_NO_NAME = re.compile(
    r"[，。；：、？！,;:]|^(?:各|关于|根据|按照|为|经|抄送|主送|请|附|报|送|由|以上|以下|一、|二、|三、|（)|的|第.{1,4}[章节条]"
)
_LETTERHEAD = re.compile(r"^(.{2,40}?)(?:文件|（?函）?)$")
_FIELD = re.compile(
    r"(?:填报|填表|报送|编制|制表|发文|印发|主管|出具|检测|证明|申报)(?:单位|机关|部门|学校|机构)(?:（[^）]{1,10}）)?[:：]\s*([\u4e00-\u9fff·]{2,40})"
)
_IMPRINT = re.compile(r"^([\u4e00-\u9fff（）]{2,40}?)((?:19|20)\d\d年\d{1,2}月\d{1,2}日)(?:印发|印制)$")
_DATE = re.compile(r"((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日")
_DATE_NUMERIC = re.compile(r"(?<!\d)((?:19|20)\d\d)[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_DATE_FIELD = re.compile(r"(?:填报|填表|报送|制表|印发|发布|签发|出具|报告|检测|会议)(?:日期|时间)[:：]\s*(\S.{7,13})")
_CHINESE_DATE = re.compile(r"年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日")
_TAIL = 12
_HEAD = 12


@dataclass(frozen=True, slots=True)
class Stated:
    """value : "" when nothing states it. by : where it was found. words : the line it was read from."""

    value: str
    by: str
    words: str = ""

    def to_json(self) -> dict[str, str]:
        """As stored with the document."""
        return {"value": self.value, "by": self.by, "words": self.words}


NOT_FOUND = Stated("", "未找到")


def issuer(lines: Sequence[str], number: str) -> Stated:
    """The body that issued the document. lines : of the whole document, in order; number : its 文号, "" when it has none.

    The signature comes before the letterhead: 办公室 signs what is printed under the head of the government.
    """
    compact = [re.sub(r"\s+", "", plain(line)) for line in lines]
    spaced = dict(zip(compact, lines, strict=True))
    for line in compact[:_HEAD] + compact[-_TAIL:]:
        if match := _FIELD.search(line):
            return Stated(match.group(1), "填报栏", line[:60])
    tail = compact[-_TAIL:]
    for at in range(len(tail) - 1, -1, -1):
        if at and _whole_date(tail[at]) is not None and (name := _bodies(spaced[tail[at - 1]])):
            return Stated(name, "落款", tail[at - 1])
        match = re.match(rf"^(.+?)(?:（盖?章）)?{_DATE.pattern}$", tail[at])
        if match and (name := _bodies(match.group(1))):
            return Stated(name, "落款", tail[at])
    for line in tail:
        if match := _IMPRINT.match(line):
            return Stated(match.group(1), "版记", line)
    for line in compact[:4]:
        if (match := _LETTERHEAD.match(line)) and (name := _bodies(match.group(1))):
            return Stated(name, "发文机关标志", line)
    for at, line in enumerate(compact[:6]):
        following = compact[at + 1] if at + 1 < len(compact) else ""
        if (name := _bodies(line)) and ((number and number in following) or following.startswith("关于")):
            return Stated(name, "标题上一行", line)
    if (
        compact
        and (match := re.match(r"^([\u4e00-\u9fff（）]{2,30}?)关于", compact[0]))
        and (name := _bodies(match.group(1)))
    ):
        return Stated(name, "标题", compact[0][:60])
    return NOT_FOUND


def issue_date(lines: Sequence[str]) -> Stated:
    """The day of issue as 2018-06-12: a date that stands alone at the end, then the imprint, then a form's field, then under the title."""
    compact = [re.sub(r"\s+", "", _figures(plain(line))) for line in lines]
    tail = compact[-_TAIL:]
    for line in reversed(tail):
        if (found := _whole_date(line)) is not None:
            return Stated(found.isoformat(), "落款", line)
        signed = re.match(rf"^(.+?)(?:（盖?章）)?({_DATE.pattern})$", line)
        if signed and _bodies(signed.group(1)) and (found := _whole_date(signed.group(2))) is not None:
            return Stated(found.isoformat(), "落款", line)
    for line in tail:
        if (match := _IMPRINT.match(line)) and (found := _whole_date(match.group(2))) is not None:
            return Stated(found.isoformat(), "版记", line)
    for line in compact[:_HEAD] + tail:
        if (match := _DATE_FIELD.search(line)) and (found := _first_date(match.group(1))) is not None:
            return Stated(found.isoformat(), "填报栏", line[:60])
    for line in compact[:_HEAD]:
        if (found := _whole_date(line.strip("（）()"))) is not None:
            return Stated(found.isoformat(), "标题下", line)
    return NOT_FOUND


def language(text: str) -> Stated:
    """ "zh", "en" or "mixed" by the share of Chinese characters among letters; nothing below 20 letters."""
    chinese = sum(1 for char in text if "\u4e00" <= char <= "\u9fff")
    latin = sum(1 for char in text if char.isascii() and char.isalpha())
    if chinese + latin < 20:
        return Stated("", "文字太少")
    share = chinese / (chinese + latin / 4)  # a Chinese character says about as much as four Latin letters
    value = "zh" if share >= 0.7 else "en" if share <= 0.1 else "mixed"
    return Stated(value, "汉字占比", f"{share:.0%}")


def _bodies(line: str) -> str:
    """The line when it is the name of a public body, or of several side by side (joined by 、), else ""."""
    parts = [_body(part) for part in re.split(r"[\s、]+", line.strip())]
    if all(len(part) >= 4 for part in parts):
        return "、".join(parts)
    return _body(re.sub(r"\s+", "", line))  # 云 山 区 教 育 局


def _body(line: str) -> str:
    name = re.sub(r"(?:（[^（）]{1,8}）|\([^()]{1,8}\))$", "", line)  # （盖章）, （代章）
    return name if _BODY.match(name) and not _NO_NAME.search(name) else ""


def _whole_date(line: str) -> date | None:
    """The date when the line holds nothing else."""
    match = _DATE.fullmatch(line) or _DATE_NUMERIC.fullmatch(line)
    return _made(match) if match else None


def _first_date(words: str) -> date | None:
    match = _DATE.search(words) or _DATE_NUMERIC.search(words)
    return _made(match) if match else None


def _made(match: re.Match[str]) -> date | None:
    """None for a day that does not exist: 2018年2月30日 is a slip of the pen, and no date."""
    year, month, day = (int(part) for part in match.groups()[-3:])
    if not EARLIEST <= year <= LATEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}


def _figures(line: str) -> str:
    """2018年六月十二日 → 2018年6月12日."""
    return _CHINESE_DATE.sub(lambda match: f"年{_number(match.group(1))}月{_number(match.group(2))}日", line)


def _number(words: str) -> int:
    """一 … 三十一."""
    if "十" not in words:
        return _DIGITS[words[-1]]
    tens, _, ones = words.partition("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
