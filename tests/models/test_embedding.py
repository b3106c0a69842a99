"""The embedding model: the real one on short texts, and what goes wrong without it."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from coach.errors import SetupError, WeightsError
from coach.models.embedding import Embedder, LastQueries
from coach.settings import Settings


@pytest.fixture(scope="module")
def embedder(real_settings: Settings) -> Embedder:
    return Embedder(real_settings.model_copy(update={"threads": 1}))


def settings(home: Path, **more: str) -> Settings:
    return Settings(_env_file=None, home=home, **more)


# --- without weights --------------------------------------------------------------------------------------------------


def test_missing_weights_name_the_command(tmp_path: Path) -> None:
    for use in (lambda e: e.fingerprint, lambda e: e.load(), lambda e: e.dimension):
        with pytest.raises(WeightsError, match=r"e5-small-q4 is missing.*coach models fetch"):
            use(Embedder(settings(tmp_path)))


def test_an_unknown_model_is_named_with_what_is_possible(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"'no-such-model' is neither a known name nor a folder.*COACH_EMBEDDING"):
        Embedder(settings(tmp_path, embedding="no-such-model")).fingerprint  # noqa: B018


def test_the_shipped_adapter_is_for_the_shipped_model_only(tmp_path: Path) -> None:
    (tmp_path / "adapter").mkdir()
    (tmp_path / "adapter" / "adapter_config.json").write_text("{}", encoding="utf-8")
    at = {"knowledge": str(tmp_path)}
    assert Embedder(settings(tmp_path, **at)).adapter == tmp_path / "adapter"
    assert Embedder(settings(tmp_path, adapter="none", **at)).adapter is None
    assert Embedder(settings(tmp_path, adapter="/mine", **at)).adapter == Path("/mine")
    assert Embedder(settings(tmp_path, embedding=str(tmp_path), **at)).adapter is None
    assert Embedder(settings(tmp_path, knowledge=str(tmp_path / "empty"))).adapter is None


def test_two_models_in_the_same_folder_have_two_fingerprints(tmp_path: Path) -> None:
    # "Names model and adapter by content": a model trained further in its own folder makes the old index useless.
    folder = tmp_path / "my-model"
    folder.mkdir()
    prints = []
    for content in (b"weights", b"WEIGHTS"):
        (folder / "model.safetensors").write_bytes(content)
        prints.append(Embedder(settings(tmp_path, embedding=str(folder))).fingerprint)
    assert all(p.startswith("my-model+") for p in prints)
    assert prints[0] != prints[1]


def test_an_adapter_that_is_not_there_is_named(real_models: Path) -> None:
    with pytest.raises(SetupError, match="nowhere"):
        Embedder(settings(real_models, adapter=str(real_models / "nowhere"))).fingerprint  # noqa: B018


# --- the real weights -------------------------------------------------------------------------------------------------


@pytest.mark.real
def test_vectors_have_unit_length(embedder: Embedder) -> None:
    texts = ["预算怎么定", "How do I set a budget?", "🙂", "", "很长的文字。" * 400]
    for vectors in (embedder.queries(texts), embedder.passages(texts)):
        assert vectors.shape == (len(texts), embedder.dimension) == (5, 384)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-4)


@pytest.mark.real
def test_a_question_is_near_to_its_translation(embedder: Embedder) -> None:
    zh = embedder.queries(["市场预算怎么定？", "怎么招到好的市场人才？", "品牌定位是什么？"])
    en = embedder.queries(["How do I set the marketing budget?", "How do I hire good marketers?", "What is brand positioning?"])
    near = zh @ en.T
    assert near.argmax(axis=1).tolist() == near.argmax(axis=0).tolist() == [0, 1, 2]
    assert min(near.diagonal()) > near[~np.eye(3, dtype=bool)].max()


@pytest.mark.real
def test_a_question_is_near_to_the_passage_that_answers_it(embedder: Embedder) -> None:
    passages = embedder.passages(
        ["年度预算由业务目标倒推，留出一成给试验。", "招聘之前先写清楚岗位画像。", "The cat slept on the warm roof."]
    )
    assert (passages @ embedder.queries(["How do I set the marketing budget?"])[0]).argmax() == 0


@pytest.mark.real
def test_neighbours_in_a_batch_do_not_change_a_vector(embedder: Embedder) -> None:
    alone = embedder.queries(["预算"])[0]
    among = embedder.queries(["一个长得多的问题，说了很多很多别的事情。" * 5, "预算"])[1]
    assert alone == pytest.approx(among, abs=2e-3)


@pytest.mark.real
def test_questions_and_passages_carry_their_own_prefix(embedder: Embedder) -> None:
    asked, told = embedder.queries(["预算"])[0], embedder.passages(["预算"])[0]
    assert 0.5 < float(asked @ told) < 0.9999


@pytest.mark.real
def test_langchains_names_give_the_same_vectors(embedder: Embedder) -> None:
    assert embedder.embed_query("预算") == pytest.approx(embedder.queries(["预算"])[0].tolist(), abs=1e-5)
    documents = embedder.embed_documents(["预算", "品牌"])
    assert np.array(documents) == pytest.approx(embedder.passages(["预算", "品牌"]), abs=1e-5)
    assert type(documents[0][0]) is float


@pytest.mark.real
def test_the_fingerprint_names_model_and_adapter_by_content(embedder: Embedder, real_models: Path, tmp_path: Path) -> None:
    assert embedder.adapter is not None
    mine = tmp_path / "mine"
    shutil.copytree(embedder.adapter, mine)
    shipped = Embedder(settings(real_models)).fingerprint
    assert shipped == embedder.fingerprint
    assert shipped.startswith("e5-small-q4+")
    assert Embedder(settings(real_models, adapter=str(mine))).fingerprint == shipped, "content counts, not the place"
    bare = Embedder(settings(real_models, adapter="none")).fingerprint
    file = mine / "adapter_model.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + b"\x00\x01")
    changed = Embedder(settings(real_models, adapter=str(mine))).fingerprint
    assert len({shipped, bare, changed}) == 3


@pytest.mark.real
def test_the_adapter_changes_the_vectors(embedder: Embedder, real_settings: Settings) -> None:
    bare = Embedder(real_settings.model_copy(update={"adapter": "none", "threads": 1}))
    assert float(bare.queries(["预算怎么定"])[0] @ embedder.queries(["预算怎么定"])[0]) < 0.99


@pytest.mark.real
def test_questions_asked_at_once_get_their_own_vectors(embedder: Embedder) -> None:
    questions = [f"第{n}个问题：怎么和CFO谈预算？ question {n}" for n in range(24)]
    alone = [embedder.queries([q])[0] for q in questions]
    together: dict[str, np.ndarray] = {}
    begin = threading.Barrier(len(questions))

    def ask(question: str) -> None:
        begin.wait()
        together[question] = embedder.queries([question])[0]

    threads = [threading.Thread(target=ask, args=(q,)) for q in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for question, vector in zip(questions, alone, strict=True):
        assert together[question] @ vector > 0.9999
    assert len({v.tobytes() for v in together.values()}) == len(questions)


class Counting:
    """Stands in for the model; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def queries(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        return np.array([[float(len(t)), 1.0] for t in texts], dtype=np.float32)


def test_the_last_questions_are_embedded_once_and_older_ones_again() -> None:
    model = Counting()
    last = LastQueries(model, size=2)
    assert last.vector("预算")[0] == 2 and last.vector("预算")[0] == 2 and model.asked == ["预算"]
    last.vector("渠道"), last.vector("预算"), last.vector("团队怎么带")  # 渠道 is now the one asked longest ago
    model.asked.clear()
    last.vector("预算"), last.vector("渠道")
    assert model.asked == ["渠道"]


def test_a_remembered_vector_cannot_be_changed_by_who_got_it() -> None:
    with pytest.raises(ValueError, match="read-only"):
        LastQueries(Counting()).vector("\ud800 half a character")[0] = 0


def test_a_model_that_fails_fails_for_everybody_who_asked_and_nobody_else(tmp_path: Path) -> None:
    embedder = Embedder(settings(tmp_path))
    failures: list[BaseException] = []
    begin = threading.Barrier(6)

    def ask() -> None:
        begin.wait()
        try:
            embedder.queries(["?"])
        except WeightsError as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failures) == 6
