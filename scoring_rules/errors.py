"""The errors of this package.

Every error here is meant for the person who runs the program: its text is a Chinese sentence that says what is wrong,
where, and what to do (请…).

    ScoringError
    ├── DataFaultsError        a data file is wrong; every fault is listed
    │   ├── SchemeError
    │   └── CatalogueError
    ├── UnknownYearError       data of a year that is not shipped
    └── …                      errors of case files and parameters, in ``case_errors.py``
"""

from __future__ import annotations

from collections.abc import Iterable


class ScoringError(Exception):
    """Base of every error this package raises on purpose; ``str(error)`` is a Chinese sentence for the user."""


class DataFaultsError(ScoringError):
    """A data file is wrong.

    ``faults`` holds every fault that was found, one Chinese sentence each, in the order of the file, so that a person
    can mend them all in one go instead of meeting them one by one.
    """

    def __init__(self, what: str, faults: Iterable[str]) -> None:
        """``what`` names the data (a Chinese noun phrase with the place); ``faults`` must not be empty."""
        self.faults: tuple[str, ...] = tuple(faults)
        if not self.faults:
            raise ValueError("an error about faulty data needs at least one fault")
        lines = "".join(f"\n  {number}. {fault}" for number, fault in enumerate(self.faults, start=1))
        super().__init__(f"{what}有{len(self.faults)}处错误，请逐处改正后重试：{lines}")


class SchemeError(DataFaultsError):
    """The published scheme cannot be loaded, or is not the scheme it should be."""


class CatalogueError(DataFaultsError):
    """The evidence catalogue cannot be loaded, or does not agree with itself."""


class UnknownYearError(ScoringError):
    """Data of a year was asked for that is not shipped.  ``year`` as asked, ``available`` what there is."""

    def __init__(self, what: str, year: str, available: Iterable[str]) -> None:
        self.year, self.available = year, tuple(available)
        super().__init__(f"没有“{year}”年的{what}，现有：{'、'.join(self.available)}。请改用现有的年份。")
