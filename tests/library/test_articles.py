"""Articles: an invalid one is named with its reason; the shipped ones are valid, in both languages, and cover every fact."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from coach.errors import DocumentError
from coach.framework import Text
from coach.library.articles import Article, load_articles, read_article
from coach.settings import ROOT
from tests.library.test_ingest import write_article

KNOWLEDGE = ROOT / "knowledge"
FACTS = [f"F{n:03}" for n in range(1, 198)]
BODY = "A body that is long enough to be one."
NAME = Text(zh="产品路", en="product road")


@pytest.fixture(scope="module")
def shipped() -> list[Article]:
    return load_articles(KNOWLEDGE)


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str], Path]:
    """An article in which one piece of its text was replaced by another."""

    def change(old: str, new: str) -> Path:
        path = write_article(tmp_path, "plan", "en", BODY)
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return change


NAME = Text(zh="产品路", en="product road")


def test_an_article_is_read(changed: Callable[[str, str], Path]) -> None:
    source = '{name: "Gartner CMO Spend Survey", date: 2026-05-01}'
    article = read_article(changed("tier: stated\nsources: [F001]", f"tier: external\nsources: [F001, {source}]"))
    assert (article.id, article.lang, article.tier, article.body) == ("plan", "en", "external", BODY)
    assert article.facts == ["F001"]
    assert article.label(NAME) == "External: Gartner CMO Spend Survey, 2026-05-01"
    assert article.as_of.isoformat() == "2026-01-01"


def test_labels_follow_tier_and_language(tmp_path: Path) -> None:
    assert read_article(write_article(tmp_path, "plan", "zh", BODY)).label(NAME) == "产品路"
    assert read_article(write_article(tmp_path, "plan", "en", BODY)).label(NAME) == "product road"


def test_windows_line_ends_and_rules_in_the_body_do_no_harm(changed: Callable[[str, str], Path]) -> None:
    path = changed(BODY, f"{BODY}\n\n---\n\nAfter the rule.")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_article(path).body == f"{BODY}\n\n---\n\nAfter the rule."


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("id: plan", "id: Plan Überblick", "id"),
        ("id: plan\n", "", "id"),
        ("lang: en", "lang: fr", "lang"),
        ("tier: stated", "tier: rumour", "tier"),
        ("as_of: 2026-01-01", "as_of: soon", "as_of"),
        ("sources: [F001]", "sources: []", "sources"),
        ("sources: [F001]", "sources: [{name: Undated}]", "date"),
        ("stages: []", "stages: []\nmood: good", "mood"),
        ('questions:\n  - "问题一"\n  - "question two"', "questions: []", "questions"),
        (BODY, "Short.", "body"),
        ("title: plan title", "title: [not, closed", "line 2"),
        ("---\nid", "id", ""),
        ("stages: []", "stages: []\nbody: again", "body"),
    ],
)
def test_an_invalid_article_is_named_with_the_reason(changed: Callable[[str, str], Path], old: str, new: str, named: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_article(changed(old, new))
    assert "plan.md" in caught.value.message
    assert named in caught.value.message


@pytest.mark.parametrize(
    "content", [b"", b"---\n---\n", b"---\n- a\n- b\n---\nbody", b"---\n\xff\xfe\n---\nbody", b"no front matter"]
)
def test_what_is_no_article_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.md"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=r"odd\.md"):
        read_article(path)


def test_a_doubled_article_is_refused(tmp_path: Path) -> None:
    first = write_article(tmp_path, "plan", "en", BODY)
    first.with_name("copy.md").write_bytes(first.read_bytes())
    with pytest.raises(DocumentError, match="'plan'.*twice.*en"):
        load_articles(tmp_path)


def test_articles_come_in_order_and_other_files_are_left_alone(tmp_path: Path) -> None:
    for name, lang in [("b", "zh"), ("b", "en"), ("a", "zh")]:
        write_article(tmp_path, name, lang, BODY)
    (tmp_path / "articles" / "zh" / "notes.txt").write_text("not an article", encoding="utf-8")
    assert [(a.id, a.lang) for a in load_articles(tmp_path)] == [("a", "zh"), ("b", "en"), ("b", "zh")]


def test_every_shipped_article_stands_in_both_languages(shipped: list[Article]) -> None:
    zh, en = ({a.id for a in shipped if a.lang == lang} for lang in ("zh", "en"))
    assert zh ^ en == set()
    assert len(zh) >= 100


def test_file_names_say_what_is_inside() -> None:
    files = [*(KNOWLEDGE / "articles").rglob("*.md")]
    wrong = [p for p in files if ((a := read_article(p)).lang, a.id) != (p.parent.name, p.stem)]
    assert wrong == []
    assert files


def test_twins_claim_the_same_facts_stages_and_pillars(shipped: list[Article]) -> None:
    twins: dict[str, list[Article]] = {}
    for article in shipped:
        twins.setdefault(article.id, []).append(article)
    for kept in ("tier", "facts", "stages", "pillars"):
        wrong = [i for i, (a, b) in twins.items() if sorted(getattr(a, kept)) != sorted(getattr(b, kept))]
        assert wrong == [], f"{kept} differs"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_fact_of_the_framework_is_told(shipped: list[Article], lang: str) -> None:
    told = {fact for a in shipped if a.lang == lang for fact in a.facts}
    assert [f for f in FACTS if f not in told] == []
    assert told - set(FACTS) == set()


def test_no_article_asks_the_same_twice(shipped: list[Article]) -> None:
    assert [a.id for a in shipped if len({q.strip().lower() for q in a.questions}) < len(a.questions)] == []
