"""The encoder gives what sentence-transformers gives, and leaves alone what it cannot run."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coach.models.embedding import Embedder
from coach.models.encoder import Encoder, can_run
from coach.settings import ROOT, Settings

pytestmark = pytest.mark.real

TEXTS = [
    *(
        "query: 预算怎么定",
        "passage: How do I set a budget?",
        "🙂🙂",
        "",
        " ",
        "預算怎麼定？",
        "a",
        "query: CMO和市场总监有什么区别？",
    ),
    *("passage: " + "很长的文字，说了很多很多别的事情。" * 200, "passage: " + "ROI " * 511, "\u0000\u200b", "Ünïcödé ﬁ ①"),
]


@pytest.fixture(scope="module")
def other(real_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small BERT of other sizes with random weights, as sentence-transformers writes it; it speaks with the same words."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel

    shipped, folder = Embedder(real_settings).folder, tmp_path_factory.mktemp("other")
    torch.manual_seed(1)
    sizes = {"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 100}
    config = BertConfig(vocab_size=250037, max_position_embeddings=64, initializer_range=0.3, **sizes)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder / "bert")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(shipped / name, folder / "bert")
    words = Transformer(str(folder / "bert"), max_seq_length=40, model_args={"add_pooling_layer": False})
    SentenceTransformer(modules=[words, Pooling(48, "mean")], device="cpu").save(str(folder / "model"))
    return folder / "model"


def reference(settings: Settings) -> np.ndarray:
    model = Embedder(settings).sentence_transformer()
    return np.asarray(model.encode(TEXTS, prompt="", normalize_embeddings=True, show_progress_bar=False))


@pytest.mark.parametrize("adapter", ["auto", "none"])
def test_the_shipped_model_gives_the_vectors_of_sentence_transformers(real_settings: Settings, adapter: str) -> None:
    settings = real_settings.model_copy(update={"adapter": adapter})
    embedder = Embedder(settings)
    assert can_run(embedder.folder, embedder.adapter)
    vectors = Encoder(embedder.folder, embedder.adapter, threads=1).encode(TEXTS)
    assert vectors.dtype == np.float32 and vectors.shape == (len(TEXTS), 384)
    assert np.abs(vectors - reference(settings)).max() < 1e-4


def test_a_model_of_other_sizes_gives_them_too(real_settings: Settings, other: Path) -> None:
    assert can_run(other, None)
    vectors = Encoder(other, None, threads=2).encode(TEXTS)
    assert vectors.shape == (len(TEXTS), 48)
    assert np.abs(vectors - reference(real_settings.model_copy(update={"embedding": str(other)}))).max() < 1e-4
    assert Encoder(other, None, threads=2).encode([]).shape == (0, 48)


def _changed(name: str, change: Callable[[Any], Any]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        path = folder / name
        read = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(change(read)), encoding="utf-8")

    return apply


@pytest.mark.parametrize(
    "change",
    [
        _changed("config.json", lambda c: c | {"model_type": "xlm-roberta"}),
        _changed("config.json", lambda c: c | {"hidden_act": "relu"}),
        _changed("config.json", lambda c: c | {"position_embedding_type": "relative_key"}),
        _changed("modules.json", lambda m: [*m, {"type": "sentence_transformers.models.Dense", "path": "3_Dense"}]),
        _changed("1_Pooling/config.json", lambda c: {k: v for k, v in c.items() if "mode" not in k} | {"pooling_mode": "cls"}),
        _changed("1_Pooling/config.json", lambda c: c | {"pooling_mode_max_tokens": True, "pooling_mode_mean_tokens": True}),
        _changed("sentence_bert_config.json", lambda c: c | {"do_lower_case": True}),
        lambda folder: (folder / "tokenizer.json").unlink(),
        lambda folder: (folder / "model.safetensors").rename(folder / "pytorch_model.bin"),
    ],
)
def test_what_is_of_another_kind_is_left_to_sentence_transformers(other: Path, tmp_path: Path, change) -> None:
    folder = Path(shutil.copytree(other, tmp_path / "model"))
    change(folder)
    assert not can_run(folder, None)


@pytest.mark.parametrize(
    ("told", "runs"),
    [({}, True), ({"use_dora": True}, False), ({"rank_pattern": {"query": 4}}, False), ({"bias": "all"}, False)],
)
def test_only_a_plain_adapter_is_merged(real_settings: Settings, tmp_path: Path, told: dict[str, Any], runs: bool) -> None:
    adapter = Path(shutil.copytree(ROOT / "knowledge" / "adapter", tmp_path / "adapter"))
    _changed("adapter_config.json", lambda c: c | told)(adapter)
    assert can_run(Embedder(real_settings).folder, adapter) is runs


@pytest.mark.parametrize("extra", ["embeddings.word_embeddings.lora_embedding_A", "encoder.layer.99.output.dense.lora_A.weight"])
def test_an_adapter_of_more_than_is_merged_is_left_alone(real_settings: Settings, tmp_path: Path, extra: str) -> None:
    from safetensors.numpy import load_file, save_file

    adapter = Path(shutil.copytree(ROOT / "knowledge" / "adapter", tmp_path / "adapter"))
    tensors = load_file(adapter / "adapter_model.safetensors")
    more = {f"base_model.model.{extra}": np.zeros((1, 1), np.float16)}
    more |= {name.replace("lora_A", "lora_B"): tensor for name, tensor in more.items() if "lora_A" in name}
    save_file(tensors | more, adapter / "adapter_model.safetensors")
    assert not can_run(Embedder(real_settings).folder, adapter)


def test_an_adapter_of_another_model_is_left_alone(other: Path) -> None:
    assert not can_run(other, ROOT / "knowledge" / "adapter")


def test_any_other_model_answers_through_sentence_transformers(real_settings: Settings, other: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(other, tmp_path / "model"))
    _changed("1_Pooling/config.json", lambda c: {k: v for k, v in c.items() if "mode" not in k} | {"pooling_mode": "cls"})(folder)
    embedder = Embedder(real_settings.model_copy(update={"embedding": str(folder)}))
    vectors = embedder.queries(["预算怎么定", "How do I set a budget?"])
    assert embedder.dimension == 48 and vectors.shape == (2, 48)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(2), abs=1e-5)
    by_mean = Embedder(real_settings.model_copy(update={"embedding": str(other)})).queries(["预算怎么定"])
    assert np.abs(vectors[0] - by_mean[0]).max() > 1e-3


def test_a_question_is_embedded_without_torch(real_settings: Settings) -> None:
    code = (
        "import sys; from pathlib import Path; from coach.models.embedding import Embedder; from coach.settings import Settings\n"
        f"Embedder(Settings(_env_file=None, home=Path({str(real_settings.home)!r}))).load()\n"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers', 'peft') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
