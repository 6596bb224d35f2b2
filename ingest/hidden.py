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
from itertools import groupby

from ingest.pages import Finding, ParsedPage

HIDDEN, ORDER, UNSEEN_CHARACTERS = "隐藏文字", "疑似指令", "不可见字符"
EXCERPT = 200  # characters of the words themselves that a finding repeats

_ZERO_WIDTH = frozenset("\u200b\u200c\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad\u180e")
_TURNED = frozenset("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
_MANY_ZERO_WIDTH = 8  # some programs leave single ones between words

# Orders that no material of a district has a reason to hold, shown or hidden.
_PLAIN = re.compile(
    r"忽略(?:掉)?(?:你)?(?:以上|之前|上述|前面|前述|先前|此前|所有|全部|一切)[^。！？]{0,12}(?:指令|指示|要求|规则|提示|设定|内容|标准)"
    r"|(?:系统|隐藏)(?:提示词|指令)|你(?:现在)?是一?[个名位]?(?:AI|人工智能|语言模型|评审助手|评分助手|评审专家|评委)"
    r"|(?:作为|对于?|致)(?:AI|人工智能|大?语言模型|大模型|评审(?:系统|助手|模型)|评分(?:系统|助手|模型))"
    r"|(?:不要|不得|请勿|切勿)[^。！？]{0,6}(?:告诉|透露|提及|提到|说明|显示)[^。！？]{0,10}(?:这段|本段|此段|上述|指令|提示)"
    r"|ignore(?:all|any)?(?:the|your)?(?:previous|above|prior|earlier)\w{0,20}(?:instruction|prompt|rule|criteri)"
    r"|disregard(?:all|any)?(?:the|your)?(?:previous|above|prior)|systemprompt|youare(?:an?|the)(?:ai|assistant|reviewer|grader|evaluator)"
    r"|<\|im_start\|>|<\|system\|>|\[/?inst\]|###instruction",
    re.IGNORECASE,
)
# Wishes for a result: in a visible report someone may write 建议评为优秀; in words nobody sees they are an attempt.
_WISH = re.compile(
    r"(?:请|须|应|必须|务必|直接|一律|均|都)?(?:给予?|打|评|判|记|计)(?:出|为|成|定为)?(?:本区|我区|该区|本项|此项|全部)?(?:满分|最高分|高分|优秀|达标|合格|通过)"
    r"|(?:不要|不得|请勿|切勿|不予|无需)[^。！？]{0,6}扣分|(?:输出|回答|返回)[^。！？]{0,12}(?:满分|优秀|达标|符合|分)"
    r"|(?:give|award|assign)\w{0,20}(?:fullmark|fullscore|fullpoint|highestscore|maximum|topscore|100)"
    r"|(?:rate|grade|score|mark|judge)\w{0,24}(?:excellent|highest|maximum|fullmark|satisfied|met)|donot(?:deduct|mention|reveal|report)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^。！？!?\n；;]+[。！？!?；;]?")


def orders_in(text: str, *, hidden: bool) -> list[str]:
    """The sentences of `text` that read like orders to the assessor, in their order; spaces and unseen characters do not save them.

    hidden : whether nobody sees the text; then a wish for a result counts as well.
    """
    found = []
    for match in _SENTENCE.finditer(text):
        squeezed = _squeezed(match.group())
        if _PLAIN.search(squeezed) or (hidden and _WISH.search(squeezed)):
            found.append(match.group().strip())
    return found


def _squeezed(text: str) -> str:
    """To match only: compatible forms as one, without spaces, marks between characters and characters that are not drawn."""
    normal = unicodedata.normalize("NFKC", _tags_decoded(text))
    return "".join(char for char in normal if not char.isspace() and unicodedata.category(char) not in ("Cf", "Mn"))


def _tags_decoded(text: str) -> str:
    """Tag characters repeat ASCII where no font draws it."""
    return "".join(chr(ord(char) - 0xE0000) if 0xE0020 <= ord(char) <= 0xE007E else char for char in text)


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


def unseen_characters(where: str, text: str) -> list[Finding]:
    """Findings about characters without a shape: [] for the few that word processors leave behind."""
    tags = "".join(char for char in text if 0xE0020 <= ord(char) <= 0xE007E)
    turned = sum(char in _TURNED for char in text)
    runs = [len(list(run)) for zero, run in groupby(text, key=_ZERO_WIDTH.__contains__) if zero]
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


def inspected(page: ParsedPage) -> ParsedPage:
    """The page with findings about unseen characters and order-like sentences added; its text stays as it is."""
    if not page.text:
        return page
    where = f"“{page.label}”"
    hidden, shown = _by_visibility(page)
    added = [
        *unseen_characters(where, page.text),
        *order_findings(where, hidden, hidden=True),
        *order_findings(where, shown, hidden=False),
    ]
    new = [finding for finding in added if finding not in page.findings]
    return replace(page, findings=(*page.findings, *new)) if new else page


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
