"""Embedding model: text in, unit vectors out, with the prefixes and the adapter it was trained with.

Implements LangChain's `Embeddings`. A model like the shipped one runs on ONNX Runtime (`coach.models.encoder`), any other one in
sentence-transformers, which is imported on first use, with torch: they cost nine seconds.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from langchain_core.embeddings import Embeddings

from coach.errors import SetupError, WeightsError
from coach.models import weights
from coach.settings import Settings

QUERY_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "
# Read when torch is imported. Threads that spin while they wait starve their neighbours: beside one busy program a
# question took 1,050 ms to embed with spinning threads and 20 ms with waiting ones.
_ENVIRONMENT = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "OMP_WAIT_POLICY": "passive"}

Matrix = np.ndarray[Any, np.dtype[np.float32]]


class Embedder(Embeddings):
    """multilingual-e5-small with a LoRA adapter, or any sentence-transformers model; safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._gate = threading.Lock()
        self._asked: list[_Asked] = []

    @cached_property
    def folder(self) -> Path:
        """Folder of the base model. Raises WeightsError when it is missing or damaged."""
        known = weights.catalogue()[1].get(self._settings.embedding)
        if known is None:
            folder = Path(self._settings.embedding)
            if not folder.exists():
                raise WeightsError(
                    f"The embedding model {self._settings.embedding!r} is neither a known name nor a folder.",
                    hint="Use COACH_EMBEDDING=e5-small-q4 or the path of a sentence-transformers folder.",
                )
            return folder
        if wrong := weights.check_embedding(self._settings.models_dir, known):
            raise WeightsError(f"The embedding model cannot be used: {wrong}", hint="Get it again with: coach models fetch")
        return weights.embedding_path(self._settings.models_dir, known)

    @cached_property
    def adapter(self) -> Path | None:
        """Folder of the LoRA adapter merged into the model, if any."""
        if self._settings.adapter == "none":
            return None
        if self._settings.adapter != "auto":
            return Path(self._settings.adapter)
        shipped = self._settings.knowledge / "adapter"
        return shipped if self._settings.embedding == "e5-small-q4" and (shipped / "adapter_config.json").exists() else None

    @cached_property
    def fingerprint(self) -> str:
        """Names model and adapter by content, e.g. `e5-small-q4+1f2e3d4c5b6a`; two different models never share one."""
        digest = hashlib.sha256()
        sums = self.folder / "SHA256SUMS"
        if sums.exists():
            digest.update(sums.read_bytes())
        else:
            for path in sorted(p for p in self.folder.rglob("*") if p.is_file()):
                digest.update(f"{path.relative_to(self.folder).as_posix()} {weights.sha256_of(path)}\n".encode())
        if self.adapter is not None:
            if not (self.adapter / "adapter_model.safetensors").exists():
                raise WeightsError(
                    f"There is no adapter in {self.adapter}.", hint="Correct COACH_ADAPTER, or use COACH_ADAPTER=auto or none."
                )
            digest.update((self.adapter / "adapter_model.safetensors").read_bytes())
        return f"{Path(self._settings.embedding).name}+{digest.hexdigest()[:12]}"

    @cached_property
    def _model(self) -> _Model:
        from threadpoolctl import threadpool_limits

        from coach.models.encoder import Encoder, can_run

        # numpy's: one vector needs no second thread, and that one spins for 40 % of all CPU
        threadpool_limits(limits=1, user_api="blas")
        if can_run(self.folder, self.adapter):
            return Encoder(self.folder, self.adapter, self._settings.threads)
        return _AnyModel(self.sentence_transformer())

    def sentence_transformer(self) -> Any:  # noqa: ANN401  untyped library
        """The same model in torch, adapter merged, for training; nine seconds to import. Raises SetupError without it."""
        for name, value in _ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        try:
            import torch
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise SetupError(f"Embeddings need {error.name!r}.", hint="Install everything with: make install") from error
        torch.set_num_threads(self._settings.threads)
        shipped = self._settings.embedding == "e5-small-q4"
        kwargs = {"add_pooling_layer": False} if shipped else {}
        model = SentenceTransformer(str(self.folder), device="cpu", local_files_only=True, model_kwargs=kwargs)
        if self.adapter is not None:
            from peft import PeftModel

            inner: Any = model[0]
            inner.model = PeftModel.from_pretrained(inner.model, str(self.adapter)).merge_and_unload()
        return model

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return self._model.dimension

    def load(self) -> None:
        """Loads the weights now instead of at the first question."""
        self.queries(["warm"])

    def queries(self, texts: list[str]) -> Matrix:
        """Unit vectors of questions, shape (len(texts), dimension).

        Questions that several threads ask at once go through the model together: a batch of eight takes about as long as
        three, one after the other.
        """
        asked = [_Asked(text) for text in texts]
        with self._gate:
            self._asked.extend(asked)
        with self._lock:
            if not all(each.done for each in asked):
                self._answer_all()
        return np.stack([_vector(each) for each in asked]) if asked else np.zeros((0, self.dimension), dtype=np.float32)

    def _answer_all(self) -> None:
        """Encodes everything that waits; a failure belongs to whoever asked, each of them."""
        with self._gate:
            waiting, self._asked = self._asked, []
        try:
            vectors = self._encode([each.text for each in waiting], QUERY_PREFIX)
        except BaseException as error:
            for each in waiting:
                each.error = error
            return
        for each, vector in zip(waiting, vectors, strict=True):
            each.vector = vector

    def passages(self, texts: list[str]) -> Matrix:
        """Unit vectors of library texts, shape (len(texts), dimension)."""
        with self._lock:
            return self._encode(texts, PASSAGE_PREFIX)

    def _encode(self, texts: list[str], prefix: str) -> Matrix:
        return self._model.encode([prefix + text for text in texts])

    def embed_query(self, text: str) -> list[float]:
        """LangChain's name for one question."""
        return [float(x) for x in self.queries([text])[0]]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's name for library texts."""
        return [[float(x) for x in row] for row in self.passages(texts)]


class EmbedderAround(Embedder):
    """Does something around the work of another embedder; to be completed with `queries` and `passages`."""

    def __init__(self, embedder: Embedder) -> None:
        self._inner = embedder

    @property
    def fingerprint(self) -> str:
        """Of the model inside."""
        return self._inner.fingerprint

    @property
    def dimension(self) -> int:
        """Of the model inside."""
        return self._inner.dimension


class _Model(Protocol):
    """Whole texts in, unit vectors out."""

    @property
    def dimension(self) -> int: ...

    def encode(self, texts: list[str]) -> Matrix: ...


class _AnyModel:
    """Whatever sentence-transformers can read."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401  untyped library
        self._model = model

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension())

    def encode(self, texts: list[str]) -> Matrix:
        vectors = self._model.encode(texts, prompt="", normalize_embeddings=True, batch_size=32, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


class LastQueries:
    """Vectors of the last questions: one message is searched, weighed and retrieved by, and each asks for the same vector.

    Keeps a digest of each text, not the text: what people ask is no more in memory than it has to be.
    """

    def __init__(self, embedder: Embedder, size: int = 256) -> None:
        self._embedder = embedder
        self._size = size
        self._lock = threading.Lock()
        self._held: OrderedDict[bytes, Matrix] = OrderedDict()

    def vector(self, text: str) -> Matrix:
        """Unit vector of a question, shape (dimension,); read-only, as it is shared."""
        key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        vector: Matrix = self._embedder.queries([text])[0]
        vector.setflags(write=False)
        with self._lock:
            self._held[key] = vector
            while len(self._held) > self._size:
                self._held.popitem(last=False)
        return vector


class _Asked:
    """A question on its way through the model."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.vector: Matrix | None = None
        self.error: BaseException | None = None

    @property
    def done(self) -> bool:
        return self.vector is not None or self.error is not None


def _vector(asked: _Asked) -> Matrix:
    if asked.error is not None:
        raise asked.error
    assert asked.vector is not None
    return asked.vector
