"""What every command shares: the opened workspace, common options, and how results are printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import click

from review.workspace import Settings, Workspace

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass
class State:
    """Settings of this run; the workspace is opened when a command first needs it."""

    settings: Settings

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace of these settings."""
        return Workspace(self.settings)


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
