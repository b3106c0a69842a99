"""Passages cut to their best sentences: what comes, what fits, what is never cut."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from coach.library.excerpts import GAP, excerpts
from coach.models.embedding import Matrix
from coach.types import Passage

QUESTION = np.array([1.0, 0.0], np.float32)
NEAR = {"Budget first.": 0.9, "Weather fine.": 0.1, "Lunch served.": 0.2, "Budget again.": 0.8, "Budget third.": 0.7}


def embed(spoken: Sequence[str]) -> Matrix:
    return np.array([[NEAR[s], 0.0] for s in spoken], np.float32)


def passage(name: str, *spoken: str, **more: object) -> Passage:
    told: dict[str, object] = {"text": " ".join(spoken), "tier": "stated", **more}
    return Passage(id=name, doc_id=name, title=name, source="s", lang="en", **told)  # type: ignore[arg-type]


def texts(found: Sequence[Passage]) -> list[tuple[str, str]]:
    return [(p.id, p.text) for p in found]


def test_the_best_sentences_of_several_passages_share_the_room() -> None:
    found = [passage("a", "Budget first.", "Weather fine."), passage("b", "Lunch served.", "Budget again.")]
    assert texts(excerpts(QUESTION, found, embed, 35)) == [("a", "Budget first."), ("b", "Budget again.")]


def test_what_is_left_out_between_sentences_shows_and_neighbours_stand_as_they_stood() -> None:
    found = [
        passage(
            "a",
            "Budget first.",
            "Weather fine.",
            "Budget again.",
            "Budget third.",
            start=100,
            end=155,
            pointed={1: 0.5},
            read={1: -1.0},
        )
    ]
    (cut,) = excerpts(QUESTION, found, embed, 50)
    assert cut.text == f"Budget first.{GAP}Budget again. Budget third."
    assert (cut.start, cut.end, cut.pointed, cut.read) == (100, 155, {}, {})


def test_offsets_are_those_of_what_is_left() -> None:
    (cut,) = excerpts(QUESTION, [passage("a", "Weather fine.", "Budget again.", start=100, end=127)], embed, 13)
    assert (cut.text, cut.start, cut.end) == ("Budget again.", 114, 127)


@pytest.mark.parametrize("limit", range(13, 90, 4))
def test_never_longer_than_asked_for(limit: int) -> None:
    found = [passage("a", *NEAR), passage("b", *reversed(NEAR))]
    assert sum(len(p.text) for p in excerpts(QUESTION, found, embed, limit)) <= limit


def test_something_of_the_best_passage_comes_even_when_others_are_nearer_or_it_is_too_long() -> None:
    found = [passage("a", "Weather fine."), passage("b", "Budget first.")]
    assert texts(excerpts(QUESTION, found, embed, 1)) == [("a", "Weather fine.")]
    assert excerpts(QUESTION, [], embed, 100) == []


def test_with_room_for_all_the_passages_are_as_they_were() -> None:
    found = [passage("a", "Budget first.", "Weather fine.", pointed={2: 1.0}), passage("b", "Lunch served.")]
    assert excerpts(QUESTION, found, embed, 1000) == found


def test_a_sentence_the_stored_questions_point_to_is_preferred() -> None:
    found = [passage("a", "Budget third.", "Budget again.", pointed={1: 1.0})]
    assert texts(excerpts(QUESTION, found, embed, 13)) == [("a", "Budget third.")]


def test_a_passage_far_behind_gives_way() -> None:
    found = [passage("a", "Lunch served.", "Budget third.", score=9.0), passage("b", "Budget first.", score=-9.0)]
    assert texts(excerpts(QUESTION, found, embed, 35)) == [("a", "Lunch served. Budget third.")]


def test_pieces_of_own_documents_are_whole_and_never_embedded() -> None:
    own = passage("d", "Anything at all, in two sentences. Or so.", tier="document", scores={"text": 0.5})
    assert texts(excerpts(QUESTION, [own], embed, 20)) == [("d", own.text)]
    assert texts(excerpts(QUESTION, [passage("a", "Budget first."), own], embed, 30)) == [("a", "Budget first.")]
    assert texts(excerpts(QUESTION, [passage("a", "Budget first."), own], embed, 80)) == [("a", "Budget first."), ("d", own.text)]
