"""The HTTP interface: its routes, and what they ask of the coach.

Owns `create_app`. Who is served stands in guard.py, how a reply is streamed in streaming.py, failures in errors.py.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.responses import PlainTextResponse
from starlette.routing import Match

from coach.errors import CoachError
from coach.messages import say
from coach.service.account_routes import account_routes
from coach.service.auth import Authenticated, visitor_of
from coach.service.channels import channels_of, with_channels
from coach.service.conversations import conversations
from coach.service.development import development
from coach.service.errors import Json, Refusal, coach_sentence, install, problem, reader_language, shape
from coach.service.guard import Bodies, Counted, Guarded, Hosts, check_bind
from coach.service.library import library
from coach.service.metrics import Metrics
from coach.service.schemas import AskRequest, RetrieveRequest
from coach.service.streaming import Events, ReplyStream, Running, whole_reply
from coach.settings import Settings
from coach.store.accounts import Accounts, open_accounts
from coach.types import Done, Event, Lang, Reply

if TYPE_CHECKING:
    from coach.app import Coach

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_CLIENT_LEFT = 499  # nobody reads it; it tells such requests apart in /metrics


@dataclass(frozen=True, kw_only=True)
class Service:
    """What the routes share."""

    coach: Coach
    accounts: Accounts
    metrics: Metrics
    running: Running

    def close(self) -> None:
        """Stops what is under way and lets go of the accounts; the coach belongs to whoever made it."""
        self.running.stop_all()
        self.accounts.close()


def create_app(coach: Coach, settings: Settings) -> FastAPI:
    """The service around a coach. `app.state.service` is for whoever ends it.

    Raises:
        SetupError: the address is open to the network without accounts, or the database cannot be used.
    """
    check_bind(settings)
    talks = coach.talks
    talks.start()
    service = Service(coach=coach, accounts=open_accounts(settings), metrics=Metrics(), running=Running())
    # The pages with documentation would load their code from the network; the description itself stays.
    channels = channels_of(coach, settings, service.accounts, service.running)
    app = FastAPI(title="Marketing career coach", docs_url=None, redoc_url=None, lifespan=with_channels(channels))
    app.state.service = service
    install(app)
    for routes in (_health, _questions, _passages):
        app.include_router(routes(service))
    app.include_router(conversations(talks))
    app.include_router(development(coach))
    app.include_router(library(coach))
    app.include_router(account_routes(service.accounts, settings))
    for channel in channels:
        app.include_router(channel.routes())
    _close_namespace(app)
    # The last one added is the first that a request meets.
    app.add_middleware(Bodies)
    app.add_middleware(Authenticated, accounts=service.accounts, settings=settings)
    app.add_middleware(Guarded, hosts=Hosts.of(settings))
    app.add_middleware(Counted, metrics=service.metrics)
    return app


def _questions(service: Service) -> APIRouter:
    router = APIRouter()

    @router.post("/api/ask", response_model=None)
    async def ask(body: AskRequest, request: Request) -> Response:
        """A cited reply, whole or (stream: true) as server-sent events passages, token…, reply, error."""
        lang = request.state.lang = reader_language(request.headers, body.model_dump(include={"lang", "question"}))
        service.coach.wait_ready(0)  # raises if it failed to load; one that is loading is worth waiting for
        run = service.running.begin(_events(service, body, visitor_of(request).person))
        if body.stream:
            return ReplyStream(run, lang)
        reply = await whole_reply(run, request)
        if isinstance(reply, Reply):
            return Json(reply.public())
        if reply is None:
            return Response(status_code=_CLIENT_LEFT)
        status, problem_body = problem(reply, lang)
        return Json(problem_body, status)

    @router.post("/api/retrieve", response_model=None)
    def retrieve(body: RetrieveRequest, request: Request) -> Response:
        """The passages a reply to this query would be made of, best first."""
        request.state.lang = reader_language(request.headers, body.model_dump(include={"lang", "query"}))
        found = service.coach.retrieve(body.query, k=body.k, lang=body.lang, history=body.turns(), max_chars=body.max_chars)
        return Json({"passages": [passage.public() for passage in found]})

    return router


def _events(service: Service, body: AskRequest, person: str) -> Events:
    """The coach's reply, counted; under the id of a conversation it is kept before the reader gets it."""

    def begin(should_stop: Callable[[], bool]) -> Generator[Event, None, None]:
        try:
            with closing(cast("Generator[Event, None, None]", _said(service.coach, body, person, should_stop))) as events:
                for event in events:
                    if isinstance(event, Done):
                        service.metrics.reply(event.reply.status)
                    yield event
        except Exception as error:
            service.metrics.failure(error.code if isinstance(error, CoachError) else "internal")
            raise

    return begin


def _said(coach: Coach, body: AskRequest, person: str, should_stop: Callable[[], bool]) -> Iterator[Event]:
    if body.conversation is None:
        return coach.ask(body.question, body.turns(), lang=body.lang, should_stop=should_stop)
    return coach.talks.ask(
        person,
        body.conversation,
        body.question,
        lang=body.lang,
        should_stop=should_stop,
        instead_of=body.instead_of,
        history=body.turns() or None,
    )


def _passages(service: Service) -> APIRouter:
    router = APIRouter()

    @router.get("/api/passages/{passage_id:path}", response_model=None)
    def passage(passage_id: str) -> Response:
        """One passage as it stands in the library."""
        found = service.coach.passage(passage_id)
        if found is None:
            raise Refusal(404, "passage_missing")
        return Json(found.public())

    return router


def _health(service: Service) -> APIRouter:
    router = APIRouter()

    @router.api_route("/healthz", methods=["GET", "HEAD"], response_model=None)
    async def alive() -> Response:
        """The process runs."""
        return Json({"status": "ok"})

    @router.api_route("/readyz", methods=["GET", "HEAD"], response_model=None)
    async def ready(request: Request) -> Response:
        """200 once questions can be answered; the chat model may still be loading, and its state is told."""
        trouble = _library_trouble(service.coach, reader_language(request.headers, query=request.query_params))
        state = service.coach.state()
        return Json({**trouble, **state}, 503) if trouble else Json({"status": "ready", **state})

    @router.get("/metrics", response_model=None)
    async def metrics() -> Response:
        """Counters in the Prometheus text format."""
        state = service.coach.state()
        gauges = {f"coach_{part}_ready": float(state[part]["state"] == "ready") for part in ("library", "model")}
        text = service.metrics.text({**gauges, "coach_replies_under_way": service.running.count})
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    return router


def _library_trouble(coach: Coach, lang: Lang) -> dict[str, Any]:
    """Why no question can be answered at this moment; empty when one can."""
    try:
        return {} if coach.wait_ready(0) else shape("loading", say("http_loading", lang))
    except CoachError as error:
        return shape(error.code, coach_sentence(error.code, error.message, lang), error.hint)


def _close_namespace(app: FastAPI) -> None:
    """What is not served below /api ends here, in JSON, and not in a web page mounted over everything else."""
    served = list(app.routes)

    async def nothing(request: Request) -> Response:
        partly = any(route.matches(request.scope)[0] is Match.PARTIAL for route in served)
        raise Refusal(405, "method") if partly else Refusal(404, "not_found")

    app.add_route("/api/{rest:path}", nothing, methods=[*_METHODS], include_in_schema=False)
