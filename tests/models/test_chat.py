"""Every hosted provider through its real package against a local server, in health and in every kind of failure."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from coach.errors import CoachError, InputError, ModelError, ModelStalled, ModelUnavailable, SetupError
from coach.models.chat import chat_model, is_capable, is_retryable, model_errors, stream_text
from coach.settings import Settings
from tests.fake_provider import WORDS, FakeProvider

PROVIDERS = ("openai", "anthropic", "deepseek", "ollama")
KEY = "sk-very-secret-0123456789"
MESSAGES = [SystemMessage("You are a coach."), HumanMessage("Who comes first?")]
VARIABLES = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "DEEPSEEK_API_KEY", "OPENAI_BASE_URL", "COACH_MODEL", "COACH_MODEL_API_KEY")


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def fake() -> Iterator[FakeProvider]:
    with FakeProvider() as provider:
        yield provider


def settings(model: str, **more: Any) -> Settings:
    return Settings(_env_file=None, model=model, **more)


def model_for(provider: str, fake: FakeProvider, **more: Any) -> Any:
    given = {"model_base_url": fake.url_for(provider), "model_api_key": KEY, "model_timeout": 5.0, **more}
    return chat_model(settings(f"{provider}:fake-1", **given))


def read(model: Any, *, timeout: float = 5.0, retries: int = 2) -> str:
    return "".join(stream_text(model, MESSAGES, timeout=timeout, retries=retries))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_answers(provider: str, fake: FakeProvider) -> None:
    assert list(stream_text(model_for(provider, fake), MESSAGES, timeout=5)) == list(WORDS)
    assert fake.requests[0].body["model"] == "fake-1"
    assert KEY in str(fake.requests[0].headers)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_invoke_answers_too(provider: str, fake: FakeProvider) -> None:
    assert model_for(provider, fake).invoke(MESSAGES).text == "".join(WORDS)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("first", ["rate_limit", "error", "early_break", "malformed", "empty"])
def test_a_failure_before_the_first_word_is_retried(
    provider: str, first: Any, fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.models.chat.time.sleep", lambda _: None)
    monkeypatch.setattr("coach.models.chat._stopped_within", lambda *_: False)
    fake.behave(first, "answer")
    assert read(model_for(provider, fake)) == "".join(WORDS)
    assert len(fake.requests) == 2


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("behaviour", "expected", "calls"),
    [
        ("rate_limit", ModelUnavailable, 2),
        ("error", ModelUnavailable, 2),
        ("malformed", ModelUnavailable, 2),
        ("empty", ModelUnavailable, 2),
        ("unauthorized", ModelUnavailable, 1),
        ("not_found", ModelUnavailable, 1),
        ("bad_request", ModelError, 1),
    ],
)
def test_a_lasting_failure_becomes_ours(
    provider: str, behaviour: Any, expected: type[CoachError], calls: int, fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.models.chat._stopped_within", lambda *_: False)
    fake.behave(behaviour)
    with pytest.raises(expected) as caught:
        read(model_for(provider, fake), retries=1)
    assert type(caught.value) is expected
    assert len(fake.requests) == calls
    assert KEY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("provider", "behaviour"),
    [(p, b) for p in PROVIDERS for b in ("break", "cut", "stall") if (p, b) != ("ollama", "cut")],  # see _pieces
)
def test_a_stream_that_ends_in_the_middle_is_stalled_and_keeps_its_words(
    provider: str, behaviour: Any, fake: FakeProvider
) -> None:
    fake.behave(behaviour)
    got: list[str] = []
    with pytest.raises(ModelStalled):
        for piece in stream_text(model_for(provider, fake), MESSAGES, timeout=1.0):
            got.append(piece)
    assert got == [WORDS[0]]
    assert len(fake.requests) == 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_silence_before_the_first_word_is_stalled(provider: str, fake: FakeProvider) -> None:
    fake.behave("silence")
    with pytest.raises(ModelStalled, match="silent for 0.2 seconds"):
        read(model_for(provider, fake), timeout=0.2)
    assert len(fake.requests) == 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_clients_own_timeout_is_stalled_too(provider: str, fake: FakeProvider) -> None:
    fake.behave("silence")
    with pytest.raises(ModelStalled, match="in time"):
        read(model_for(provider, fake, model_timeout=0.2))
    assert len(fake.requests) == 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_server_that_is_not_there(provider: str, fake: FakeProvider) -> None:
    with pytest.raises(ModelUnavailable):
        read(model_for(provider, fake, model_base_url="http://127.0.0.1:9"), retries=0)


def test_retry_after_is_honoured(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def wait(seconds: float, stop: object) -> bool:
        waited.append(seconds)
        return False

    monkeypatch.setattr("coach.models.chat._stopped_within", wait)
    fake.retry_after = "3"
    fake.behave("rate_limit", "answer")
    assert read(model_for("openai", fake)) == "".join(WORDS)
    assert waited == [3.0]


def test_a_retry_after_beyond_the_timeout_is_told_instead_of_waited(fake: FakeProvider) -> None:
    fake.retry_after = "900"
    fake.behave("rate_limit")
    with pytest.raises(ModelUnavailable, match="in 900 seconds"):
        read(model_for("anthropic", fake))
    assert len(fake.requests) == 1


def test_should_stop_ends_quietly(fake: FakeProvider) -> None:
    stop = threading.Event()
    got: list[str] = []
    for piece in stream_text(model_for("openai", fake), MESSAGES, timeout=5, should_stop=stop.is_set):
        got.append(piece)
        stop.set()
    assert got == [WORDS[0]]


def test_should_stop_is_heard_in_the_middle_of_silence(fake: FakeProvider) -> None:
    fake.behave("silence")
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    assert list(stream_text(model_for("openai", fake), MESSAGES, timeout=30, should_stop=stop.is_set)) == []


def test_closing_ends_the_models_stream() -> None:
    closed = threading.Event()

    class Endless(GenericFakeChatModel):
        def _stream(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
            try:
                while True:
                    yield from super()._stream([HumanMessage("x")])
            finally:
                closed.set()

    model = Endless(messages=iter(lambda: AIMessage("one two"), None))
    pieces = stream_text(model, MESSAGES, timeout=5)
    assert next(pieces) == "one"
    pieces.close()  # type: ignore[attr-defined]
    assert closed.wait(5)


def test_a_model_that_reports_no_ending_is_trusted() -> None:
    assert read(GenericFakeChatModel(messages=iter([AIMessage("one two")]))) == "one two"


def test_model_errors_serves_calls_that_do_not_stream(fake: FakeProvider) -> None:
    fake.behave("error")
    with pytest.raises(ModelUnavailable) as caught, model_errors():
        model_for("openai", fake).invoke(MESSAGES)
    assert caught.value.__cause__ is not None


def test_our_own_verdicts_are_not_retried() -> None:
    assert not is_retryable(ModelUnavailable("loading"))
    assert is_retryable(ConnectionResetError())
    assert not is_retryable(ValueError("x"))


def test_none_is_no_model() -> None:
    assert chat_model(settings("none")) is None


def test_the_embedded_model_is_made_without_loading(tmp_path: Any) -> None:
    model: Any = chat_model(settings("local:qwen2.5-coder-1.5b", home=tmp_path))
    assert (model.state, model.ready) == ("absent", False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("opanai:gpt-5", "Did you mean 'openai'?"),
        ("gpt-5", "local:…, openai:…, anthropic:…, deepseek:…, ollama:… and none"),
        ("openai:", "Write it as openai:name"),
        ("local:qwen2.5-coder-1.5", "Did you mean 'qwen2.5-coder-1.5b'?"),
    ],
)
def test_a_wrong_name_is_explained(given: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        chat_model(settings(given))
    assert said in str(caught.value)


@pytest.mark.parametrize(("provider", "variable"), [(p, f"{p.upper()}_API_KEY") for p in PROVIDERS if p != "ollama"])
def test_a_missing_key_names_its_variable(provider: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SetupError, match=variable):
        chat_model(settings(f"{provider}:x"))
    monkeypatch.setenv(variable, KEY)
    assert chat_model(settings(f"{provider}:x")) is not None


def test_a_custom_server_needs_no_key_and_never_gets_the_providers_own(
    fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for provider in PROVIDERS:
        if provider != "ollama":
            monkeypatch.setenv(f"{provider.upper()}_API_KEY", KEY)
        assert read(model_for(provider, fake, model_api_key="")) == "".join(WORDS)
        assert KEY not in str(fake.requests[-1].headers)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_missing_package_gives_the_pip_command(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from langchain.chat_models import base

    base._get_chat_model_creator.cache_clear()
    monkeypatch.setitem(sys.modules, f"langchain_{provider}", None)
    with pytest.raises(SetupError, match=f"pip install langchain-{provider}"):
        chat_model(settings(f"{provider}:x", model_api_key=KEY))


@pytest.mark.parametrize(
    ("model", "strategy", "capable"),
    [
        ("local:qwen2.5-coder-1.5b", "auto", False),
        ("none", "auto", False),
        ("openai:x", "auto", True),
        ("ollama:x", "auto", True),
        ("local:qwen2.5-coder-1.5b", "write", True),
        ("openai:x", "select", False),
    ],
)
def test_who_words_the_reply(model: str, strategy: Any, capable: bool) -> None:
    assert is_capable(settings(model, strategy=strategy)) is capable
