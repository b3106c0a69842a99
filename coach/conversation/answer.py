"""From a question to a checked reply: the eight steps of the pipeline, one path for every channel.

Yields Found (passages, at once), Words (the reply as it is worded) and Done (the verified reply). Whatever fails on the
way, the reader gets a cited reply or an honest sentence; only a missing library raises.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from coach import text as texts
from coach.claims import Claims
from coach.conversation import attachments as reading
from coach.conversation import compose as composing
from coach.conversation.attachments import Aim, Reading, Telling
from coach.conversation.citations import unfigured, verify
from coach.conversation.evidence import Evidence, EvidenceCheck, lacks
from coach.conversation.filereplies import FileReply, Files, Hit, compared, demanded, quoted, shifted, speaks_of, summary
from coach.conversation.history import Standalone, standalone
from coach.conversation.parts import questions_in
from coach.conversation.patterns import Wish
from coach.conversation.personal import Personal
from coach.conversation.turn import Classifier, Kind, TurnKind, by_rules, danger_in, decide, without_instructions
from coach.errors import ModelError
from coach.framework import Framework, false_premise
from coach.library.search import Library, SearchResult
from coach.library.trace import Trace
from coach.messages import say
from coach.prompts import Prompt
from coach.settings import Settings
from coach.types import Attachment, Citation, Done, Event, Found, Lang, Part, Passage, Reply, Status, Turn, Words

ANSWER_PASSAGES = 6
_CONTEXT = 160  # characters of a file's words that are searched with a question that leans on them
_TITLES = 3
_PLAINLY_COVERED = 0.6  # share of a question's words in the best passage, where a file was asked about and did not hold it
_NEAR_ENOUGH = 0.1  # probability of an answer from which the nearest extract is worth showing beside "not in the library"
_INJECTED_NEEDS = 0.6  # what remains of a message that carried instructions must be a clear question of the field
_STATUS: dict[Kind, Status] = {
    "hello": "answered",
    "thanks": "answered",
    "bye": "answered",
    "who": "answered",
    "privacy": "answered",
    "do_assess": "answered",
    "do_plan": "answered",
    "do_remind": "answered",
    "do_forget": "answered",
    "do_human": "answered",
    "safe": "answered",
    "vague": "clarify",
    "personal": "clarify",
    "fabricate": "declined",
    "unverified": "declined",
    "rules": "declined",
    "crisis": "crisis",
    "violence": "crisis",
}
_SENTENCE: dict[Kind, str] = {
    "fabricate": "decline_fabricate",
    "unverified": "decline_unverified",
    "rules": "decline_rules",
    "violence": "crisis_violence",
}
_BEFORE_WISHES = ("crisis", "violence")  # whatever else a message asks for
_PLAINLY_FAR = 0.95  # of another field: a plan or a test is wished for, but not one of a career
_BEFORE_REQUESTS = ("fabricate", "unverified", "rules")  # somebody who only tells who they are asks for nothing of the kind
_SUPPORTING = {"personal": ("which-stage-am-i", "pillar-self-check"), "fabricate": ("star-answers",)}

ShouldStop = Callable[[], bool]
Generate = Callable[[str, ShouldStop | None], Iterator[str]]
"""A prompt in, text out piece by piece until told to stop; raises ModelError."""


@dataclass(frozen=True, kw_only=True)
class Writer:
    """The chat model as the pipeline sees it. `writes` says whether it is trusted to word the reply itself."""

    name: str
    generate: Generate
    writes: bool
    ready: Callable[[], bool]


@dataclass(kw_only=True)
class _Run:
    """One question on its way through the pipeline."""

    question: str
    lang: Lang
    started: float
    timings: dict[str, float] = field(default_factory=dict)
    standalone: Standalone | None = None
    kind: Kind = "question"
    notice: str = ""
    should_stop: ShouldStop | None = None
    trace: Trace | None = None
    files: tuple[Reading, ...] = ()
    suggested: tuple[str, ...] = ()
    vouches: tuple[str, ...] = ()
    unnamed: bool = False  # a name is asked for of a case that is told without one
    part: Part = "all"

    def mark(self, name: str) -> None:
        """Milliseconds since the question arrived."""
        self.timings[name] = 1000 * (time.perf_counter() - self.started)


class Answering:
    """The pipeline over an opened library; stateless between questions, safe to share between threads."""

    def __init__(
        self,
        settings: Settings,
        library: Library,
        framework: Framework,
        claims: Claims,
        prompts: dict[str, Prompt],
        writer: Callable[[], Writer | None],
        personal: Personal,
    ) -> None:
        self._personal = personal
        self._settings = settings
        self._library = library
        self._framework = framework
        self._claims = claims
        self._prompts = prompts
        self._writer = writer
        fitted: dict[str, Any] = library.calibration.classifiers
        self._turns = Classifier(fitted["turn"]) if "turn" in fitted else None
        self._evidence = EvidenceCheck(fitted.get("evidence"))
        self._files = Files(library.embedder.passages, library.embed)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        lang: Lang | None = None,
        should_stop: ShouldStop | None = None,
        documents: Sequence[Attachment] = (),
        part: Part = "all",
        trace: Trace | None = None,
    ) -> Iterator[Event]:
        """Events of one reply. `lang` fixes the language of the reply, else the question's own.

        `documents` were brought into this conversation; what they say is cited from them, or read as the person's own telling.
        `part` names the documents of the library a reply may be made of. A `trace` is told how the reply came about.
        """
        started = time.perf_counter()
        asked = texts.normalise(question)
        run = _Run(question=question, lang=lang or _language(asked, history), started=started, should_stop=should_stop)
        run.trace, run.part = trace, part
        danger = danger_in(asked)  # before anything is cut away
        if danger:
            run.kind = danger
            yield from self._fixed(run, danger)
            return
        if len(asked) > self._settings.max_question_chars:
            asked = texts.clip(asked, self._settings.max_question_chars)
            run.notice = say("notice_clipped", run.lang, limit=self._settings.max_question_chars)
        run.files = tuple(reading.read(d) for d in documents if d.text.strip())
        if not asked and run.files:
            yield from self._confirmed(run, run.files)
            return
        if not asked:
            yield self._done(run, say("empty_question", run.lang, **self._framework.profession.words(run.lang)), "clarify")
            return
        if waiting := reading.asked_before(asked, history) if run.files else "":
            asked = texts.normalise(waiting)
            history = (*history, Turn(role="user", content=question))
        ruled = by_rules(asked, history)
        wish, aim = None, None
        if ruled is None or ruled.kind in ("personal", "vague"):
            told = bool(reading.own_files(run.files, asked, history)[0])
            wish = self._personal.wish(ruled.question if ruled else without_instructions(asked)[0], history, known=told)
            aim = self._aim(run, asked, history, wish) if run.files else None
        if wish is None and aim is None and ruled is not None and ruled.kind not in ("general", "fabricate", "unverified"):
            run.kind = ruled.kind
            yield from self._fixed(run, ruled.kind)
            return
        yield from self._searched(run, asked, history, ruled, wish, aim)

    def _aim(self, run: _Run, asked: str, history: Sequence[Turn], wish: Wish | None) -> Aim | None:
        """What a message wants of the files; one that came with them, and names none, of files that hold what it asks."""
        if aim := reading.aim_of(asked, run.files, wish):
            return aim
        if wish or any(t.role == "user" for t in history):
            return None
        aim = reading.aim_of(asked, run.files, wish, brought=True)
        return aim if aim and aim.want == "file" and self._looked_up(run, aim, asked, history).found else None

    def _about_person(self, run: _Run, wish: Wish, asked: str, history: Sequence[Turn]) -> Iterator[Event]:
        """What somebody wants for themselves, by the rules, from their own words, and those of files about them."""
        run.kind = "personal"
        own, unsure = reading.own_files(run.files, asked, history)
        if unsure and not own:
            text = say("att_whose", run.lang, name=unsure[0].attachment.name)
            yield Words(text=text)
            yield self._done(run, text, "clarify")
            return
        reply = self._personal.answer(wish, asked, history, run.lang, reading.telling(own) if own else Telling())
        if reply.passages:
            yield Found(passages=reply.passages, language=run.lang, kind=run.kind)
        run.mark("first_token")
        yield Words(text=reply.text)
        yield self._done(run, reply.text, reply.status, reply.citations, reply.passages, model="rules")

    def passages(
        self, query: str, k: int, lang: Lang | None, history: Sequence[Turn], max_chars: int = 0, part: Part = "all"
    ) -> SearchResult:
        """What a chat with this history would search and find."""
        asked = texts.normalise(query)
        kept = by_rules(asked, history)
        language = lang or _language(asked, history)
        joined = standalone(kept.question if kept and kept.question else asked, history, language)
        clipped = texts.clip(joined.text, self._settings.max_question_chars)
        whole = self._library.search(clipped, k=k, lang=language, focus=joined.focus, max_chars=max_chars, part=part)
        each = self._each(replace(joined, text=clipped), whole, language, k, max_chars, part)
        return replace(whole, passages=tuple(_merged([r.passages for r in each])[:k])) if each else whole

    def _searched(
        self,
        run: _Run,
        asked: str,
        history: Sequence[Turn],
        ruled: TurnKind | None,
        wish: Wish | None,
        aim: Aim | None,
    ) -> Iterator[Event]:
        kept, injected = without_instructions(asked)
        run.standalone = standalone(kept or asked, history, run.lang)
        found = self._library.search(
            run.standalone.text, k=ANSWER_PASSAGES, lang=run.lang, focus=run.standalone.focus, trace=run.trace, part=run.part
        )
        run.mark("search")
        probabilities = self._kinds(run.standalone, found, wish)
        full = self._probabilities(found)
        evidence = self._weighed(run.standalone, found, full, run.lang)
        sure = 0.0 if evidence.missing else evidence.probability
        turn = ruled or decide(
            kept or asked,
            probabilities,
            sure,
            injected=injected,
            follow_up=run.standalone.follow_up,
            enough=evidence.enough,
            vouches=bool(evidence.vouches),
            own=bool(found.passages) and found.passages[0].tier == "document",
        )
        run.kind = turn.kind
        run.vouches = evidence.vouches
        run.unnamed = evidence.enough and evidence.missing == "name"
        if run.trace is not None:
            run.trace.turn, run.trace.by_rule = probabilities, ruled is not None
            self._evidence.explain(run.trace, run.standalone.text, found.signals, full, evidence)
        if aim and turn.kind not in _BEFORE_WISHES:
            yield from self._from_files(run, aim, asked, history, found, wish=wish, enough=evidence.enough)
            return
        if wish != "introduce" and turn.kind == "outside" and probabilities.get("far", 0.0) >= _PLAINLY_FAR:
            wish = None
        if wish and turn.kind not in _BEFORE_WISHES and (wish == "introduce" or turn.kind not in _BEFORE_REQUESTS):
            yield from self._about_person(run, wish, kept, history)
            return
        if turn.kind == "general":
            yield from self._general(run, history)
            return
        if turn.kind not in ("question", "outside"):
            yield from self._fixed(run, turn.kind, found)
            return
        premise = self._premise(run.standalone.question, run.lang, found)
        if injected and premise is None and (turn.kind == "outside" or evidence.probability < _INJECTED_NEEDS):
            run.kind = "rules"
            yield from self._fixed(run, "rules")
            return
        if premise is None and (not evidence.enough or turn.kind == "outside"):
            if run.files and (reply := self._in_files(run, asked)):
                yield from self._told(run, reply)
                return
            yield from self._no_answer(run, found, evidence, turn.kind == "outside")
            return
        yield Found(passages=found.passages, language=run.lang, kind=run.kind)
        run.mark("passages")
        yield from self._answer(run, found, premise)

    def _kinds(self, asked: Standalone, found: SearchResult, wish: Wish | None) -> dict[str, float]:
        """Probability by kind of turn; a follow-up is judged by what it says itself."""
        alone = self._library.embed(asked.question) if asked.follow_up and found.vector is not None else found.vector
        probabilities = self._turns.probabilities(alone) if self._turns and alone is not None else {}
        if probabilities and wish not in (None, "introduce"):
            probabilities["crisis"] = 0.0  # what limits a plan is no distress; the rules have looked before
        return probabilities

    def _weighed(self, asked: Standalone, found: SearchResult, kinds: dict[str, float], lang: Lang) -> Evidence:
        own = asked.question if asked.follow_up else asked.text
        return self._evidence.decide(asked.text, found.signals, kinds, found.passages, lang, self._claims, asks=own)

    def _premise(self, question: str, lang: Lang, found: SearchResult) -> Any:  # noqa: ANN401  Countable | None
        """What the question takes for granted and the framework does not say.

        What an organisation has written down itself need not follow the framework.
        """
        own = bool(found.passages) and found.passages[0].tier == "document"
        return None if own else false_premise(question, lang, self._framework)

    def _answer(self, run: _Run, found: SearchResult, premise: Any) -> Iterator[Event]:  # noqa: ANN401  Countable | None
        passages = list(found.passages)
        lead = say("missing_name", run.lang) if run.unnamed else ""
        if premise is not None:
            lead = _correction(premise, run.lang)
            passages = self._first(premise.article, run.lang, passages)
        writer = self._writer()
        if writer is not None and writer.writes and not lead:
            if not writer.ready():
                run.notice = run.notice or say("notice_model_loading", run.lang)
            else:
                reply = yield from self._written(run, writer, passages)
                if reply is not None:
                    yield Done(reply=reply)
                    return
        yield from self._composed(run, found, passages, lead)

    def _composed(self, run: _Run, found: SearchResult, passages: list[Passage], lead: str) -> Iterator[Event]:
        assert found.vector is not None
        told = [p for p in passages if p.id in run.vouches][:1]
        asked: list[composing.Asked] = [(found.vector, told or passages)]
        if not told and not lead:
            asked = self._several(run, found, passages)
        composed = composing.compose(asked, self._library, run.lang, self._claims, whole=bool(told))
        if len(asked) > 1:
            passages = _merged([some for _, some in asked])
        if lead:
            run.mark("first_token")
            yield Words(text=f"{lead}\n\n")
        for piece in composing.pieces(composed):
            run.timings.setdefault("first_token", 1000 * (time.perf_counter() - run.started))
            yield Words(text=piece)
        text = f"{lead}\n\n{composed.text}" if lead else composed.text
        yield self._done(run, text, "answered", composed.citations, tuple(passages), model="extracts")

    def _several(self, run: _Run, found: SearchResult, passages: list[Passage]) -> list[composing.Asked]:
        """The question, or each that the message asks."""
        assert found.vector is not None
        joined = run.standalone or Standalone(text=run.question, question=run.question)
        each = self._each(joined, found, run.lang, ANSWER_PASSAGES, 0, run.part)
        own: list[composing.Asked] = [(r.vector, r.passages) for r in each if r.vector is not None and r.passages]
        return own or [(found.vector, passages)]

    def _each(
        self, joined: Standalone, whole: SearchResult, lang: Lang, k: int, max_chars: int, part: Part
    ) -> list[SearchResult]:
        """Every question of a message, searched with the others as context, so that none crowds out another; nothing for one."""
        own = not whole.passages or whole.passages[0].tier == "document"
        asked = () if own or joined.follow_up else questions_in(joined.text, lang)
        room = max_chars // max(1, len(asked))
        return [self._library.search(joined.text, k=k, lang=lang, focus=one, max_chars=room, part=part) for one in asked]

    def _written(self, run: _Run, writer: Writer, passages: list[Passage]) -> Generator[Event, None, Reply | None]:
        """Streams the model's draft and returns the verified reply, or None when nothing of it can be used."""
        canonical = sorted(passages[:4], key=lambda p: p.id)  # one order for one set, so that its prefix is cached
        prompt = self._prompts["write"].render(
            language="Chinese" if run.lang == "zh" else "English",
            passages="\n\n".join(f"[{n}] ({p.tier}; {p.source}) {p.title}\n{p.text}" for n, p in enumerate(canonical, 1)),
            question=run.standalone.text if run.standalone else run.question,
        )
        draft = ""
        try:
            for piece in writer.generate(prompt, run.should_stop):
                run.timings.setdefault("first_token", 1000 * (time.perf_counter() - run.started))
                draft += piece
                yield Words(text=piece)
        except ModelError:
            run.notice = say("notice_model_failed", run.lang)
        checked = verify(draft, canonical, run.question, run.lang, self._claims)
        if run.notice or not checked.text:
            run.notice = run.notice or say("notice_unusable", run.lang)
            return None
        done = self._done(run, checked.text, "answered", checked.citations, tuple(passages), model=writer.name)
        return replace(done.reply, prompt_hash=self._prompts["write"].hash)

    def _from_files(
        self, run: _Run, aim: Aim, asked: str, history: Sequence[Turn], found: SearchResult, *, wish: Wish | None, enough: bool
    ) -> Iterator[Event]:
        """A message that speaks of the files: their own sentences, or that they do not hold what was asked.

        Advice on what they say is the library's, where it has `enough` for it; what the person wants for themselves, and no
        file speaks of, is answered as ever.
        """
        run.kind = "question"
        if aim.want == "obey":
            run.kind = "rules"
            yield from self._fixed(run, "rules", found)
        elif aim.want == "confirm":
            yield from self._confirmed(run, aim.files)
        elif aim.how_to and enough and not aim.rest:
            yield Found(passages=found.passages, language=run.lang, kind=run.kind)
            yield from self._answer(run, found, None)
        else:
            reply = self._looked_up(run, aim, asked, history)
            beside = self._beside(run, aim, reply, enough=enough) if aim.rest else None
            if not reply.found and wish:
                yield from self._about_person(run, wish, asked, history)
            elif aim.rest and (beside or aim.marked or self._only_part(run, aim, reply, asked, history)):
                yield from self._both(run, aim, reply, beside)
            elif aim.rest:
                yield from self._from_files(run, reading.whole(aim), asked, history, found, wish=wish, enough=enough)
            elif not reply.found:
                yield from self._not_in_files(run, aim)
            elif aim.want == "compare":
                yield from self._told(run, reply, aim)
            else:
                yield from self._worded(run, reply, aim)

    def _beside(self, run: _Run, aim: Aim, reply: FileReply, *, enough: bool) -> SearchResult | None:
        """What the library holds on the part of a message that is not about the files; what it leans on is searched with it."""
        if self._outside(aim.rest):
            return None
        told = " ".join([*(c.quote for c in reply.citations[:2]), run.question.removesuffix(aim.rest)])
        context = [texts.clip(told, _CONTEXT)] if reading.leans(aim.rest) else []
        for query in (*(f"{c} {aim.rest}" for c in context), aim.rest):
            found = self._library.search(query, k=ANSWER_PASSAGES, lang=run.lang, focus=aim.rest, part=run.part)
            kinds = self._probabilities(found)
            evidence = self._evidence.decide(aim.rest, found.signals, kinds, found.passages, run.lang, self._claims)
            if evidence.enough or (aim.marked and enough and not evidence.missing):
                return found
        return None

    def _outside(self, part: str) -> bool:
        """Whether a part of a message, taken by itself, belongs to another field."""
        kinds = self._turns.probabilities(self._library.embed(part)) if self._turns else {}
        return decide(part, kinds, 0.0, injected=False, follow_up=False).kind == "outside"

    def _only_part(self, run: _Run, aim: Aim, reply: FileReply, asked: str, history: Sequence[Turn]) -> bool:
        """Whether the files hold the one part of a message and not the other."""
        return reply.found and not self._looked_up(run, reading.other_part(aim), asked, history).found

    def _both(self, run: _Run, aim: Aim, reply: FileReply, beside: SearchResult | None) -> Iterator[Event]:
        """The file's own sentences to one part of a message, then the library's to the other, cited in one row."""
        opening, cited, passages = (
            [self._not_held(run, aim)] if not reply.found else [reply.text],
            reply.citations,
            reply.passages,
        )
        opening += [say("att_orders", run.lang)] if reply.found and any(f.orders for f in aim.files) else []
        if beside is None:
            opening.append(say("att_library_lacks", run.lang))
        else:
            assert beside.vector is not None
            composed = composing.compose([(beside.vector, list(beside.passages))], self._library, run.lang, self._claims)
            text, own = shifted(composed.text, composed.citations, len(cited))
            opening += [f"{say('att_library_beside', run.lang)}\n\n{text}"]
            cited, passages = (*cited, *own), (*passages, *beside.passages)
        text = "\n\n".join(opening)
        run.suggested = tuple(q for f in aim.files[:1] for q in reading.suggestions(f, run.lang) if q != run.question)
        yield Found(passages=passages, language=run.lang, kind=run.kind)
        run.mark("first_token")
        yield Words(text=text)
        yield self._done(run, text, "answered" if cited else "not_in_sources", cited, passages, model="extracts")

    def _not_held(self, run: _Run, aim: Aim) -> str:
        """That the files do not hold what was asked, or the thing that was asked for by its name."""
        names = say("att_list", run.lang).join(say("att_name", run.lang, name=f.attachment.name) for f in aim.files)
        if aim.absent:
            return say("att_not_mentioned", run.lang, names=names, words=aim.absent)
        return say("att_not_in_file", run.lang, names=names)

    def _worded(self, run: _Run, reply: FileReply, aim: Aim) -> Iterator[Event]:
        """What was found in the files, worded by a model that is trusted to, else as it stands there."""
        writer = self._writer()
        if writer is not None and writer.writes and writer.ready():
            yield Found(passages=reply.passages, language=run.lang, kind=run.kind)
            passages = [reading.without_orders(p) for p in reply.passages]
            written = yield from self._written(run, writer, passages)
            if written is not None:
                yield Done(reply=replace(written, passages=reply.passages))
                return
        yield from self._told(run, reply, aim)

    def _looked_up(self, run: _Run, aim: Aim, asked: str, history: Sequence[Turn]) -> FileReply:
        """What the files say to a message that speaks of them."""
        if aim.want == "summary":
            return summary(aim.files[0], run.lang)
        if aim.want == "compare":
            own, _ = reading.own_files(run.files, asked, history)
            said = self._personal.statements(history)
            return compared(aim.files[0], aim.core, reading.telling(own), said, self._files, run.lang)
        if aim.want == "demands":
            return demanded(aim.files[0], aim.core, run.lang)
        if aim.absent and not aim.core:
            return FileReply(text="", status="not_in_sources", found=False)
        hits = self._files.hits(aim.core, aim.files)
        lacking = self._lacking(aim.core, hits, run.lang)
        if lacking or not speaks_of(hits, pointed=True):
            if aim.mixed and aim.files[0].kind in reading.DEMANDING:
                return demanded(aim.files[0], aim.core, run.lang)
            return FileReply(text="", status="not_in_sources", found=False)
        reply = quoted(hits, run.lang)
        return replace(reply, text=f"{reply.text}\n\n{self._not_held(run, aim)}") if aim.absent else reply

    def _in_files(self, run: _Run, asked: str) -> FileReply | None:
        """What the files say to a question that does not speak of them and that the library has no answer to."""
        hits = self._files.hits(asked, run.files)
        if self._lacking(asked, hits, run.lang) or not speaks_of(hits, pointed=False):
            return None
        return quoted(hits, run.lang)

    def _lacking(self, asked: str, hits: Sequence[Hit], lang: Lang) -> bool:
        """Whether a sum, a name, a date or an address is asked for, and the best pieces hold none."""
        best = [replace(h.piece.passage, text=h.piece.text) for h in hits[:3]]
        missing = lacks(asked, best, lang, self._claims) if best else None
        return missing is not None and not (missing == "name" and any(h.fact or h.meant for h in hits[:3]))

    def _told(self, run: _Run, reply: FileReply, aim: Aim | None = None) -> Iterator[Event]:
        """A reply made of files, and what has to be said about them."""
        files = aim.files if aim else run.files
        cited = {p.doc_id for p in reply.passages}
        text = reply.text
        if any(f.orders for f in files if f.attachment.id in cited):
            text = f"{text}\n\n{say('att_orders', run.lang)}"
        run.suggested = tuple(q for f in files[:1] for q in reading.suggestions(f, run.lang) if q != run.question)
        yield Found(passages=reply.passages, language=run.lang, kind=run.kind)
        run.mark("first_token")
        yield Words(text=text)
        yield self._done(run, text, reply.status, reply.citations, reply.passages, model="extracts")

    def _not_in_files(self, run: _Run, aim: Aim) -> Iterator[Event]:
        """Said plainly; the library answers where it plainly can."""
        lead = self._not_held(run, aim)
        space = "" if run.lang == "zh" else " "
        run.suggested = tuple(q for f in aim.files[:1] for q in reading.suggestions(f, run.lang))
        found = self._library.search(aim.core or run.question, k=ANSWER_PASSAGES, lang=run.lang, part=run.part)
        kinds = self._probabilities(found)
        evidence = self._evidence.decide(found.query, found.signals, kinds, found.passages, run.lang, self._claims)
        if not aim.whether and found.signals.coverage >= _PLAINLY_COVERED and evidence.enough:
            yield Found(passages=found.passages, language=run.lang, kind=run.kind)
            opening = f"{lead}{space}{say('att_library_instead', run.lang)}"
            yield from self._composed(run, found, list(found.passages), opening)
            return
        text = f"{lead}{space}{say('att_nor_library', run.lang)}"
        yield Words(text=text)
        yield self._done(run, text, "not_in_sources")

    def _probabilities(self, found: SearchResult) -> dict[str, float]:
        """What kind of turn the searched text is, by the classifier."""
        return self._turns.probabilities(found.vector) if self._turns and found.vector is not None else {}

    def _confirmed(self, run: _Run, files: Sequence[Reading]) -> Iterator[Event]:
        """Files were dropped in and nothing was asked yet."""
        text = "\n\n".join(reading.confirmation(f.attachment, run.lang) for f in files)
        run.suggested = tuple(q for f in files[:1] for q in reading.suggestions(f, run.lang))
        yield Words(text=text)
        yield self._done(run, text, "answered")

    def _general(self, run: _Run, history: Sequence[Turn]) -> Iterator[Event]:
        """Advice from outside the library, on request, labelled; safety rules still hold for what it is about."""
        topic = next((t.content for t in reversed(history) if t.role != "assistant" and by_rules(t.content, ()) is None), "")
        writer = self._writer()
        if writer is None or not writer.ready() or not topic:
            key = "general_no_model" if topic else "vague"
            yield self._done(run, say(key, run.lang), "not_in_sources" if topic else "clarify")
            return
        label = say("general_label", run.lang)
        yield Words(text=f"{label}\n\n")
        prompt = self._prompts["general"].render(language="Chinese" if run.lang == "zh" else "English", question=topic)
        text = ""
        try:
            for sentence in unfigured(writer.generate(prompt, run.should_stop)):
                text += sentence
                yield Words(text=sentence)
        except ModelError:
            run.notice = say("notice_model_failed", run.lang)
        if not text.strip():
            yield self._done(run, say("general_nothing", run.lang), "not_in_sources", model=writer.name)
            return
        done = self._done(run, f"{label}\n\n{text.strip()}", "not_in_sources", model=writer.name)
        yield Done(reply=replace(done.reply, prompt_hash=self._prompts["general"].hash))

    def _fixed(self, run: _Run, kind: Kind, found: SearchResult | None = None) -> Iterator[Event]:
        """Kinds that have one sentence of ours; some are supported by a passage that helps."""
        text = say(_SENTENCE.get(kind, kind), run.lang, **self._framework.profession.words(run.lang))
        supporting: list[Passage] = []
        for article in _SUPPORTING.get(kind, ()):
            passage = self._library.passage(f"{article}.{run.lang}")
            if passage is not None and self._library.offers(passage):
                supporting.append(passage)
        if kind == "unverified" and found is not None:
            supporting = list(found.passages[:1])
        citations: tuple[Citation, ...] = ()
        if supporting:
            vector = self._library.embed(run.question) if found is None or found.vector is None else found.vector
            composed = composing.compose([(vector, supporting[:1])], self._library, run.lang, self._claims)
            opening = f"{say('personal_basis', run.lang)}" if kind == "personal" else ""
            text, citations = f"{text}\n\n{opening}{composed.text}", composed.citations
            yield Found(passages=tuple(supporting), language=run.lang, kind=run.kind)
        yield Words(text=text)
        yield self._done(run, text, _STATUS[kind], citations, tuple(supporting))

    def _no_answer(self, run: _Run, found: SearchResult, evidence: Evidence, outside: bool) -> Iterator[Event]:
        key = f"missing_{evidence.missing}" if evidence.missing else "not_in_sources_field" if outside else "not_in_sources"
        parts = [say(key, run.lang, **self._framework.profession.words(run.lang))]
        near = [p.title for p in found.passages[:_TITLES]]
        if near and not outside:
            titles = "、".join(f"《{t}》" for t in near) if run.lang == "zh" else "; ".join(f"“{t}”" for t in near)
            parts.append(say("nearest", run.lang, titles=titles))
        if not outside and self._writer() is not None:  # nobody is offered what no model is there to give
            parts.append(say("offer_general", run.lang))
        text = ("" if run.lang == "zh" else " ").join(parts)
        citations: tuple[Citation, ...] = ()
        if not outside and found.vector is not None and evidence.probability >= _NEAR_ENOUGH:
            nearest = composing.extract(found.vector, found.passages[0], self._library, run.lang, self._claims)
            text, citations = f"{text}\n\n{say('nearest_extract', run.lang)}{nearest.text}", nearest.citations
        yield Words(text=text)
        yield self._done(run, text, "not_in_sources", citations, () if outside else found.passages)

    def _first(self, article: str, lang: Lang, passages: list[Passage]) -> list[Passage]:
        """The passages with this article's one in front."""
        wanted = self._library.passage(f"{article}.{lang}")
        if wanted is None or not self._library.offers(wanted):
            return passages
        top = max((p.score for p in passages), default=0.0) + 10.0
        return [replace(wanted, score=top), *(p for p in passages if p.id != wanted.id)]

    def _done(
        self,
        run: _Run,
        answer: str,
        status: Status,
        citations: tuple[Citation, ...] = (),
        passages: tuple[Passage, ...] = (),
        model: str = "",
    ) -> Done:
        run.timings.setdefault("first_token", 1000 * (time.perf_counter() - run.started))
        run.mark("total")
        return Done(
            reply=Reply(
                answer=answer,
                status=status,
                language=run.lang,
                citations=citations,
                passages=passages,
                model=model or "rules",
                timings=dict(run.timings),
                notice=run.notice,
                suggestions=run.suggested or self._suggestions(passages, run) if status in ("answered", "not_in_sources") else (),
                library_version=self._library.version,
                question=run.question,
                standalone_question=run.standalone.text if run.standalone else run.question,
                kind=run.kind,
            )
        )

    def _suggestions(self, passages: Sequence[Passage], run: _Run) -> tuple[str, ...]:
        """Next questions the library can answer: those of the passages that were found but did not lead."""
        asked = texts.fold(run.question)
        found = []
        for passage in passages[1:5]:
            questions = self._library.catalogue.meta(passage.doc_id).get("questions", [])
            plain = next((q for q in questions if 6 <= len(q) <= 70 and texts.fold(q) not in asked), "")
            if plain and passage.lang == run.lang:
                found.append(plain)
        return tuple(found[:3])


def _language(asked: str, history: Sequence[Turn]) -> Lang:
    before: Lang = "zh"
    for turn in history:
        if turn.role == "user":
            before = texts.language(turn.content, before)
    return texts.language(asked, before)


def _merged(found: Sequence[Sequence[Passage]]) -> list[Passage]:
    """The passages of several searches in turn, the best of each first, every one once."""
    ranked = [p for rank in range(max(map(len, found))) for some in found for p in some[rank : rank + 1]]
    return list({p.id: p for p in ranked}.values())


def _correction(premise: Any, lang: Lang) -> str:  # noqa: ANN401  Countable
    name = premise.name.of(lang)
    if not premise.count:
        return say("premise_none", lang, name=name)
    return say("premise_count", lang, name=name, count=premise.count, asked=premise.asked)
