"""The embedded chat model: llama.cpp's own server inside this process, behind LangChain's chat-model interface.

Owns loading, streaming, cancelling and the prefix cache of one GGUF file. Does not choose prompts, retry, or fetch
weights. Importing this module loads nothing; the engine and the weights come in with the first use or `start_loading()`.
"""

from __future__ import annotations

import atexit
import ctypes
import hashlib
import importlib
import json
import os
import secrets
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from types import ModuleType
from typing import Any, Literal, Protocol, cast

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import LanguageModelInput
from langchain_core.language_models.chat_models import BaseChatModel, generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage, convert_to_openai_messages
from langchain_core.messages.ai import InputTokenDetails, UsageMetadata
from langchain_core.output_parsers import BaseOutputParser, JsonOutputParser, PydanticOutputParser
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough
from langchain_core.utils.function_calling import convert_to_json_schema
from pydantic import BaseModel, PrivateAttr

from coach.errors import CoachError, ModelError, SetupError, WeightsError
from coach.models.weights import ChatWeights, chat_path, check_chat

State = Literal["absent", "loading", "ready", "failed"]

_REPAIR = "Get it again with: coach models fetch"
# A cancelled request leaves between two batches of its prompt: small batches free the slot sooner at no loss of speed.
_BATCH = 128
_PREFIXES_KEPT = 4


class LocalChatModel(BaseChatModel):
    """A GGUF model in this process; `slots` requests run at once, each with up to `context` tokens.

    Every answer's `response_metadata` holds `finish_reason`, `prompt_tokens`, `cached_tokens`, `completion_tokens`,
    `first_token_ms`, `prompt_ms` and `generation_ms` (milliseconds). `temperature`, `seed`, `max_tokens` and
    `response_format` can be given to a call or with `bind`. While a long prompt is read, the stream yields empty
    chunks, so that a watcher knows it is alive.

    Temperature 0 picks the likeliest token, yet a cached prompt or a neighbour in the batch changes the last digits of
    the sums and now and then a word. `bind(cache_prompt=False)` repeats itself exactly while no other request runs.

    Raises WeightsError when the file is missing, cut short or unreadable; SetupError when the engine cannot be
    imported; ModelError when a request does not fit the context or the engine refuses it.
    """

    weights: ChatWeights
    models_dir: Path
    slots: int = 2
    context: int = 4096
    threads: int = 2
    temperature: float = 0.0
    seed: int = 7
    max_tokens: int = 768
    cache_mib: int = 256

    _engine: _Engine = PrivateAttr()

    def model_post_init(self, context: object, /) -> None:
        """Sets the engine up without loading anything."""
        super().model_post_init(context)
        self._engine = _Engine(
            weights=self.weights,
            models=self.models_dir,
            slots=self.slots,
            context=self.context,
            threads=self.threads,
            cache_mib=self.cache_mib,
        )

    @property
    def state(self) -> State:
        """Where loading stands."""
        return self._engine.state

    @property
    def ready(self) -> bool:
        """Whether a request would be served at once."""
        return self._engine.state == "ready"

    @property
    def error(self) -> CoachError | None:
        """Why loading failed, when `state` is "failed"."""
        return self._engine.error

    @property
    def active(self) -> int:
        """Requests the engine is working on; a cancelled one counts until its slot is free."""
        return self._engine.active

    def start_loading(self) -> None:
        """Loads in the background; harmless when loading or ready, tries anew after a failure."""
        self._engine.start_loading()

    def load(self) -> None:
        """Loads and waits until the model is ready; raises what loading raised."""
        self._engine.wait()

    def close(self) -> None:
        """Cancels what runs and frees the model; a later request loads it again."""
        self._engine.close()

    def warm(self, messages: Sequence[BaseMessage]) -> int:
        """Has every slot hold this beginning of a prompt without generating; returns its length in tokens.

        The prefilled state is kept on disk beside the weights, so that the next start of the process takes
        milliseconds for it: give it the product's own prompt only, never what a person said.
        """
        prompt = convert_to_openai_messages(list(messages))
        return self._engine.warm({"messages": prompt, "temperature": 0.0})

    def with_structured_output(
        self,
        schema: dict[str, Any] | type,
        *,
        include_raw: bool = False,
        method: Literal["json_schema"] = "json_schema",
        **kwargs: object,
    ) -> Runnable[LanguageModelInput, dict[str, Any] | BaseModel]:
        """Decoding held to a JSON schema: `schema` is a pydantic class (gives instances) or a JSON schema (gives dicts).

        With `include_raw` the result is a dict of `raw`, `parsed` and `parsing_error`.
        """
        if method != "json_schema":
            raise ValueError(f"method={method!r}: the embedded model knows 'json_schema' only")
        wanted = schema if isinstance(schema, dict) else convert_to_json_schema(schema)
        parser: BaseOutputParser[Any] = JsonOutputParser()
        if isinstance(schema, type) and issubclass(schema, BaseModel):
            parser = PydanticOutputParser(pydantic_object=schema)
        bound = self.bind(response_format={"type": "json_schema", "json_schema": {"name": "answer", "schema": wanted}}, **kwargs)
        if not include_raw:
            return bound | parser
        parsed = RunnablePassthrough.assign(parsed=RunnableLambda(lambda x: x["raw"]) | parser, parsing_error=lambda _: None)
        failed = RunnablePassthrough.assign(parsed=lambda _: None)
        return {"raw": bound} | parsed.with_fallbacks([failed], exception_key="parsing_error")

    @property
    def _llm_type(self) -> str:
        return "coach-local"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model_name": self.weights.name, "temperature": self.temperature, "seed": self.seed}

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: object,
    ) -> Iterator[ChatGenerationChunk]:
        request = {
            "messages": convert_to_openai_messages(messages),
            "temperature": self.temperature,
            "seed": self.seed,
            "max_tokens": self.max_tokens,
            **kwargs,
        }
        if stop:
            request["stop"] = stop
        started = time.perf_counter()
        first_token_ms = 0.0
        finish = ""
        with closing(self._engine.run(request)) as answer:
            for piece in answer:
                choice = (piece.get("choices") or [{}])[0]
                finish = choice.get("finish_reason") or finish
                text = choice.get("delta", {}).get("content") or ""
                if text and not first_token_ms:
                    first_token_ms = (time.perf_counter() - started) * 1000
                if "timings" in piece:
                    yield self._last_chunk(piece, finish, first_token_ms)
                else:
                    yield ChatGenerationChunk(message=AIMessageChunk(content=text))

    def _last_chunk(self, piece: dict[str, Any], finish: str, first_token_ms: float) -> ChatGenerationChunk:
        usage, timings = piece["usage"], piece["timings"]
        cached = int(timings["cache_n"])
        message = AIMessageChunk(
            content="",
            chunk_position="last",
            usage_metadata=UsageMetadata(
                input_tokens=usage["prompt_tokens"],
                output_tokens=usage["completion_tokens"],
                total_tokens=usage["total_tokens"],
                input_token_details=InputTokenDetails(cache_read=cached),
            ),
            response_metadata={
                "model_name": self.weights.name,
                "model_provider": "local",
                "finish_reason": finish,
                "prompt_tokens": usage["prompt_tokens"],
                "cached_tokens": cached,
                "completion_tokens": usage["completion_tokens"],
                "first_token_ms": round(first_token_ms, 1),
                "prompt_ms": round(timings["prompt_ms"], 1),
                "generation_ms": round(timings["predicted_ms"], 1),
            },
        )
        return ChatGenerationChunk(message=message)


class _Server(Protocol):
    """The part of xllamacpp.Server in use; an `on_chunk` that returns True ends its request."""

    listening_address: str

    def handle_chat_completions(self, request: dict[str, Any], on_chunk: Callable[[dict[str, Any]], bool], /) -> None: ...

    def handle_metrics(self) -> str: ...


@dataclass(eq=False)
class _Job:
    """One request inside the engine; `cancelled` asks it to leave at its next chunk."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    inbox: SimpleQueue[dict[str, Any] | Exception | None] = field(default_factory=SimpleQueue)
    thread: threading.Thread | None = None


class _Engine:
    """The in-process server: loads it, runs requests on it in threads, frees it."""

    def __init__(self, *, weights: ChatWeights, models: Path, slots: int, context: int, threads: int, cache_mib: int) -> None:
        self.weights = weights
        self.models = models
        self.slots = slots
        self.context = context
        self.threads = threads
        self.cache_mib = cache_mib
        self.state: State = "absent"
        self.error: CoachError | None = None
        self._server: _Server | None = None
        self._address = ""
        # The engine also opens a port on 127.0.0.1; without this key any program on the machine could use it.
        self._key = secrets.token_hex(16)
        self._lock = threading.Lock()
        self._loader: threading.Thread | None = None
        self._jobs: set[_Job] = set()

    @property
    def active(self) -> int:
        with self._lock:
            return len(self._jobs)

    def start_loading(self) -> None:
        with self._lock:
            if self.state in ("loading", "ready"):
                return
            self.state, self.error = "loading", None
            self._loader = threading.Thread(target=self._load, name="coach-model-load", daemon=True)
            self._loader.start()

    def wait(self) -> None:
        self.start_loading()
        loader = self._loader
        if loader is not None:
            loader.join()
        if self.error is not None:
            raise self.error

    def run(self, request: dict[str, Any]) -> Generator[dict[str, Any]]:
        """The raw chunks of one chat completion; closing the iterator frees the slot."""
        self.wait()
        job = _Job()
        streaming = {**request, "stream": True, "stream_options": {"include_usage": True}, "return_progress": True}
        job.thread = threading.Thread(target=self._work, args=(job, streaming), name="coach-model-job", daemon=True)
        with self._lock:
            self._jobs.add(job)
        job.thread.start()
        try:
            while (item := job.inbox.get()) is not None:
                if isinstance(item, Exception):
                    raise ModelError(f"The embedded model failed: {item}") from item
                if "error" in item:
                    raise self._refusal(item["error"])
                yield item
        finally:
            job.cancelled.set()

    def _work(self, job: _Job, request: dict[str, Any]) -> None:
        def on_chunk(chunk: dict[str, Any]) -> bool:
            job.inbox.put(chunk)
            return job.cancelled.is_set()

        try:
            server = self._server
            if server is None:
                raise ModelError("The embedded model was closed.")
            server.handle_chat_completions(request, on_chunk)
        except Exception as error:  # noqa: BLE001  handed to the thread that reads the answer
            job.inbox.put(error)
        finally:
            with self._lock:
                self._jobs.discard(job)
            job.inbox.put(None)

    def _refusal(self, error: dict[str, Any]) -> ModelError:
        if error.get("type") == "exceed_context_size_error":
            return ModelError(
                f"The request has {error.get('n_prompt_tokens')} tokens; the embedded model holds {self.context}.",
                hint=f"Ask something shorter, or raise the limit: COACH_LOCAL_CONTEXT={2 * self.context}",
            )
        return ModelError(f"The embedded model refused the request: {error.get('message', error)}")

    def warm(self, request: dict[str, Any]) -> int:
        self.wait()
        name = self._prefix_name(request)
        held = self._restore(0, name)
        if not held:
            for piece in self.run({**request, "max_tokens": 0, "id_slot": 0}):
                held = piece.get("usage", {}).get("prompt_tokens", held)
            self._save(0, name)
        for slot in range(1, self.slots):
            self._restore(slot, name)
        return held

    @property
    def _prefixes(self) -> Path:
        return self.models / "prefixes"

    def _prefix_name(self, request: dict[str, Any]) -> str:
        engine = getattr(importlib.import_module("xllamacpp"), "__version__", "")
        told = json.dumps([request["messages"], self.weights.sha256, engine, self.context], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:24] + ".kv"

    def _restore(self, slot: int, name: str) -> int:
        """Tokens now held by the slot; 0 when nothing usable is kept under this name."""
        path = self._prefixes / name
        if not path.exists():
            return 0
        held = int(self._slot(slot, "restore", name).get("n_restored", 0))
        if held:
            os.utime(path)
        else:
            path.unlink(missing_ok=True)
        return held

    def _save(self, slot: int, name: str) -> None:
        # Written under another name first: a state cut short by a full disk or Ctrl-C must never be restored.
        scratch = self._prefixes / f"{secrets.token_hex(6)}.tmp"
        if self._slot(slot, "save", scratch.name).get("n_saved"):
            scratch.replace(self._prefixes / name)
        scratch.unlink(missing_ok=True)
        kept = sorted(self._prefixes.glob("*.kv"), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in kept[_PREFIXES_KEPT:]:
            old.unlink(missing_ok=True)

    def _slot(self, slot: int, action: str, filename: str) -> dict[str, Any]:
        """The server's answer, empty when it refused: a prefix not kept only costs time."""
        call = urllib.request.Request(
            f"{self._address}/slots/{slot}?action={action}",
            data=json.dumps({"filename": filename}).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"},
        )
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(call, timeout=60) as answer:
                return dict(json.load(answer))
        except (urllib.error.URLError, TimeoutError, ValueError):
            return {}

    def _load(self) -> None:
        try:
            self._server = self._start_server()
            self._address = self._server.listening_address
            atexit.register(self.close)
            self.state = "ready"
        except CoachError as error:
            self.error, self.state = error, "failed"
        except Exception as error:  # noqa: BLE001  the engine names no exception types of its own
            name = self.weights.file
            self.error = WeightsError(f"{name} could not be loaded ({type(error).__name__}: {error}).", hint=_REPAIR)
            self.error.__cause__ = error
            self.state = "failed"

    def _start_server(self) -> _Server:
        problem = check_chat(self.models, self.weights)
        if problem:
            raise WeightsError(problem, hint="Get it with: coach models fetch")
        engine = _import_engine()
        path = chat_path(self.models, self.weights)
        _read_ahead(path)
        params = engine.CommonParams()
        params.model.path = str(path)
        params.n_parallel = self.slots
        params.n_ctx = self.slots * self.context
        params.n_batch = params.n_ubatch = _BATCH
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = self.threads
        params.load_mode = engine.llama_load_mode.LLAMA_LOAD_MODE_MMAP
        # Repacked weights would double the resident memory and triple the load time, and were not faster.
        params.no_extra_bufts = True
        params.warmup = False
        params.cache_ram_mib = self.cache_mib
        params.ui = False
        params.endpoint_metrics = True
        params.api_keys = [self._key]
        try:
            self._prefixes.mkdir(parents=True, exist_ok=True)
            params.slot_save_path = f"{self._prefixes}{os.sep}"
        except OSError:
            pass  # a read-only folder: prefixes are then prefilled at every start
        params.verbosity = 3 if os.environ.get("COACH_DEBUG") else 0
        with _own_signals():
            return cast("_Server", engine.Server(params))

    def close(self) -> None:
        loader = self._loader
        if loader is not None and loader is not threading.current_thread():
            loader.join()
        with self._lock:
            jobs = list(self._jobs)
        for job in jobs:
            job.cancelled.set()
        for job in jobs:
            if job.thread is not None:
                job.thread.join()
        # The server joins its own threads when its last reference goes; no job may hold one by then.
        self._server = None
        atexit.unregister(self.close)
        if self.state == "ready":
            self.state = "absent"


def _import_engine() -> ModuleType:
    """The xllamacpp module; its OpenMP threads sleep while they wait instead of spinning.

    Spinning threads lose their core to any other busy program and then hold up every token: beside one such
    program two spinning threads made 0.5 tokens a second, two sleeping ones 20.
    """
    own = os.environ.get("OMP_WAIT_POLICY")
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        return importlib.import_module("xllamacpp")
    except ImportError as error:
        raise SetupError(
            f"The embedded model's engine cannot be imported: {error}.",
            hint="Install it with: pip install 'xllamacpp>=2026.10,<2027' (Debian and Ubuntu also need libgomp1)",
        ) from error
    finally:
        if own is None:
            del os.environ["OMP_WAIT_POLICY"]


def _read_ahead(path: Path) -> None:
    """Brings the file into the page cache: the engine's constructor holds the interpreter lock while it reads."""
    buffer = bytearray(1 << 22)
    with path.open("rb", buffering=0) as stream:
        while stream.readinto(buffer):
            pass


@contextmanager
def _own_signals() -> Iterator[None]:
    """Keeps Ctrl-C and SIGTERM with Python; the engine's constructor takes both for itself.

    Works from any thread, unlike `signal.signal`.
    """
    get: Callable[[int], int | None] = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_int)(("PyOS_getsig", ctypes.pythonapi))
    put = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(("PyOS_setsig", ctypes.pythonapi))
    before = {number: get(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            put(number, handler)
