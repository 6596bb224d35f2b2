"""Errors of case files, parameters, rankings and replays, all below `ScoringError`.

ScoringError
├── DataFaultsError          a file is wrong; `.faults` lists every fault
│   ├── CaseError            a case file
│   ├── ParameterError       a parameter file
│   └── RankingError         results that cannot stand in one ranking
├── NotInForceError          a parameter is read for a day before its first value
├── ReplayError              a stored ledger is not what the rules give today
│   └── OldLayoutError       a stored decision holds other members than today's
└── OpenCaseError            a decision is asked for while something is open; `.open` lists all of it
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from scoring_rules.errors import DataFaultsError, ScoringError


class CaseError(DataFaultsError):
    """A case file is refused; ``source`` is its name as shown to the user."""

    def __init__(self, source: str, faults: Iterable[str]) -> None:
        self.source = source
        super().__init__(f"案卷“{source}”", faults)

    @classmethod
    def joined(cls, errors: Iterable[CaseError]) -> CaseError:
        """The faults of several case files told together; each sentence already names its file."""
        told = tuple(errors)
        return cls("、".join(error.source for error in told), [fault for error in told for fault in error.faults])


class ParameterError(DataFaultsError):
    """A parameter file is refused."""


class RankingError(DataFaultsError):
    """Results of different schemes or years, or of one district twice, were to be ranked together."""

    def __init__(self, faults: Iterable[str]) -> None:
        super().__init__("要排名的评分结果", faults)


class NotInForceError(ScoringError):
    """A parameter has no value yet on that day. ``parameter_id``, ``as_of`` as asked, ``first`` day of its first value."""

    def __init__(self, parameter_id: str, title: str, as_of: date, first: date) -> None:
        self.parameter_id, self.as_of, self.first = parameter_id, as_of, first
        super().__init__(
            f"参数“{title}”（{parameter_id}）自 {first.isoformat()} 起才有取值，不能用于 {as_of.isoformat()}，请核对评价年度。"
        )


class ReplayError(ScoringError):
    """A stored ledger cannot be recomputed to the same bytes. ``reason`` says in Chinese where it parts."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"评分账本复算不一致：{reason}。请核对案卷、方案与参数是否被改动。")


class OldLayoutError(ReplayError):
    """A stored decision is laid out as another version of the program wrote it, so that nothing can be compared."""

    def __init__(self, found: str, wanted: str) -> None:
        self.reason = f"决定的格式是 {found}，本版本只复算 {wanted}"
        ScoringError.__init__(
            self,
            f"这份认定决定不能复算：它的格式是 {found}，本版本的格式是 {wanted}，所带内容不同。"
            "这不表示内容被改动过。请用当时的版本复算，或以本版本重新认定。",
        )


class OpenCaseError(ScoringError):
    """A decision is asked for while something is open. ``open``: one Chinese sentence for each."""

    def __init__(self, district: str, cycle: int, open_: Sequence[str]) -> None:
        self.district, self.cycle, self.open = district, cycle, tuple(open_)
        listed = "\n".join(f"  {number}. {sentence}" for number, sentence in enumerate(self.open, 1))
        super().__init__(f"{district} {cycle} 年度还有 {len(self.open)} 项未决，不能认定。请逐项处理后重试：\n{listed}")
