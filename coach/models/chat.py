"""The chat model behind one string, and the one place that retries, watches for stalls and maps its errors to ours.

Owns the choice of provider and the way from a model's stream to plain text. Does not know prompts or the embedded
engine's inside. Provider packages are imported only when their provider is chosen.
"""

from __future__ import annotations

import difflib
import json
import os
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, cast

from coach.errors import CoachError, InputError, ModelError, ModelStalled, ModelUnavailable, SetupError
from coach.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel, LanguageModelInput
    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import Runnable

_RETRYABLE_STATUS = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_OVERLOADED_STATUS = frozenset({429, 503, 529})
_FINISH_KEYS = ("finish_reason", "stop_reason", "done_reason")
_EMPTY_STREAM = "No generation chunks were returned"  # how LangChain words, as a ValueError, a stream without content
_TICK = 0.1


@dataclass(frozen=True, kw_only=True)
class _Provider:
    """A hosted provider: the package that speaks to it, and how it wants what the settings say."""

    package: str
    options: Callable[[Settings], dict[str, Any]]
    key_variable: str = ""


def _openai(settings: Settings) -> dict[str, Any]:
    # Usage is not reported in streams from a custom URL unless asked for.
    return {"base_url": settings.model_base_url or None, "timeout": settings.model_timeout, "stream_usage": True}


def _anthropic(settings: Settings) -> dict[str, Any]:
    url = {"base_url": settings.model_base_url} if settings.model_base_url else {}
    return {**url, "timeout": settings.model_timeout}


def _deepseek(settings: Settings) -> dict[str, Any]:
    url = {"api_base": settings.model_base_url} if settings.model_base_url else {}
    return {**url, "timeout": settings.model_timeout, "temperature": 0}


def _ollama(settings: Settings) -> dict[str, Any]:
    client: dict[str, Any] = {"timeout": settings.model_timeout}
    if settings.model_api_key:
        client["headers"] = {"Authorization": f"Bearer {settings.model_api_key}"}
    return {"base_url": settings.model_base_url or None, "client_kwargs": client, "temperature": 0}


_PROVIDERS = {
    "openai": _Provider(package="langchain-openai", options=_openai, key_variable="OPENAI_API_KEY"),
    "anthropic": _Provider(package="langchain-anthropic", options=_anthropic, key_variable="ANTHROPIC_API_KEY"),
    "deepseek": _Provider(package="langchain-deepseek", options=_deepseek, key_variable="DEEPSEEK_API_KEY"),
    "ollama": _Provider(package="langchain-ollama", options=_ollama),
}


def chat_model(settings: Settings) -> BaseChatModel | None:
    """The model `settings.model` names as `provider:name`; None for "none". Contacts and loads nothing.

    Each call to it makes a new model: build an embedded one once and share it.

    Raises:
        InputError: the string names no known provider or embedded model.
        SetupError: the provider's package or key is missing.
    """
    provider, _, name = settings.model.strip().partition(":")
    if settings.model.strip() == "none":
        return None
    known = ["local", *_PROVIDERS]
    if provider not in known:
        forms = ", ".join(f"{p}:…" for p in known)
        raise InputError(
            f"COACH_MODEL={settings.model!r} names no known provider; known are {forms} and none.",
            hint=_did_you_mean(provider, [*known, "none"]),
        )
    if not name:
        raise InputError(f"COACH_MODEL={settings.model!r} names no model.", hint=f"Write it as {provider}:name")
    return _local_model(settings, name) if provider == "local" else _hosted_model(settings, provider, name)


def is_capable(settings: Settings) -> bool:
    """Whether the model words the reply itself ("write"); otherwise it only selects sentences."""
    if settings.strategy == "auto":
        return not settings.model.startswith("local:") and settings.model.strip() != "none"
    return settings.strategy == "write"


def _did_you_mean(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return f"Did you mean {close[0]!r}?" if close else ""


def _local_model(settings: Settings, name: str) -> BaseChatModel:
    from coach.models.local import LocalChatModel
    from coach.models.weights import catalogue

    chat, _ = catalogue()
    if name not in chat:
        raise InputError(
            f"COACH_MODEL={settings.model!r} names no embedded model; known are {', '.join(chat)}.",
            hint=_did_you_mean(name, list(chat)),
        )
    return LocalChatModel(
        weights=chat[name],
        models_dir=settings.models_dir,
        slots=settings.local_slots,
        context=settings.local_context,
        threads=settings.threads,
    )


def _hosted_model(settings: Settings, provider: str, name: str) -> BaseChatModel:
    entry = _PROVIDERS[provider]
    options = entry.options(settings)
    if entry.key_variable:
        options |= {"api_key": _key(settings, entry), "max_retries": 0}
    from langchain.chat_models import init_chat_model

    try:
        return cast("BaseChatModel", init_chat_model(name, model_provider=provider, **options))
    except ImportError as error:
        raise SetupError(
            f"The provider {provider!r} needs the package {entry.package}.",
            hint=f"Install it with: pip install {entry.package}",
        ) from error


def _key(settings: Settings, entry: _Provider) -> str:
    """The provider's own variable is never sent to a custom URL; a server there may need no key at all."""
    if settings.model_api_key:
        return settings.model_api_key
    if settings.model_base_url:
        return "none"
    key = os.environ.get(entry.key_variable, "")
    if not key:
        raise SetupError(
            f"COACH_MODEL={settings.model!r} needs a key.",
            hint=f"Set COACH_MODEL_API_KEY or {entry.key_variable} to it.",
        )
    return key


def stream_text(
    model: Runnable[LanguageModelInput, BaseMessage],
    messages: LanguageModelInput,
    *,
    timeout: float,
    retries: int = 2,
    should_stop: Callable[[], bool] | None = None,
) -> Iterator[str]:
    """The answer's text in pieces, none empty; closing the iterator, or `should_stop`, ends the model's work.

    A refused or broken call is made again up to `retries` times, but only before the first word. `timeout` is in
    seconds and counts from the last sign of life of the model, not from the start.

    Raises:
        ModelStalled: no sign of life for `timeout` seconds, or the stream broke off after its first word.
        ModelUnavailable: the provider cannot be reached, is overloaded, refused the key or sent something unreadable.
        ModelError: any other failure, such as a request that is too long.
        SetupError: the embedded model cannot be loaded.
    """
    stop = should_stop or (lambda: False)
    for attempt in range(retries + 1):
        begun = False
        try:
            for text in _pieces(_watched(model, messages, timeout=timeout, stop=stop), stop):
                begun = True
                yield text
            return
        except Exception as error:
            delay = _retry_delay(error, attempt)
            if begun or attempt == retries or not is_retryable(error) or delay > timeout:
                with model_errors(begun=begun):
                    raise
        if _stopped_within(delay, stop):
            return


def is_retryable(error: BaseException) -> bool:
    """Whether the same call may succeed a moment later. Never for our own errors: those are verdicts already."""
    if isinstance(error, CoachError) or _is_timeout(error):
        return False
    return bool(getattr(error, "is_retryable", False)) or _status(error) in _RETRYABLE_STATUS or _is_broken(error)


@contextmanager
def model_errors(*, begun: bool = False) -> Iterator[None]:
    """Lets only our errors out of a call to a chat model; `begun` says that part of the answer was seen.

    No message quotes the provider: its words may contain the key or the question.
    """
    try:
        yield
    except CoachError:
        raise
    except Exception as error:
        ours = _ours(error, begun=begun)
        if _status(error) in (401, 403):
            raise ours from None  # providers quote the refused key
        raise ours from error


def _ours(error: Exception, *, begun: bool) -> ModelError:
    status = _status(error)
    code = f" (HTTP {status})" if status else f" ({type(error).__name__})"
    if begun:
        return ModelStalled(f"The chat model's answer broke off{code}.", hint="Ask again.")
    if _is_timeout(error):
        return ModelStalled("The chat model did not answer in time.", hint="Ask again, or raise COACH_MODEL_TIMEOUT.")
    if status in (401, 403):
        return ModelUnavailable(f"The chat model's provider refused the key{code}.", hint="Check COACH_MODEL_API_KEY.")
    if status == 404:
        return ModelUnavailable(
            f"The provider does not know this model{code}.", hint="Check COACH_MODEL and COACH_MODEL_BASE_URL."
        )
    if status in _OVERLOADED_STATUS:
        wait = _retry_after(error)
        when = f"in {wait:.0f} seconds" if wait else "in a minute"
        return ModelUnavailable(f"The chat model is overloaded{code}.", hint=f"Ask again {when}.")
    if _is_broken(error):
        return ModelUnavailable(f"The chat model could not be reached or understood{code}.", hint="Check COACH_MODEL_BASE_URL.")
    if is_retryable(error):
        return ModelUnavailable(f"The chat model's provider failed{code}.", hint="Ask again in a minute.")
    if status:
        return ModelError(f"The chat model refused the request{code}.", hint="A shorter question may help.")
    return ModelError(f"The chat model failed unexpectedly{code}.")


def _status(error: BaseException) -> int:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) and status > 0 else 0


def _kinds(error: BaseException) -> set[str]:
    return {kind.__name__ for kind in type(error).__mro__}


def _is_timeout(error: BaseException) -> bool:
    # By name: the SDKs bring two generations of httpx, and neither is imported for this.
    return isinstance(error, TimeoutError) or not _kinds(error).isdisjoint({"TimeoutException", "ModelTimeoutError"})


def _is_broken(error: BaseException) -> bool:
    """A connection that failed or broke, or bytes that are not the protocol."""
    if isinstance(error, (ConnectionError, json.JSONDecodeError)) or str(error) == _EMPTY_STREAM:
        return True
    return not _kinds(error).isdisjoint({"TransportError", "ModelConnectionError", "APIResponseValidationError"})


def _retry_delay(error: BaseException, attempt: int) -> float:
    """Seconds to wait before the next attempt: what the provider asks for, else 0.5, doubled each time."""
    return _retry_after(error) or 0.5 * 2**attempt


def _retry_after(error: BaseException) -> float:
    """Seconds from the Retry-After header (a number or a date); 0 without one."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    value = (headers.get("retry-after") if headers is not None else None) or ""
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _stopped_within(seconds: float, stop: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if stop():
            return True
        time.sleep(min(_TICK, left))
    return stop()


def _pieces(chunks: Iterator[BaseMessage], stop: Callable[[], bool]) -> Iterator[str]:
    """The words of the chunks; raises ModelStalled when a provider that reports how an answer ended did not.

    Ollama's package says nothing about itself before the end, so that a neat cut of its stream goes unnoticed.
    """
    reports = finished = False
    for chunk in chunks:
        told = chunk.response_metadata
        reports = reports or bool(told)
        finished = finished or any(told.get(key) for key in _FINISH_KEYS)
        if text := str(chunk.text):
            yield text
    if reports and not finished and not stop():
        raise ModelStalled("The chat model's answer broke off.", hint="Ask again.")


def _watched(
    model: Runnable[LanguageModelInput, BaseMessage],
    messages: LanguageModelInput,
    *,
    timeout: float,
    stop: Callable[[], bool],
) -> Iterator[BaseMessage]:
    """The model's chunks, read by another thread so that silence is noticed; ends early when `stop` says so."""
    inbox: SimpleQueue[BaseMessage | BaseException | None] = SimpleQueue()
    abandoned = threading.Event()

    def pump() -> None:
        try:
            stream = cast("Generator[BaseMessage]", model.stream(messages))
            try:
                for chunk in stream:
                    if abandoned.is_set():
                        return
                    inbox.put(chunk)
            finally:
                stream.close()
            inbox.put(None)
        except BaseException as error:  # noqa: BLE001  handed to the thread that reads the answer
            inbox.put(error)

    threading.Thread(target=copy_context().run, args=(pump,), name="coach-model-stream", daemon=True).start()
    try:
        deadline = time.monotonic() + timeout
        while not stop():
            try:
                item = inbox.get(timeout=max(0.0, min(_TICK, deadline - time.monotonic())))
            except Empty:
                if time.monotonic() >= deadline:
                    raise ModelStalled(
                        f"The chat model was silent for {timeout:g} seconds.", hint="Ask again, or raise COACH_MODEL_TIMEOUT."
                    ) from None
                continue
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item
            deadline = time.monotonic() + timeout
    finally:
        abandoned.set()
