"""Questions in a process of their own: `python -m review.bench_ask_side FOLDER DISTRICT [MODEL]`, the questions as JSON on standard input.

The last line of the output is one JSON object. MODEL : JSON [address, name]; without it no model is asked.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from review.bench_passages import CYCLE
from review.composition import Event, Words, ask_composed
from review.language_model import LanguageModel
from review.model_settings import ModelSettings
from review.workspace import Settings, Workspace

REPEATS = 3
# Asked first, to load what is needed; none of them is measured.
_WARM_UP = ("B19包括哪些评价要点？", "教师培训经费占多大比例？", "哪些材料支撑B19-1？")


def warm(workspace: Workspace, district: str, questions: list[str]) -> dict[str, Any]:
    """Milliseconds of every question, by the clock and of the processor, once a few others have loaded what is needed.

    warm : each asked for the first time. again : asked once more, when what was worked out for it is still in memory.
    """
    for question in _WARM_UP:
        ask_composed(workspace, question, None, district=district, cycle=CYCLE)
    rounds: list[list[tuple[str, float, float]]] = []
    for _ in range(REPEATS):
        rounds.append([])
        for question in questions:
            begun, cpu = time.perf_counter(), time.process_time()
            ask_composed(workspace, question, None, district=district, cycle=CYCLE)
            spent, worked = time.perf_counter() - begun, time.process_time() - cpu
            rounds[-1].append((question, spent * 1000, worked * 1000))
    return {"warm": rounds[0], "again": [row for later in rounds[1:] for row in later]}


def streamed(workspace: Workspace, district: str, questions: list[str], model: LanguageModel) -> dict[str, Any]:
    """Milliseconds from each question to the first words shown and to the end of the answer."""
    model.warm_up()
    ask_composed(workspace, questions[0], model, district=district, cycle=CYCLE)
    first, whole = [], []
    for question in questions:
        seen: list[float] = []

        def note(event: Event, seen: list[float] = seen) -> None:
            if isinstance(event, Words) and event.text and not seen:
                seen.append(time.perf_counter())

        begun = time.perf_counter()
        ask_composed(workspace, question, model, district=district, cycle=CYCLE, on_event=note)
        if seen:
            first.append((seen[0] - begun) * 1000)
            whole.append((time.perf_counter() - begun) * 1000)
    return {"first_words": first, "whole": whole}


def main() -> None:
    """Opens the folder, asks, prints."""
    folder, district, *rest = sys.argv[1:]
    questions = json.loads(sys.stdin.read())
    workspace = Workspace(Settings(Path(folder)))
    if rest:
        base_url, name = json.loads(rest[0])
        found = streamed(workspace, district, questions, LanguageModel(ModelSettings(base_url, name)))
    else:
        found = warm(workspace, district, questions)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
