"""A BERT sentence encoder on ONNX Runtime: texts in, unit vectors out. Knows files, tensors and the graph; not what is asked.

sentence-transformers gives the same vectors (to 1e-5, tests/models/test_encoder.py), but takes nine seconds to import and three
times as long for a single question (evals/LOG.md). The graph is built in memory from the folder sentence-transformers reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from safetensors import safe_open
from tokenizers import Tokenizer
from tokenizers.pre_tokenizers import Metaspace, Sequence, WhitespaceSplit

from coach.models.embedding import Matrix

_WEIGHTS = "model.safetensors"
_TOKENIZER = "tokenizer.json"
_ADAPTER = "adapter_model.safetensors"
_WORDS = "embeddings.word_embeddings.weight"
_FUSED = "com.microsoft"  # ONNX Runtime's own operators: attention, residual and activation in one step each
_OPSETS = (helper.make_opsetid("", 17), helper.make_opsetid(_FUSED, 1))
_IR_VERSION = 10
_BATCH = 32
_LORA_ONLY = ("use_dora", "use_rslora", "use_qalora", "fan_in_fan_out", "rank_pattern", "alpha_pattern", "modules_to_save")


def can_run(folder: Path, adapter: Path | None) -> bool:
    """Whether the folder holds a BERT with mean pooling in float32, and the adapter, if any, is a plain LoRA of linear layers."""
    if not all((folder / name).exists() for name in ("config.json", "modules.json", _WEIGHTS, _TOKENIZER)):
        return False
    config, (tensors, _) = _json(folder / "config.json"), _header(folder / _WEIGHTS)
    kinds = [str(module["type"]).rpartition(".")[2] for module in _json(folder / "modules.json")]
    return (
        (config.get("model_type"), config.get("hidden_act")) == ("bert", "gelu")
        and config.get("position_embedding_type", "absolute") == "absolute"
        and kinds in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
        and _pools_by_mean(_json(folder / "1_Pooling" / "config.json"))
        and not _json(folder / "sentence_bert_config.json").get("do_lower_case")
        and tensors.get(_WORDS, {}).get("dtype") == "F32"
        and (adapter is None or _fits(adapter, tensors))
    )


class Encoder:
    """The model, loaded. Safe to share between threads."""

    def __init__(self, folder: Path, adapter: Path | None, threads: int) -> None:
        config = _json(folder / "config.json")
        self.dimension = int(config["hidden_size"])
        self._tokenizer = _tokenizer(folder, config["max_position_embeddings"])
        self._words = _mapped(folder / _WEIGHTS, _WORDS)
        with safe_open(folder / _WEIGHTS, "numpy") as file:
            weights = {name: file.get_tensor(name) for name in file.keys() if name != _WORDS}  # noqa: SIM118  not a dict
        for name, delta in _lora(adapter).items() if adapter else ():
            weights[name] = weights[name] + delta
        self._places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        # Threads that spin while they wait starve their neighbours (see coach.models.embedding).
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(_layers(weights, config), options, providers=["CPUExecutionProvider"])

    def encode(self, texts: list[str]) -> Matrix:
        """Unit vectors, shape (len(texts), dimension). Texts longer than the model reads are cut."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        tokens = [found.ids for found in self._tokenizer.encode_batch(texts)]
        order = sorted(range(len(texts)), key=lambda n: -len(tokens[n]))  # alike in length: little is spent on padding
        for at in range(0, len(order), _BATCH):
            some = order[at : at + _BATCH]
            vectors[some] = self._encode([tokens[n] for n in some])
        return vectors

    def _encode(self, tokens: list[list[int]]) -> Matrix:
        lengths = np.array([len(ids) for ids in tokens], np.int32)
        width = int(lengths.max())
        padded = np.array([ids + [0] * (width - len(ids)) for ids in tokens])
        told = self._words[padded] + self._places[:width]
        (hidden,) = self._session.run(None, {"told": told, "lengths": lengths})
        read = (np.arange(width) < lengths[:, None]).astype(np.float32)
        means = np.einsum("nwd,nw->nd", hidden, read) / lengths[:, None]
        unit: Matrix = means / np.linalg.norm(means, axis=1, keepdims=True)
        return unit


def _tokenizer(folder: Path, places: int) -> Tokenizer:
    """As transformers 5 reads it: of XLM-RoBERTa's it takes the words and cuts at blanks in its own way."""
    found, config = Tokenizer.from_file(str(folder / _TOKENIZER)), _json(folder / "tokenizer_config.json")
    given = config.get("model_max_length"), _json(folder / "sentence_bert_config.json").get("max_seq_length")
    longest = min([places, *(int(n) for n in given if n)])
    if str(config.get("tokenizer_class")).startswith("XLMRoberta"):
        found.pre_tokenizer = Sequence([WhitespaceSplit(), Metaspace(prepend_scheme="always")])
    found.no_padding()
    found.enable_truncation(longest)
    return found


class _Graph:
    """Nodes in order, and the tensors they hold."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.tensors: dict[str, Matrix] = {}

    def add(self, op: str, output: str, *inputs: str | Matrix, domain: str = "", **attributes: Any) -> str:  # noqa: ANN401  as ONNX takes them
        """One node; an input that is no name becomes a tensor of the model. Returns `output`."""
        names = [f"{output}.{n}" if isinstance(given, np.ndarray) else given for n, given in enumerate(inputs)]
        self.tensors.update((n, given) for n, given in zip(names, inputs, strict=True) if isinstance(given, np.ndarray))
        self.nodes.append(helper.make_node(op, names, [output], domain=domain, **attributes))
        return output

    def serialised(self, hidden_size: int) -> bytes:
        """From `told` and `lengths` to `hidden`."""
        shape: list[str | int | None] = ["texts", "tokens", hidden_size]
        told = helper.make_tensor_value_info("told", TensorProto.FLOAT, shape)
        lengths = helper.make_tensor_value_info("lengths", TensorProto.INT32, ["texts"])
        hidden = helper.make_tensor_value_info("hidden", TensorProto.FLOAT, shape)
        tensors = [numpy_helper.from_array(np.ascontiguousarray(t), name) for name, t in self.tensors.items()]
        graph = helper.make_graph(self.nodes, "encoder", [told, lengths], [hidden], tensors)
        model: onnx.ModelProto = helper.make_model(graph, opset_imports=list(_OPSETS), ir_version=_IR_VERSION)
        written: bytes = model.SerializeToString()
        return written


def _layers(weights: Mapping[str, Matrix], config: Mapping[str, Any]) -> bytes:
    """The layers of BERT (Devlin et al. 2019, post-norm) as a serialised ONNX model.

    Inputs: `told`, float (texts, tokens, dimension), words and places added; `lengths`, int32 (texts), tokens without padding.
    Output: `hidden`, float (texts, tokens, dimension).
    """
    graph, epsilon, count = _Graph(), config["layer_norm_eps"], config["num_hidden_layers"]

    def pair(name: str) -> tuple[Matrix, Matrix]:
        return weights[f"{name}.weight"].T, weights[f"{name}.bias"]

    def added(output: str, inputs: str, residual: str, name: str) -> str:
        """LayerNorm(residual + inputs · weight + bias)."""
        weight, bias = pair(f"{name}.dense")
        product = graph.add("MatMul", f"{output}.product", inputs, weight)
        tensors = (*pair(f"{name}.LayerNorm"), bias)
        return graph.add("SkipLayerNormalization", output, product, residual, *tensors, domain=_FUSED, epsilon=epsilon)

    hidden = graph.add("LayerNormalization", "begun", "told", *pair("embeddings.LayerNorm"), epsilon=epsilon)
    for number in range(count):
        layer = f"encoder.layer.{number}"
        heard = [pair(f"{layer}.attention.self.{part}") for part in ("query", "key", "value")]
        tensors = np.concatenate([w for w, _ in heard], axis=1), np.concatenate([b for _, b in heard])
        heads = config["num_attention_heads"]
        seen = graph.add("Attention", f"{layer}.seen", hidden, *tensors, "lengths", domain=_FUSED, num_heads=heads)
        hidden = added(f"{layer}.attended", seen, hidden, f"{layer}.attention.output")
        weight, bias = pair(f"{layer}.intermediate.dense")
        wide = graph.add("MatMul", f"{layer}.wide", hidden, weight)
        bent = graph.add("BiasGelu", f"{layer}.bent", wide, bias, domain=_FUSED)
        hidden = added("hidden" if number == count - 1 else f"{layer}.done", bent, hidden, f"{layer}.output")
    return graph.serialised(config["hidden_size"])


def _lora(folder: Path) -> dict[str, Matrix]:
    """What the adapter adds to each weight: alpha / r · B · A (Hu et al. 2021), shape of the weight."""
    config = _json(folder / "adapter_config.json")
    scale = config["lora_alpha"] / config["r"]
    with safe_open(folder / _ADAPTER, "numpy") as file:

        def full(name: str) -> Matrix:
            tensor: Matrix = file.get_tensor(name).astype(np.float32)  # numpy multiplies halves a hundred times as slowly
            return tensor

        return {name: np.float32(scale) * (full(b) @ full(a)) for name, a, b in _pairs(file.keys())}


def _pairs(names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for name in names:
        if name.endswith(".lora_A.weight"):
            stem = name.removesuffix(".lora_A.weight")
            yield f"{stem.removeprefix('base_model.model.')}.weight", name, f"{stem}.lora_B.weight"


def _mapped(path: Path, name: str) -> Matrix:
    """A float32 tensor of a safetensors file, read from disk where it is looked at: of 250,000 words a text has twenty."""
    tensors, begin = _header(path)
    found = tensors[name]
    return np.memmap(path, np.float32, "r", begin + found["data_offsets"][0], tuple(found["shape"]))


def _header(path: Path) -> tuple[dict[str, Any], int]:
    """What a safetensors file says of its tensors, by name, and where the first one begins."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        return json.loads(file.read(size)), 8 + size


def _pools_by_mean(config: Mapping[str, Any]) -> bool:
    modes = {name for name, value in config.items() if name.startswith("pooling_mode") and value}
    return modes == {"pooling_mode_mean_tokens"} or (modes == {"pooling_mode"} and config["pooling_mode"] == "mean")


def _fits(adapter: Path, tensors: Mapping[str, Any]) -> bool:
    """Whether the adapter changes nothing but weights among these tensors, each by two matrices."""
    config = _json(adapter / "adapter_config.json")
    if config.get("peft_type") != "LORA" or config.get("bias") != "none" or any(config.get(name) for name in _LORA_ONLY):
        return False
    names = {name for name in _header(adapter / _ADAPTER)[0] if name != "__metadata__"}
    pairs = list(_pairs(names))
    return names == {name for _, *two in pairs for name in two} and all(weight in tensors for weight, *_ in pairs)


def _json(path: Path) -> Any:  # noqa: ANN401  a list or a mapping
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
