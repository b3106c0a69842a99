"""Trains the LoRA adapter of the embedding model on the library's own questions. Run by `coach models train-adapter`.

A step takes some articles, several questions of each, and one text of each. Three contrastive losses (InfoNCE) are added:
a question must be nearer to the text of its article than to the other texts, nearer to the other questions of its article
than to other questions (supervised contrastive loss, Khosla et al. 2020), and nearer to the sentence that answers it than to
the other sentences of the article. Half of the steps hold neighbouring articles, which
are the hard negatives. The questions held back (`coach.library.articles.held_back`) are never seen.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.library.articles import Article, held_back
from coach.library.passages import sentences
from coach.models.embedding import PASSAGE_PREFIX, QUERY_PREFIX, Embedder
from coach.settings import Settings
from coach.types import Lang

_NEIGHBOURS = 8
_TARGETS = ["query", "key", "value", "dense"]
_LAYERS = list(range(4, 12))  # the lower layers hold words, not topics; leaving them frozen halves time and memory


@dataclass(frozen=True, kw_only=True)
class TrainingPlan:
    """How the adapter is trained; defaults are the shipped adapter's."""

    steps: int = 240
    articles: int = 28
    questions: int = 4
    spoken: int = 3
    """Articles of a step whose sentences are compared one by one."""
    learning_rate: float = 3e-4
    rank: int = 16
    scale: float = 20.0
    seed: int = 7


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A question, the number of its article, and the sentence that answers it (0: several together)."""

    text: str
    lang: Lang
    article: int
    sentence: int


def train(
    articles: Sequence[Article],
    settings: Settings,
    folder: Path,
    plan: TrainingPlan,
    progress: Callable[[int, int, float], None],
) -> None:
    """Writes the adapter to `folder`; `progress(step, steps, loss)` is called after each step. About 5 s a step on 2 cores."""
    import torch
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(plan.seed)
    embedder = Embedder(settings.model_copy(update={"adapter": "none"}))
    transformer = embedder.sentence_transformer()[0]
    config = LoraConfig(r=plan.rank, lora_alpha=2 * plan.rank, target_modules=_TARGETS, layers_to_transform=_LAYERS)
    model: Any = get_peft_model(transformer.model, config)
    encoder = _Encoder(model, transformer.tokenizer)
    pool = _Pool(articles, plan, encoder)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=plan.learning_rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.learning_rate, total_steps=plan.steps, pct_start=0.1)
    model.train()
    for step in range(plan.steps):
        loss = _loss(pool, encoder, plan)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        progress(step + 1, plan.steps, loss.item())
    _save(model, folder, settings.embedding)


class _Encoder:
    """Texts in, unit vectors out, with gradients."""

    def __init__(self, model: Any, tokenizer: Any) -> None:  # noqa: ANN401  torch types stay out of the signatures
        self.model = model
        self.tokenizer = tokenizer

    def __call__(self, texts: Sequence[str]) -> Any:  # noqa: ANN401
        import torch

        with torch.autocast("cpu", dtype=torch.bfloat16):
            inputs = self.tokenizer(list(texts), padding=True, truncation=True, max_length=256, return_tensors="pt")
            hidden = self.model(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"]).last_hidden_state
            mask = inputs["attention_mask"].unsqueeze(-1)
            return torch.nn.functional.normalize(((hidden * mask).sum(1) / mask.sum(1)).float(), dim=-1)

    def by_length(self, texts: Sequence[str], size: int = 32) -> Any:  # noqa: ANN401
        """The same; texts of a like length go together, so that little is spent on padding."""
        import torch

        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        parts = [self([texts[n] for n in order[at : at + size]]) for at in range(0, len(order), size)]
        return torch.cat(parts)[torch.tensor(order).argsort()]


class _Pool:
    """The articles by number, in both languages, and what is drawn from them."""

    def __init__(self, articles: Sequence[Article], plan: TrainingPlan, encoder: _Encoder) -> None:
        import torch

        self.plan = plan
        self.chance = random.Random(plan.seed)
        self.ids = sorted({a.id for a in articles})
        numbers = {name: n for n, name in enumerate(self.ids)}
        self.texts: dict[Lang, list[str]] = {"zh": [""] * len(self.ids), "en": [""] * len(self.ids)}
        self.sentences: dict[Lang, list[list[str]]] = {"zh": [[] for _ in self.ids], "en": [[] for _ in self.ids]}
        self.asked: dict[Lang, list[list[_Asked]]] = {"zh": [[] for _ in self.ids], "en": [[] for _ in self.ids]}
        for article in articles:
            number = numbers[article.id]
            self.texts[article.lang][number] = PASSAGE_PREFIX + _text(article)
            self.sentences[article.lang][number] = [PASSAGE_PREFIX + s.strip() for _, _, s in sentences(article.body)]
            self.asked[article.lang][number] = list(_asked(article, number))
        self._waiting: dict[tuple[Lang, int], list[_Asked]] = {}
        self._lang: Lang = "en"
        with torch.no_grad():
            vectors = encoder.by_length(self.texts["en"])
        self._near = [[int(k) for k in row] for row in (-(vectors @ vectors.T)).argsort(dim=1)[:, :_NEIGHBOURS]]

    def draw(self) -> tuple[Lang, list[int], list[_Asked]]:
        """The language, the articles and the questions of one step; the last question of each is in the other language."""
        self._lang = "en" if self._lang == "zh" else "zh"
        other: Lang = "en" if self._lang == "zh" else "zh"
        members = self._members()
        questions = []
        for number in members:
            for n in range(self.plan.questions):
                found = self._next(other if n == self.plan.questions - 1 else self._lang, number)
                questions.extend([found] if found else [])
        return self._lang, members, questions

    def _members(self) -> list[int]:
        numbers = list(range(len(self.ids)))
        self.chance.shuffle(numbers)
        if self.chance.random() < 0.5:
            close = [k for seed in numbers[: self.plan.articles // _NEIGHBOURS] for k in self._near[seed]]
            numbers = list(dict.fromkeys([*close, *numbers]))
        return numbers[: self.plan.articles]

    def _next(self, lang: Lang, number: int) -> _Asked | None:
        """The questions of an article in turn, shuffled anew when all were drawn."""
        waiting = self._waiting.setdefault((lang, number), [])
        if not waiting:
            waiting.extend(self.chance.sample(self.asked[lang][number], len(self.asked[lang][number])))
        return waiting.pop() if waiting else None


def _loss(pool: _Pool, encoder: _Encoder, plan: TrainingPlan) -> Any:  # noqa: ANN401
    import torch
    from torch.nn.functional import cross_entropy

    lang, members, questions = pool.draw()
    asked = encoder.by_length([QUERY_PREFIX + q.text for q in questions])
    texts = encoder([pool.texts[lang][n] for n in members])
    place = {n: at for at, n in enumerate(members)}
    own = torch.tensor([place[q.article] for q in questions])
    loss = cross_entropy(asked @ texts.T * plan.scale, own)
    loss = loss + 0.5 * _alike(asked, own, plan.scale)
    return loss + 0.5 * _spoken(pool, encoder, plan, lang, questions, asked)


def _alike(asked: Any, own: Any, scale: float) -> Any:  # noqa: ANN401
    """Questions of one article are nearer to each other than to the other questions."""
    import torch

    scores = asked @ asked.T * scale
    itself = torch.eye(len(asked), dtype=torch.bool)
    logarithms = torch.log_softmax(scores.masked_fill(itself, -1e4), dim=1)
    same = (own[:, None] == own[None, :]) & ~itself
    return -(logarithms * same).sum(1).div(same.sum(1).clamp(min=1)).mean()


def _spoken(pool: _Pool, encoder: _Encoder, plan: TrainingPlan, lang: Lang, questions: Sequence[_Asked], asked: Any) -> Any:  # noqa: ANN401
    """A question is nearer to the sentence that answers it than to the other sentences of the article."""
    import torch
    from torch.nn.functional import cross_entropy

    members = sorted({q.article for q in questions})
    chosen = pool.chance.sample(members, min(plan.spoken, len(members)))
    vectors = encoder([s for n in chosen for s in pool.sentences[lang][n]])
    losses, at = [], 0
    for number in chosen:
        size = len(pool.sentences[lang][number])
        rows = [n for n, q in enumerate(questions) if (q.article, q.lang) == (number, lang) and q.sentence]
        if rows:
            target = torch.tensor([questions[n].sentence - 1 for n in rows])
            losses.append(cross_entropy(asked[rows] @ vectors[at : at + size].T * plan.scale, target))
        at += size
    return torch.stack(losses).mean() if losses else asked.sum() * 0.0


def _asked(article: Article, number: int) -> Iterator[_Asked]:
    """The questions that may be trained on."""
    answers = article.answers or [0] * len(article.questions)
    for question, sentence in zip(article.questions, answers, strict=True):
        if not held_back(question):
            yield _Asked(text=question, lang=article.lang, article=number, sentence=sentence)


def _text(article: Article) -> str:
    return f"{article.title}\n{article.body}"


def _save(model: Any, folder: Path, base: str) -> None:  # noqa: ANN401
    """Writes the adapter in half precision; it names its base model, not the folder that one lies in here."""
    import torch

    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.to(torch.float16)
    model.peft_config["default"].base_model_name_or_path = base
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(str(folder))
