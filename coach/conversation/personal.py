"""What a person asks about themselves: who they are, where they stand, what is weakest, a plan, what went wrong with it.

Recognises such a turn and answers it by the rules of `coach.development`, from what the person said in this conversation, or
brought into it as a file about themselves, and nothing else; every statement about them is their own words or the file's.
Works without a stored profile and without a chat model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from coach import text as texts
from coach.conversation import patterns
from coach.conversation.attachments import Telling, mentions_file
from coach.conversation.citations import cite
from coach.conversation.patterns import Wish
from coach.development.actions import alternative
from coach.development.draft import Drafting
from coach.development.gaps import level_text, mentioned
from coach.development.plan import Found, make_plan, meetings_from
from coach.development.reading import between, profile_from_messages
from coach.development.readings import asks, clauses, match
from coach.development.schema import MAX_EVIDENCE, MAX_FIELD, MAX_ITEMS, Line, Missing, Plan, Profile, Source
from coach.framework.files import Text
from coach.framework.schema import Framework, HorizonId, PillarId
from coach.library.passages import sentences
from coach.messages import say
from coach.types import Citation, Lang, Passage, Status, Turn

_ASKED_AT_ONCE = 2
_GROUNDS = 6
_HEARD = 8
_QUOTED = 160
_ENOUGH_KNOWN = 2
_ACTIONS_SHOWN = {"short": 5, "middle": 2, "long": 0}
_SPOKEN_OF = 2  # words a message shares with a line it speaks of, at least
_RARE = 3  # one line in so many may hold a word that tells which line is meant
_PAGE_GOALS = 3
_PAGE_ACTIONS = 4
_SMALLER_DAYS = 21
_NO_FILE = Telling()
_DUTIES = ("role", "team_size", "budget", "reports_to", "revenue_duty", "pricing_product", "seat_at_table", "target")
_SENTENCE_ENDS = "。；;.!！？?"


@dataclass(frozen=True, kw_only=True)
class PersonalReply:
    """The text with its citation marks, and whether something has to be asked first."""

    text: str
    status: Status
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()


@dataclass
class _Writing:
    """A reply in the making: paragraphs and the sources they cite, each article once."""

    lang: Lang
    passage: Callable[[str], Passage | None]
    telling: Telling = field(default_factory=Telling)
    paragraphs: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)

    def say(self, key: str, **values: object) -> None:
        """A paragraph of its own."""
        filled = {k: v.of(self.lang) if isinstance(v, Text) else v for k, v in values.items()}
        self.paragraphs.append(say(key, self.lang, **filled))

    def more(self, key: str, **values: object) -> None:
        """Goes on with the last paragraph."""
        self.say(key, **values)
        last = self.paragraphs.pop()
        if self.paragraphs:
            self.paragraphs[-1] += ("" if self.lang == "zh" else " ") + last
        else:
            self.paragraphs.append(last)

    def mark(self, source: Source) -> str:
        """The citation mark of a source; an article that is cited again keeps its number."""
        pid = f"{source.article}.{self.lang}"
        for citation in self.citations:
            if citation.passage_id == pid:
                return f"[{citation.n}]"
        passage = self.passage(pid)
        start = passage.text.find(source.quote.of(self.lang)) if passage else -1
        if passage is None or start < 0:
            return ""
        citation = cite(passage, start, start + len(source.quote.of(self.lang)), len(self.citations) + 1)
        self.citations.append(citation)
        self.passages.append(passage)
        return f"[{citation.n}]"

    def told(self, key: str, words: str, **values: object) -> str:
        """`me_<key>` with the person's own words; `att_<key>` and a citation, where the words are a file's."""
        shown = _own_words(words)
        line = words.split("\n")[0].strip()
        citation = self.telling.cite(_own_words(line).removesuffix("…"), len(self.citations) + 1)
        if citation is None:
            return say(f"me_{key}", self.lang, words=shown, **values)
        known = next((c for c in self.citations if (c.passage_id, c.start) == (citation.passage_id, citation.start)), None)
        if known is None:
            self.citations.append(citation)
            self.passages += [p for p in self.telling.passages if p.id == citation.passage_id and p not in self.passages]
        return say(f"att_{key}", self.lang, words=_own_words(line), mark=f"[{(known or citation).n}]", **values)

    def done(self, status: Status) -> PersonalReply:
        """The reply."""
        return PersonalReply(
            text="\n\n".join(self.paragraphs), status=status, citations=tuple(self.citations), passages=tuple(self.passages)
        )


class Personal:
    """Recognises what is asked about oneself, and answers it. Stateless; safe to share between threads."""

    def __init__(self, drafting: Drafting, passage: Callable[[str], Passage | None], today: Callable[[], date]) -> None:
        self._drafting = drafting
        self._passage = passage
        self._today = today

    @property
    def framework(self) -> Framework:
        """The framework persons are placed by."""
        return self._drafting.framework

    def wish(self, asked: str, history: Sequence[Turn], *, known: bool = False) -> Wish | None:
        """What the message wants for the person who writes it; None for everything else, a question to the library above all.

        A wish speaks of oneself, or follows on what the person told of themselves before; `known` says that a file did.
        """
        said = texts.simplify(asked)
        if patterns.PRIVATE.search(said):
            return None
        earlier = [t.content for t in history if t.role == "user"]
        by_file, known = known, bool(earlier) and _fields(self._read(earlier)) > 0
        for wish, pattern in patterns.WISHES:
            if pattern.search(said) and _for_oneself(wish, said, known=known or by_file):
                return wish
        if patterns.INQUIRES.search(_SWITCHES.sub(" ", said)):
            return None
        if earlier and self.wish(earlier[-1], ()) == "stuck":
            return "adjust"
        shares = (known or bool(self._felt(asked))) and self._shares(asked)
        return "introduce" if shares or self._tells(asked, known=known) else None

    def _shares(self, asked: str) -> bool:
        """Whether a statement of somebody known is about what they did, lived through or feel, and asks for nothing."""
        if not _says_something(asked) or _SEEKS.search(texts.simplify(asked)):
            return False
        numbered = bool(re.search(r"\d", asked)) and self._drafting.tells_deed(asked)
        return bool(_FIRST_PERSON.search(texts.simplify(asked)) or self._felt(asked) or numbered)

    def _tells(self, asked: str, *, known: bool) -> bool:
        """Whether a statement is about the person: something of their post, or, once they are known, of what they have done."""
        told = self._read([asked])
        solid = _fields(told.model_copy(update={"about": ""}))
        if known:
            return solid > 0 or bool(self._drafting.pillars_of(asked, named=False))
        own = solid > 0 and bool(patterns.STATES_SELF.search(texts.simplify(asked)))
        return solid >= _ENOUGH_KNOWN or own or bool(told.target) or self._between(asked)

    def _between(self, said: str) -> bool:
        """Whether they say that they have no post; said in few words, so that no field of a profile holds it."""
        return between(Profile(about=said[:MAX_EVIDENCE]), self._drafting.readings)

    def answer(self, wish: Wish, asked: str, history: Sequence[Turn], lang: Lang, telling: Telling = _NO_FILE) -> PersonalReply:
        """The reply to a wish. What a file about the person tells is read first, so that what they type corrects it."""
        messages = [*(t.content for t in history if t.role == "user"), asked]
        found = self._drafting.find(self._with_evidence(messages, telling), lang)
        writing = _Writing(lang=lang, passage=self._passage, telling=telling)
        self._by_file(found, writing)
        felt = self._felt(asked)
        if felt and wish == "introduce":
            return self._listened(asked, writing, felt)
        if felt:
            writing.say("me_feeling")
        replies = {
            "introduce": self._introduced,
            "stage": self._stage,
            "weakest": self._weakest,
            "plan": self._plan,
            "page": self._page,
            "stuck": self._stuck,
            "keep": self._keep,
            "adjust": self._adjust,
            "retarget": self._retarget,
        }
        return replies[wish](found, asked, writing)

    def statements(self, history: Sequence[Turn]) -> tuple[str, ...]:
        """What the person told of themselves before, sentence by sentence, as they typed it."""
        said = [s for s in _statements([t.content for t in history if t.role == "user"]) if not asks(texts.simplify(s).lower())]
        return tuple(s for s in said if self._tells(s, known=True))

    def _by_file(self, found: Found, writing: _Writing) -> None:
        """Says that a file is gone by, and what of it counts for the post; what it told a program is not followed."""
        telling = writing.telling
        if not telling.names:
            return
        names = say("att_list", writing.lang).join(say("att_name", writing.lang, name=n) for n in telling.names)
        writing.say("att_by_file", names=names)
        if telling.orders:
            writing.more("att_orders")
        words = [line for name in _DUTIES if (v := getattr(found.profile, name)) for line in v.split("\n")]
        facts = [writing.told("fact", w) for w in dict.fromkeys(words) if telling.cite(_own_words(w), 1)]
        if facts:
            writing.say("att_facts", facts=say("att_list", writing.lang).join(dict.fromkeys(facts)))

    def _read(self, messages: Sequence[str]) -> Profile:
        told = [" ".join(_told(message)) for message in messages]
        return profile_from_messages(told, self._drafting.readings, self.framework).profile

    def _felt(self, said: str) -> str:
        """The words of a message in which something is hard on the person; empty where there are none."""
        words = self._drafting.readings.feelings
        return next((c.words for c in clauses("about", said)[0] if c.words and match(words, c.text)), "")

    def _listened(self, asked: str, writing: _Writing, felt: str = "") -> PersonalReply:
        """What was told is taken up in the person's words, what is hard first, and one open question asked: no verdict."""
        if felt:
            writing.say("me_felt", words=_own_words(_JOINT.sub("", felt)))
        self._heard(asked, writing, but=felt)
        writing.say("me_ask_felt" if felt else "me_ask_more")
        return writing.done("answered")

    def _weak_point(self, asked: str, pillar: PillarId, writing: _Writing) -> PersonalReply:
        """Somebody names a weak point: it is noted, and one time is asked for."""
        self._heard(asked, writing)
        writing.say("me_ask_evidence", pillar=self.framework.pillar(pillar).name)
        return writing.done("answered")

    def _introduced(self, found: Found, asked: str, writing: _Writing) -> PersonalReply:
        told = self._read([asked])
        weak = tuple(mentioned(self.framework, self._with_evidence([asked]).weaknesses))
        if not writing.telling.names and not any(getattr(told, name) for name in _PLACING) and not self._between(asked):
            return self._weak_point(asked, weak[0], writing) if weak else self._listened(asked, writing)
        self._heard(asked, writing)
        self._placed(found, writing)
        self._asked(found, writing, evidence=weak)
        if _fields(found.profile) < _ENOUGH_KNOWN:
            return writing.done("clarify")
        writing.say("me_next")
        return writing.done("answered")

    def _stage(self, found: Found, asked: str, writing: _Writing) -> PersonalReply:
        if _fields(found.profile) < 2:
            writing.say("me_ask_role")
            return writing.done("clarify")
        self._heard(asked, writing)
        self._placed(found, writing)
        self._missing(found, writing)
        self._asked(found, writing)
        return writing.done("answered")

    def _weakest(self, found: Found, asked: str, writing: _Writing) -> PersonalReply:
        known = [g for g in found.gaps if g.basis != "unknown"]
        if not known:
            writing.say("me_weakest_open")
            self._lacking(found, asked, writing)
            self._asked(found, writing, evidence=_open(found))
            return writing.done("clarify")
        first = known[0]
        pillar = self.framework.pillar(first.pillar)
        source = self._drafting.sources.source(pillar.article, Text(zh=pillar.name.zh, en=pillar.name.en))
        writing.say("me_weakest", pillar=pillar.name, reason=first.reason)
        writing.paragraphs[-1] += writing.mark(source)
        self._levels(found, writing)
        self._lacking(found, asked, writing)
        self._asked(found, writing, evidence=_open(found))
        return writing.done("answered")

    def _plan(self, found: Found, asked: str, writing: _Writing) -> PersonalReply:
        questions = self._drafting.questions(found, answered=False)
        if questions and _fields(found.profile) < 2:
            writing.say("draft_clarify")
            writing.paragraphs += [f"- {q.of(writing.lang)}" for q in questions]
            return writing.done("clarify")
        self._heard(asked, writing)
        plan = self._made(found, writing.lang)
        stage, target = (self.framework.stage(s).name for s in (plan.stage, plan.target))
        opening = "me_plan_depth" if plan.direction == "depth" else "me_plan" if plan.target != plan.stage else "me_plan_same"
        writing.say(opening, made=plan.made, stage=stage, target=target)
        for horizon in self.framework.plan.horizons:
            self._horizon(plan, horizon.id, horizon.name, writing)
        writing.say("me_reviews", days=say("me_joint", writing.lang).join(str(m.on) for m in plan.meetings[:4]))
        if plan.remarks:
            joint = "" if writing.lang == "zh" else " "
            writing.say("me_noted", remarks=joint.join(r.of(writing.lang) for r in plan.remarks))
        writing.say("me_more")
        return writing.done("answered")

    def _horizon(self, plan: Plan, horizon: HorizonId, name: Text, writing: _Writing) -> None:
        lang = writing.lang
        lines = [f"**{name.of(lang)}**"]
        lines += [f"- {self._goal(line, writing)}" for line in plan.goals if line.horizon == horizon]
        actions = [line for line in plan.actions if line.horizon == horizon][: _ACTIONS_SHOWN[horizon]]
        if actions:
            lines.append(f"**{say('me_actions', lang)}**")
            lines += [f"- {self._action(line, writing)}" for line in actions]
        writing.paragraphs.append("\n".join(lines))

    def _goal(self, line: Line, writing: _Writing) -> str:
        lang = writing.lang
        text = line.text.of(lang).rstrip(_SENTENCE_ENDS)
        return say("me_goal", lang, text=text, due=line.due, measure=_ended(line.measure, lang)) + writing.mark(line.source)

    def _action(self, line: Line, writing: _Writing) -> str:
        lang = writing.lang
        kinds = {k.id: k.name for k in self.framework.plan.action_kinds}
        kind = kinds[line.kind].of(lang) if line.kind else ""
        told = say(
            "me_action",
            lang,
            text=line.text.of(lang).rstrip(_SENTENCE_ENDS),
            kind=kind,
            start=line.start,
            due=line.due,
            hours=line.hours,
            measure=_ended(line.measure, lang),
        )
        return told + writing.mark(line.source)

    def _page(self, found: Found, asked: str, writing: _Writing) -> PersonalReply:
        """One page for somebody else: facts, goal, actions and what is needed; nothing meant for the person alone."""
        if _fields(found.profile) < 2:
            writing.say("me_ask_role")
            return writing.done("clarify")
        lang, plan = writing.lang, self._made(found, writing.lang)
        writing.paragraphs.append(f"**{say('me_page_title', lang)}**")
        duties = [q for q in plan.facts if q.field in patterns.DUTY_FIELDS]
        target = self.framework.stage(plan.target).name
        if duties:
            writing.say("me_page_now", facts=self._quoted([q.text for q in duties], lang))
            writing.more("me_page_target", target=target)
        else:
            writing.say("me_page_target", target=target)
        gaps = [self.framework.pillar(g.pillar).name.of(lang) for g in plan.gaps[:3]]
        writing.more("me_page_gaps", pillars=say("me_joint", lang).join(gaps))
        goals = [g for g in plan.goals if g.horizon == "short"][:_PAGE_GOALS]
        lines = [f"**{say('me_page_next', lang)}**", *(f"- {self._goal(g, writing)}" for g in goals)]
        lines += [f"- {self._action(a, writing)}" for a in plan.actions[:_PAGE_ACTIONS]]
        writing.paragraphs.append("\n".join(lines))
        needs = [f"**{say('me_page_need', lang)}**"]
        for missing in [m for m in plan.standing.missing if m.known][:2]:
            name, wanted = missing.name.of(lang), missing.wanted.of(lang)
            needs.append(f"- {say('me_page_need_gate', lang, name=name, wanted=wanted)}")
        needs.append(f"- {say('me_page_need_time', lang, day=plan.meetings[0].on)}")
        writing.paragraphs.append("\n".join(needs))
        return writing.done("answered")

    def _stuck(self, found: Found, asked: str, writing: _Writing) -> PersonalReply:
        """Something did not work out: no blame, one question, and a smaller step with a new date."""
        writing.say("me_stuck", words=_own_words(asked))
        if not found.profile.role:
            self._smaller(None, writing)
            writing.say("me_stuck_why")
            writing.say("me_stuck_unknown")
            return writing.done("answered")
        plan = self._made(found, writing.lang)
        line = self._nearest(asked, plan)
        if line is not None and line.pillar:
            writing.more("me_stuck_about", text=line.text, pillar=self.framework.pillar(line.pillar).name)
        self._smaller(line, writing, plan)
        writing.say("me_stuck_why")
        return writing.done("answered")

    def _keep(self, found: Found, asked: str, writing: _Writing) -> PersonalReply:
        plan = self._made(found, writing.lang)
        writing.say("me_keep", review=plan.meetings[0].on)
        return writing.done("answered")

    def _adjust(self, found: Found, asked: str, writing: _Writing) -> PersonalReply:
        """A new fact about something that is stuck."""
        review = self._made(found, writing.lang).meetings[0].on
        writing.say("me_adjust", words=_own_words(asked), review=review)
        return writing.done("answered")

    def _retarget(self, found: Found, asked: str, writing: _Writing) -> PersonalReply:
        said = _own_words(asked)
        told = self._read([asked])
        if not told.target and not told.interest:
            writing.say("me_target_unclear", words=said)
            return writing.done("clarify")
        if found.direction == "depth":
            writing.say("me_target_depth", stage=self.framework.stage(found.standing.stage).name, words=said)
        else:
            writing.say("me_target_changed", target=self.framework.stage(found.target).name, words=said)
        if found.direction != "depth":
            self._missing(found, writing)
        writing.say("me_next_step")
        return writing.done("answered")

    # --- parts of replies ---

    def _heard(self, asked: str, writing: _Writing, but: str = "") -> None:
        """What the message tells, in its own words, `but` these; greetings and requests are left out."""
        told = [c.words for c in clauses("about", asked)[0] if c.words and not asks(c.text) and len(c.words) > 1]
        told = [words for words in told if words != but and not _FILLER.fullmatch(words)]
        told = [words for words in told if not patterns.CHATTER.search(texts.simplify(words))]
        if writing.telling.names:
            told = [words for words in told if not mentions_file(words)]
        if told:
            writing.say("me_heard", facts=self._quoted(told[:_HEARD], writing.lang))

    def _quoted(self, words: Sequence[str], lang: Lang) -> str:
        """The person's own words, each once; a shorter piece that stands in a longer one is left out."""
        own = [w for w in dict.fromkeys(words) if not any(w != o and w in o for o in words)]
        return say("me_joint", lang).join(say("me_quote", lang, words=_own_words(w)) for w in own)

    def _placed(self, found: Found, writing: _Writing) -> None:
        """The stage and its grounds; the note says gently where title and conditions differ."""
        standing = found.standing
        known = [h for h in standing.held if h.lowest is not None]
        if len(known) >= _ENOUGH_KNOWN:
            writing.say("me_stage", stage=self.framework.stage(standing.stage).name)
            if article := self.framework.gates.article:
                writing.paragraphs[-1] += writing.mark(self._drafting.sources.source(article, self.framework.gates.note))
            names = {c.id: c.name for c in self.framework.gates.conditions}
            grounds = [writing.told("ground", h.words, name=names[h.condition].of(writing.lang)) for h in known[:_GROUNDS]]
            writing.more("me_grounds", grounds=say("plan_list_joint", writing.lang).join(grounds))
        elif standing.claimed:
            writing.say("me_stage_open")
        if standing.note and len(known) >= _ENOUGH_KNOWN:
            writing.paragraphs.append(standing.note.of(writing.lang))
        if found.direction == "climb" and standing.next and found.target not in (standing.next, standing.stage):
            following = self.framework.stage(standing.next).name
            writing.say("me_steps", target=self.framework.stage(found.target).name, next=following)

    def _missing(self, found: Found, writing: _Writing) -> None:
        standing = found.standing
        if not standing.next or not standing.missing or found.direction == "depth":
            return
        lang = writing.lang
        each = [say("me_missing_one", lang, name=m.name.of(lang), wanted=m.wanted.of(lang)) for m in standing.missing]
        following = self.framework.stage(standing.next).name
        writing.say("me_missing", stage=following, conditions=say("plan_list_joint", lang).join(each))

    def _lacking(self, found: Found, asked: str, writing: _Writing) -> None:
        """Who asks what is missing for a post is told its conditions too, not abilities alone."""
        if _LACKS.search(texts.simplify(asked)) and _known(found) >= _ENOUGH_KNOWN:
            self._missing(found, writing)

    def _levels(self, found: Found, writing: _Writing) -> None:
        """Pillar by pillar what the person's words show; what they did not speak of is not called weak."""
        silent = []
        weak = mentioned(self.framework, found.profile.weaknesses)
        for result in found.levels:
            pillar = self.framework.pillar(result.pillar)
            told = found.profile.evidence.get(result.pillar, "")
            if result.level is not None and result.shown:
                level = level_text(self.framework, result.level)
                line = writing.told(
                    "level", result.shown[0].quote.text, pillar=pillar.name.of(writing.lang), level=level.of(writing.lang)
                )
            elif told:
                line = writing.told("level_bare", told, pillar=pillar.name.of(writing.lang))
            elif result.pillar in weak:
                line = writing.told("level_weak", weak[result.pillar], pillar=pillar.name.of(writing.lang))
            else:
                silent.append(pillar.name)
                continue
            writing.paragraphs.append(line)
        if silent:
            lang = writing.lang
            writing.say("me_level_none", pillars=say("me_joint", lang).join(s.of(lang) for s in silent))

    def _asked(self, found: Found, writing: _Writing, *, evidence: Sequence[PillarId] = ()) -> None:
        """One or two questions: those that would tell the most."""
        lang, profile = writing.lang, found.profile
        asked: list[str] = []
        placed = _known(found) >= _ENOUGH_KNOWN
        if not profile.role and found.standing.claimed is None and not placed:
            asked.append(say("me_ask_role", lang))
        if evidence:
            asked.append(say("me_ask_evidence", lang, pillar=self.framework.pillar(evidence[0]).name.of(lang)))
        elif profile.role or placed:
            asked += [m.question.of(lang) for m in self._decisive(found) if not m.known and not m.now]
        if not profile.target and not profile.interest and found.direction == "unknown":
            asked.append(say("me_ask_target", lang))
        if found.constraints.hours_per_week is None:
            asked.append(say("me_ask_hours", lang))
        if asked:
            writing.say("me_ask", questions=("" if lang == "zh" else " ").join(asked[:_ASKED_AT_ONCE]))

    def _decisive(self, found: Found) -> list[Missing]:
        """The missing conditions, those first on which the next stage depends."""
        rule = next((r for r in self._drafting.readings.rule if r.stage == found.standing.next), None)
        order = [*rule.all, *rule.one_of] if rule else []
        return sorted(found.standing.missing, key=lambda m: order.index(m.condition) if m.condition in order else len(order))

    def _smaller(self, line: Line | None, writing: _Writing, plan: Plan | None = None) -> None:
        """A smaller action for the same step, or a smaller piece of the same, with a new date."""
        today = self._today()
        due = today + timedelta(days=_SMALLER_DAYS)
        review = plan.meetings[0].on if plan else meetings_from(today)[0].on
        other = None
        if line is not None and plan is not None:
            other = alternative(self.framework, line, plan, {a.action for a in plan.actions})
        if other is None:
            writing.say("me_stuck_same", due=due, review=review)
            return
        article = other.article or self.framework.mapping.article
        source = self._drafting.sources.source(article, other.name)
        how, measure = _ended(other.how, writing.lang), _ended(other.measure, writing.lang)
        stop = "。" if writing.lang == "zh" else "."
        writing.say("me_stuck_smaller", text=other.name, how=how + stop, measure=measure, due=due, review=review)
        writing.paragraphs[-1] += writing.mark(source)

    def _nearest(self, asked: str, plan: Plan) -> Line | None:
        """The line of the plan the message speaks of: the one that shares the most words with it that few lines hold."""
        lines = [line for line in plan.actions if line.how]
        held = [set(texts.tokens(f"{a.text.zh} {a.how.zh} {a.text.en} {a.how.en}")) for a in lines if a.how]
        said = set(texts.tokens(texts.simplify(asked)))
        telling = {word for word in said if sum(word in each for each in held) * _RARE <= len(held)}
        shared = [len(telling & each) for each in held]
        most = max(shared, default=0)
        return lines[shared.index(most)] if most >= _SPOKEN_OF else None

    def _made(self, found: Found, lang: Lang) -> Plan:
        return make_plan(found, self.framework, self._drafting.sources, self._today(), lang)

    def _with_evidence(self, typed: Sequence[str], telling: Telling = _NO_FILE) -> Profile:
        """The profile of the messages; what they tell of a pillar is its evidence, what they admit is a weak point.

        Of a file, what belongs to an earlier post is evidence and nothing else.
        """
        messages = [*telling.now, *typed]
        profile = self._read(messages)
        if telling.names:
            profile = profile.model_copy(update=self._labelled(telling, self._read(typed)))
        evidence: dict[PillarId, list[str]] = {}
        admitted: list[str] = []
        filed = {said: None for line in (*telling.now, *telling.done) for said in _statements([line])}
        for said in (*filed, *_statements(typed)):
            if self._between(said) or (said in filed and self._introduces(said)):
                continue
            if self._introduces(said):
                told_after = self._after_introduction(said)
                for pillar in self._drafting.pillars_of(told_after, named=False):
                    evidence.setdefault(pillar, []).append(told_after)
                continue
            if patterns.ADMITS.search(texts.simplify(said)) and not self._drafting.pillars_of(said, named=False):
                admitted.append(said)
                continue
            for pillar in self._drafting.pillars_of(said, named=_says_something(said)):
                evidence.setdefault(pillar, []).append(said)
        told = {pillar: "\n".join(dict.fromkeys(said))[:MAX_EVIDENCE] for pillar, said in evidence.items()}
        weak = tuple(dict.fromkeys((*profile.weaknesses, *admitted)))[:MAX_ITEMS]
        lost = [said for said in _statements(messages) if said not in profile.about and self._between(said)]
        about = "\n".join([profile.about, *lost]).strip()[:MAX_EVIDENCE]
        return profile.model_copy(update={"evidence": {**told, **profile.evidence}, "weaknesses": weak, "about": about})

    def _labelled(self, telling: Telling, typed: Profile) -> dict[str, str]:
        """What stands in a file under a label, unless it was typed. A title in the middle of a line may be anybody's."""
        own = self._read([line for line in telling.now if patterns.STATES_SELF.search(texts.simplify(line))])
        given = {name: words[:MAX_FIELD] for name, words in {"role": own.role, **telling.fields}.items()}
        return {name: words for name, words in given.items() if not getattr(typed, name)}

    def _introduces(self, said: str) -> bool:
        """Whether a sentence tells of somebody's post, target or time."""
        placed = self._read([said])
        return any(getattr(placed, name) for name in _INTRODUCTION)

    def _after_introduction(self, said: str) -> str:
        """What a sentence goes on to tell after it told of the post: "I lead eleven people, last year I ..."."""
        ends = [c.end for c in clauses("about", said)[0] if self._introduces(c.words)]
        return said[max(ends, default=0) :].strip(" ,，;；")


_LACKS = re.compile(r"差|缺|够不够|\bmissing\b|\black\w*|\bhow far\b|\bstill need\b", re.I)
_FIRST_PERSON = re.compile(
    r"(^|[,，。.;；!！])[^,，。.;；!！]{0,6}我(?!们?(公司|行业))"
    r"|(^|[.,;:!] ?)(and |but |so |well |honestly,? )*i('m|'ve|'d)?\b",
    re.I,
)
_SEEKS = re.compile(
    r"([适要该能会是行算])不\1|想(知道|了解|问|请教|听|学|看看)|扮演|演练|模拟|评估|照做|解码|来(质疑|面试|问|考)我|求(助|教|推荐|解)|介绍|推荐|解释|帮(我|忙)|给我|教我|告诉我"
    r"|\b(like|want|need|love) to (know|understand|hear|learn|see|ask)\b|\bneed (help|tips|ideas)\b"
    r"|\b(tell|help) me\b|\bwonder\w*|\b(play|rehears\w+|role-?play|pretend|pls|please)\b",
    re.I,
)
_SWITCHES = re.compile(
    r"[^。.!！?？\n]*\b(switch|speak|talk|continue|go on|chat) (to |in |on in )?(english|chinese|mandarin)\b"
    r"[^。.!！?？\n]*[。.!！?？]?"
    r"|[^。.!！?？\n,，]*(用|说|换成?|改成?)(中文|英文|英语|汉语)[^。.!！?？\n,，]*[。.!！?？,，]?",
    re.I,
)
_FILLER = re.compile(r"[a-z']+[,. ]*", re.I)  # one English word alone: "Actually", "sorry"
_JOINT = re.compile(r"^\s*(?:(?:and|but|so|because)\b|但是?|可是|不过|而且)\s*", re.I)
_PLACING = (*_DUTIES, "interest")
_LEAST_SAID = 8  # characters, of which a Chinese one counts two, of a sentence that can be an opinion of an ability


def _says_something(said: str) -> bool:
    """Whether a sentence is long enough to say something of an ability; "Old habit." is not."""
    return sum(2 if ord(c) > _LATIN else 1 for c in said if c.isalnum()) > _LEAST_SAID


def _known(found: Found) -> int:
    """How many gate conditions are known."""
    return sum(1 for h in found.standing.held if h.lowest is not None)


_LATIN = 0x2E80
_INTRODUCTION = ("role", "team_size", "budget", "reports_to", "target", "hours_per_week")


def _told(message: str) -> Iterator[str]:
    """The sentences of a message that tell something: not what is asked in general, nor what is only supposed."""
    for start, end, _ in sentences(message) or [(0, len(message), "")]:
        said = message[start:end]
        plain = texts.simplify(said.strip())
        asked = plain.endswith(("?", "？")) and not patterns.STATES_SELF.search(plain)
        if not asked and not patterns.SUPPOSED.search(plain):
            yield said


def _statements(messages: Sequence[str]) -> Iterator[str]:
    """The sentences of the messages that are no questions."""
    for message in messages:
        for start, end, _ in sentences(message):
            said = message[start:end].strip()
            if said and not said.endswith(("?", "？")):
                yield said


def _open(found: Found) -> tuple[PillarId, ...]:
    """Pillars without enough evidence, the most important gap first."""
    unknown = [r.pillar for r in found.levels if r.level is None]
    first = [g.pillar for g in found.gaps if g.pillar in unknown]
    return tuple(dict.fromkeys((*first, *unknown)))


def _own_words(text: str) -> str:
    """A message as it is quoted in a sentence."""
    words = text.strip()
    return f"{words[:_QUOTED].rstrip()}…" if len(words) > _QUOTED else words.rstrip("。.？?！!…~ ")


def _for_oneself(wish: Wish, said: str, *, known: bool) -> bool:
    """Whether a wording that may also ask the library is meant for the person: no how-to, no plan of the business."""
    if wish == "stuck":
        asked = patterns.INQUIRES.search(re.sub(r"(怎么|咋)(办|整|弄)|[?？]", "", said))
        return not asked and (known or bool(patterns.OF_THE_PLAN.search(said)))
    if wish in ("plan", "page") and patterns.IN_GENERAL.search(said):
        return False
    return known or bool(patterns.ONESELF.search(said))


def _fields(profile: Profile) -> int:
    """How many things the person told of themselves."""
    single = sum(1 for name in _TOLD if getattr(profile, name)) + min(2, profile.about.count("\n") + bool(profile.about))
    return single + len(profile.strengths) + len(profile.weaknesses) + len(profile.constraints)


_TOLD = (
    *("role", "years", "industry", "company_size", "team_size", "budget", "reports_to", "interest", "target"),
    *("revenue_duty", "pricing_product", "seat_at_table", "hours_per_week"),
)


def _ended(text: Text, lang: Lang) -> str:
    """Without its full stop: something follows in brackets or after a comma."""
    return text.of(lang).rstrip(_SENTENCE_ENDS)
