"""一百份随机案卷：总分与另一套独立算法相同，各行之和等于总分，分数有界，可信度只降不升，次序无关，缺的不得分也不失分。"""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import product
from random import Random

import pytest

from scoring_rules.case import load_case
from scoring_rules.ranking import rank
from scoring_rules.scoring import score_case

SEEDS = range(100)
LOWER = {"优秀": "良好", "良好": "合格", "合格": "不合格", "不合格": "不合格"}
WORDS = ("triggered", "not_triggered", "unknown")


def marks(rng, highest):
    """Points from 0 to `highest` as text with at most two decimals, the ends more often than anything else."""
    most = int(highest * 100)
    hundredths = rng.choice([0, most, rng.randint(0, most), rng.randint(most * 9 // 10, most)])
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def random_case(scheme, seed, *, is_closed=True):
    """A valid case as data: criteria and items mixed, some not applicable, a sample, a bonus, problems of last year."""
    rng = Random(seed)
    scored = [c for c in scheme.criteria if not c.is_bonus]
    left_out = set()
    for criterion in rng.sample(scored, rng.randint(0, 2)):
        items = [item.id for item in criterion.items]
        left_out |= set(items if rng.random() < 0.3 else items[: len(items) // 2])
    left_out -= {"B15-4"}
    own, comparable = {}, []
    for criterion in scored:
        kept = [item.id for item in criterion.items if item.id not in left_out]
        if not kept:
            continue
        if len(criterion.items) > 1 and rng.random() < 0.5:
            own |= {item: marks(rng, criterion.points / len(kept)) for item in kept}
            comparable += [(item, criterion.points / len(kept)) for item in kept]
        else:
            own[criterion.id] = marks(rng, criterion.points)
            comparable.append((criterion.id, criterion.points))
    chosen = rng.sample(comparable, rng.randint(1, 6))
    due = rng.randint(0, 9)
    return {
        "scheme": "2019",
        "cycle": 2019,
        "district": f"虚构{seed}区",
        "self": own,
        "verified": {
            name: own[name] if rng.random() < 0.4 else marks(rng, highest) for name, highest in chosen
        },
        "not_applicable": sorted(left_out),
        "bonus": {"claimed": "15", "awarded": marks(rng, 20)},
        "annex1": {key: rng.choice(WORDS[:2] if is_closed else WORDS) for key in "123456"},
        "rectification": {"due": due, "unrectified": rng.randint(0, due)},
        "parameters": {} if is_closed else {"total_points_cap": "1010", "credibility_tolerance": "0.9", "bonus_in_grade": "no"},
    }  # fmt: skip


def read(data):
    return load_case(json.dumps(data, ensure_ascii=False))


def recomputed(scheme, data):
    """Total and grades of a closed case by the words of the document and R1–R34, with nothing of the package's arithmetic.

    Also the sum a district may have at most: its self points brought back to the full mark.
    """
    owner = {item.id: c.id for c in scheme.criteria for item in c.items}
    full = {c.id: c.points for c in scheme.criteria if not c.is_bonus}
    left_out = set(data["not_applicable"])
    kept = {c.id: [i.id for i in c.items if i.id not in left_out] for c in scheme.criteria if not c.is_bonus}
    applicable = sum((full[name] for name in full if kept[name]), Fraction(0))
    own = {name: Fraction(value) for name, value in data["self"].items()}
    found = {name: Fraction(value) for name, value in data["verified"].items()}
    claimed = sum(own.values(), Fraction(0))
    sampled = sum((own[name] for name in found), Fraction(0))
    if sampled == 0:
        return None
    c = sum(found.values(), Fraction(0)) / sampled
    accepted = c >= Fraction("0.98")
    points = claimed if accepted else claimed * c
    # What B15 shows is what it can lose: the verified points where some of it was checked, else the self points × C.
    in_b15 = [name for name in own if owner.get(name, name) == "B15"]
    b15 = sum((own[n] if accepted else found[n] if n in found else own[n] * c for n in in_b15), Fraction(0))
    due, missed = data["rectification"]["due"], data["rectification"]["unrectified"]
    if due and "B15-4" not in left_out and not {"B15", "B15-4"} & set(found):
        points -= min(b15, full["B15"] / len(kept["B15"]) * missed / due)
    exact = points * 1000 / applicable + Fraction(data["bonus"]["awarded"])
    with localcontext() as context:
        context.prec = 60
        total = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    grade = "优秀" if total >= 900 else "良好" if total >= 750 else "合格" if total >= 600 else "不合格"
    hit = "triggered" in data["annex1"].values()
    return total, grade, LOWER[grade] if hit else grade, claimed * 1000 / applicable


@pytest.mark.parametrize("seed", SEEDS)
def test_与独立的算法相同_各行之和等于总分_每行在零与满分之间(scheme, seed):
    data = random_case(scheme, seed)
    result = score_case(scheme, read(data))
    wanted = recomputed(scheme, data)
    if wanted is None:
        assert (result.total_points, result.credibility) == (None, None)
        assert "合计为 0 分" in result.open[0]
        return
    total, grade, final, most = wanted
    assert result.open == ()
    assert (str(result.to_json()["total_points"]), result.points_grade, result.grade) == (str(total), grade, final)
    assert sum(line.points for line in result.lines) == result.total_points
    step = next(step for step in result.ledger.steps if step.rule == "lines")
    assert sum(Fraction(points) for points in step.inputs.values()) == result.total_points == Fraction(step.result)
    # Never upwards: neither the credibility nor the loss for last year's problems adds a point to what was claimed.
    assert 0 <= result.base_points <= most
    assert 0 <= result.total_points <= 1020
    highest = {c.id: c.points for c in scheme.criteria}
    scale = most / result.self_points if result.self_points else Fraction(1)
    for line in result.lines:
        if line.id in highest:
            assert 0 <= line.points <= highest[line.id] * (1 if line.id == "B21" else scale), line.id


def shuffled(data, rng):
    """The same data with the members of every mapping, and of every list of ids, in another order."""
    if isinstance(data, dict):
        keys = rng.sample(sorted(data), len(data))
        return {key: shuffled(data[key], rng) for key in keys}
    return rng.sample(data, len(data)) if isinstance(data, list) else data


@pytest.mark.parametrize("seed", SEEDS[:25])
def test_次序不改变一个字节(scheme, seed):
    data = random_case(scheme, seed, is_closed=False)
    wanted = score_case(scheme, read(data)).to_json()
    for again in range(3):
        turned = shuffled(data, Random(1000 * seed + again))
        assert list(turned["self"]) != list(data["self"])
        assert score_case(scheme, read(turned)).to_json() == wanted


def test_区县的次序不改变排名(scheme):
    results = [score_case(scheme, read(random_case(scheme, seed, is_closed=seed % 3 > 0))) for seed in range(30)]
    wanted = rank(results)
    for seed in range(10):
        assert rank(Random(seed).sample(results, len(results))) == wanted
    # The words of the ranking: by points, ties share a rank, and as many ranks are skipped as share it.
    totals = [row.total_points for row in wanted if row.rank is not None]
    assert totals == sorted(totals, reverse=True)
    assert [row.rank for row in wanted if row.rank is not None] == [
        1 + sum(other > mine for other in totals) for mine in totals
    ]


@pytest.mark.parametrize("seed", SEEDS[:40])
def test_少一个事实只让结果变宽_不得分也不失分(scheme, seed):
    data = random_case(scheme, seed)
    closed = score_case(scheme, read(data))
    if closed.total_points is None:
        return
    gaps = [{"verified": {**data["verified"], name: None}} for name in data["verified"]]
    gaps += [{"bonus": {"claimed": "15"}}, {"verified": {}}]
    gaps += [{"annex1": {**data["annex1"], key: "unknown"}} for key in "123456"]
    for gap in gaps:
        opened = score_case(scheme, read({**data, **gap}))
        assert opened.total_interval.low <= closed.total_points <= opened.total_interval.high, gap
        assert opened.grade in (closed.grade, "待认定"), gap
        if "annex1" not in gap:
            assert opened.total_points is None, gap
            assert len(opened.open) == 1, gap
        else:
            assert opened.total_points == closed.total_points, gap


@pytest.mark.parametrize("seed", SEEDS[:15])
def test_附件1从不改分数_命中只会降低(scheme, seed):
    data = random_case(scheme, seed)
    order = ["优秀", "良好", "合格", "不合格"]
    clean = score_case(scheme, read({**data, "annex1": dict.fromkeys("123456", "not_triggered")}))
    for key in "123456":
        hit = score_case(
            scheme, read({**data, "annex1": {**dict.fromkeys("123456", "not_triggered"), key: "triggered"}})
        )
        assert (hit.total_points, hit.points_grade) == (clean.total_points, clean.points_grade)
        if clean.grade != "待认定":
            assert order.index(hit.grade) == min(order.index(clean.grade) + 1, 3)


# The table is written out from 四（一）, 附件 1 and R4–R5: by the grade of the points, no hit / a hit / nothing known.
OUTCOMES = {
    "950": ("优秀", "良好", "待认定"),
    "800": ("良好", "合格", "待认定"),
    "700": ("合格", "不合格", "待认定"),
    "500": ("不合格", "不合格", "不合格"),
}


@pytest.mark.parametrize("total", OUTCOMES)
def test_附件1三的六次方种状态_四档_整份案卷(scheme, case_of, total):
    clear, lowered, unsettled = OUTCOMES[total]
    case = case_of(total=total)
    seen = set()
    for words in product(WORDS, repeat=6):
        # Which condition it is plays no part in the grade; every one of them takes its turn at every state.
        kind = (words.count("triggered"), words.count("unknown"), words[0], words[-1])
        if kind in seen:
            continue
        seen.add(kind)
        states = dict(zip("123456", words, strict=True))
        result = score_case(scheme, replace(case, annex1=states))
        wanted = lowered if "triggered" in words else unsettled if "unknown" in words else clear
        assert (result.points_grade, result.grade) == (clear, wanted), states
        assert result.annex1.triggered == tuple(key for key in "123456" if states[key] == "triggered")
        assert result.annex1.unknown == tuple(key for key in "123456" if states[key] == "unknown")
        assert result.total_points == Fraction(total)
        assert bool(result.open) == (wanted == "待认定")
    assert len(seen) > 80


@pytest.mark.parametrize(
    ("limit", "above", "below"), [("900", "优秀", "良好"), ("750", "良好", "合格"), ("600", "合格", "不合格")]
)
def test_等级界线上下各一分_一厘_半厘(score, limit, above, below):
    border = Fraction(limit)
    for less, grade in (
        ("0", above),
        ("0.004", above),
        ("0.005", above),
        ("0.0051", below),
        ("0.01", below),
        ("1", below),
    ):
        result = score(total=str(Decimal(limit) - Decimal(less)))
        # Half a hundredth rounds up to the border; anything more does not reach it.
        assert (result.points_grade, result.total_points >= border) == (grade, grade == above), less
    for more in ("0.01", "1", "50"):
        assert score(total=str(Decimal(limit) + Decimal(more))).points_grade == above


@pytest.mark.parametrize(
    ("verified", "adjusted", "total"),
    [
        ("58.79", True, "979.83"),  # C = 58.79/60 < 0.98
        ("58.80", False, "1000.00"),  # C = 0.98: the number itself counts
        ("58.81", False, "1000.00"),
        ("60", False, "1000.00"),
    ],
)
def test_可信度界线上下各一分之一百(score, verified, adjusted, total):
    result = score(verified={"B1": verified})
    assert (result.adjusted, result.to_json()["total_points"]) == (adjusted, total)


@pytest.mark.parametrize("awarded", ["0", "0.01", "19.99", "20"])
def test_加分在零与二十之间都算_且不乘可信度(score, awarded):
    assert score(bonus={"awarded": awarded}, verified={"B1": "30"}).total_points == 500 + Fraction(awarded)
