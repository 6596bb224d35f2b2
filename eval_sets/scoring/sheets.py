"""The bytes of every case's sheet, pinned: a rule, a word or a parameter that changes one is seen, and said in CHANGELOG.

python -m eval_sets.scoring.sheets            which sheets are no longer what sheets.yaml says; exit code 1 when any
python -m eval_sets.scoring.sheets --write    takes today's as the right ones
python -m eval_sets.scoring.sheets --show 名称  one sheet, readable
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

import yaml

from eval_sets.scoring.cases import load, scored
from scoring_rules.ledger import canonical_json
from scoring_rules.scheme import Scheme
from scoring_rules.scheme_loader import load_scheme

PINNED = Path(__file__).with_name("sheets.yaml")
_HEAD = """# 每个案例的计分单（含台账每一步的规则、依据、输入、结果）的 SHA-256。
# 改动规则、措辞或参数后不一致的，先核对，再运行 python -m eval_sets.scoring.sheets --write，并在 CHANGELOG 写明影响。
"""


def digests(scheme: Scheme) -> dict[str, str]:
    """Name of the case → SHA-256 of the canonical JSON of its sheet."""
    return {
        case["name"]: hashlib.sha256(canonical_json(scored(scheme, case["case"]).to_json())).hexdigest()
        for case in load("cases")
    }


def pinned() -> dict[str, str]:
    """What sheets.yaml says."""
    found: dict[str, str] = yaml.safe_load(PINNED.read_text(encoding="utf-8"))
    return found


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--show", metavar="名称")
    given = parser.parse_args()
    scheme = load_scheme()
    if given.show:
        sheets = [scored(scheme, case["case"]).to_json() for case in load("cases") if case["name"] == given.show]
        print(json.dumps(sheets, ensure_ascii=False, indent=2))
        return 0 if sheets else 1
    now = digests(scheme)
    if given.write:
        PINNED.write_text(_HEAD + yaml.safe_dump(now, allow_unicode=True, sort_keys=False, width=200), encoding="utf-8")
        return 0
    changed = [name for name, digest in now.items() if pinned().get(name) != digest]
    print("\n".join(f"变了：{name}" for name in changed) or "都没有变。")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
