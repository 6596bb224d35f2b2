"""Frozen dataclasses as JSON data and back, so that a decision can carry the scheme and the parameters it rests on."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from scoring_rules.case_errors import ReplayError
from scoring_rules.rounding import exact_text

Data = TypeVar("Data")
MappingOrigin = get_origin(Mapping[str, str])


def to_data(value: Any) -> Any:
    """`value` as JSON data: numbers as exact text, dates as ISO text. TypeError for anything else but plain words."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_data(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: to_data(member) for key, member in value.items()}
    if isinstance(value, tuple | list):
        return [to_data(member) for member in value]
    if isinstance(value, Fraction):
        return exact_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | bool | int):
        return value
    raise TypeError(f"no plain form for {type(value).__name__}")


def from_data(kind: type[Data], data: Any) -> Data:
    """The dataclass `kind` from what `to_data` made of it. ReplayError when a member is missing, unknown or of a wrong type."""
    built: Data = _build(kind, data, kind.__name__)
    return built


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _build(kind: Any, data: Any, where: str) -> Any:
    origin, members = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if data is None and type(None) in members:
            return None
        (kind,) = (member for member in members if member is not type(None))
        return _build(kind, data, where)
    if origin is Literal:
        return _checked(data, data in members, where)
    if origin is tuple:
        _checked(data, isinstance(data, list), where)
        return tuple(_build(members[0], member, f"{where}[{n}]") for n, member in enumerate(data))
    if origin is MappingOrigin:
        _checked(data, isinstance(data, dict), where)
        return {key: _build(members[1], member, f"{where}.{key}") for key, member in data.items()}
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        _checked(data, isinstance(data, dict) and set(data) == set(hints), where)
        return kind(**{name: _build(hint, data[name], f"{where}.{name}") for name, hint in hints.items()})  # type: ignore[operator]
    if kind in (Fraction, date):
        _checked(data, isinstance(data, str), where)
        try:
            return Fraction(data) if kind is Fraction else date.fromisoformat(data)
        except (ValueError, ZeroDivisionError) as exc:
            raise ReplayError(f"{where} 的内容不对") from exc
    return _checked(data, type(data) is kind, where)


def _checked(data: Any, is_right: bool, where: str) -> Any:
    if not is_right:
        raise ReplayError(f"{where} 的内容不对")
    return data
