"""Makes answers.csv and fit.json: latent classes as StepMix 3.0.0 finds them.

Run once in an environment of its own (pip install stepmix==3.0.0), from this folder: python reference.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from stepmix.stepmix import StepMix

CATEGORIES = (5, 5, 5, 5, 2, 3)
PEOPLE = 800
HERE = Path(__file__).parent


def made_answers() -> np.ndarray:
    """Three classes, one answer in twenty missing; categories counted from 0, NaN = not answered."""
    rng = np.random.default_rng(20261121)
    classes = rng.choice(3, PEOPLE, p=[0.5, 0.3, 0.2])
    columns = []
    for count in CATEGORIES:
        chances = rng.dirichlet(np.full(count, 0.7), 3)
        columns.append((rng.random(PEOPLE)[:, None] > np.cumsum(chances, axis=1)[classes]).sum(axis=1))
    answers = np.column_stack(columns).astype(float)
    answers[rng.random(answers.shape) < 0.05] = np.nan
    return answers


def fitted(answers: np.ndarray, classes: int) -> dict[str, object]:
    """One model: log-likelihood, BIC, sizes and chances, largest class first."""
    model = StepMix(
        n_components=classes,
        measurement="categorical_nan",
        n_init=8,
        max_iter=1_000,
        abs_tol=1e-10,
        rel_tol=1e-10,
        random_state=1,
        verbose=0,
        progress_bar=0,
    ).fit(answers)
    parameters = model.get_parameters()
    order = np.argsort(-parameters["weights"])
    chances = parameters["measurement"]["pis"][order]
    return {
        "log_likelihood": float(model.score(answers) * len(answers)),
        "bic": float(model.bic(answers)),
        "sizes": parameters["weights"][order].tolist(),
        "chances": chances.tolist(),
    }


if __name__ == "__main__":
    answers = made_answers()
    text = "\n".join(",".join("" if np.isnan(v) else f"{v:.0f}" for v in row) for row in answers)
    (HERE / "answers.csv").write_text("a,b,c,d,e,f\n" + text + "\n")
    (HERE / "fit.json").write_text(
        json.dumps({str(count): fitted(answers, count) for count in (1, 2, 3, 4)}, indent=1) + "\n"
    )
