"""What goes wrong in the practice halves, by what was asked: `python -m eval_sets.assistant.failures [HALF…] [--only WORD]`.

Held-out halves are refused here: `edureview eval assistant` tells their totals. The measuring takes a minute or more per half.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from eval_sets.assistant.measure import Result, fresh_workspace, measure_half, summary
from eval_sets.assistant.questions import LOOKED_AT, Asked

# What `summary` tells of a half, in the order of README.md.
FIGURES = ("kind", "figure", "answered", "refusals", "leaks", "citation_precision", "citation_recall")


def group(asked: Asked) -> str:
    """What a question is a case of: the heading under which its failure is told. A follow-up is told with the follow-ups."""
    if asked.refuse:
        name = "无权知道"
    elif asked.choices:
        name = "问得不清"
    elif asked.found is False:
        name = "没有答案"
    elif len(asked.figure) > 1:
        name = "一句几个数"
    else:
        name = "、".join(sorted(asked.abouts))
    return f"承前 {name}" if asked.earlier else name


def failed(result: Result) -> bool:
    """Whether anything of it was judged wrong."""
    return bool(result.marks.problems) or result.same is False


def told(results: Sequence[Result]) -> Iterator[str]:
    """Totals, then group by group (most failures first): how many are right, and what went wrong in the others."""
    totals = summary(results)
    yield "　".join(f"{name} {totals[name]:.3f}" for name in FIGURES if name in totals)
    groups: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        groups[group(result.asked)].append(result)
    for name, members in sorted(groups.items(), key=lambda pair: -sum(map(failed, pair[1]))):
        wrong = [result for result in members if failed(result)]
        yield f"\n== {name}：{len(members)} 题，全对 {len(members) - len(wrong)} 题"
        for result in wrong:
            asked = result.asked
            said = " → ".join([*asked.earlier, asked.question])
            yield f"{asked.id} [{asked.asked_by} {asked.district or '不限'}] {said}"
            yield from (f"    {problem}" for problem in result.marks.problems)
            if result.same is False:
                yield "    问没有材料的区县，答复不同"


def run(words: Iterable[str]) -> int:
    """Measures the halves named (default: every practice half) and prints; --only WORD keeps groups whose heading holds it."""
    given = list(words)
    only = ""
    if "--only" in given:
        at = given.index("--only")
        if at + 1 == len(given):
            print("--only 后面请写一个词，例如 --only 承前。", file=sys.stderr)
            return 2
        only = given[at + 1]
        del given[at : at + 2]
    unknown = [half for half in given if half not in LOOKED_AT]
    if unknown:
        print(
            f"只能逐条看练习的一半（{'、'.join(LOOKED_AT)}），不能看：{'、'.join(unknown)}。请改写。", file=sys.stderr
        )
        return 2
    with fresh_workspace() as workspace:
        for half in given or LOOKED_AT:
            results = measure_half(workspace, half, only=lambda asked: only in group(asked))
            print(f"#### {half}", *told(results), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
