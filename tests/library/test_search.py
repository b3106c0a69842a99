"""The one search: the reader's language first, twins credited, neighbours joined, duplicates dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coach import text as texts
from coach.errors import LibraryMismatch, LibraryMissing
from coach.library import manifest, sentences
from coach.library.calibration import Calibration
from coach.library.catalogue import Catalogue, Entry, Record
from coach.library.glossary import Entry as Term
from coach.library.glossary import Glossary
from coach.library.ingest import embedded_text, question_id
from coach.library.search import Library, SearchWeights
from coach.library.selector import SentenceSelector
from coach.library.sentences import SentenceVectors
from coach.library.vectors import Vectors
from coach.models.embedding import Matrix
from coach.settings import Settings
from coach.types import Lang, Passage
from tests.library.test_ingest import StandIn

WEIGHTS = SearchWeights(text_mean=0.3, text_spread=0.2, asked_mean=0.3, asked_spread=0.2)
GLOSSARY = Glossary((Term(terms=("花销", "outlay"), means=("预算", "budget")),), ())


def article(name: str, lang: Lang, text: str, *questions: str, title: str = "", answers: Sequence[int] = ()) -> Record:
    doc = f"{name}.{lang}"
    entry = Entry(id=doc, text=text, end=len(text), questions=questions, answers=tuple(answers))
    return Record(id=doc, path=f"{doc}.md", sha256=doc, title=title or name, source="framework", lang=lang, tier="stated",
                  collection="built-in", entries=(entry,), meta={"questions": list(questions)})  # fmt: skip


def document(name: str, lang: Lang, texts: Sequence[str]) -> Record:
    entries, at = [], 0
    for n, text in enumerate(texts):
        entries.append(Entry(id=f"doc-{name}#{n}", text=text, start=at, end=at + len(text)))
        at += len(text) + 2
    return Record(id=f"doc-{name}", path=f"/{name}.md", sha256=name, title=name, source=f"{name}.md", lang=lang,
                  tier="document", collection="own", entries=tuple(entries))  # fmt: skip


Build = Callable[..., Library]


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    """Opens a library that holds the given records."""
    opened: list[Library] = []

    def make(*records: Record) -> Library:
        settings, embedder = Settings(_env_file=None, home=tmp_path / f"home-{len(opened)}"), StandIn()
        catalogue, vectors = Catalogue(settings.library_dir / "library.db"), Vectors(settings)
        for r in records:
            texts = [embedded_text(r.title, e) for e in r.entries]
            vectors.put("texts", r.lang, [e.id for e in r.entries], [r.id] * len(texts), embedder.passages(texts))
            for e in r.entries:
                if e.questions:
                    ids = [question_id(e, n) for n in range(len(e.questions))]
                    vectors.put("questions", r.lang, ids, [r.id] * len(ids), embedder.queries(list(e.questions)))
        catalogue.put(records)
        documents, passages = catalogue.counts()
        made = manifest.current(embedder, dimension=16, documents=documents, passages=passages, hashes=catalogue.content_hashes())
        manifest.write(settings.library_dir / "manifest.json", made)
        vectors.close()
        catalogue.close()
        opened.append(Library(settings, embedder, calibration=Calibration(search=WEIGHTS), glossary=GLOSSARY))
        return opened[-1]

    yield make
    for library in opened:
        library.close()


def ids(passages: Sequence[Passage]) -> list[str]:
    return [p.id for p in passages]


FILLER = [
    article("hiring", "zh", "招聘市场人才要先写清楚岗位画像，再谈薪酬。", "怎么招人", "岗位画像是什么"),
    article(
        "hiring",
        "en",
        "Recruit marketers after writing down the role, then discuss pay.",
        "how to recruit",
        "what is a role profile",
    ),
    article("brand", "zh", "品牌定位先于传播，一句话说清楚你是谁。", "品牌怎么定位"),
    article("brand", "en", "Positioning comes before communication: say in one line who you are.", "how to position a brand"),
    article("money", "zh", "年度预算由业务目标倒推，留出一成给试验。", "预算怎么定", "预算给谁批"),
    article(
        "money",
        "en",
        "The annual budget follows business goals; keep a tenth for experiments.",
        "how to set a budget",
        "who approves a budget",
    ),
]


def test_a_library_must_be_built_and_fit(tmp_path: Path, build: Build) -> None:
    with pytest.raises(LibraryMissing, match="coach ingest"):
        Library(Settings(_env_file=None, home=tmp_path / "none"), StandIn(), calibration=Calibration(), glossary=GLOSSARY)
    build(*FILLER)
    with pytest.raises(LibraryMismatch, match="coach ingest --rebuild"):
        Library(
            Settings(_env_file=None, home=tmp_path / "home-0"), StandIn(name="new"), calibration=Calibration(), glossary=GLOSSARY
        )


@pytest.mark.parametrize(
    ("query", "lang", "first"),
    [
        ("预算怎么定", "zh", "money.zh"),
        ("how to set a budget", "en", "money.en"),
        ("品牌定位先于传播", "zh", "brand.zh"),
        ("recruit marketers", "en", "hiring.en"),
    ],
)
def test_the_right_article_comes_first_in_the_readers_language(build: Build, query: str, lang: Lang, first: str) -> None:
    result = build(*FILLER).search(query)
    assert (result.lang, result.query) == (lang, query)
    assert result.passages[0].id == first
    assert {p.lang for p in result.passages} == {lang}
    scores = [p.score for p in result.passages]
    assert scores == sorted(scores, reverse=True)
    assert set(result.spent) == {"embed", "search"}


def test_the_language_can_be_asked_for(build: Build) -> None:
    library = build(*FILLER)
    assert library.search("how to set a budget", lang="zh").passages[0].id == "money.zh"
    assert library.search("预算怎么定", lang="en").passages[0].id == "money.en"


def test_traditional_and_full_width_forms_find_the_same(build: Build) -> None:
    library = build(*FILLER)
    assert library.search("預算怎麼定").passages[0].id == "money.zh"
    assert library.search("ＢＵＤＧＥＴ").passages[0].id == "money.en"


def test_own_documents_in_the_readers_language_come_first(build: Build) -> None:
    library = build(document("one", "zh", ["Kiwi 项目 kiwi 立项"]), document("two", "en", ["Kiwi 项目 kiwi 立项"]), *FILLER)
    for lang, first, second in (("zh", "doc-one#0", "doc-two#0"), ("en", "doc-two#0", "doc-one#0")):
        ranked = library.search("kiwi 项目", lang=lang, k=8).passages
        assert ranked[0].id == first
        # The other one holds the same words, so it is dropped as a duplicate; its score shows in its own absence only.
        assert second not in ids(ranked)


def test_a_document_in_the_other_language_costs_a_little(build: Build) -> None:
    library = build(document("kiwi", "en", ["Kiwi launch plan with three partners."]), *FILLER)
    library.use(SearchWeights(text=1, question=0, question_mean=0, words=0, text_spread=0.2))
    near, far = (
        next(p for p in library.search("kiwi launch plan", lang=lang).passages if p.id == "doc-kiwi#0") for lang in ("en", "zh")
    )
    assert near.scores["text"] - far.scores["text"] == pytest.approx(0.02, abs=1e-4)
    assert near.score - far.score == pytest.approx(0.02 / 0.2 + 1, abs=1e-3)


def test_a_twin_is_credited_with_what_the_other_language_matched(build: Build) -> None:
    library = build(
        article("kiwi", "zh", "这里只有完全不同的汉字内容而已。", "别的问法"),
        article("kiwi", "en", "kiwi launch plan", "kiwi launch plan when", title="kiwi launch plan"),
        *FILLER,
    )
    found = library.search("kiwi launch plan", lang="zh")
    assert found.passages[0].id == "kiwi.zh"
    assert "kiwi.en" not in ids(found.passages)
    query = library.embed("kiwi launch plan")
    text, asked = StandIn().passages(["kiwi launch plan\nkiwi launch plan", "kiwi launch plan when"]) @ query
    assert found.passages[0].scores["text"] == pytest.approx(text - 0.02, abs=1e-4)
    assert found.passages[0].scores["question"] == pytest.approx(asked - 0.02, abs=1e-4)


def test_question_mean_is_that_of_the_best_three(build: Build) -> None:
    asked = ("kiwi launch", "kiwi launch plan", "kiwi launch plan when", "zebra yoghurt unrelated nothing")
    library = build(article("kiwi", "en", "Some body text.", *asked), article("kiwi", "zh", "一些正文内容。"), *FILLER)
    best = library.search("kiwi launch plan").passages[0]
    cosines = sorted((float(x) for x in StandIn().queries(list(asked)) @ library.embed("kiwi launch plan")), reverse=True)
    assert best.scores["question"] == pytest.approx(cosines[0], abs=1e-4)
    assert best.scores["question_mean"] == pytest.approx(sum(cosines[:3]) / 3, abs=1e-4)


PARTS = [
    f"Kiwi launch step {n} concerns {w}."
    for n, w in enumerate(["research", "pricing", "naming", "channels", "partners", "review"])
]


def test_neighbours_in_a_document_are_joined_in_reading_order(build: Build) -> None:
    library = build(document("kiwi", "en", PARTS[:3]), *FILLER)
    joined = library.search("kiwi launch step").passages[0]
    assert joined.doc_id == "doc-kiwi"
    assert joined.text.split("\n") in ([PARTS[0], PARTS[1]], [PARTS[1], PARTS[2]], PARTS[:3])
    assert (joined.start, joined.end) == (
        next(e.start for e in document("kiwi", "en", PARTS[:3]).entries if joined.text.startswith(e.text)),
        next(e.end for e in document("kiwi", "en", PARTS[:3]).entries if joined.text.endswith(e.text)),
    )
    shown = [line for p in library.search("kiwi launch step").passages if p.doc_id == "doc-kiwi" for line in p.text.split("\n")]
    assert sorted(shown) == sorted(PARTS[:3]), "nothing is shown twice, nothing is lost"


def test_passages_apart_from_one_another_are_not_joined(build: Build) -> None:
    gap = "Unrelated zebra yoghurt."
    record = document("kiwi", "en", [PARTS[0], gap * 60, PARTS[1]])
    found = build(record, *FILLER).search("kiwi launch step", k=2).passages
    assert sorted(p.text for p in found) == sorted([PARTS[0], PARTS[1]])


def test_joined_passages_stay_short_enough(build: Build) -> None:
    long = [f"Kiwi launch {n}: " + f"word{n} " * 80 for n in range(5)]
    found = build(document("kiwi", "en", long), *FILLER).search("kiwi launch").passages
    own = [p for p in found if p.doc_id == "doc-kiwi"]
    assert len(own) > 1
    assert any("\n" in p.text for p in own)
    assert all(len(p.text) <= 1201 for p in own)


def test_articles_are_never_joined(build: Build) -> None:
    found = build(*FILLER).search("预算 品牌 招聘").passages
    assert all("\n" not in p.text for p in found)


SAME = "Kiwi launch plan: three partners, two markets, one price for everybody, and one launch day in spring."
OTHER = "The kiwi launch was reviewed by the board in autumn and found good."


@pytest.mark.parametrize(
    "copy",
    [
        SAME,
        f"{SAME.upper()} \n",
        SAME.replace("spring", "autumn"),
        f"{SAME} Draft.",
        f"* {SAME}",
        f"1) {SAME}",
        SAME.replace("three partners", "the partners"),
    ],
    ids=["same", "case", "last word", "longer", "one letter before", "two letters before", "one letter less"],
)
def test_duplicates_are_dropped_and_others_take_their_place(build: Build, copy: str) -> None:
    library = build(document("a", "en", [SAME]), document("b", "en", [copy]), document("c", "en", [OTHER]), *FILLER)
    library.use(SearchWeights(text=0, question=0, question_mean=0, share=0, words=1))
    found = [p.doc_id for p in library.search("kiwi launch plan partners", k=3).passages]
    assert len(found) == 3
    assert "doc-c" in found
    assert ("doc-a" in found) + ("doc-b" in found) == 1


def test_no_more_than_k(build: Build) -> None:
    library = build(*FILLER)
    assert [len(library.search("预算", k=k).passages) for k in (1, 2, 3)] == [1, 2, 3]
    one, three = library.search("预算", k=1).passages, library.search("预算", k=3).passages
    assert one[0] == three[0]


def test_with_a_limit_of_length_the_best_sentences_come(build: Build) -> None:
    text = "Kiwi plans need a budget. The weather was fine. Everybody liked the lunch."
    library = build(article("kiwi", "en", text), *FILLER)
    (whole,) = library.search("kiwi plans budget", lang="en", k=1).passages
    (cut,) = library.search("kiwi plans budget", lang="en", k=1, max_chars=30).passages
    assert (whole.text, cut.text) == (text, "Kiwi plans need a budget.")
    assert library.search("kiwi plans budget", lang="en", k=3, max_chars=10_000).passages[0] == whole


@pytest.mark.parametrize("query", ["", "   ", "\u200b\ufeff", "\x00\x07"])
def test_an_empty_question_finds_nothing(build: Build, query: str) -> None:
    result = build(*FILLER).search(query)
    assert (result.query, result.passages, result.vector) == ("", (), None)
    assert result.signals.text == result.signals.fused == 0


@pytest.mark.parametrize("query", ["🙂", "？？？", "...", '"', "AND OR NOT", "NEAR(* ^", "a" * 5000, "预算" * 2000, "的"])
def test_odd_questions_do_no_harm(build: Build, query: str) -> None:
    result = build(*FILLER).search(query)
    assert result.passages
    assert all(np.isfinite(p.score) for p in result.passages)
    assert 0 <= result.signals.coverage <= 1


def test_an_emoji_has_no_words_and_speaks_chinese(build: Build) -> None:
    result = build(*FILLER).search("🙂")
    assert result.lang == "zh"
    assert result.signals.coverage == 0
    assert all("words" not in p.scores for p in result.passages)


def test_an_empty_library_finds_nothing(build: Build) -> None:
    result = build().search("预算怎么定")
    assert result.passages == ()
    assert result.signals.fused == 0


def test_focus_weighs_double(build: Build) -> None:
    library = build(*FILLER)
    query, focus = "品牌怎么定位 预算", "预算怎么定"
    plain, focused = library.search(query), library.search(query, focus=focus)
    expected = library.embed(query) + library.embed(focus)
    assert focused.vector == pytest.approx(expected / np.linalg.norm(expected), abs=1e-5)
    assert plain.passages[0].id == "brand.zh"

    def text(result: Any) -> float:
        return next(p.scores["text"] for p in result.passages if p.id == "money.zh")

    assert text(focused) > text(plain)


def test_the_glossary_adds_the_librarys_own_words(build: Build) -> None:
    result = build(*FILLER).search("outlay")
    assert result.expansion == ("budget",)
    assert result.passages[0].id == "money.en"
    assert result.passages[0].scores["words"] > 0


def test_signals_describe_the_best_passage(build: Build) -> None:
    library = build(*FILLER)
    result = library.search("how to set a budget")
    signals = result.signals
    assert signals.fused == result.passages[0].score
    assert signals.question == pytest.approx(1, abs=1e-4)
    assert library.search("budget goals zebra yoghurt").signals.coverage == pytest.approx(0.5)


def test_stored_questions_point_to_the_sentence_that_answers(build: Build) -> None:
    text = "A plan has four steps. Write the budget last. Review it every quarter."
    asked = ("what are the steps of a plan", "when do I write the budget", "how often is the plan reviewed")
    library = build(*FILLER, article("plan", "en", text, *asked, answers=(1, 2, 3)))
    for number, question in enumerate(asked, 1):
        (found,) = [p for p in library.search(question, lang="en").passages if p.id == "plan.en"]
        assert max(found.pointed, key=lambda n: found.pointed[n]) == number
        assert sum(found.pointed.values()) == pytest.approx(1)


def test_questions_that_say_nothing_of_sentences_point_to_the_whole(build: Build) -> None:
    library = build(*FILLER)
    found = library.search("how to set a budget", lang="en").passages
    pointed = [set(p.pointed) for p in found if p.pointed]
    assert pointed and all(each == {0} for each in pointed)


def test_a_question_in_the_other_language_points_to_the_sentence_that_says_the_same(build: Build) -> None:
    english = "KPI tree zebra OKR quarterly yoghurt. Pay is agreed upon last of all."
    plan = article("plan", "en", english, "zebra yoghurt for the tree", "last of all pay", answers=(1, 2))
    library = build(
        *FILLER, article("plan", "zh", "KPI tree zebra OKR 季度 yoghurt。薪酬 agreed upon last of all 最后谈。"), plan
    )
    for question, number in (("zebra yoghurt for the tree", 1), ("last of all pay", 2)):
        (found,) = [p for p in library.search(question, lang="zh").passages if p.id == "plan.zh"]
        assert max(found.pointed, key=lambda n: found.pointed[n]) == number


def test_what_has_no_twin_gets_the_votes_of_its_own_questions_alone(build: Build) -> None:
    library = build(article("alone", "en", "Pay comes last. Roles come first.", "when is pay agreed", answers=(1,)))
    (found,) = library.search("when is pay agreed", lang="en").passages
    assert found.pointed == {1: 1.0} and found.read == {}


class Reads(SentenceSelector):
    """Knows one article, and takes every question for one for its second sentence."""

    def __init__(self, pid: str) -> None:
        super().__init__(dict.fromkeys(("hidden", "hidden_bias", "deep", "shallow", "bias"), np.zeros((1, 1))), {})
        self.pid = pid

    def log_probabilities(self, vector: Matrix) -> Matrix:
        return np.array([-9.0, -0.1], np.float32)

    def numbers(self, passage_id: str, text: str) -> tuple[int, ...]:
        return (0, 1) if passage_id == self.pid else ()


def test_what_the_selector_reads_ranks_what_it_knows_and_leaves_the_rest_alone(build: Build) -> None:
    two = (
        article("pay", "en", "Pay comes last. Roles come first.", "when is pay agreed"),
        article("roles", "en", "Roles come first. Pay comes last.", "when is pay agreed, or not"),
        document("own", "en", ["When is pay agreed? Last of all."]),
    )
    library = build(*two)
    before = {p.id: p.score for p in library.search("when is pay agreed", lang="en").passages}
    library.use(selector=Reads("roles.en"))
    found = {p.id: p for p in library.search("when is pay agreed", lang="en").passages}
    assert found["roles.en"].read == pytest.approx({1: -9.0, 2: -0.1})
    assert found["roles.en"].scores["reading"] == pytest.approx(-0.1, abs=0.01)
    assert {pid: p.score for pid, p in found.items()} == pytest.approx(before), (
        "the best that is read loses nothing, nor the unread"
    )
    assert "reading" not in found["doc-own#0"].scores and not found["pay.en"].read


def test_what_the_first_question_would_wait_for_is_loaded(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    library = build(article("pay", "en", "Pay comes last. Roles come first.", "when is pay agreed"))
    met: list[object] = []
    nearest, cut = library.vectors.nearest, texts.tokens
    monkeypatch.setattr(library.embedder, "load", lambda: met.append("model"), raising=False)
    monkeypatch.setattr(texts, "tokens", lambda text: met.append("words") or cut(text))
    monkeypatch.setattr(
        library.vectors, "nearest", lambda kind, lang, *more: met.append((kind, lang)) or nearest(kind, lang, *more)
    )
    library.load()
    assert set(met) == {"model", "words", *((kind, lang) for kind in ("texts", "questions") for lang in ("zh", "en"))}


def test_an_index_that_cannot_be_read_is_told_when_it_is_loaded(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("the graph is gone")

    library = build(article("pay", "en", "Pay comes last. Roles come first.", "when is pay agreed"))
    monkeypatch.setattr(library.embedder, "load", lambda: None, raising=False)
    monkeypatch.setattr(library.vectors, "nearest", broken)
    with pytest.raises(OSError, match="the graph is gone"):
        library.load()


TWINS = (
    article("pay", "en", "Pay comes last. Roles come first.", "when is pay agreed"),
    article("roles", "en", "Roles come first. Pay comes last.", "when is pay agreed, or not"),
)


def test_an_edited_article_loses_nothing_by_the_sentence_that_the_selector_cannot_know(build: Build) -> None:
    library = build(*TWINS)

    class Edited(Reads):
        def numbers(self, passage_id: str, text: str) -> tuple[int, ...]:
            return (0, -1) if passage_id == "pay.en" else (1, 1)

    before = {p.id: p.score for p in library.search("when is pay agreed", lang="en").passages}
    library.use(selector=Edited(""))
    first = library.search("when is pay agreed", lang="en").passages[0]
    assert (first.id, first.score, first.read) == ("pay.en", pytest.approx(before["pay.en"]), {1: -9.0})


def test_an_article_that_the_selector_takes_for_unlikely_falls_behind(build: Build) -> None:
    library = build(*TWINS)

    class Both(Reads):
        def numbers(self, passage_id: str, text: str) -> tuple[int, ...]:
            return (0, 0) if passage_id == "pay.en" else (1, 1)

    assert library.search("when is pay agreed", lang="en").passages[0].id == "pay.en"
    library.use(selector=Both(""))
    assert library.search("when is pay agreed", lang="en").passages[0].id == "roles.en"


def test_other_weights_rank_otherwise(build: Build) -> None:
    library = build(
        article("words", "en", "pineapple zebra yoghurt lemon orchard", "nothing of it"),
        article("asked", "en", "Something else altogether.", "pineapple when ripe"),
        *FILLER,
    )
    library.use(SearchWeights(text=0, question=0, question_mean=0, share=0, words=1))
    assert library.search("pineapple zebra").passages[0].id == "words.en"
    library.use(SearchWeights(text=0, question=1, question_mean=0, share=0, words=0))
    assert library.search("pineapple when ripe").passages[0].id == "asked.en"


def test_a_passage_by_its_id(build: Build) -> None:
    library = build(*FILLER)
    found = library.passage("money.zh")
    assert found and found.text.startswith("年度预算")
    assert library.passage("unknown") is None
    assert library.version == library.manifest.version


# --- sentence vectors -------------------------------------------------------------------------------------------------


def test_each_sentence_is_embedded_once() -> None:
    embedder = StandIn()
    known = SentenceVectors(embedder)
    first = known.get(["one", "two", "one"])
    again = known.get(["two", "three"])
    assert embedder.asked == ["one", "two", "three"]
    assert first.shape == (3, 16)
    assert np.array_equal(first[0], first[2]) and np.array_equal(first[1], again[0])
    assert np.array_equal(again, StandIn().passages(["two", "three"]))


@pytest.mark.parametrize("turns", [[["a", "b"], ["a", "c"]], [["a", "b", "c"]], [["a", "b"], ["c"], ["a", "d", "b"]]])
def test_a_full_memory_still_answers(turns: list[list[str]]) -> None:
    known = SentenceVectors(StandIn(), limit=2)
    for spoken in turns:
        assert np.array_equal(known.get(spoken), StandIn().passages(spoken))
    assert len(known._known) <= 2


def test_stored_sentences_are_never_embedded_again(tmp_path: Path) -> None:
    embedder = StandIn()
    assert sentences.build(["One fish. Two birds.", "Two birds."], tmp_path, embedder) == 2
    assert sentences.build(["One fish. Two birds.", "Three cats."], tmp_path, embedder) == 3
    assert embedder.asked == ["One fish.", "Two birds.", "Three cats."]
    fresh = StandIn()
    known = SentenceVectors(fresh, stored=sentences.load(tmp_path, fresh))
    found = known.get(["Three cats.", "Four dogs.", "One fish."])
    assert fresh.asked == ["Four dogs."]
    assert np.array_equal(found, StandIn().passages(["Three cats.", "Four dogs.", "One fish."]))
    assert sentences.load(tmp_path, StandIn(name="another")) == {}, "another model's vectors say nothing"
    assert sentences.load(tmp_path / "elsewhere", fresh) == {}


def test_no_sentences_have_no_vectors(build: Build) -> None:
    assert build(*FILLER).sentence_vectors([]).shape[0] == 0


def test_pairs_of_results_never_repeat_a_passage(build: Build) -> None:
    library = build(document("kiwi", "en", PARTS), *FILLER)
    for query in ("kiwi launch step", "预算", "brand budget kiwi"):
        found = library.search(query, k=20).passages
        assert len(set(ids(found))) == len(found)
        assert all(a.score >= b.score for a, b in pairwise(found))
