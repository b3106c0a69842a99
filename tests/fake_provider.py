"""A local HTTP server that speaks as OpenAI (and DeepSeek), Anthropic and Ollama do, and misbehaves when told to.

with FakeProvider() as fake:
    fake.behave("rate_limit", "answer")     # one a request, the last one stays
    ... COACH_MODEL=openai:any COACH_MODEL_BASE_URL=fake.url_for("openai")
    fake.requests                           # path, body and headers of each call
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self

Behaviour = Literal[
    "answer",
    "silence",  # takes the request and never says a word
    "stall",  # says the first word and no more
    "break",  # drops the connection after the first word
    "cut",  # ends neatly after the first word, without the protocol's own ending
    "early_break",  # drops the connection before the first word
    "rate_limit",  # 429 with Retry-After
    "error",  # 500
    "unauthorized",  # 401 that quotes the key it was given
    "not_found",  # 404
    "bad_request",  # 400
    "malformed",  # 200 with bytes that are no JSON
    "empty",  # 200 and nothing
]
_REFUSALS = {"rate_limit": 429, "error": 500, "unauthorized": 401, "not_found": 404, "bad_request": 400}
WORDS = ("Start ", "with ", "the ", "customer ", "。")


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str]


class FakeProvider:
    """Serves on a free port of 127.0.0.1 for as long as the `with` block lasts."""

    def __init__(self, words: tuple[str, ...] = WORDS, retry_after: str = "0.01") -> None:
        self.words = words
        self.retry_after = retry_after
        self.pause = 0.0
        """Seconds between two words."""
        self.requests: list[Request] = []
        self.over = threading.Event()
        self._plan: list[Behaviour] = ["answer"]
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"fake": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def behave(self, *plan: Behaviour) -> None:
        """One behaviour a request; the last one stays."""
        self._plan = list(plan)

    def url_for(self, provider: str) -> str:
        """What COACH_MODEL_BASE_URL must be for this provider."""
        return self.url + ("/v1" if provider in ("openai", "deepseek") else "")

    def take(self, request: Request) -> Behaviour:
        """Notes the request and says how to treat it."""
        with self._lock:
            self.requests.append(request)
            return self._plan.pop(0) if len(self._plan) > 1 else self._plan[0]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    fake: FakeProvider
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {key.lower(): value for key, value in self.headers.items()}
        body = json.loads(raw or b"{}")
        behaviour = self.fake.take(Request(path=self.path, body=body, headers=headers))
        try:
            self._respond(behaviour, body, headers)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _respond(self, behaviour: Behaviour, body: dict[str, Any], headers: dict[str, str]) -> None:
        # Ollama streams unless told not to; the others only when asked.
        streaming = body.get("stream", self.path.endswith("/api/chat"))
        if behaviour in _REFUSALS:
            self._refuse(behaviour, headers)
        elif behaviour == "silence":
            self.fake.over.wait()
            self.close_connection = True
        elif behaviour == "early_break":
            self._begin(chunked=True)
            self._drop()
        elif behaviour == "empty":
            self._begin(chunked=True)
            self._end()
        elif behaviour == "malformed":
            self._begin(chunked=True)
            self._send(_MALFORMED[_protocol(self.path)])
            self._end()
        elif not streaming:
            self._whole(_WHOLE[_protocol(self.path)](self.fake.words))
        else:
            self._stream(behaviour)

    def _refuse(self, behaviour: Behaviour, headers: dict[str, str]) -> None:
        said = "no"
        if behaviour == "unauthorized":
            said = f"Incorrect key: {headers.get('authorization', '')}{headers.get('x-api-key', '')}"
        answer = json.dumps({"error": said if self.path.endswith("/api/chat") else {"type": behaviour, "message": said}}).encode()
        self.send_response(_REFUSALS[behaviour])
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        if behaviour == "rate_limit":
            self.send_header("Retry-After", self.fake.retry_after)
        self.end_headers()
        self.wfile.write(answer)

    def _whole(self, answer: dict[str, Any]) -> None:
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, behaviour: Behaviour) -> None:
        start, words, ending = _STREAM[_protocol(self.path)](self.fake.words)
        self._begin(chunked=True)
        for event in start:
            self._send(event)
        for event in words:
            self._send(event)
            self.fake.over.wait(self.fake.pause)
            if behaviour == "stall":
                self.fake.over.wait()
            if behaviour in ("stall", "break"):
                self._drop()
                return
            if behaviour == "cut":
                self._end()
                return
        for event in ending:
            self._send(event)
        self._end()

    def _begin(self, *, chunked: bool) -> None:
        self.send_response(200)
        kind = "application/x-ndjson" if self.path.endswith("/api/chat") else "text/event-stream"
        self.send_header("Content-Type", kind)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _send(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _drop(self) -> None:
        self.close_connection = True
        self.wfile.flush()


def _protocol(path: str) -> str:
    if path.endswith("/chat/completions"):
        return "openai"
    return "anthropic" if path.endswith("/messages") else "ollama"


def _event(data: dict[str, Any]) -> str:
    name = f"event: {data['type']}\n" if "type" in data else ""
    return f"{name}data: {json.dumps(data)}\n\n"


_Stream = tuple[list[str], Iterator[str], list[str]]


def _openai_stream(words: tuple[str, ...]) -> _Stream:
    def piece(delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _event({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "fake", "choices": [choice]})

    usage = {"prompt_tokens": 9, "completion_tokens": len(words), "total_tokens": 9 + len(words)}
    last = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "fake", "choices": [], "usage": usage}
    pieces = (piece({"content": word}) for word in words)
    return [piece({"role": "assistant", "content": ""})], pieces, [piece({}, "stop"), _event(last), "data: [DONE]\n\n"]


def _openai_whole(words: tuple[str, ...]) -> dict[str, Any]:
    message = {"role": "assistant", "content": "".join(words)}
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "fake",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 9, "completion_tokens": len(words), "total_tokens": 9 + len(words)},
    }


def _anthropic_stream(words: tuple[str, ...]) -> _Stream:
    message = {**_anthropic_whole(()), "content": [], "stop_reason": None}
    start = [
        _event({"type": "message_start", "message": message}),
        _event({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
    ]
    pieces = (
        _event({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word}}) for word in words
    )
    ending = [
        _event({"type": "content_block_stop", "index": 0}),
        _event({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": len(words)}}),
        _event({"type": "message_stop"}),
    ]
    return start, pieces, ending


def _anthropic_whole(words: tuple[str, ...]) -> dict[str, Any]:
    return {
        "id": "m1",
        "type": "message",
        "role": "assistant",
        "model": "fake",
        "content": [{"type": "text", "text": "".join(words)}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 9, "output_tokens": len(words)},
    }


def _ollama_piece(word: str, **more: object) -> dict[str, Any]:
    message = {"role": "assistant", "content": word}
    return {"model": "fake", "created_at": "2026-01-01T00:00:00Z", "message": message, "done": False, **more}


def _ollama_stream(words: tuple[str, ...]) -> _Stream:
    pieces = (json.dumps(_ollama_piece(word)) + "\n" for word in words)
    return [], pieces, [json.dumps(_ollama_whole(())) + "\n"]


def _ollama_whole(words: tuple[str, ...]) -> dict[str, Any]:
    return _ollama_piece("".join(words), done=True, done_reason="stop", prompt_eval_count=9, eval_count=5)


_MALFORMED = {
    "openai": 'data: {"this is": [no JSON\n\n',
    "anthropic": 'event: message_start\ndata: {"this is": [no JSON\n\n',
    "ollama": '{"this is": [no JSON\n',
}
_STREAM = {"openai": _openai_stream, "anthropic": _anthropic_stream, "ollama": _ollama_stream}
_WHOLE = {"openai": _openai_whole, "anthropic": _anthropic_whole, "ollama": _ollama_whole}
