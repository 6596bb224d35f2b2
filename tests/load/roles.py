"""What the people of the load test do, each in a thread with a name of his own, through the public functions of review/."""

from __future__ import annotations

import random
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from review.assistant import ask
from review.errors import StaleSheetError
from review.intake import take_in
from review.people import Person
from review.reviewers import give_points
from review.self_points import Entry, save_points, sheet
from review.workspace import Settings, Workspace

CYCLE = 2019
# District → its share of inclusive kindergartens: an answer that holds another one comes from another district.
FIGURES = {"云山区": "81.5%", "鹤汀区": "82.5%", "松涧区": "83.5%"}
DISTRICTS = tuple(FIGURES)
FIGURE_QUESTION = "普惠性幼儿园覆盖率达到多少？"
QUESTIONS = (
    FIGURE_QUESTION,
    "哪些材料能说明校园安全？",
    "隐患整改了多少处？",
    "B5-5 有哪些材料？",
    "特色高中建设情况怎么样？",
)
SHARED, STEP = "B14", Fraction(1, 100)  # what all who score add to, a hundredth at a time
PAUSES = {"asking": 2.0, "uploading": 4.0, "scoring": 2.0}  # seconds between two acts of a person, on average


@dataclass
class Done:
    """What the people of one process did. seconds : of each answer. uploads : (district, label). points : (district, criterion, expert, points).

    raised : saved additions to SHARED. refused : saves that were told somebody else had been quicker. errors : everything else.
    """

    seconds: list[float] = field(default_factory=list)
    uploads: list[tuple[str, str]] = field(default_factory=list)
    points: list[tuple[str, str, str, str]] = field(default_factory=list)
    raised: int = 0
    refused: int = 0
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Crew:
    """The people of one process. first : number of the first one. folder : for their files and for the sign to begin."""

    role: str
    first: int
    people: int
    seconds: float
    settings: Settings
    folder: Path
    crews: int


def run(crew: Crew) -> Done:
    """Does the work of a crew; begins when all crews are ready."""
    workspace, done = Workspace(crew.settings), Done()
    if crew.role != "scoring":
        # What a server has done when the first person comes: the model is loaded.
        ask(workspace, FIGURE_QUESTION, district=DISTRICTS[0], cycle=CYCLE)
    (crew.folder / f"ready-{crew.role}-{crew.first}").touch()
    while len(list(crew.folder.glob("ready-*"))) < crew.crews:
        time.sleep(0.05)
    until = time.monotonic() + crew.seconds
    work: Callable[[Workspace, Done, int, int, Path], None] = {"asking": _ask, "uploading": _upload, "scoring": _score}[
        crew.role
    ]

    def person(number: int) -> None:
        chance, turn = random.Random(number), 0
        while time.monotonic() < until:
            try:
                work(workspace, done, number, turn, crew.folder)
            except Exception:  # noqa: BLE001 - that there is none is what the test is about
                done.errors.append(traceback.format_exc(limit=-4))
            turn += 1
            time.sleep(max(0.0, min(chance.uniform(0.5, 1.5) * PAUSES[crew.role], until - time.monotonic())))

    threads = [threading.Thread(target=person, args=(crew.first + number,)) for number in range(crew.people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    workspace.store.engine.dispose()
    return done


def _ask(workspace: Workspace, done: Done, number: int, turn: int, folder: Path) -> None:
    """A clerk asks about his own district; the figure has to be his district's, and nothing of another one may be in the answer."""
    district = DISTRICTS[number % len(DISTRICTS)]
    person = Person(f"虚构填报员{number}", "district", frozenset({district}), session=f"负载 {number}")
    question = QUESTIONS[turn % len(QUESTIONS)]
    began = time.perf_counter()
    answer = ask(workspace.acting_as(person), question, district=district, cycle=CYCLE)
    done.seconds.append(time.perf_counter() - began)
    told = str(answer.to_json())
    if question == FIGURE_QUESTION and FIGURES[district] not in told:
        done.errors.append(f"{district}“{question}”没有答出 {FIGURES[district]}：{told[:300]}")
    done.errors += [
        f"{district}的回答里有{name}的材料"
        for name in DISTRICTS
        if name != district and (name in told or FIGURES[name] in told)
    ]


def _upload(workspace: Workspace, done: Done, number: int, turn: int, folder: Path) -> None:
    """A clerk uploads a file that nobody has uploaded before."""
    district = DISTRICTS[number % len(DISTRICTS)]
    person = Person(f"虚构填报员{number}", "district", frozenset({district}), session=f"负载 {number}")
    path = folder / f"隐患台账{number}-{turn}.txt"
    path.write_text(
        f"{district}隐患排查台账第{number}-{turn}号\n\n2018年排查隐患{number}{turn}处，均已整改。\n", encoding="utf-8"
    )
    result = take_in(workspace.acting_as(person), [path], district=district, cycle=CYCLE)
    (one,) = result.files
    if one.state != "indexed":
        done.errors.append(f"《{one.file}》没有读全：{one.state} {one.reason}")
    done.uploads.append((district, one.file))


def _score(workspace: Workspace, done: Done, number: int, turn: int, folder: Path) -> None:
    """Someone of the office adds to the points all add to, reading them anew when he was too late; then an expert gives points."""
    office = workspace.acting_as(Person(f"虚构督导员{number}", "office", session=f"负载 {number}"))
    while True:
        seen = sheet(office, DISTRICTS[0], CYCLE)
        entry = seen.entries.get(SHARED)
        value = (Fraction(0) if entry is None or entry.points is None else entry.points) + STEP
        try:
            save_points(office, DISTRICTS[0], CYCLE, {SHARED: Entry(value, f"{number}-{turn}")}, base=seen.version)
        except StaleSheetError:
            done.refused += 1
            continue
        done.raised += 1
        break
    district, name = DISTRICTS[turn % len(DISTRICTS)], f"虚构专家{number}-{turn}"
    expert = workspace.acting_as(Person(name, "expert", frozenset({district}), session=f"负载 {number}"))
    criterion, points = f"B{turn % 3 + 1}", str(turn % 10)
    give_points(expert, district, CYCLE, criterion, name, points, "虚构")
    done.points.append((district, criterion, name, points))
