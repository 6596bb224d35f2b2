"""What one answer is worth: kind, figure, refusal, and its citations in the manner of ALCE, judged against the stored text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from eval_sets.assistant.questions import Asked
from retrieval.answer import Answer, SchemeCitation
from retrieval.cite import Citation
from retrieval.numbers import find_numbers
from retrieval.sentences import is_row

AnyCitation = Citation | SchemeCitation
# The text around a citation: (what stands at its start:end, the 200 characters on either side with it). None = no such text.
Stored = Callable[[AnyCitation], tuple[str, str] | None]

FIRST = 3  # a figure asked of the evidence stands in the first sentences
FEWEST_CHOICES = 2
SHARED = 8  # characters of a sentence without figures that its citation has to have in one piece
FREE_KINDS = ("evidence", "indicator")  # here a sentence without a citation rests on nothing
_NUMBER = re.compile(r"(?<![\d.A-Za-z])\d+(?:\.\d+)?")
# Not figures of a sentence: names of files, ids of items, years, what an article or a meeting is numbered.
_NO_FIGURE = re.compile(
    r"《[^》]*》|(?<![A-Za-z])[AB]\d+(?:-\d+)?|(?<!\d)(?:19|20)\d\d(?=年|\D|$)|第\s*\d+\s*(?=页|条|项|段|行|次)|附件\d|情形\d|R\d+|〔\d+〕\d*号?"
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DECIMAL = re.compile(r"\d+\.\d+")
_END = "。\n"  # folding takes line ends away, and 空编54 above 112名 would be 54112
_PUNCTUATION = re.compile(r"[^\w%]")


@dataclass(frozen=True, slots=True)
class Marks:
    """What an answer is worth; None where there is nothing to judge by. problems : in words, for who improves the answers."""

    kind: bool | None
    about: bool | None
    answered: bool | None
    figure: bool | None
    refused: bool | None
    leaked: bool
    citations: int
    right_citations: int
    verified: int
    sentences: int
    founded: int
    uncited: int
    problems: tuple[str, ...]


def fold(text: str) -> str:
    """Without differences of width, spaces, thousands commas and zeros at the end of decimals: 79.0% is 79%."""
    text = unicodedata.normalize("NFKC", _THOUSANDS.sub("", text)).replace("∶", ":").replace("～", "~")
    return _DECIMAL.sub(lambda found: found.group().rstrip("0").rstrip("."), re.sub(r"\s", "", text))


def holds(text: str, figure: str) -> bool:
    """Whether the figure stands in the text by itself, not as part of a longer number.

    A unit may stand away from its number, as in the heading of a table: 36 under （个） is 36个.
    """
    text, wanted = fold(text), fold(figure)
    edge = r"(?<![\d.])" if wanted[0].isdigit() else ""
    if re.search(edge + re.escape(wanted) + (r"(?!\d|\.\d)" if wanted[-1].isdigit() else ""), text):
        return True
    split = re.fullmatch(r"([\d.]+)(\D{1,3})", wanted)
    if split is None:
        return False
    alone = rf"{edge}{re.escape(split[1])}(?!\d|\.\d|%)"
    return bool(re.search(alone + r"(?![\u4e00-\u9fff])", text)) and split[2] in text


def judge(asked: Asked, answer: Answer | str, stored: Stored, foreign: Sequence[str] = ()) -> Marks:
    """answer : a text is the refusal that was raised. foreign : file names of districts that the person may not see."""
    if isinstance(answer, str):
        return _judge_raised(asked, answer)
    problems: list[str] = []
    told = _told(answer)
    leaked = [word for word in asked.absent if holds(told, word)] + [name for name in foreign if name in told]
    leaked += [c.file for c in _citations(answer) if isinstance(c, Citation) and not asked.person.sees(c.district)]
    if leaked:
        problems.append(f"不该出现：{leaked}")
    kind = about = answered = figure = refused = None
    if asked.answerable:
        kind, about = answer.kind in asked.kinds, answer.about in asked.abouts
        if not kind:
            problems.append(f"种类 {answer.kind}，应为 {_words(asked.kinds)}")
        if not about:
            problems.append(f"细类 {answer.about}，应为 {_words(asked.abouts)}")
        answered = answer.found or asked.found is None
        if not answered:
            problems.append(f"没有答出：{answer.searched[:80]}")
        if asked.figure and asked.found:
            absent = [
                one for one in asked.figure if not any(holds(_where_figures_stand(asked, answer), f) for f in one)
            ]
            figure = answer.found and not absent
            if absent:
                problems.append(f"没有应有的 {absent}，开头是：{' / '.join(_sentences(answer)[:2])[:120]}")
    else:
        refused = not answer.found and not leaked
        if asked.refuse:
            refused = refused and not _citations(answer) and answer.table is None
        if asked.choices:
            refused = refused and len(answer.choices) >= FEWEST_CHOICES
        if not refused:
            problems.append("应反问" if asked.choices else f"应说没有：{' / '.join(_sentences(answer)[:2])[:120]}")
    counted = _count(asked, answer, stored, problems) if asked.answerable and answer.found else (0,) * 6
    return Marks(kind, about, answered, figure, refused, bool(leaked), *counted, tuple(problems))


def _judge_raised(asked: Asked, words: str) -> Marks:
    leaked = any(holds(words, word) for word in asked.absent)
    if asked.answerable:
        figure = False if asked.figure else None
        return Marks(False, False, False, figure, None, leaked, 0, 0, 0, 0, 0, 0, (f"被拒绝：{words[:80]}",))
    good = not leaked and not asked.choices
    return Marks(None, None, None, None, good, leaked, 0, 0, 0, 0, 0, 0, () if good else (f"被拒绝：{words[:80]}",))


def _count(asked: Asked, answer: Answer, stored: Stored, problems: list[str]) -> tuple[int, int, int, int, int, int]:
    """citations, right ones, verified ones, sentences that need a ground, founded ones, sentences without a citation."""
    citations = right = verified = sentences = founded = uncited = 0
    of_record = answer.kind not in FREE_KINDS or answer.about == "deadline"
    for sentence, cited in _grounds(answer):
        good = 0
        for citation in cited:
            fault = _fault(asked, sentence, citation, stored)
            verified += fault != "引文对不上"
            good += not fault
            if fault:
                problems.append(f"引文：{fault}：《{citation.file}》“{citation.quote[:40]}”")
        citations, right = citations + len(cited), right + good
        if not cited:
            uncited += 1
            if of_record:
                continue
        sentences += 1
        # What the case, the rules and the office's acts give is told from them; the quotes only say what it rests on.
        missing = [] if of_record else [n for n in figures_of(sentence) if not any(holds(c.quote, n) for c in cited)]
        founded += bool(good) and not missing
        if missing or not cited:
            problems.append(f"无据：{missing or '没有引文'}：{sentence[:60]}")
    return citations, right, verified, sentences, founded, uncited


def _fault(asked: Asked, sentence: str, citation: AnyCitation, stored: Stored) -> str:
    """Why a citation is not right; empty when it is."""
    found = stored(citation)
    if found is None or not citation.quote or found[0] != citation.quote:
        return "引文对不上"
    if asked.files and citation.file not in asked.files:
        return "不在判断的文件里"
    if asked.words and not any(fold(word) in fold(found[1]) for word in asked.words):
        return "没有关键词"
    if citation.file.rsplit("/", 1)[-1] in sentence:
        return ""  # what is said of a file is said of this one
    numbers = figures_of(sentence)
    if numbers:
        same = any(holds(citation.quote, n) for n in numbers) or _amounts(sentence) & _amounts(citation.quote)
        return "" if same else "句中的数不在引文里"
    said, quote = (_PUNCTUATION.sub("", fold(text)) for text in (sentence, citation.quote))
    pieces = [said[i : i + SHARED] for i in range(max(1, len(said) - SHARED + 1))]
    return "" if any(piece in quote for piece in pieces) or (quote and quote in said) else "句子不出自引文"


def figures_of(sentence: str) -> list[str]:
    """The numbers a sentence states, without those of years, files and ids; of a table's row only the cells, not the headings."""
    if is_row(sentence):
        sentence = "；".join(piece.split("：", 1)[-1] for piece in sentence.split("；"))
    return _NUMBER.findall(_NO_FIGURE.sub(" ", unicodedata.normalize("NFKC", _THOUSANDS.sub("", sentence))))


def _amounts(text: str) -> set[Decimal]:
    """The sums of money in yuan: 18.264亿元 and 182640万元 are the same."""
    return {number.value for number in find_numbers(text) if number.unit == "元"}


def _grounds(answer: Answer) -> Iterator[tuple[str, tuple[AnyCitation, ...]]]:
    for sentence in answer.sentences:
        yield sentence.sentence, sentence.citations
    for row in answer.table.rows if answer.table else ():
        yield "；".join(row.cells), row.citations


def _citations(answer: Answer) -> list[AnyCitation]:
    return [citation for _, cited in _grounds(answer) for citation in cited]


def _sentences(answer: Answer) -> list[str]:
    return [sentence.sentence for sentence in answer.sentences]


def _where_figures_stand(asked: Asked, answer: Answer) -> str:
    """What a person takes the figure from: the first sentences of evidence, everything where it goes line by line."""
    first = max(FIRST, 2 * len(asked.figure)) if answer.kind == "evidence" else len(answer.sentences)
    cells = ["；".join(row.cells) for row in answer.table.rows] if answer.table else []
    return _END.join([*_sentences(answer)[:first], *cells, *answer.notes])


def _told(answer: Answer) -> str:
    """Every word of the answer."""
    cells = ["；".join(row.cells) for row in answer.table.rows] if answer.table else []
    quoted = [f"{c.file} {c.quote} {dict(c.locator)}" for c in _citations(answer)]
    return _END.join([*_sentences(answer), *cells, *answer.notes, answer.searched, *answer.choices, *quoted])


def _words(kinds: frozenset[str]) -> str:
    return "|".join(sorted(kinds))
