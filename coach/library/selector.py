"""Answer-sentence selection: which sentence of the library a question asks for, told from its vector by a small network.

The nearest stored questions are some of them; the network has seen them all, in both languages (evals/LOG.md: English facts
within 2,000 characters 92.8 → 94.4 % on questions that neither has seen). Kept in `knowledge/selector.npz`, made by `coach models
calibrate`. A sentence that was changed since is unknown to it, and so is every sentence with another embedding model.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from coach.errors import SetupError
from coach.library.articles import Article
from coach.library.passages import sentences
from coach.models.embedding import Matrix

FILE = "selector.npz"
SURE_NOT = -12.0  # a log probability below it says no more
_LAYERS = ("hidden", "hidden_bias", "deep", "shallow", "bias")
_REMEMBERED = 2000  # passages whose sentences were looked up

Asked = tuple[list[str], Matrix]
"""Stored questions: `<passage id>?<number>=<sentence that answers it>` and their vectors, shape (n, dimension)."""


class SentenceSelector:
    """A network of one hidden layer beside a linear one, both from a question's vector to the classes. Thread-safe."""

    def __init__(self, layers: Mapping[str, Matrix], classes: Mapping[str, int]) -> None:
        """`layers`: hidden (units, dimension), hidden_bias, deep (classes, units), shallow (classes, dimension), bias.

        `classes`: by the key of a sentence; it shares its class with its counterpart in the other language.
        """
        self._layers = {name: np.ascontiguousarray(layers[name], np.float32) for name in _LAYERS}
        self._classes = dict(classes)
        self._known: OrderedDict[tuple[str, str], tuple[int, ...]] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def load(cls, path: Path, embedding: str) -> SentenceSelector | None:
        """The one fitted to this embedding model; None when there is none. Raises SetupError for a damaged file."""
        if not path.exists():
            return None
        try:
            with np.load(path) as stored:
                if str(stored["embedding"]) != embedding:
                    return None
                classes = dict(zip(stored["keys"].tolist(), stored["numbers"].tolist(), strict=True))
                return cls({name: stored[name] for name in _LAYERS}, classes)
        except (OSError, EOFError, ValueError, KeyError, BadZipFile, AttributeError, TypeError) as error:
            raise SetupError(
                f"{path} is damaged, or no selector.",
                hint=f"Make it anew: rm '{path}' && coach models calibrate",
            ) from error

    def save(self, path: Path, embedding: str) -> None:
        """In half precision, which changes no log probability by more than a hundredth."""
        arrays: dict[str, Any] = {name: layer.astype(np.float16) for name, layer in self._layers.items()}
        arrays |= {"embedding": np.array(embedding), "keys": np.array(list(self._classes))}
        arrays["numbers"] = np.array(list(self._classes.values()), np.int32)
        partial = path.with_name(f"{path.name}.partial")
        with partial.open("wb") as file:
            np.savez(file, **arrays)
        os.replace(partial, path)

    def log_probabilities(self, vector: Matrix) -> Matrix:
        """Of every class, shape (classes,), for the unit vector of a question, shape (dimension,)."""
        asked = vector * np.sqrt(len(vector), dtype=np.float32)
        hidden = _gelu(self._layers["hidden"] @ asked + self._layers["hidden_bias"])
        logits = self._layers["deep"] @ hidden + self._layers["shallow"] @ asked + self._layers["bias"]
        top = logits.max()
        logs: Matrix = logits - top - np.log(np.exp(logits - top).sum())
        return np.maximum(logs, SURE_NOT)

    def numbers(self, passage_id: str, text: str) -> tuple[int, ...]:
        """The class of each sentence of a passage, -1 where it is unknown; empty when all are."""
        with self._lock:
            if (found := self._known.get((passage_id, text))) is not None:
                self._known.move_to_end((passage_id, text))
                return found
        found = tuple(self._classes.get(_key(passage_id, s), -1) for _, _, s in sentences(text))
        found = found if max(found, default=-1) >= 0 else ()
        with self._lock:
            self._known[passage_id, text] = found
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return found


@dataclass(frozen=True, kw_only=True)
class SelectorPlan:
    """How the network is trained; tried and measured in evals/LOG.md."""

    units: int = 512
    epochs: int = 24
    batch: int = 256
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.02
    dropout: float = 0.4
    """Of hidden units; half as much of what comes in."""
    noise: float = 0.02
    """Standard deviation of what is added to each component of a vector."""
    nearness: float = 15.0
    """How much a cosine of 1 to a sentence counts before training, a logarithm."""
    least: int = 200
    """Questions; fewer say too little of so many sentences."""
    seed: int = 7


def fit(
    articles: Sequence[Article],
    stored: Sequence[Asked],
    embed: Callable[[Sequence[str]], Matrix],
    plan: SelectorPlan = SelectorPlan(),
) -> SentenceSelector | None:
    """A selector trained on the stored questions of these articles; None where there are fewer than the plan wants.

    `embed`: vectors of sentences, shape (n, dimension). About 45 s on 2 cores for 30,000 questions.
    """
    numbers = _numbered(articles)
    asked: list[Matrix] = []
    wanted: list[tuple[int, ...]] = []
    for ids, vectors in stored:
        for qid, vector in zip(ids, vectors, strict=True):
            pid, _, mark = qid.rpartition("?")
            if of_passage := numbers.get(pid):
                answer = int(mark.partition("=")[2])
                asked.append(vector)
                wanted.append((of_passage[answer - 1],) if answer else of_passage)
    if len(asked) < plan.least:
        return None
    spoken, classes, keyed = [], [], {}
    for article in articles:
        pid = f"{article.id}.{article.lang}"
        for number, (_, _, sentence) in zip(numbers[pid], sentences(article.body), strict=True):
            spoken.append(sentence)
            classes.append(number)
            keyed[_key(pid, sentence)] = number
    held = np.eye(max(classes) + 1, dtype=np.float32)[classes]
    means = held.T @ embed(spoken) / held.sum(0)[:, None]
    return SentenceSelector(_trained(np.stack(asked), wanted, means, plan), keyed)


def _numbered(articles: Sequence[Article]) -> dict[str, tuple[int, ...]]:
    """The class of each sentence, by passage id. Articles with one id and as many sentences share their classes in order."""
    numbers: dict[str, tuple[int, ...]] = {}
    known: dict[tuple[str, int], tuple[int, ...]] = {}
    total = 0
    for article in articles:
        count = len(sentences(article.body))
        if (article.id, count) not in known:
            known[article.id, count] = tuple(range(total, total + count))
            total += count
        numbers[f"{article.id}.{article.lang}"] = known[article.id, count]
    return numbers


def _trained(asked: Matrix, wanted: Sequence[Sequence[int]], spoken: Matrix, plan: SelectorPlan) -> dict[str, Matrix]:
    """The layers of the network. Loss: cross entropy, the classes that answer a question sharing the probability.

    `asked`: shape (n, dimension); `wanted`: the classes that answer each; `spoken`: the mean vector of each class's sentences,
    shape (classes, dimension).
    """
    import torch

    torch.manual_seed(plan.seed)
    (classes, dimension), scale = spoken.shape, float(np.sqrt(asked.shape[1]))
    hidden, deep = torch.nn.Linear(dimension, plan.units), torch.nn.Linear(plan.units, classes)
    shallow = torch.nn.Linear(dimension, classes, bias=False)
    with torch.no_grad():
        shallow.weight.copy_(torch.as_tensor(spoken * plan.nearness / scale))
    vectors = torch.as_tensor(asked, dtype=torch.float32)
    parameters = [*hidden.parameters(), *deep.parameters(), *shallow.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=plan.learning_rate, weight_decay=plan.weight_decay)
    steps = plan.epochs * len(list(_batches(len(asked), plan.batch)))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.learning_rate, total_steps=steps)
    blurred, dropped = torch.nn.Dropout(plan.dropout / 2), torch.nn.Dropout(plan.dropout)
    for _ in range(plan.epochs):
        order = torch.randperm(len(asked))
        for some in _batches(len(asked), plan.batch):
            rows = order[some]
            heard = blurred(vectors[rows] + plan.noise * torch.randn(len(rows), dimension)) * scale
            logits = deep(dropped(torch.nn.functional.gelu(hidden(heard), approximate="tanh"))) + shallow(heard)
            loss = torch.nn.functional.cross_entropy(logits, _targets([wanted[i] for i in rows.tolist()], classes))
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    layers = {
        "hidden": hidden.weight, "hidden_bias": hidden.bias, "deep": deep.weight, "shallow": shallow.weight, "bias": deep.bias,
    }  # fmt: skip
    return {name: layer.detach().numpy() for name, layer in layers.items()}


def _batches(count: int, size: int) -> Iterator[slice]:
    return (slice(at, at + size) for at in range(0, count, size))


def _targets(wanted: Sequence[Sequence[int]], classes: int) -> Any:  # noqa: ANN401  a tensor; torch is imported late
    import torch

    shares = torch.zeros(len(wanted), classes)
    for row, numbers in enumerate(wanted):
        shares[row, list(numbers)] = 1 / len(numbers)
    return shares


def _gelu(values: Matrix) -> Matrix:
    """Gaussian error linear unit, by its tanh approximation (Hendrycks and Gimpel 2016)."""
    activated: Matrix = 0.5 * values * (1 + np.tanh(np.sqrt(2 / np.pi, dtype=np.float32) * (values + 0.044715 * values**3)))
    return activated


def _key(passage_id: str, sentence: str) -> str:
    return hashlib.sha256(f"{passage_id}\n{sentence.strip()}".encode()).hexdigest()[:16]
