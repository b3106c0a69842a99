"""Trains the LoRA adapter of the embedding model on the library's own questions. Run by `coach models train-adapter`.

Contrastive loss with in-batch negatives (InfoNCE, as in sentence-transformers' MultipleNegativesRankingLoss): a question
must be nearer to the text of its article, in either language, to the other questions of that article, and to the sentence
that answers it, than to anything else in the batch. Half of the batches hold neighbouring articles, and every sentence
stands beside another one of its own article: those are the hard negatives. A fixed fifth
of the questions is never trained on: the evidence check is calibrated on it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.library.articles import Article, held_back
from coach.library.passages import sentences
from coach.models.embedding import PASSAGE_PREFIX, QUERY_PREFIX, Embedder
from coach.settings import Settings

_Triple = tuple[str, str, str]
"""A question, its prefixed positive, and a prefixed hard negative or nothing."""

_TARGETS = ["query", "key", "value", "dense"]
_LAYERS = list(range(4, 12))  # the lower layers hold words, not topics; leaving them frozen halves time and memory


@dataclass(frozen=True, kw_only=True)
class TrainingPlan:
    """How the adapter is trained; defaults are the shipped adapter's."""

    epochs: int = 2
    batch: int = 28
    learning_rate: float = 4e-4
    rank: int = 16
    scale: float = 20.0
    seed: int = 7


def train(
    articles: Sequence[Article],
    settings: Settings,
    folder: Path,
    plan: TrainingPlan,
    progress: Callable[[int, int, float], None],
    start_from: Path | None = None,
) -> None:
    """Writes the adapter to `folder`; `progress(step, steps, loss)` is called after each step.

    `start_from` is an earlier adapter to go on from when the library has grown. About 10 minutes an epoch on 2 cores.
    """
    import torch
    from peft import LoraConfig, PeftModel, get_peft_model

    torch.manual_seed(plan.seed)
    embedder = Embedder(settings.model_copy(update={"adapter": "none"}))
    embedder.load()
    transformer = embedder.transformer
    model: Any
    if start_from is not None:
        model = PeftModel.from_pretrained(transformer.model, str(start_from), is_trainable=True).float()
    else:
        config = LoraConfig(r=plan.rank, lora_alpha=2 * plan.rank, target_modules=_TARGETS, layers_to_transform=_LAYERS)
        model = get_peft_model(transformer.model, config)
    batches = _batches(articles, embedder, plan)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=plan.learning_rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.learning_rate, total_steps=len(batches), pct_start=0.1)
    model.train()
    for step, batch in enumerate(batches, 1):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            left = _encode(model, transformer.tokenizer, [QUERY_PREFIX + q for q, _, _ in batch]).float()
            right = _encode(model, transformer.tokenizer, [t for _, t, _ in batch] + [n for _, _, n in batch if n]).float()
        scores = left @ right.T * plan.scale
        target = torch.arange(len(batch))
        back = scores[:, : len(batch)].T
        loss = (torch.nn.functional.cross_entropy(scores, target) + torch.nn.functional.cross_entropy(back, target)) / 2
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        progress(step, len(batches), loss.item())
    _save(model, folder)


def _encode(model: Any, tokenizer: Any, texts: list[str]) -> Any:  # noqa: ANN401  torch types stay out of the signatures
    import torch

    inputs = tokenizer(texts, padding=True, truncation=True, max_length=224, return_tensors="pt")
    hidden = model(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"]).last_hidden_state
    mask = inputs["attention_mask"].unsqueeze(-1)
    return torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)


def _batches(articles: Sequence[Article], embedder: Embedder, plan: TrainingPlan) -> list[list[_Triple]]:
    """Batches of triples, each article at most once in a batch."""
    chance = random.Random(plan.seed)
    twins: dict[str, dict[str, Article]] = {}
    for article in articles:
        twins.setdefault(article.id, {})[article.lang] = article
    ids = sorted(twins)
    vectors = embedder.passages([_text(next(iter(twins[i].values()))) for i in ids])
    near = {i: [ids[k] for k in (-(vectors @ vectors[n])).argsort()] for n, i in enumerate(ids)}
    questions = {i: [each for a in twins[i].values() for each in _asked(a)] for i in ids}
    batches = []
    for _ in range(plan.epochs):
        pools = {i: chance.sample(qs, len(qs)) for i, qs in questions.items()}
        while sum(1 for p in pools.values() if p) >= plan.batch // 2:
            alive = [i for i in ids if pools[i]]
            chance.shuffle(alive)
            if chance.random() < 0.5:
                alive = [i for seed in alive[:3] for i in near[seed] if pools[i]][: 3 * plan.batch]
            members = list(dict.fromkeys(alive))[: plan.batch]
            batches.append([_triple(pools[i].pop(), twins[i], chance) for i in members])
    return batches


def _asked(article: Article) -> list[tuple[str, int, Article]]:
    """The questions that may be trained on, with the sentence that answers each (0: several together)."""
    answers = article.answers or [0] * len(article.questions)
    return [(q, n, article) for q, n in zip(article.questions, answers, strict=True) if not held_back(q)]


def _triple(item: tuple[str, int, Article], twins: dict[str, Article], chance: random.Random) -> _Triple:
    question, sentence, article = item
    draw = chance.random()
    if draw < 0.25 and sentence:
        spoken = [s.strip() for _, _, s in sentences(article.body)]
        others = spoken[: sentence - 1] + spoken[sentence:]
        hard = PASSAGE_PREFIX + chance.choice(others) if others else ""
        return question, PASSAGE_PREFIX + spoken[sentence - 1], hard
    alike = [q for a in twins.values() for q in a.questions if q != question and not held_back(q)]
    if draw < 0.5 and alike:
        return question, QUERY_PREFIX + chance.choice(alike), ""
    other = twins.get("en" if article.lang == "zh" else "zh", article)
    return question, PASSAGE_PREFIX + _text(other if draw < 0.62 else article), ""


def _text(article: Article) -> str:
    return f"{article.title}\n{article.body}"


def _save(model: Any, folder: Path) -> None:  # noqa: ANN401
    import torch

    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.to(torch.float16)
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(str(folder))
