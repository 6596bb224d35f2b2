"""Answers in a real model's words beside the answers without one: `python -m eval_sets.assistant.model_table`; see MODEL.md.

A sample of the practice halves is asked twice, and both answers are judged alike. Nothing of it is part of `edureview eval`: it
needs a server, takes a server's time, and its figures are that model's.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from eval_sets.assistant.judging import Marks, Stored, judge
from eval_sets.assistant.measure import Result, fresh_workspace, stored_words, summary
from eval_sets.assistant.questions import LOOKED_AT, Asked, questions
from retrieval.answer import Answer
from review.composition import WORDED, Checked, Composition, Event, ask_composed
from review.demo import CYCLE
from review.language_model import LanguageModel
from review.model_settings import ModelSettings
from review.model_ways import ways_of
from review.workspace import Workspace

SEED = 20190304
FIGURES = ("figure", "citation_precision", "citation_recall", "quotes_verified")


@dataclass(frozen=True, slots=True)
class Once:
    """A question asked with the model. sentences : that the model wrote and that were complete, why "" = borne out.

    seconds : of the whole; first : until the first checked sentence, None without one.
    """

    asked: Asked
    found: Composition
    sentences: tuple[Checked, ...]
    seconds: float
    first: float | None


def sample(count: int) -> list[Asked]:
    """Questions of the practice halves that a model may put into words and that have an answer, by turns of the halves."""
    rng = random.Random(SEED)
    halves = []
    for half in LOOKED_AT:
        fit = [one for one in questions(half) if one.found and one.kinds <= set(WORDED) and not one.choices]
        halves.append(rng.sample(fit, min(len(fit), count)))
    return [one for pair in zip(*halves, strict=False) for one in pair][:count]


def ask_once(workspace: Workspace, model: LanguageModel, asked: Asked) -> Once:
    """The question, once, in the right of who asks it."""
    given: list[tuple[float, Checked]] = []
    begun = time.monotonic()

    def keep(event: Event) -> None:
        if isinstance(event, Checked):
            given.append((time.monotonic() - begun, event))

    found = ask_composed(
        workspace.acting_as(asked.person), asked.question, model, district=asked.district, cycle=CYCLE, earlier=asked.earlier, on_event=keep
    )  # fmt: skip
    took = time.monotonic() - begun
    return Once(asked, found, tuple(one for _, one in given), took, given[0][0] if given else None)


def _figures(answers: Sequence[tuple[Asked, Answer]], stored: Stored) -> dict[str, float]:
    results: list[Result] = []
    for asked, answer in answers:
        marks: Marks = judge(asked, answer, stored)
        results.append(Result(asked, marks, None))
    return summary(results)


def table(done: Sequence[Once], stored: Stored) -> dict[str, dict[str, float]]:
    """Figures by column: without a model, as shown with it, and the sentences the model was credited with alone."""
    used = [one for one in done if one.found.model]
    borne_out = [
        (one.asked, replace(one.found.answer, sentences=tuple(s for s in one.found.answer.sentences if s.supported)))
        for one in used
    ]
    return {
        "without": _figures([(one.asked, one.found.extractive) for one in done], stored),
        "with": _figures([(one.asked, one.found.answer) for one in done], stored),
        "words_without": _figures([(one.asked, one.found.extractive) for one in used], stored),
        "words": _figures([(one.asked, one.found.answer) for one in used], stored),
        "words_borne_out": _figures(borne_out, stored),
    }


def lines(done: Sequence[Once]) -> list[str]:
    """What became of the model's sentences, for people."""
    given = [one for each in done for one in each.sentences]
    whys = Counter(part.split("”")[-1] or part for one in given if one.why for part in one.why.split("；"))
    notices = Counter(one.found.notice.split("，以下")[0][:40] for one in done if not one.found.model)
    asked = [one for one in done if one.found.notice]
    seconds = sorted(one.seconds for one in asked) or [0.0]
    first = sorted(one.first for one in done if one.first is not None) or [0.0]
    return [
        f"问题 {len(done)}，交给模型 {len(asked)}，采用模型改写 {sum(bool(one.found.model) for one in done)}",
        f"模型写完的句子 {len(given)}，核得上 {sum(not one.why for one in given)}",
        f"没有采用：{dict(notices)}",
        f"核不上的原因：{dict(whys.most_common(8))}",
        f"每问秒数：中位 {seconds[len(seconds) // 2]:.1f}，最长 {seconds[-1]:.1f}；第一句核对完：中位 {first[len(first) // 2]:.1f}",
    ]


@click.command()
@click.option("--base-url", required=True)
@click.option("--model", "name", required=True)
@click.option("--count", default=36, show_default=True)
@click.option("--tokens", default=200, show_default=True)
@click.option("--seconds", default=120.0, show_default=True)
@click.option("--log", type=click.Path(dir_okay=False, path_type=Path), help="每问一行，随问随写")
def main(base_url: str, name: str, count: int, tokens: int, seconds: float, log: Path | None) -> None:
    """Asks a sample of the practice halves with the model and prints the table."""
    model = LanguageModel(ModelSettings(base_url, name, seconds=seconds), silence_seconds=seconds, most_tokens=tokens)
    with fresh_workspace() as workspace:
        done = []
        for asked in sample(count):
            one = ask_once(workspace, model, asked)
            done.append(one)
            if log is not None:
                told = {
                    "id": one.asked.id, "kind": one.found.answer.kind, "model": one.found.model, "notice": one.found.notice, "seconds": round(one.seconds, 1),
                    "sentences": [(s.sentence.sentence, s.why) for s in one.sentences], "form": ways_of(model.settings)[0],
                }  # fmt: skip
                with log.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(told, ensure_ascii=False) + "\n")
        found = table(done, stored_words(workspace))
    for column, figures in found.items():
        row = "，".join(f"{figure} {figures[figure]:.3f}" for figure in FIGURES if figure in figures)
        click.echo(f"{column}：n {figures['n']:.0f}，{row}")
    click.echo("\n".join([*lines(done), f"要格式的写法：{ways_of(model.settings)[0]}"]))


if __name__ == "__main__":
    main()
