"""Turns the packaged 4-bit multilingual-e5-small into an ordinary sentence-transformers folder. Knows one file layout only.

Layout (little-endian): `"E5S1"`, version, 7 model sizes, eps, block size, a tokenizer blob (skipped), then a table of
named tensors, each f32 or Q4_0 (18-byte blocks of 32 weights: fp16 scale, then 16 bytes; low nibbles first).
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from coach.errors import WeightsError

_BLOCK = 32
_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def read_tensors(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """All tensors of the file by name, flat float32 arrays. Raises WeightsError for any other kind of file."""
    blob = path.read_bytes()
    if blob[:4] != b"E5S1":
        raise WeightsError(f"{path.name} is not an E5S1 weight file (it begins with {blob[:4]!r}).")
    try:
        return _tensors(blob)
    except (struct.error, ValueError, OverflowError) as error:
        raise WeightsError(
            f"{path.name} is cut short or damaged: {error}.", hint="Get it again with: coach models fetch"
        ) from error


def _tensors(blob: bytes) -> dict[str, np.ndarray[Any, Any]]:
    at = 4 + 4 + 7 * 4 + 4 + 4
    vocab, _bos, _eos, _pad, _unk, text_bytes = struct.unpack_from("<iiiiiQ", blob, at)
    at += struct.calcsize("<iiiiiQ") + 4 * (vocab + 1) + 4 * vocab + text_bytes
    _norms, norm_bytes = struct.unpack_from("<iI", blob, at)
    at += 8 + norm_bytes
    (count,) = struct.unpack_from("<i", blob, at)
    at += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", blob, at)
        name = blob[at + 2 : at + 2 + length].decode()
        at += 2 + length
        kind, elements, offset, size = struct.unpack_from("<BIQQ", blob, at)
        at += struct.calcsize("<BIQQ")
        tensors[name] = _decode(blob[offset : offset + size], kind, elements)
    return tensors


def _decode(raw: bytes, kind: int, elements: int) -> np.ndarray[Any, Any]:
    if kind == 0:
        return np.frombuffer(raw, "<f4").copy()
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, 18)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    packed = blocks[:, 2:]
    nibbles = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32) - 8.0
    return (nibbles * scale).reshape(-1)[:elements]


def write_folder(weights: Path, tokenizer: bytes, folder: Path, *, hidden: int = 384, layers: int = 12) -> None:
    """Writes a folder that `SentenceTransformer(folder)` loads: mean pooling, normalised, e5 prefixes."""
    from safetensors.numpy import save_file

    tensors = read_tensors(weights)
    state = {
        "embeddings.word_embeddings.weight": tensors["emb.word"].reshape(-1, hidden),
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for layer in range(layers):
        for short, long in _LAYER_NAMES.items():
            weight, bias = tensors[f"l{layer}.{short}.w"], tensors[f"l{layer}.{short}.b"]
            shaped = weight if short.endswith("ln") else weight.reshape(bias.size, -1)
            state[f"encoder.layer.{layer}.{long}.weight"] = np.ascontiguousarray(shaped)
            state[f"encoder.layer.{layer}.{long}.bias"] = bias
    folder.mkdir(parents=True, exist_ok=True)
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "tokenizer.json").write_bytes(tokenizer)
    for name, value in _configs(hidden, layers, state).items():
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(value, indent=1), encoding="utf-8")


def _configs(hidden: int, layers: int, state: dict[str, np.ndarray[Any, Any]]) -> dict[str, Any]:
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": hidden,
            "num_hidden_layers": layers,
            "num_attention_heads": 12,
            "intermediate_size": 4 * hidden,
            "hidden_act": "gelu",
            "layer_norm_eps": 1e-12,
            "max_position_embeddings": state["embeddings.position_embeddings.weight"].shape[0],
            "type_vocab_size": state["embeddings.token_type_embeddings.weight"].shape[0],
            "vocab_size": state["embeddings.word_embeddings.weight"].shape[0],
            "pad_token_id": 1,
            "torch_dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "XLMRobertaTokenizerFast",
            "model_max_length": 512,
            "bos_token": "<s>",
            "eos_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "mask_token": "<mask>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": 512, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
        },
    }
