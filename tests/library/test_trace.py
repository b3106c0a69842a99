"""What a search tells of its candidates: each of them once, in the order of rank, with what became of it."""

from __future__ import annotations

from coach.library.edits import Edits
from coach.library.trace import Trace
from tests.library.test_search import FILLER, Build, article, build, document  # noqa: F401  a fixture

TWICE = "品牌资产要连续三年投入才看得出来，中断一年就得重来。"


def fates(trace: Trace) -> dict[str, str]:
    return {c.passage.id: c.fate for c in trace.candidates}


def test_every_candidate_is_told_once_and_the_result_is_the_same(build: Build) -> None:  # noqa: F811
    library = build(*FILLER)
    trace = Trace()
    traced, plain = library.search("预算怎么定", k=2, trace=trace), library.search("预算怎么定", k=2)
    assert traced.passages == plain.passages
    assert [c.passage.id for c in trace.candidates if c.fate == "kept"] == [p.id for p in plain.passages]
    assert [c.rank for c in trace.candidates] == list(range(1, len(trace.candidates) + 1))
    scores = [c.passage.score for c in trace.candidates]
    assert scores == sorted(scores, reverse=True) and len(fates(trace)) == len(trace.candidates)


def test_reasons_of_those_that_are_not_used(build: Build) -> None:  # noqa: F811
    own = document("own", "zh", ["资产盘点写在年报第一段。", "资产盘点写在年报第二段。"])
    only_english = document("abroad", "en", ["品牌 brand equity is reported every year in detail."])
    library = build(*FILLER, article("one", "zh", TWICE), article("two", "zh", TWICE), own, only_english)
    trace = Trace()
    library.search("品牌资产要连续三年投入", k=3, lang="zh", trace=trace)
    told = fates(trace)
    assert {told["one.zh"], told["two.zh"]} == {"kept", "duplicate"}
    assert "below" in told.values() and told["doc-abroad#0"] in ("other_language", "kept")
    (twin,) = [c for c in trace.candidates if c.fate == "duplicate"]
    assert twin.of in ("one.zh", "two.zh") and twin.of != twin.passage.id


def test_neighbours_are_told_as_joined(build: Build) -> None:  # noqa: F811
    library = build(*FILLER, document("own", "zh", ["资产盘点写在年报第一段。", "预算复核写在年报第二段，由财务部门签字。"]))
    trace = Trace()
    library.search("资产盘点和预算复核写在年报哪一段", trace=trace)
    joined = [c for c in trace.candidates if c.fate == "joined"]
    assert [c.of.partition("#")[0] for c in joined] == ["doc-own"]


def test_hidden_documents_are_told_and_count_for_nothing(build: Build) -> None:  # noqa: F811
    library = build(*FILLER)
    before = library.search("预算怎么定").signals
    Edits(library.settings.home).hide("money.zh", True)
    library.refresh()
    trace = Trace()
    found = library.search("预算怎么定", trace=trace)
    assert fates(trace)["money.zh"] == "hidden" and "money.zh" not in {p.id for p in found.passages}
    assert found.signals.question < before.question and trace.candidates[0].rank == 0
    assert not library.offers(library.passage("money.zh")) and library.offers(found.passages[0])  # type: ignore[arg-type]
