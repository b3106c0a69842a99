"""Fits the numbers of `knowledge/calibration.json` to the embedding model in force. Run by `coach models calibrate`.

In-field questions are those held back from index and training, so that they look as new as a reader's question.
Out-of-field and near-miss questions are authored (`knowledge/turns.jsonl`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from coach import text as texts
from coach.conversation.evidence import features
from coach.conversation.turn import without_instructions
from coach.errors import SetupError
from coach.library.articles import Article, held_back, load_articles
from coach.library.calibration import Calibration, SearchWeights
from coach.library.search import Library, Signals
from coach.models.embedding import Embedder, Matrix
from coach.settings import Settings

_FOLDS = 5
_TURN_STRENGTH = 30.0  # inverse regularisation: unit vectors need large weights
_WANTED_RECALL = 0.97  # share of in-field questions that must be answered; they are harder than what people ask (evals/LOG.md)
_SAMPLED = 12_000  # of the stored questions: fewer let everyday images pass for distress (evals/LOG.md)
_NEAR_TURNS = 420  # near misses that train the kinds of turn; more of them drown the kinds there are few examples of
_WEIGHTS = {"field": 0.5, "near": 0.3, "far": 0.2}  # of the evidence check's examples, whatever their numbers


def calibrate(settings: Settings, library: Library, embedder: Embedder, report: Callable[[str], None]) -> Calibration:
    """Writes and returns the calibration; `report` is told the cross-validated figures. Raises SetupError without data."""
    path = settings.knowledge / "turns.jsonl"
    if not path.exists():
        raise SetupError(
            f"{path.name} is missing, so nothing can be fitted.", hint="Restore it: git checkout -- knowledge/turns.jsonl"
        )
    turns = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    articles = load_articles(settings.knowledge)
    fresh = [q for a in articles for q in a.questions if held_back(q)]
    rows = [("field", q) for q in [*fresh, *_sample(articles, _SAMPLED)]]
    rows += [(_label(t["kind"]), without_instructions(texts.normalise(t["text"]))[0] or t["text"]) for t in turns]
    vectors = embedder.queries([texts.simplify(texts.normalise(q)) for _, q in rows])
    labels = np.array([label for label, _ in rows])
    library.use(SearchWeights(**{**asdict(library.calibration.search), **_spreads(library, fresh, vectors)}))
    turn, out_of_fold = _fit_turns(vectors, labels, _trained(labels), report)
    evidence = _fit_evidence(library, rows, vectors, out_of_fold, turn["labels"], len(fresh), report)
    made = replace(
        library.calibration,
        embedding=embedder.fingerprint,
        search=library.weights,
        classifiers={"turn": turn, "evidence": evidence},
    )
    made.save(settings.knowledge / "calibration.json")
    return made


def _spreads(library: Library, fresh: list[str], vectors: Matrix) -> dict[str, float]:
    """Mean and spread of the similarities that search meets, so that their standings can be added."""
    met: dict[str, list[float]] = {"text": [], "question": []}
    step = max(1, len(fresh) // 200)
    for question, vector in zip(fresh[::step], vectors[: len(fresh) : step], strict=True):
        for parts in library.similarities(question, vector).values():
            for name, values in met.items():
                if name in parts:
                    values.append(parts[name])
    return {
        "text_mean": round(float(np.mean(met["text"])), 4),
        "text_spread": round(float(np.std(met["text"])), 4),
        "asked_mean": round(float(np.mean(met["question"])), 4),
        "asked_spread": round(float(np.std(met["question"])), 4),
    }


def _label(kind: str) -> str:
    return {"inject_question": "field", "assert_unverified": "unverified"}.get(kind, kind)


def _sample(articles: list[Article], limit: int) -> list[str]:
    questions = [q for a in articles for q in a.questions if not held_back(q)]
    step = max(1, len(questions) // limit)
    return questions[::step]


def _trained(labels: Any) -> Any:  # noqa: ANN401
    """Which rows train the kinds of turn, shape (n,): all but the near misses beyond `_NEAR_TURNS`, evenly spread."""
    near = np.flatnonzero(labels == "near")
    kept = near[:: max(1, len(near) // _NEAR_TURNS)]
    return (labels != "near") | np.isin(np.arange(len(labels)), kept)


def _fit_turns(vectors: Matrix, labels: Any, trained: Any, report: Callable[[str], None]) -> tuple[dict[str, Any], Matrix]:  # noqa: ANN401
    """The parameters, and the probabilities of every row by a model that has not seen it, shape (n, kinds)."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import classification_report
    from sklearn.model_selection import cross_val_predict

    model = LogisticRegression(C=_TURN_STRENGTH, max_iter=2000)
    folds = cross_val_predict(model, vectors[trained], labels[trained], cv=_FOLDS, method="predict_proba")
    model.fit(vectors[trained], labels[trained])
    guessed = model.classes_[folds.argmax(1)]
    report(str(classification_report(labels[trained], guessed, digits=2)))
    parameters = {
        "labels": model.classes_.tolist(),
        "weights": [[round(float(x), 4) for x in row] for row in model.coef_],
        "bias": [round(float(x), 4) for x in model.intercept_],
    }
    unseen = model.predict_proba(vectors)
    unseen[trained] = folds
    return parameters, unseen


def _fit_evidence(
    library: Library,
    rows: list[tuple[str, str]],
    vectors: Matrix,
    probabilities: Matrix,
    names: list[str],
    fresh: int,
    report: Callable[[str], None],
) -> dict[str, Any]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold

    chosen = [i for i, (label, _) in enumerate(rows) if i < fresh or label in ("near", "far")]
    x, y = [], []
    for i in chosen:
        label, question = rows[i]
        signals: Signals = library.signals(question, vectors[i])
        x.append(features(question, signals, dict(zip(names, probabilities[i].tolist(), strict=True))))
        y.append(int(label == "field"))
    matrix, target = np.stack(x), np.array(y)
    kinds = np.array([rows[i][0] for i in chosen])
    means, spreads = matrix.mean(0), matrix.std(0) + 1e-6
    matrix = (matrix - means) / spreads
    weights = np.array([_WEIGHTS[k] * len(kinds) / (kinds == k).sum() for k in kinds])
    model = LogisticRegression(C=1.0, max_iter=2000)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(matrix, kinds)
    guessed = np.zeros(len(target))
    for seen, unseen in folds:
        guessed[unseen] = model.fit(matrix[seen], target[seen], sample_weight=weights[seen]).predict_proba(matrix[unseen])[:, 1]
    threshold = float(np.quantile(guessed[target == 1], 1 - _WANTED_RECALL))
    report(
        f"evidence: AUC {roc_auc_score(target, guessed):.3f}, threshold {threshold:.3f}, counts {dict(Counter(kinds.tolist()))}"
    )
    for kind in ("field", "near", "far"):
        report(f"  {kind}: answered {float((guessed[kinds == kind] >= threshold).mean()):.3f}")
    model.fit(matrix, target, sample_weight=weights)
    coefficients = model.coef_[0] / spreads
    return {
        "weights": [round(float(w), 4) for w in coefficients],
        "bias": round(float(model.intercept_[0] - coefficients @ means), 4),
        "threshold": round(threshold, 4),
    }
