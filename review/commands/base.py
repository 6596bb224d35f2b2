"""What every command shares: the opened workspace, common options, and how results are printed."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import click

from review.people import LOCAL
from review.workspace import Settings, Workspace

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass
class State:
    """Settings of this run; the workspace is opened when a command first needs it.

    acts_as : name of the account to act for; None = the local operator, who has every right.
    """

    settings: Settings
    acts_as: str | None = None

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace of these settings, for who acts. Raises AccountError when there is no such account."""
        operator = replace(LOCAL, session=f"命令行 {_system_user()}".strip())
        opened = Workspace(self.settings, operator)
        if self.acts_as is None:
            return opened
        from review.accounts import person_named

        return opened.acting_as(person_named(opened, self.acts_as, f"{operator.session} 代办"))


def _system_user() -> str:
    """Who runs the command, as the operating system calls him; "" where it does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def as_json(command: Command) -> Command:
    """Adds `--json`."""
    return click.option("--json", "json_", is_flag=True, help="输出一个 JSON 文档。")(command)


def of_district(*, required: bool) -> Callable[[Command], Command]:
    """Adds `--district` and `--cycle`."""

    def add(command: Command) -> Command:
        command = click.option("--cycle", type=int, help="评价年度（数据年度为其上一年）；默认最新的年度。")(command)
        return click.option("--district", required=required, help="区县名称，如 云山区。")(command)

    return add


def print_json(value: Any) -> None:
    """One JSON document in UTF-8 on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
