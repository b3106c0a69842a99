"""The embedded model: what goes wrong without weights, and with them the real thing on short prompts."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk, HumanMessage, SystemMessage
from pydantic import BaseModel

from coach.errors import ModelError, WeightsError
from coach.models.chat import stream_text
from coach.models.local import LocalChatModel
from coach.models.weights import ChatWeights, catalogue, check_chat
from coach.settings import ROOT

WEIGHTS = catalogue()[0]["qwen2.5-coder-1.5b"]
MODELS = ROOT / "data" / "models"  # the real folder, whatever home the other tests are given
PROBLEM = check_chat(MODELS, WEIGHTS)
real = [pytest.mark.real, pytest.mark.skipif(bool(PROBLEM), reason=f"{PROBLEM} Get it with: coach models fetch")]

SYSTEM = SystemMessage("You are a careful coach for marketing leaders. " + "Name the customer, the insight and the budget. " * 12)
LONG = [HumanMessage("Count from 1 to 500, one number a line.")]


def small(size: int, name: str = "small.gguf") -> ChatWeights:
    return replace(WEIGHTS, file=name, bytes=size)


def local(models: Path, weights: ChatWeights = WEIGHTS) -> LocalChatModel:
    return LocalChatModel(weights=weights, models_dir=models, slots=2, context=1024, threads=2, max_tokens=48)


def until(true: Callable[[], bool]) -> bool:
    """Whether it became true within a generous while."""
    for _ in range(1000):
        if true():
            return True
        time.sleep(0.02)
    return False


def test_importing_is_cheap() -> None:
    code = "import sys, coach.models.local; print([m for m in ('xllamacpp', 'torch', 'openai') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "[]"


def test_missing_weights_name_the_command(tmp_path: Path) -> None:
    model = local(tmp_path)
    with pytest.raises(WeightsError, match=r"is missing\. Get it with: coach models fetch"):
        model.invoke("hello")
    assert (model.state, model.ready) == ("failed", False)
    assert isinstance(model.error, WeightsError)


def test_weights_cut_short_name_the_command(tmp_path: Path) -> None:
    (tmp_path / WEIGHTS.file).write_bytes(b"GGUF cut short")
    with pytest.raises(WeightsError, match=r"has 14 bytes instead of .* coach models fetch"):
        list(stream_text(local(tmp_path), "hello", timeout=30))


def test_damaged_weights_name_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "small.gguf").write_bytes(b"no GGUF at all")
    with pytest.raises(WeightsError, match=r"small.gguf could not be loaded .* coach models fetch"):
        local(tmp_path, small(14)).load()
    assert capfd.readouterr().err == ""


def test_loading_is_tried_anew_after_a_failure(tmp_path: Path) -> None:
    model = local(tmp_path)
    model.start_loading()
    assert until(lambda: model.state == "failed")
    (tmp_path / WEIGHTS.file).write_bytes(b"still not whole")
    with pytest.raises(WeightsError, match="has 15 bytes"):
        model.load()


def test_only_json_schema_is_offered(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="json_schema"):
        local(tmp_path).with_structured_output({}, method="function_calling")  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalChatModel]:
    folder = tmp_path_factory.mktemp("models")
    (folder / WEIGHTS.file).symlink_to(MODELS / WEIGHTS.file)
    made = local(folder)
    made.start_loading()
    yield made
    made.close()
    assert made.state == "absent"


def last_metadata(chunks: list[AIMessageChunk]) -> dict[str, Any]:
    return next(c.response_metadata for c in reversed(chunks) if c.response_metadata)


def busy_slots(model: LocalChatModel) -> int:
    """What the engine itself says."""
    server = model._engine._server
    assert server is not None
    told = re.search(r"^llamacpp:requests_processing (\d+)", server.handle_metrics(), re.M)
    assert told is not None
    return int(told[1])


class TestReal:
    pytestmark = real

    def test_streams_and_reports(self, model: LocalChatModel) -> None:
        chunks = list(model.stream([HumanMessage("Say hello in one short sentence.")]))
        assert len([c for c in chunks if c.text]) > 1
        told = last_metadata(chunks)
        assert told["finish_reason"] == "stop"
        assert told["prompt_tokens"] > 0 and told["first_token_ms"] > 0

    def test_without_the_cache_an_answer_is_the_same_every_time(self, model: LocalChatModel) -> None:
        first, second = (model.invoke("用一句话介绍品牌。", max_tokens=16, cache_prompt=False) for _ in range(2))
        assert first.text == second.text != ""
        assert first.usage_metadata is not None
        assert first.usage_metadata["output_tokens"] == 16
        assert first.response_metadata["finish_reason"] == "length"

    def test_stops_at_a_stop_sequence(self, model: LocalChatModel) -> None:
        text = model.invoke("Count from 1 to 9 in digits, separated by commas, nothing else.", stop=["4"]).text
        assert "3" in text
        assert "4" not in text

    def test_closing_the_stream_frees_the_slot(self, model: LocalChatModel) -> None:
        stream = model.stream(LONG, max_tokens=900)
        next(c for c in stream if c.text)
        assert busy_slots(model) == 1
        stream.close()  # type: ignore[attr-defined]
        assert until(lambda: model.active == 0 and busy_slots(model) == 0)

    def test_closing_while_the_prompt_is_read_frees_the_slot(self, model: LocalChatModel) -> None:
        stream = model.stream([HumanMessage("apple pear " * 350)], max_tokens=900)
        assert next(iter(stream)).text == ""
        stream.close()  # type: ignore[attr-defined]
        assert until(lambda: model.active == 0 and busy_slots(model) == 0)

    def test_stream_text_closed_early_frees_the_slot(self, model: LocalChatModel) -> None:
        pieces = stream_text(model.bind(max_tokens=900), LONG, timeout=60)
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]
        assert until(lambda: model.active == 0 and busy_slots(model) == 0)

    def test_holds_to_a_json_schema(self, model: LocalChatModel) -> None:
        schema = {
            "title": "choice",
            "type": "object",
            "properties": {"numbers": {"type": "array", "items": {"enum": [1, 2, 3]}, "maxItems": 2}},
            "required": ["numbers"],
            "additionalProperties": False,
        }
        bound = model.bind(response_format={"type": "json_schema", "json_schema": {"schema": schema}})
        raw = json.loads(bound.invoke("Which of 1, 2, 3 are odd?").text)
        assert set(raw) == {"numbers"} and set(raw["numbers"]) <= {1, 2, 3}
        assert set(model.with_structured_output(schema).invoke("Which of 1, 2, 3 are odd?")) == {"numbers"}

    def test_gives_instances_of_a_class(self, model: LocalChatModel) -> None:
        class Person(BaseModel):
            name: str
            age: int

        got = model.with_structured_output(Person, include_raw=True).invoke("Anna is 41 years old.")
        assert isinstance(got, dict)
        assert got["parsing_error"] is None
        assert got["parsed"] == Person(name="Anna", age=41)

    def test_two_requests_run_at_once(self, model: LocalChatModel) -> None:
        met = threading.Barrier(2, timeout=120)
        texts: dict[str, str] = {}

        def ask(word: str) -> None:
            stream = model.stream([HumanMessage(f"Repeat the word {word} forty times.")], max_tokens=24)
            first = next(c.text for c in stream if c.text)
            met.wait()  # both must have begun before either may go on
            texts[word] = first + "".join(c.text for c in stream)

        threads = [threading.Thread(target=ask, args=(word,)) for word in ("brand", "price")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(word in text.lower() for word, text in texts.items())
        assert len(texts) == 2

    def test_a_prefix_is_read_once(self, model: LocalChatModel) -> None:
        prompt = [SystemMessage("First of all: " + SYSTEM.text)]
        model.invoke([*prompt, HumanMessage("Where do I begin?")], max_tokens=1)
        told = model.invoke([*prompt, HumanMessage("And then?")], max_tokens=1).response_metadata
        assert told["cached_tokens"] > 0.8 * told["prompt_tokens"]

    def test_a_warmed_prefix_serves_every_slot(self, model: LocalChatModel) -> None:
        held = model.warm([SYSTEM])
        assert held > 100
        assert model.warm([SYSTEM]) == held
        streams = [model.stream([SYSTEM, HumanMessage(q)], max_tokens=2) for q in ("Who?", "What?")]
        begun = [[next(iter(s))] for s in streams]
        for chunks, stream in zip(begun, streams, strict=True):
            chunks.extend(stream)
            assert last_metadata(chunks)["cached_tokens"] > 100

    def test_an_overlong_request_names_the_setting(self, model: LocalChatModel) -> None:
        with pytest.raises(ModelError, match=r"the embedded model holds 1024\..*COACH_LOCAL_CONTEXT=2048"):
            list(stream_text(model, "word " * 1100, timeout=60))

    def test_ctrl_c_in_the_middle_ends_the_process_cleanly(self) -> None:
        code = f"""
            from pathlib import Path
            from tests.models.test_local import LONG, MODELS, local
            model = local(Path({str(MODELS)!r}))
            stream = model.stream(LONG, max_tokens=900)
            next(c for c in stream if c.text)
            print("begun", flush=True)
            for chunk in stream:
                pass
        """
        run = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert run.stdout is not None
        assert run.stdout.readline() == "begun\n"
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=60)
        assert run.returncode in (130, -signal.SIGINT)
        assert said.strip().endswith("KeyboardInterrupt")
