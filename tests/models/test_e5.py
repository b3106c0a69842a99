"""The packaged weight file: both kinds of tensor come back, anything else is refused."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coach.errors import WeightsError
from coach.models.e5 import read_tensors, write_folder

Array = np.ndarray[Any, Any]


def q4_0(values: Array) -> bytes:
    """Blocks of 32: a half-precision scale and 16 bytes, the first half in the low nibbles. Written from ggml's description."""
    out = b""
    for block in np.pad(values, (0, -len(values) % 32)).reshape(-1, 32):
        strongest = block[np.argmax(np.abs(block))]
        scale = np.float16(strongest / -8)
        levels = np.clip(np.round(block / float(scale)) + 8 if scale else np.full(32, 8), 0, 15).astype(np.uint8)
        out += scale.tobytes() + (levels[:16] | levels[16:] << 4).tobytes()
    return out


def e5s1(tensors: dict[str, tuple[Array, bool]], *, vocabulary: tuple[str, ...] = ("<s>", "好", "ab")) -> bytes:
    """A weight file; a tensor is (values, packed in four bits)."""
    text = "".join(vocabulary).encode()
    ends = np.cumsum([0, *(len(w.encode()) for w in vocabulary)])
    head = b"E5S1" + struct.pack("<i7ifi", 1, *range(7), 1e-12, 32)
    head += struct.pack("<iiiiiQ", len(vocabulary), 0, 2, 1, 3, len(text)) + ends.astype("<u4").tobytes()
    head += np.zeros(len(vocabulary), "<f4").tobytes() + text
    head += struct.pack("<iI", 1, 5) + b"norms" + struct.pack("<i", len(tensors))
    bodies = {n: q4_0(v) if packed else v.astype("<f4").tobytes() for n, (v, packed) in tensors.items()}
    at = len(head) + sum(2 + len(n.encode()) + 21 for n in tensors)
    table = b""
    for name, (values, packed) in tensors.items():
        table += struct.pack("<H", len(name.encode())) + name.encode()
        table += struct.pack("<BIQQ", int(packed), values.size, at, len(bodies[name]))
        at += len(bodies[name])
    return head + table + b"".join(bodies.values())


def model(hidden: int = 8, layers: int = 2) -> dict[str, tuple[Array, bool]]:
    """All tensors of a small model, filled with numbers that say where they stand."""
    chance = np.random.default_rng(5)

    def some(*shape: int, packed: bool = False) -> tuple[Array, bool]:
        return chance.standard_normal(int(np.prod(shape))).astype(np.float32), packed

    tensors = {
        "emb.word": some(3, hidden, packed=True),
        "emb.pos": some(6, hidden),
        "emb.type": some(1, hidden),
        "emb.ln.w": some(hidden),
        "emb.ln.b": some(hidden),
    }
    for layer in range(layers):
        for short, out, width in [("q", 1, 1), ("k", 1, 1), ("v", 1, 1), ("ao", 1, 1), ("fi", 4, 1), ("fo", 1, 4)]:
            tensors[f"l{layer}.{short}.w"] = some(out * hidden, width * hidden, packed=True)
            tensors[f"l{layer}.{short}.b"] = some(out * hidden)
        for short in ("aln", "oln"):
            tensors[f"l{layer}.{short}.w"], tensors[f"l{layer}.{short}.b"] = some(hidden), some(hidden)
    return tensors


def test_both_kinds_of_tensor_come_back(tmp_path: Path) -> None:
    plain = np.linspace(-3, 3, 7, dtype=np.float32)
    levels = np.concatenate([np.arange(-8, 8), np.arange(7, -9, -1)]).astype(np.float32)
    packed = np.concatenate([levels * 0.5, levels[:12] * -0.25]).astype(np.float32)
    path = tmp_path / "tiny.bin"
    path.write_bytes(e5s1({"plain": (plain, False), "打包": (packed, True)}))
    tensors = read_tensors(path)
    assert list(tensors) == ["plain", "打包"]
    assert np.array_equal(tensors["plain"], plain)
    assert tensors["打包"].shape == (44,), "what fills up the last block is not kept"
    assert np.array_equal(tensors["打包"], packed), "multiples of the scale survive packing unchanged"
    assert {t.dtype for t in tensors.values()} == {np.dtype(np.float32)}


def test_packing_loses_less_than_a_step(tmp_path: Path) -> None:
    values = np.random.default_rng(1).standard_normal(320).astype(np.float32)
    path = tmp_path / "tiny.bin"
    path.write_bytes(e5s1({"w": (values, True)}))
    error = np.abs(read_tensors(path)["w"] - values).reshape(-1, 32).max(axis=1)
    assert (error <= np.abs(values).reshape(-1, 32).max(axis=1) / 8 * 1.01).all()


@pytest.mark.parametrize("content", [b"", b"E5", b"GGUF and more of it", b"<html>not found</html>"])
def test_another_kind_of_file_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"other\.bin is not an E5S1 weight file"):
        read_tensors(path)


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_file_cut_short_is_refused_by_name(tmp_path: Path, share: float) -> None:
    whole = e5s1(model())
    path = tmp_path / "short.bin"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(WeightsError, match=r"short\.bin"):
        read_tensors(path)


def test_a_folder_is_written_with_every_tensor_in_its_place(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    tensors = model()
    source = tmp_path / "tiny.bin"
    source.write_bytes(e5s1(tensors))
    folder = tmp_path / "folder"
    write_folder(source, b'{"a": "tokenizer"}', folder, hidden=8, layers=2)
    state = load_file(folder / "model.safetensors")
    read = read_tensors(source)
    assert len(state) == len(read)
    assert state["embeddings.word_embeddings.weight"].shape == (3, 8)
    assert state["encoder.layer.1.intermediate.dense.weight"].shape == (32, 8)
    assert state["encoder.layer.1.output.dense.weight"].shape == (8, 32)
    for long, short in [
        ("encoder.layer.0.attention.self.query.weight", "l0.q.w"),
        ("encoder.layer.1.attention.output.LayerNorm.bias", "l1.aln.b"),
        ("encoder.layer.1.output.dense.weight", "l1.fo.w"),
        ("embeddings.position_embeddings.weight", "emb.pos"),
    ]:
        assert np.array_equal(state[long].reshape(-1), read[short])
    assert (folder / "tokenizer.json").read_bytes() == b'{"a": "tokenizer"}'
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert (config["hidden_size"], config["num_hidden_layers"], config["vocab_size"]) == (8, 2, 3)
    assert config["max_position_embeddings"] == 6
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    assert [m["path"] for m in modules] == ["", "1_Pooling", "2_Normalize"]
    assert json.loads((folder / "1_Pooling" / "config.json").read_text(encoding="utf-8"))["pooling_mode_mean_tokens"] is True
