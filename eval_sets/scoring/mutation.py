"""Mutation testing of scoring_rules: which small mistakes in the rules would no test notice?

    python -m eval_sets.scoring.mutation                          all modules (about half an hour on two cores)
    python -m eval_sets.scoring.mutation grade rounding           some modules
    python -m eval_sets.scoring.mutation --survivors found.json   what an earlier run (--json found.json) left alive

The mistakes are mutmut's: its operators make every mutant of every function, as `mutmut run` would. What differs is the
running. pytest starts, imports and collects once; one pass notes which test calls which function; each mutant is then a
fork of that process in which the code object of the one function is replaced, and which runs the tests that call it
until one fails. A mutant that never ends (see `_child`) counts as killed, as mutmut counts a timeout.
"""

from __future__ import annotations

import argparse
import functools
import gc
import importlib
import json
import os
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation.file_mutation import mutate_file_contents

ROOT = Path(__file__).parents[2]
PACKAGE = "scoring_rules"
NO_PLACE = 250  # exit codes are small: tests from here on are not told apart
KILLED, SURVIVED, NOT_CALLED = "killed", "survived", "not called"


@dataclass(frozen=True)
class Mutant:
    """name : as mutmut writes it. target : the function whose code is replaced by that of `changed`."""

    name: str
    target: FunctionType
    changed: FunctionType

    @property
    def module(self) -> str:
        return self.name.split(".")[1]

    @property
    def function(self) -> str:
        return self.name.rpartition("__mutmut_")[0]


def mutants_of(module: str) -> Iterator[Mutant]:
    """Every mutant of a module of the package, in mutmut's order."""
    real = importlib.import_module(f"{PACKAGE}.{module}")
    path = ROOT / PACKAGE / f"{module}.py"
    made = mutate_file_contents(str(path), path.read_text(encoding="utf-8"))
    twin = ModuleType(f"{PACKAGE}.{module}")
    twin.__file__ = str(path)
    kept = sys.modules[twin.__name__]
    sys.modules[twin.__name__] = twin  # dataclasses look their module up while they are made
    try:
        exec(compile(made.code, str(path), "exec"), vars(twin))
    finally:
        sys.modules[twin.__name__] = kept
    for name in made.mutant_names:
        function = name.rpartition("__mutmut_")[0]
        if "ǁ" in function:
            _, owner, method = function.split("ǁ")
            target, changed = vars(getattr(real, owner))[method], vars(getattr(twin, owner))[name]
        else:
            target, changed = getattr(real, function.removeprefix("x_")), getattr(twin, name)
        unbound = [getattr(f, "__func__", f) for f in (target, changed)]
        yield Mutant(f"{PACKAGE}.{module}.{name}", *unbound)


class MutationRun:
    """The pytest plugin: instead of running the tests once, it runs them once per mutant. states : name → outcome."""

    def __init__(self, mutants: Sequence[Mutant], workers: int, budget: float | None, kept: Path | None) -> None:
        self.mutants, self.workers, self.budget, self.kept = mutants, workers, budget, kept
        self.states: dict[str, str] = {}
        self.durations: dict[str, float] = {}
        self.callers: dict[CodeType, set[str]] = defaultdict(set)
        self.loading: set[CodeType] = set()
        self.failed: list[str] = []
        self.killers: dict[str, list[str]] = defaultdict(list)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        self._note_callers()
        if self.failed:
            raise pytest.UsageError(f"tests fail without any mutant: {self.failed[:5]}")
        self._run_all()
        return True

    def _note_callers(self) -> None:
        wanted = {mutant.target.__code__ for mutant in self.mutants}
        place: list[set[CodeType]] = [self.loading]

        def called(frame: Any, event: str, _: Any) -> None:
            if event == "call" and frame.f_code in wanted:
                place[0].add(frame.f_code)

        _forget(everything=True)
        sys.setprofile(called)
        _load_all()
        items = list(self.items.values())
        for item, following in zip(items, [*items[1:], None], strict=True):
            place[0] = set()
            began = time.process_time()
            reports = runtestprotocol(item, nextitem=following, log=False)
            self.durations[item.nodeid] = time.process_time() - began
            if any(report.failed for report in reports):
                self.failed.append(item.nodeid)
            for code in place[0]:
                self.callers[code].add(item.nodeid)
        sys.setprofile(None)

    def _tests(self, mutant: Mutant) -> list[str]:
        """Node ids of the tests that call the function, first those of its own module and the word-for-word ones."""
        code = mutant.target.__code__
        found = set(self.callers[code])
        if code in self.loading:
            # What is loaded is loaded once, so only the first test is seen to call it.
            own = ("test_scheme_2019.py", f"test_{mutant.module}.py", f"test_{mutant.module}_mutants.py")
            found |= {name for name in self.items if name.split("::")[0].endswith(own)}
        own_file = f"/test_{mutant.module}"
        # What killed the last mutants of the function kills the next one, more often than not.
        killers = [name for name in self.killers[mutant.function] if name in found]

        def place(name: str) -> tuple[bool, bool, float, str]:
            return own_file not in name, "_mutants.py" not in name, self.durations[name], name

        ordered = sorted(found - set(killers), key=place)
        ordered = [*killers, *ordered]
        if self.budget is None:
            return ordered
        spent, kept = 0.0, []
        for name in ordered:
            spent += self.durations[name]
            if kept and spent > self.budget:
                break
            kept.append(name)
        return kept

    def _run_all(self) -> None:
        running: dict[int, tuple[Mutant, list[str]]] = {}
        gc.collect()
        gc.freeze()  # so that a collection in a fork does not copy the memory it shares with this process
        for number, mutant in enumerate(self.mutants, start=1):
            tests = self._tests(mutant)
            if not tests:
                self.states[mutant.name] = NOT_CALLED
                continue
            if len(running) >= self.workers:
                self._wait(running)
            if pid := os.fork():
                running[pid] = mutant, tests
            else:
                self._child(mutant, tests)
            if number % 100 == 0:
                print(f"{number}/{len(self.mutants)} {Counter(self.states.values())}", file=sys.stderr, flush=True)
                self._keep()
        while running:
            self._wait(running)
        self._keep()

    def _keep(self) -> None:
        if self.kept is not None:
            self.kept.write_text(json.dumps(self.states, ensure_ascii=False, indent=0), encoding="utf-8")

    def _wait(self, running: dict[int, tuple[Mutant, list[str]]]) -> None:
        pid, status = os.wait()
        mutant, tests = running.pop(pid)
        self.states[mutant.name] = SURVIVED if status == 0 else KILLED
        place = os.waitstatus_to_exitcode(status) - 1
        if 0 <= place < min(len(tests), NO_PLACE - 1):
            known = self.killers[mutant.function]
            known[:] = [tests[place], *(name for name in known if name != tests[place])]

    def _child(self, mutant: Mutant, tests: Sequence[str]) -> None:
        """Never returns: exit code 0 when all tests pass, else the place of the first that fails, from 1 on."""
        code = 1
        try:
            # Four times what the tests took, and two seconds for what they load again.
            seconds = 2 + int(4 * sum(self.durations[name] for name in tests))
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            signal.alarm(seconds * 10)  # and an end for one that waits for something without computing
            _forget(everything=mutant.target.__code__ in self.loading)
            for name in ("__code__", "__defaults__", "__kwdefaults__"):
                setattr(mutant.target, name, getattr(mutant.changed, name))
            items = [self.items[name] for name in tests]
            for place, (item, following) in enumerate(zip(items, [*items[1:], None], strict=True), start=1):
                code = min(place, NO_PLACE)
                _run(item, following)
            code = 0
        finally:
            os._exit(code)


def _run(item: Any, following: Any) -> None:
    """Setup, call and teardown of a test, as pytest does them but without the report, which costs more than the test."""
    item._initrequest()
    try:
        item.session._setupstate.setup(item)
        item.runtest()
    except pytest.skip.Exception:
        return
    finally:
        item.session._setupstate.teardown_exact(following)
        item._request, item.funcargs = False, None


def _forget(*, everything: bool) -> None:
    """Empties the caches of the package: those of what is computed, and, if asked, of what is read from files."""
    modules = [module for name, module in sys.modules.items() if name.startswith(f"{PACKAGE}.")]
    for member in [member for module in modules for member in vars(module).values()]:
        if isinstance(member, functools._lru_cache_wrapper) and (everything or member.cache_parameters()["maxsize"]):
            member.cache_clear()


def _load_all() -> None:
    from scoring_rules.catalogue import load_catalogue
    from scoring_rules.parameters import load_parameters
    from scoring_rules.scheme_loader import load_scheme

    load_scheme()
    load_parameters()
    load_catalogue()


def table(states: dict[str, str]) -> str:
    """A Markdown table: per module the mutants, those killed, those alive and those no test calls."""
    by_module: dict[str, Counter[str]] = defaultdict(Counter)
    for name, state in states.items():
        by_module[name.split(".")[1]][state] += 1
    by_module["**合计**"] = Counter(states.values())
    lines = ["| 模块 | 变异 | 杀死 | 存活 | 未调用 | 杀死率 |", "|---|---:|---:|---:|---:|---:|"]
    for module, found in sorted(by_module.items()):
        total = sum(found.values())
        rate = 100 * found[KILLED] / total
        lines.append(
            f"| {module} | {total} | {found[KILLED]} | {found[SURVIVED]} | {found[NOT_CALLED]} | {rate:.1f}% |"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs what the command line asks for and prints the table; 1 when the tests fail without any mutant."""
    parser = argparse.ArgumentParser(prog="python -m eval_sets.scoring.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", help="modules of scoring_rules; all when none is named")
    parser.add_argument("--tests", nargs="+", default=["tests/scoring_rules"], help="test files to choose from")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--budget", type=float, help="seconds of tests per mutant at most; no limit when absent")
    parser.add_argument("--json", type=Path, help="file for the outcome of every mutant")
    parser.add_argument("--survivors", type=Path, help="run only what that earlier outcome left alive")
    parser.add_argument("--every", type=int, default=1, help="only every n-th mutant of each function, a sample")
    given = parser.parse_args(arguments)
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    modules = given.modules or sorted(p.stem for p in (ROOT / PACKAGE).glob("*.py") if p.stem != "__init__")
    mutants = [mutant for module in modules for mutant in mutants_of(module)]
    mutants = [mutant for mutant in mutants if int(mutant.name.rpartition("_")[2]) % given.every == 0]
    if given.survivors:
        earlier = json.loads(given.survivors.read_text(encoding="utf-8"))
        mutants = [mutant for mutant in mutants if earlier.get(mutant.name) != KILLED]
    run = MutationRun(mutants, given.workers, given.budget, given.json)
    options = ["-qq", "-p", "no:cacheprovider", "--assert=plain", "--hypothesis-seed=0"]
    code = pytest.main([*options, *given.tests], plugins=[run])
    print(table(run.states))
    return 0 if code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) else 1


if __name__ == "__main__":
    raise SystemExit(main())
