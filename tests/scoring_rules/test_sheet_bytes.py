"""No step of any case's ledger changes unnoticed: rule ids, official sentences, inputs, results, open sentences, notes."""

from __future__ import annotations

from eval_sets.scoring.sheets import digests, pinned


def test_计分单与登记的逐字节一致(scheme):
    now, kept = digests(scheme), pinned()
    changed = [name for name, digest in now.items() if kept.get(name) != digest]
    assert not changed, "核对后运行 python -m eval_sets.scoring.sheets --write，并在 CHANGELOG 写明影响"
    assert list(now) == list(kept)
