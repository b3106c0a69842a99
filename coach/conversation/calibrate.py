"""Fits `knowledge/calibration.json` and `selector.npz` to the embedding model in force. Run by `coach models calibrate`.

In-field questions are those held back from index and training, so that they look as new as a reader's question.
Out-of-field and near-miss questions are authored (`knowledge/turns.jsonl`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from coach import text as texts
from coach.conversation.evidence import features
from coach.conversation.turn import without_instructions
from coach.errors import SetupError
from coach.library import selector as selectors
from coach.library.articles import Article, held_back, load_articles
from coach.library.calibration import WEIGHED, Calibration, SearchWeights
from coach.library.search import Library, Signals
from coach.library.selector import SentenceSelector
from coach.library.vectors import LANGS
from coach.models.embedding import Embedder, Matrix
from coach.settings import Settings
from coach.types import Lang

_FOLDS = 5
_ITERATIONS = 400  # at most
_TURN_STRENGTH = 30.0  # inverse regularisation: unit vectors need large weights
_WANTED_RECALL = 0.977  # share of in-field questions that must be answered; they are harder than what people ask (evals/LOG.md)
_SAMPLED = 30_000  # of the stored questions: fewer let everyday images pass for distress (evals/LOG.md)
_FITTED = 1500  # held-back questions that the search weights are fitted to and tried on
_NEWTON, _RIDGE = 30, 1e-3  # steps; keeps the curvature invertible
_FIELD_TURNS = 16_000  # what the questions of the field weigh together, however many: the library grows, distress does not
_NEAR_TURNS = 420  # near misses that train the kinds of turn; more of them drown the kinds there are few examples of
_STATEMENT = "statement"  # an everyday one about oneself
_STATEMENTS = 0.2  # what it weighs: at full weight they drown three messages of distress in 158 (evals/LOG.md)
_WEIGHTS = {"field": 0.5, "near": 0.3, "far": 0.2}  # of the evidence check's examples, whatever their numbers

_Fresh = tuple[Article, str]  # and a question of it that neither index nor adapter has seen
_Stored = dict[Lang, selectors.Asked]


def calibrate(settings: Settings, library: Library, embedder: Embedder, report: Callable[[str], None]) -> Calibration:
    """Writes and returns the calibration; `report` is told the cross-validated figures. Raises SetupError without data."""
    path = settings.knowledge / "turns.jsonl"
    if not path.exists():
        raise SetupError(
            f"{path.name} is missing, so nothing can be fitted.", hint="Restore it: git checkout -- knowledge/turns.jsonl"
        )
    turns = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    articles = load_articles(settings.knowledge)
    fresh = [(a, q) for a in articles for q in a.questions if held_back(q)]
    rows = [("field", q) for _, q in fresh]
    rows += [(_label(t["kind"]), without_instructions(texts.normalise(t["text"]))[0] or t["text"]) for t in turns]
    vectors = embedder.queries([texts.simplify(texts.normalise(q)) for _, q in rows])
    stored = {lang: library.vectors.all("questions", lang, vectors.shape[1]) for lang in LANGS}
    if selector := selectors.fit(articles, list(stored.values()), library.sentence_vectors):
        selector.save(settings.knowledge / selectors.FILE, embedder.fingerprint)
        library.use(selector=selector)
        _report_selector(selector, fresh, vectors, report)
    spreads = _spreads(library, fresh, vectors)
    library.use(replace(library.calibration.search, **spreads))
    library.use(_fit_search(library, fresh, vectors, report))
    known = _sampled(stored)
    labels = np.array([label for label, _ in rows] + ["field"] * len(known))
    plain = np.array([t["kind"] == _STATEMENT for t in turns])
    loud = np.concatenate([np.ones(len(fresh)), np.where(plain, _STATEMENTS, 1.0), np.ones(len(known))])
    turn, out_of_fold = _fit_turns(np.concatenate([vectors, known]), labels, _trained(labels), loud, report)
    evidence = _fit_evidence(library, rows, vectors, out_of_fold[: len(rows)], turn["labels"], len(fresh), report)
    made = replace(
        library.calibration,
        embedding=embedder.fingerprint,
        search=library.weights,
        classifiers={"turn": turn, "evidence": evidence},
    )
    made.save(settings.knowledge / "calibration.json")
    return made


def _spreads(library: Library, fresh: list[_Fresh], vectors: Matrix) -> dict[str, float]:
    """Mean and spread of the similarities that search meets, so that their standings can be added."""
    met: dict[str, list[float]] = {"text": [], "question": []}
    step = max(1, len(fresh) // 200)
    for (_, question), vector in zip(fresh[::step], vectors[: len(fresh) : step], strict=True):
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


def _report_selector(selector: SentenceSelector, fresh: list[_Fresh], vectors: Matrix, report: Callable[[str], None]) -> None:
    """How often the sentence that answers a question is the likeliest, and among the five likeliest, where one alone answers."""
    places = []
    for (article, question), vector in zip(fresh, vectors[: len(fresh)], strict=True):
        answer = article.answers[article.questions.index(question)] if article.answers else 0
        if answer and (numbers := selector.numbers(f"{article.id}.{article.lang}", article.body)):
            logs = selector.log_probabilities(vector)
            places.append(int((logs > logs[numbers[answer - 1]]).sum()))
    first, five = (float(np.mean([place < most for place in places])) if places else 0.0 for most in (1, 5))
    report(f"selector: the sentence first {first:.3f}, among five {five:.3f} of {len(places)}")


def _fit_search(library: Library, fresh: list[_Fresh], vectors: Matrix, report: Callable[[str], None]) -> SearchWeights:
    """Conditional logit (McFadden 1974): the weights under which the article a question belongs to is likeliest to be first.

    Fitted to half of the questions, told of the other half. The scores spread as widely as before: they are compared with
    costs in the same unit (another language, sentences of a passage that came later).
    """
    step = max(1, len(fresh) // _FITTED)
    asked = [
        (list(s.values()), list(s).index(pid))
        for (article, question), vector in zip(fresh[::step], vectors[: len(fresh) : step], strict=True)
        if (pid := f"{article.id}.{article.lang}") in (s := library.standings(question, vector, article.lang))
    ]
    cases = [(np.array(standings), place) for standings, place in asked]
    before = np.array([getattr(library.weights, name) for name in WEIGHED])
    fitted = _likeliest(cases[::2], before)
    spread = [np.mean([np.std(standings @ weights) for standings, _ in cases]) for weights in (before, fitted)]
    fitted = fitted * spread[0] / spread[1]
    for name, weights in (("before", before), ("fitted", fitted)):
        first = np.mean([(standings @ weights).argmax() == place for standings, place in cases[1::2]])
        report(f"search, {name}: {dict(zip(WEIGHED, weights.round(3).tolist(), strict=True))}, first {first:.3f}")
    return replace(library.weights, **dict(zip(WEIGHED, fitted.round(4).tolist(), strict=True)))


def _likeliest(cases: list[tuple[Matrix, int]], weights: Matrix) -> Matrix:
    """Newton's method, the log-likelihood being concave. `cases`: standings of the candidates, and the right one's place."""
    for _ in range(_NEWTON):
        gradient, curvature = np.zeros(len(weights)), np.eye(len(weights)) * _RIDGE
        for standings, place in cases:
            odds = np.exp(standings @ weights - (standings @ weights).max())
            odds /= odds.sum()
            mean = odds @ standings
            gradient += standings[place] - mean
            curvature += (standings * odds[:, None]).T @ standings - np.outer(mean, mean)
        weights = weights + np.linalg.solve(curvature, gradient)
    return weights


def _label(kind: str) -> str:
    return {"inject_question": "field", "assert_unverified": "unverified", _STATEMENT: "personal"}.get(kind, kind)


def _sampled(stored: _Stored) -> Matrix:
    """The vectors of the questions in the index, at most `_SAMPLED`, shape (n, dimension)."""
    vectors = np.concatenate([found for _, found in stored.values()])
    return vectors[:: len(vectors) // _SAMPLED + 1]


def _trained(labels: Any) -> Any:  # noqa: ANN401
    """Which rows train the kinds of turn, shape (n,): all but the near misses beyond `_NEAR_TURNS`, evenly spread."""
    near = np.flatnonzero(labels == "near")
    kept = near[:: max(1, len(near) // _NEAR_TURNS)]
    return (labels != "near") | np.isin(np.arange(len(labels)), kept)


def _fit_turns(
    vectors: Matrix,
    labels: Any,  # noqa: ANN401
    trained: Any,  # noqa: ANN401
    loud: Matrix,
    report: Callable[[str], None],
) -> tuple[dict[str, Any], Matrix]:
    """The parameters, and the probabilities of every row by a model that has not seen it, shape (n, kinds).

    `loud`: what each row weighs beside the balance of the kinds, shape (n,).
    """
    from sklearn.metrics import classification_report
    from sklearn.model_selection import StratifiedKFold

    names, told = np.unique(labels[trained], return_inverse=True)
    seen, field = vectors[trained], labels[trained] == "field"
    importance = loud[trained] * np.where(field, min(1.0, _FIELD_TURNS / max(1, field.sum())), 1.0)
    guessed = np.zeros((len(seen), len(names)))
    for some, others in StratifiedKFold(_FOLDS).split(seen, told):
        weights, bias = _logistic(seen[some], told[some], importance[some], len(names))
        guessed[others] = _softmax(seen[others] @ weights.T + bias)
    report(str(classification_report(labels[trained], names[guessed.argmax(1)], digits=2)))
    weights, bias = _logistic(seen, told, importance, len(names))
    parameters = {
        "labels": names.tolist(),
        "weights": [[round(float(x), 4) for x in row] for row in weights],
        "bias": [round(float(x), 4) for x in bias],
    }
    unseen = _softmax(vectors @ weights.T + bias)
    unseen[trained] = guessed
    return parameters, unseen


def _logistic(vectors: Matrix, told: Any, importance: Any, kinds: int) -> tuple[Matrix, Matrix]:  # noqa: ANN401
    """Multinomial logistic regression: weights (kinds, dimension) and bias (kinds,); 3 s where scikit-learn's takes 50."""
    import torch

    model = torch.nn.Linear(vectors.shape[1], kinds)
    torch.nn.init.zeros_(model.weight)
    torch.nn.init.zeros_(model.bias)
    x, y = torch.as_tensor(vectors, dtype=torch.float32), torch.as_tensor(told)
    weight = torch.as_tensor(importance, dtype=torch.float32)
    optimiser = torch.optim.LBFGS(model.parameters(), max_iter=_ITERATIONS, line_search_fn="strong_wolfe")

    def loss() -> Any:  # noqa: ANN401
        optimiser.zero_grad()
        each = torch.nn.functional.cross_entropy(model(x), y, reduction="none")
        total = ((each * weight).sum() * _TURN_STRENGTH + 0.5 * (model.weight**2).sum()) / len(y)
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    return model.weight.detach().numpy(), model.bias.detach().numpy()


def _softmax(logits: Matrix) -> Matrix:
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances: Matrix = odds / odds.sum(axis=1, keepdims=True)
    return chances


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
