"""The numbers of `corpus/mapping/model.yaml` that tell "of no item": `python -m eval_sets.mapping.fit_none` prints them.

Fitted on the shipped examples, each measured without itself; nothing of held_out.yaml takes part.
"""

from __future__ import annotations

import numpy as np

from retrieval.embedder import load_embedder
from retrieval.item_examples import load_examples
from retrieval.item_features import NONE_SIGNALS, ItemFeatures
from retrieval.mapping_fit import fit_none
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme

PRIOR = 0.3


def fitted() -> dict[str, float]:
    """Weights by signal, and `offset`."""
    scheme = load_scheme()
    examples = load_examples(scheme)
    measured = ItemFeatures(scheme, load_catalogue(), load_embedder(), examples)
    alone = [[place] for place in range(len(examples))]
    signals = measured.measure([e.text for e in examples], measured.example_vectors, alone).none
    none = np.array([example.none for example in examples])
    weights, offset = fit_none(signals, none, np.zeros(len(NONE_SIGNALS)), 0.0, held=PRIOR)
    return dict(zip(NONE_SIGNALS, weights.tolist(), strict=True)) | {"offset": offset}


if __name__ == "__main__":
    for name, value in fitted().items():
        print(f"{name}: {value:.2f}")
