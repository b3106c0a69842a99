"""The order of the gaps: weight, distance, what the person names, likes and shows; and what a self-rating is worth."""

from __future__ import annotations

import pytest

from coach.development.gaps import level_text, mentioned, order_gaps
from coach.development.schema import Gap, LevelResult, Profile
from coach.framework.files import Text
from tests.development.planning import DATA_DONE, DATA_PRAISE, FRAMEWORK, draft

PILLARS = [p.id for p in FRAMEWORK.pillars]
WORDS = Text(zh="一", en="one")


def levels(own: dict[str, int | None] | None = None, rated: dict[str, int] | None = None) -> list[LevelResult]:
    """One result a pillar; without a level where none is given."""
    return [
        LevelResult(
            pillar=p, level=(own or {}).get(p), confidence="low", rubric=WORDS, self_rating=(rated or {}).get(p), provenance=WORDS
        )
        for p in PILLARS
    ]


def gaps(found: list[LevelResult], target: str = "vp_cmo", direction: str = "climb", **said) -> tuple[Gap, ...]:
    return order_gaps(FRAMEWORK, Profile(**said), found, target, direction)


def order(found: tuple[Gap, ...]) -> list[str]:
    return [g.pillar for g in found]


def at(found: tuple[Gap, ...], pillar: str) -> Gap:
    return next(g for g in found if g.pillar == pillar)


@pytest.mark.parametrize("target", [s.id for s in FRAMEWORK.stages if FRAMEWORK.expected_level(s.id) > 1])
def test_equal_distances_are_ordered_by_the_weight_for_the_target(target):
    same = dict.fromkeys(PILLARS, FRAMEWORK.expected_level(target) - 1)
    found = gaps(levels(same), target)
    weights = [FRAMEWORK.weight(target, g.pillar) for g in found]
    assert len(found) == len(PILLARS)
    assert weights == sorted(weights, reverse=True)


def test_a_pillar_two_levels_below_goes_before_a_heavier_one_a_level_below():
    found = gaps(levels({"strategy": 2, "leadership": 3, "data": 1, "innovation": 3, "communication": 3}), "bu_head")
    assert order(found) == ["data", "strategy"]
    assert [(g.own, g.wanted) for g in found] == [(1, 3), (2, 3)]


@pytest.mark.parametrize(
    ("own", "target", "is_gap"),
    [(1, "director", False), (1, "vp_cmo", True), (2, "vp_cmo", False), (2, "bu_head", True), (3, "ceo", False)],
)
def test_a_shown_level_is_a_gap_only_below_what_the_target_asks_for(own, target, is_gap):
    found = gaps(levels(dict.fromkeys(PILLARS, own)), target)
    assert bool(found) is is_gap


def test_a_named_weak_point_comes_first_and_is_quoted():
    same = dict.fromkeys(PILLARS, 1)
    found = gaps(levels(same), weaknesses=("不懂数据。",))
    assert order(found)[0] == "data"
    assert "“不懂数据”" in found[0].reason.zh
    assert all("不懂数据" not in g.reason.zh for g in found[1:])


def test_a_named_weak_point_is_a_gap_even_where_the_level_is_reached():
    found = gaps(levels(dict.fromkeys(PILLARS, 2)), weaknesses=("bad with data",))
    assert order(found) == ["data"]


def test_interest_moves_an_equal_gap_forward_and_is_quoted():
    same = dict.fromkeys(PILLARS, 1)
    plain, liked = gaps(levels(same)), gaps(levels(same), interest="喜欢做创新")
    assert at(liked, "innovation").score > at(plain, "innovation").score
    assert "喜欢做创新" in at(liked, "innovation").reason.zh
    assert order(liked).index("innovation") < order(plain).index("innovation")


def test_interest_alone_makes_no_gap_of_a_level_that_is_shown():
    assert gaps(levels(dict.fromkeys(PILLARS, 2)), interest="喜欢做数据") == ()


def test_a_named_strength_comes_later_where_nothing_is_shown():
    plain, strong = gaps(levels()), gaps(levels(), strengths=("沟通",))
    assert at(strong, "communication").score < at(plain, "communication").score
    assert order(strong)[-1] == "communication"


def test_evidence_beats_the_self_rating():
    proud = gaps(levels({"data": 1}, {"data": 3}))
    assert at(proud, "data").own == 1
    assert at(proud, "data").basis == "evidence"
    modest = gaps(levels({"data": 2}, {"data": 1}))
    assert "data" not in order(modest)


def test_self_ratings_alone_order_the_gaps_and_are_marked():
    found = gaps(levels(rated={"strategy": 2, "leadership": 2, "data": 1, "innovation": 2, "communication": 2}))
    assert order(found)[0] == "data"
    assert {g.basis for g in found} == {"self_rating"}
    assert all("自评" in g.reason.zh and "your own rating" in g.reason.en for g in found)


def test_the_same_level_by_evidence_weighs_more_than_by_self_rating():
    shown, rated = gaps(levels({"data": 1})), gaps(levels(rated={"data": 1}))
    assert at(shown, "data").score > at(rated, "data").score


def test_a_self_rating_at_the_target_still_has_to_be_shown():
    found = gaps(levels(rated=dict.fromkeys(PILLARS, 3)))
    assert len(found) == len(PILLARS)
    lower = gaps(levels(rated={**dict.fromkeys(PILLARS, 3), "innovation": 1}))
    assert order(lower)[0] == "innovation"


@pytest.mark.parametrize("rating", [None, 1, 2, 3])
def test_praise_is_no_evidence_whatever_the_self_rating(rating):
    said = {"self_ratings": {"data": rating}} if rating else {}
    found = draft(evidence={"data": DATA_PRAISE}, **said).found
    gap = at(found.gaps, "data")
    assert (gap.own, gap.basis) == (None, "unproven")
    assert "证据不足" in gap.reason.zh


def test_what_was_done_is_a_level_and_no_longer_unproven():
    found = draft(evidence={"data": DATA_DONE}, self_ratings={"data": 3}).found
    gap = at(found.gaps, "data")
    assert (gap.own, gap.basis) == (1, "evidence")
    assert "3" not in gap.reason.zh


def test_nothing_known_is_said_so_and_never_called_weak():
    found = gaps(levels())
    assert {g.basis for g in found} == {"unknown"}
    assert not any("弱" in g.reason.zh or "weak" in g.reason.en for g in found)


def test_depth_aims_one_level_above_the_own_strengths_first():
    own = dict.fromkeys(PILLARS, 2)
    found = gaps(levels(own), direction="depth", strengths=("数据",))
    assert order(found)[0] == "data"
    assert {g.wanted for g in found} == {3}


def test_depth_never_asks_for_more_than_the_highest_level():
    assert gaps(levels(dict.fromkeys(PILLARS, 3)), direction="depth") == ()


def test_depth_does_not_say_that_the_stage_asks_for_more_than_it_does():
    found = gaps(levels(dict.fromkeys(PILLARS, 2)), direction="depth")
    stage, three = FRAMEWORK.stage("vp_cmo").name, level_text(FRAMEWORK, 3)
    assert found and not any(f"{stage.zh}要到{three.zh}" in g.reason.zh for g in found)
    assert all(f"往{three.zh}走" in g.reason.zh and f"means {three.en}" in g.reason.en for g in found)


def test_equal_scores_stand_in_the_order_of_the_framework():
    found = gaps(levels(dict.fromkeys(PILLARS, 0)), "director")
    equal = [g.pillar for g in found if g.score == at(found, "strategy").score]
    assert equal == [p for p in PILLARS if p in equal]
    assert len(equal) == 2


@pytest.mark.parametrize("target", [s.id for s in FRAMEWORK.stages])
@pytest.mark.parametrize("direction", ["climb", "depth", "unknown"])
@pytest.mark.parametrize("own", [None, 0, 1, 2, 3])
def test_every_gap_lies_below_what_is_wanted_and_within_the_levels(target, direction, own):
    for gap in gaps(levels(dict.fromkeys(PILLARS, own)), target, direction):
        assert 1 <= gap.wanted <= len(FRAMEWORK.levels)
        assert gap.own is None or gap.own < gap.wanted
        assert gap.score > 0


@pytest.mark.parametrize(
    ("words", "pillar"),
    [
        ("不会看數據", "data"),
        ("ＤＡＴＡ", "data"),
        ("带人不行", "leadership"),
        ("I am bad at presenting", "communication"),
        ("财务弱", "strategy"),
    ],
)
def test_weak_points_are_understood_as_people_write_them(words, pillar):
    assert mentioned(FRAMEWORK, [words]) == {pillar: words}


@pytest.mark.parametrize("words", ["", "😀", "羽毛球打得不好", "字" * 2000])
def test_what_names_no_ability_names_none(words):
    assert mentioned(FRAMEWORK, [words]) == {}


def test_below_the_first_level_is_said_as_zero():
    assert level_text(FRAMEWORK, None) == level_text(FRAMEWORK, 0) == Text(zh="0", en="0")
    assert level_text(FRAMEWORK, 2).zh.startswith("2级")


@pytest.mark.parametrize("said", ["Old habit.", "I said it again by email", "hero image"])
def test_latin_names_within_words_are_no_mention(said):
    assert mentioned(FRAMEWORK, (said,)) == {}
