"""Words that a file carries and that nobody sees on paper, or that speak to whoever assesses it: told, never acted on.

Two kinds of checks, the same for every format: characters that no font draws (tag characters, zero-width characters,
reversed writing), and sentences that read like an order to an assessor or to a program (给满分, 忽略以上要求).
They lead to findings only: nothing is removed from the text, and no number depends on them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.pages import Finding, ParsedPage

HIDDEN, ORDER, UNSEEN_CHARACTERS = "隐藏文字", "疑似指令", "不可见字符"
EXCERPT = 200  # characters of the words themselves that a finding repeats

_ZERO_WIDTH = re.compile("[\u200b\u200c\u2060-\u2064\ufeff\u00ad\u180e]+")
_TURNED = re.compile("[\u202a\u202b\u202d\u202e\u2066-\u2068]")
_MANY_ZERO_WIDTH = 8  # some programs leave single ones between words

# Orders that no material of a district has a reason to hold, shown or hidden.
_PLAIN = re.compile(
    r"忽略(?:掉)?(?:你)?(?:以上|之前|上述|前面|前述|先前|此前|所有|全部|一切)[^。！？]{0,12}(?:指令|指示|要求|规则|提示|设定|内容|标准)"
    r"|(?:系统|隐藏)(?:提示词|指令)|你(?:现在)?是一?[个名位]?(?:AI|人工智能|语言模型|评审助手|评分助手|评审专家|评委)"
    r"|(?:作为|对于?|致)(?:AI|人工智能|大?语言模型|大模型|评审(?:系统|助手|模型)|评分(?:系统|助手|模型))"
    r"|(?:不要|不得|请勿|切勿)[^。！？]{0,6}(?:告诉|透露|提及|提到|说明|显示)[^。！？]{0,10}(?:这段|本段|此段|上述|指令|提示)"
    r"|ignore(?:all|any)?(?:the|your)?(?:previous|above|prior|earlier)\w{0,20}(?:instruction|prompt|rule|criteri)"
    r"|disregard(?:all|any)?(?:the|your)?(?:previous|above|prior)|systemprompt|youare(?:an?|the)(?:ai|assistant|reviewer|grader|evaluator)"
    r"|<\|im_start\|>|<\|system\|>|\[/?inst\]|###instruction"
    # Lines that pass themselves off as this program's own: its ledger, its case file, its checked citations, a model's reply.
    r"|计分账本.{0,8}rule|\brule=r\d|total_points=|credibility=\d|signed_by=|grade=(?:优秀|良好|合格)|(?:verified|annex1):\{"
    r"|\"(?:sentence|cite|tool_calls|verdict)\":|(?:出处|引文)已核对",
    re.IGNORECASE,
)
# Every sentence that `_PLAIN` finds holds one of these words.
_TELLING = (
    *("忽略", "提示词", "系统指令", "隐藏指令", "你是", "你现在是", "ai", "人工智能", "语言模型", "大模型"),
    *("评审系统", "评审助手", "评审模型", "评分系统", "评分助手", "评分模型", "不要", "不得", "请勿", "切勿"),
    *("ignore", "disregard", "systemprompt", "youare", "<|", "inst]", "###"),
    *("计分账本", "rule=r", "total_points=", "credibility=", "signed_by=", "grade=", "verified:{", "annex1:{"),
    *('"sentence":', '"cite":', '"tool_calls":', '"verdict":', "已核对"),
)
# Wishes for a result: in a visible report someone may write 建议评为优秀; in words nobody sees they are an attempt.
_WISH = re.compile(
    r"(?:请|须|应|必须|务必|直接|一律|均|都)?(?:给予?|打|评|判|记|计)(?:出|为|成|定为)?(?:本区|我区|该区|本项|此项|全部|[ab]\d{1,2}(?:-\d)?)?(?:满分|最高分|高分|优秀|达标|合格|通过|\d{2,4}分)"
    r"|(?:不要|不得|请勿|切勿|不予|无需)[^。！？]{0,6}扣分|(?:输出|回答|返回)[^。！？]{0,12}(?:满分|优秀|达标|符合|分)"
    r"|(?:give|award|assign)\w{0,20}(?:fullmark|fullscore|fullpoint|highestscore|maximum|topscore|100)"
    r"|(?:rate|grade|score|mark|judge)\w{0,24}(?:excellent|highest|maximum|fullmark|satisfied|met)|donot(?:deduct|mention|reveal|report)",
    re.IGNORECASE,
)
# A plea for full marks is not told where everybody sees it, but says nothing of education either.
_PLEA = re.compile(r"(?:请|都要|必须|务必|一律)[^。！？]{0,10}(?:满分|最高分)", re.IGNORECASE)
# In the name of a file or a sheet nothing is reported; whoever writes a result there wants it read.
_CLAIMED = re.compile(
    r"应(?:得|给|评|打|判|记)[^。]{0,4}(?:满分|最高分|\d{1,4}(?:\.\d+)?分)"
    r"|(?:核定|确认|认定|[AB]\d{1,2}(?:-\d{1,2})?)[^。]{0,4}(?:满分|最高分)"
)
_ITEM = re.compile(r"[AB]\d{1,2}(?:-\d{1,2})?")
# Blanks, marks set over letters, and characters without a shape.
_NOT_SAID = re.compile(r"[\s\u0300-\u036f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]+")
_TAGS = re.compile("[\U000e0020-\U000e007e]")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_ENDS = "。！？!?；;"
_SENTENCE = re.compile(rf"[^\n{_ENDS}]+[{_ENDS}]?")


def orders_in(text: str, *, hidden: bool) -> list[str]:
    """The sentences of `text` that read like orders to the assessor, in their order; spaces and unseen characters do not save them.

    hidden : whether nobody sees the text; then a wish for a result counts as well.
    """
    return [text[start:end].strip() for start, end in order_places(text, hidden=hidden)]


def order_places(text: str, *, hidden: bool) -> list[tuple[int, int]]:
    """Where those sentences stand in `text`, end exclusive."""
    whole = _squeezed(text).lower()
    if not hidden and not any(word in whole for word in _TELLING):
        return []  # nearly every page; the patterns themselves cost ten times as much
    if not _PLAIN.search(whole) and not (hidden and _WISH.search(whole)):
        return []
    found: list[tuple[int, int]] = []
    last: re.Match[str] | None = None
    for match in _SENTENCE.finditer(text):
        squeezed = _squeezed(match.group())
        if _PLAIN.search(squeezed) or (hidden and _WISH.search(squeezed)):
            found.append(match.span())
        elif last is not None and _PLAIN.search(_squeezed(last.group() + match.group())):
            # Half of it stands in one line or paragraph, half in the next.
            found += [span for span in (last.span(), match.span()) if span not in found]
        last = match if match.group()[-1] not in _ENDS else None
    return found


def without_orders(text: str, *, hidden: bool = False) -> str:
    """The text with a blank in the place of every such sentence and of pleas for full marks: what it says of education."""
    places = set(order_places(text, hidden=hidden))
    if "满分" in text or "最高分" in text:
        places |= {match.span() for match in _SENTENCE.finditer(text) if _PLEA.search(_squeezed(match.group()))}
    for start, end in sorted(places, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text


def heading_without_orders(text: str, *, hidden: bool = False) -> str:
    """The same for a file's name, a title, headings, line by line: one that claims points says nothing but the item it names."""
    lines = without_orders(text, hidden=hidden).split("\n")
    return "\n".join(" ".join(_ITEM.findall(line)) if _CLAIMED.search(_squeezed(line)) else line for line in lines)


def _squeezed(text: str) -> str:
    """To match only: compatible forms as one, without spaces, marks between characters and characters that are not drawn."""
    return _NOT_SAID.sub("", unicodedata.normalize("NFKC", _tags_decoded(text)))


def _tags_decoded(text: str) -> str:
    """Tag characters repeat ASCII where no font draws it."""
    return _TAGS.sub(lambda match: chr(ord(match.group()) - 0xE0000), text)


def excerpt(text: str) -> str:
    """At most `EXCERPT` characters on one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT]}……"


def hidden_finding(where: str, why: str, words: str, kind: str = HIDDEN) -> Finding:
    """What the expert is told of words that are not shown. where : 第 3 页, 正文 …; why : 与底色相同, 页面之外 …"""
    return Finding(kind, f"{where}有看不见的文字（{why}），没有作为佐证使用，请核对原件。", excerpt(words))


def order_findings(where: str, text: str, *, hidden: bool) -> list[Finding]:
    """One finding for all order-like sentences of a text, [] when there are none."""
    found = orders_in(text, hidden=hidden)
    if not found:
        return []
    place = "看不见的文字" if hidden else "文字"
    sentence = f"{where}的{place}里有 {len(found)} 句像是写给评审者或程序的指令，一律不执行，请核实是否为人为添加。"
    return [Finding(ORDER, sentence, excerpt(" ".join(found)))]


def name_findings(name: str, what: str = "文件名", *, wishes: bool = True) -> list[Finding]:
    """The same for the name of a file or a sheet, which is read by whoever sorts them; points claimed in it count as well.

    wishes : whether a wish for a result counts: a sheet may well be called 评为优秀的学校.
    """
    found = orders_in(name, hidden=wishes)
    if not found and not _CLAIMED.search(_squeezed(name)):
        return []
    sentence = f"{what}里有像是写给评审者或程序的指令或自称的得分，一律不执行，请核实是否为人为添加。"
    return [Finding(ORDER, sentence, excerpt(" ".join(found) or name))]


def unseen_characters(where: str, text: str) -> list[Finding]:
    """Findings about characters without a shape: [] for the few that word processors leave behind."""
    tags = "".join(_TAGS.findall(text))
    turned = len(_TURNED.findall(text))
    runs = [len(run) for run in _ZERO_WIDTH.findall(text)]
    found = []
    if tags:
        said = _tags_decoded(tags)
        sentence = f"{where}有 {len(tags)} 个不可见的标记字符，拼出的内容见摘录，请核实是否为人为添加。"
        found.append(Finding(UNSEEN_CHARACTERS, sentence, excerpt(said)))
    if turned:
        sentence = f"{where}有 {turned} 处改变书写方向的控制字符，显示的顺序可能与存储的文字不同，请核对原件。"
        found.append(Finding(UNSEEN_CHARACTERS, sentence))
    if runs and max(runs) >= _MANY_ZERO_WIDTH:
        sentence = f"{where}有 {sum(runs)} 个零宽字符（最长连续 {max(runs)} 个），可能藏有信息，请核实是否为人为添加。"
        found.append(Finding(UNSEEN_CHARACTERS, sentence))
    return found


def storable(text: str) -> str:
    """The text with what no database takes (zero characters, halves of wide characters) marked as unreadable, as long as before."""
    return _UNSTORABLE.sub("\ufffd", text)


def inspected(page: ParsedPage) -> ParsedPage:
    """The page with findings about unseen characters and order-like sentences added; its text stays as long as it is.

    Words spelt in tag characters are in the finding only: in the text they would be evidence that nobody sees.
    """
    named = [
        one
        for one in name_findings(page.label, f"“{excerpt(page.label)}”的名称", wishes=False)
        if one not in page.findings
    ]
    if named:
        page = replace(page, findings=(*page.findings, *named))
    if not page.text:
        return page
    text = storable(page.text)
    if text != page.text:
        page = replace(page, text=text)
    where = f"“{page.label}”"
    hidden, shown = _by_visibility(page)
    added = [
        *unseen_characters(where, page.text),
        *order_findings(where, hidden, hidden=True),
        *order_findings(where, shown, hidden=False),
    ]
    new = [finding for finding in added if finding not in page.findings]
    return replace(page, text=_TAGS.sub("\ufffd", page.text), findings=(*page.findings, *new)) if new else page


def _by_visibility(page: ParsedPage) -> tuple[str, str]:
    """The text of hidden spans, and the rest."""
    hidden: list[str] = []
    shown: list[str] = []
    last = 0
    for start, end in _merged([(span.start, span.end) for span in page.spans if "hidden" in span.locator]):
        shown.append(page.text[last:start])
        hidden.append(page.text[start:end])
        last = end
    shown.append(page.text[last:])
    return "\n".join(hidden), "\n".join(shown)


def _merged(ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ranges in order, without overlaps; hidden pieces that follow each other count as one text."""
    held: tuple[int, int] | None = None
    for start, end in sorted(ranges):
        if held is not None and start <= held[1]:
            held = (held[0], max(held[1], end))
        else:
            if held is not None:
                yield held
            held = (start, end)
    if held is not None:
        yield held
