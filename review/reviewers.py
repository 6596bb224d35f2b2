"""Several experts on one criterion: blind until all of the panel are in, then the spread, and arbitration where they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import Arbitration, ExpertPoints
from review.acts import office_rules
from review.assignments import refuse_unassigned
from review.audit import write_act
from review.drafting import draft_district, text_of
from review.errors import BadPointsError, PanelError, UnknownItemError
from review.rights import allowed
from review.signing import named_signer
from review.turns import take_turn
from review.workspace import Workspace
from scoring_rules.panel import PANEL_SIZE, settled, spread
from scoring_rules.rounding import exact_text

DIFFERENCE_SHARE = "draft_difference_share"


@dataclass(frozen=True, slots=True)
class Given:
    """What one expert gave."""

    expert: str
    points: Fraction
    reason: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One criterion as a viewer may see it.

    experts : who has given points, by name. given : what they gave; before the panel is complete only the viewer's own.
    spread, settled : None while the panel is not complete (settled also while the experts differ without arbitration).
    arbitrations : how many there were; the newest counts.
    """

    criterion: str
    experts: tuple[str, ...]
    given: tuple[Given, ...]
    arbitration: Given | None
    spread: Fraction | None
    settled: Fraction | None
    arbitrations: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether enough experts are in for the points to be shown."""
        return len(self.experts) >= PANEL_SIZE

    def to_json(self) -> dict[str, Any]:
        """The panel as JSON data."""
        return {
            "criterion": self.criterion,
            "experts": list(self.experts),
            "complete": self.is_complete,
            "points": [_given(given) for given in self.given],
            "spread": _text(self.spread),
            "arbitration": self.arbitration and {"by": self.arbitration.expert, **_points(self.arbitration)},
            "settled": _text(self.settled),
        }


@allowed("give_points")
def give_points(
    workspace: Workspace, district: str, cycle: int, criterion: str, expert: str, points: str, reason: str = ""
) -> None:
    """Records what an expert gives. PanelError when he has given points already: they cannot be changed, only arbitrated.

    Points that lie further from the draft than the parameter draft_difference_share allows need a reason (PanelError).
    RefusedRecordError for an expert the office has not assigned to the criterion, where it has assigned any.
    """
    name, value = _checked(workspace, criterion, points)
    expert = named_signer(workspace, expert)
    if not reason.strip():
        _refuse_unexplained(workspace, district, cycle, name, value)

    def work(session: Session) -> None:
        take_turn(session, district, cycle)
        refuse_unassigned(session, district, cycle, name, expert)
        known = session.scalar(
            select(ExpertPoints.id).where(*_of(ExpertPoints, district, cycle, name), ExpertPoints.expert == expert)
        )
        if known is not None:
            raise PanelError(f"{expert} 已给 {name} 打过分，打分不能更改；有异议请登记仲裁决定")
        session.add(
            ExpertPoints(
                district=district, cycle=cycle, criterion=name, expert=expert, points=exact_text(value), reason=reason,
                recorded_at=datetime.now(UTC),
            )
        )  # fmt: skip
        _logged(workspace, session, "points_given", district, cycle, name, Given(expert, value, reason))

    workspace.write(work)


@allowed("arbitrate")
def arbitrate(
    workspace: Workspace, district: str, cycle: int, criterion: str, arbiter: str, points: str, reason: str,
    *, base: int | None = None,
) -> None:  # fmt: skip
    """Records the decision on a criterion the experts differ on. PanelError before they do, or without a reason.

    base : how many arbitrations there were when the panel was looked at; a newer one is not overruled unseen. None = not asked.
    """
    name, value = _checked(workspace, criterion, points)
    arbiter = named_signer(workspace, arbiter)
    if not reason.strip():
        raise PanelError("仲裁决定要写明理由，请补上")

    def work(session: Session) -> None:
        # Whoever gives points or arbitrates at the same moment has done so before, or comes after.
        take_turn(session, district, cycle)
        given, decided = _recorded(session, district, cycle)
        panel = _panel(name, given.get(name, []), decided.get(name, []), None)
        if not panel.is_complete:
            raise PanelError(f"{name} 的专家打分还没有齐（至少 {PANEL_SIZE} 位），不能仲裁，请先请专家打分")
        if panel.spread == 0:
            raise PanelError(f"{name} 的专家打分一致，不需要仲裁，请核对二级指标编号")
        if arbiter in panel.experts:
            raise PanelError(f"{arbiter} 给 {name} 打过分，不能自己仲裁，请由另一人决定")
        if base is not None and base != panel.arbitrations and panel.arbitration is not None:
            now = f"{panel.arbitration.expert}已仲裁为 {exact_text(panel.arbitration.points)} 分"
            raise PanelError(f"没有登记：您打开之后，{name} 由{now}，请重新打开核对后再决定")
        session.add(
            Arbitration(
                district=district, cycle=cycle, criterion=name, arbiter=arbiter, points=exact_text(value),
                reason=reason.strip(), recorded_at=datetime.now(UTC),
            )
        )  # fmt: skip
        made = Given(arbiter, value, reason.strip())
        _logged(workspace, session, "arbitrated", district, cycle, name, made, panel.arbitration)

    workspace.write(work)


def _logged(
    workspace: Workspace, session: Session, act: str, district: str, cycle: int, criterion: str, given: Given,
    before: Given | None = None,
) -> None:  # fmt: skip
    write_act(
        workspace, session, act, district=district, cycle=cycle, subject=criterion,
        before=None if before is None else _given(before), after=_given(given),
    )  # fmt: skip


@allowed("read_panels")
def panels(
    workspace: Workspace, district: str, cycle: int, *, criterion: str | None = None, viewer: str | None = None
) -> tuple[Panel, ...]:
    """The panels of the district in the scheme's order; what a viewer may not see yet is not in them.

    viewer : whose points are shown before the panel is complete. Only the local operator may name one: everybody else is
    shown his own.
    """
    if workspace.actor.role != "local":
        viewer = workspace.actor.name
    with workspace.store.session() as session:
        by_criterion, decided = _recorded(session, district, cycle)
    wanted = [c.id for c in workspace.scheme.criteria if c.id in by_criterion and criterion in (None, c.id)]
    return tuple(_panel(name, by_criterion[name], decided.get(name, []), viewer) for name in wanted)


def _recorded(session: Session, district: str, cycle: int) -> tuple[dict[str, list[Given]], dict[str, list[Given]]]:
    """What the experts gave by criterion, and the arbitrations of each, the oldest first."""
    by_criterion: dict[str, list[Given]] = defaultdict(list)
    for row in session.scalars(select(ExpertPoints).where(*_of(ExpertPoints, district, cycle))):
        by_criterion[row.criterion].append(Given(row.expert, Fraction(row.points), row.reason))
    decided: dict[str, list[Given]] = defaultdict(list)
    for one in session.scalars(select(Arbitration).where(*_of(Arbitration, district, cycle)).order_by(Arbitration.id)):
        decided[one.criterion].append(Given(one.arbiter, Fraction(one.points), one.reason))
    return by_criterion, decided


@allowed("decide")
def panel_records(workspace: Workspace, district: str, cycle: int) -> list[dict[str, Any]]:
    """The panels as a decision carries them; all points are inside, complete or not."""
    with workspace.store.session() as session:
        rows = session.scalars(
            select(ExpertPoints).where(*_of(ExpertPoints, district, cycle)).order_by(ExpertPoints.expert)
        ).all()
    given: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        given[row.criterion].append({"expert": row.expert, "points": row.points, "reason": row.reason})
    return [
        {"criterion": panel["criterion"], "points": given[panel["criterion"]], "arbitration": panel["arbitration"]}
        for panel in (found.to_json() for found in panels(workspace, district, cycle))
    ]


@allowed("read_panels")
def agreement(workspace: Workspace, district: str, cycle: int) -> float | None:
    """Krippendorff's alpha (interval level) over complete panels, on points as share of the maximum; None when undefined.

    1 = full agreement, 0 = no better than chance. Undefined with fewer than two panels, or when all values are equal.
    """
    import krippendorff

    complete = [panel for panel in panels(workspace, district, cycle) if panel.is_complete]
    experts = sorted({name for panel in complete for name in panel.experts})
    shares = [_shares(workspace, panel) for panel in complete]
    values = {share for row in shares for share in row.values()}
    if len(complete) < 2 or len(values) < 2:
        return None
    table = [[row.get(expert, float("nan")) for row in shares] for expert in experts]
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement="interval"))


def _shares(workspace: Workspace, panel: Panel) -> Mapping[str, float]:
    maximum = workspace.scheme.criterion(panel.criterion).points
    return {given.expert: float(given.points / maximum) for given in panel.given}


def _panel(name: str, given: Sequence[Given], arbitrations: Sequence[Given], viewer: str | None) -> Panel:
    arbitration = arbitrations[-1] if arbitrations else None
    ordered = sorted(given, key=lambda g: g.expert)
    points = [g.points for g in ordered]
    is_complete = len(ordered) >= PANEL_SIZE
    return Panel(
        name,
        tuple(g.expert for g in ordered),
        tuple(g for g in ordered if is_complete or g.expert == viewer),
        arbitration,
        spread(points),
        settled(points, None if arbitration is None else arbitration.points),
        len(arbitrations),
    )


def distance(points: Fraction, draft: tuple[Fraction, Fraction]) -> Fraction:
    """How far points lie outside the draft, an interval while something is open; 0 inside it."""
    low, high = draft
    return max(low - points, points - high, Fraction(0))


@allowed("read_rules")
def share_allowed(workspace: Workspace, cycle: int) -> Fraction:
    """How far points may lie from the draft without a reason, as share of the criterion's maximum."""
    share = office_rules(workspace, cycle).parameters[DIFFERENCE_SHARE].number(date(cycle - 1, 12, 31))
    return Fraction(0) if share is None else share


def _refuse_unexplained(workspace: Workspace, district: str, cycle: int, criterion: str, points: Fraction) -> None:
    drafted = next(
        one for one in draft_district(workspace, district, cycle).result.criteria if one.id == criterion
    )  # fmt: skip
    share, maximum = share_allowed(workspace, cycle), workspace.scheme.criterion(criterion).points
    if distance(points, drafted.points) > share * maximum:
        low, high = (text_of(value) for value in drafted.points)
        told = low if low == high else f"{low} 至 {high}"
        raise PanelError(
            f"{criterion} 打分 {exact_text(points)} 与初评分 {told} 相差超过满分的 {exact_text(share * 100)}%，要写明理由，请补上"
        )


def _checked(workspace: Workspace, criterion: str, points: str) -> tuple[str, Fraction]:
    name = criterion.strip().upper()
    known = {c.id: c for c in workspace.scheme.criteria if not c.is_bonus}
    if name not in known:
        raise UnknownItemError(criterion)
    maximum = known[name].points
    try:
        value = Fraction(points)
    except (ValueError, ZeroDivisionError):
        raise BadPointsError(name, points, exact_text(maximum)) from None
    if not 0 <= value <= maximum:
        raise BadPointsError(name, points, exact_text(maximum))
    return name, value


def _of(table: type[ExpertPoints] | type[Arbitration], district: str, cycle: int, criterion: str | None = None) -> Any:
    conditions = [table.district == district, table.cycle == cycle]
    return conditions if criterion is None else [*conditions, table.criterion == criterion]


def _given(given: Given) -> dict[str, str]:
    return {"expert": given.expert, **_points(given)}


def _points(given: Given) -> dict[str, str]:
    return {"points": exact_text(given.points), "reason": given.reason}


def _text(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)
