"""Other people's test sets: their formats become cases, and the coach is measured on them over a home of its own."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from coach.errors import InputError
from coach.settings import Settings
from coach.types import Done, Passage, Reply
from evals import adapters, external
from evals.adapters import Bundle, Gathering, Text, all_of_any, domainrag, dragonball, nomiracl, objects, rgb
from evals.external import Share, check, text
from evals.schema import Case

PRICE = "门店咖啡券售价二十八元，每位顾客限购三张。"
HOURS = "南湖店周末营业到晚上十一点，工作日到九点。"
PRESS = "新闻稿由品牌部起草，法务在两个工作日内审完。"
NOISE = "停车场入口在建筑北侧，雨天请走地下通道。"


def lines(path: Path, *rows) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    return path


def gold_texts(bundle: Bundle, case_id: str) -> list[str]:
    texts = {document.name: document.text for document in bundle.documents}
    return [texts[name] for name in bundle.gold[case_id]]


def of(bundle: Bundle, case_id: str) -> Case:
    return next(case for case in bundle.cases if case.id == case_id)


def asked_among(noise: bool, stem: str = "门店咖啡券的售价") -> str:
    """A question that RGB's adapter asks among noise only, or with its passages."""
    return next(q for n in range(1, 100) if rgb.noise_only(q := stem + "？" * n) is noise)


# --- what all formats share -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", adapters.FORMATS)
def test_a_folder_without_the_files_names_what_was_looked_for(tmp_path, name):
    with pytest.raises(InputError, match="holds no") as error:
        adapters.load(name, tmp_path)
    assert "jsonl" in error.value.hint or "json" in error.value.hint
    with pytest.raises(InputError, match="is not a folder"):
        adapters.load(name, tmp_path / "nowhere")


def test_an_unknown_format_names_the_known_ones(tmp_path):
    with pytest.raises(InputError, match="rgb, nomiracl, dragonball, domainrag"):
        adapters.load("squad", tmp_path)


def test_objects_are_read_over_lines_and_side_by_side_and_what_is_none_is_told():
    assert list(objects('{"a": 1}\n{"b": "x\ny"}{\n "c": 3\n}\n')) == [{"a": 1}, {"b": "x\ny"}, {"c": 3}]
    assert list(objects('{"a": 1}\noops\n{"b": 2}\n[3]\n{"c": \n')) == [{"a": 1}, None, {"b": 2}, None, None]


def test_a_text_that_occurs_twice_is_one_document_and_an_empty_one_is_none():
    into = Gathering("t")
    assert into.document(PRICE) == into.document(f" {PRICE}\n") != into.document(PRICE, "价格")
    assert into.document(" \u200b") is None and into.document(None) is None
    into.unanswerable(id="q", lang="zh", kind="k", question="几点？")
    made = into.bundle()
    assert [d.text for d in made.documents] == [f"{PRICE}\n", f"# 价格\n\n{PRICE}\n"] and made.left_out == {"empty_document": 2}
    assert {d.name.rpartition(".")[2] for d in made.documents} == {"txt", "md"}


def test_an_answer_in_other_words_is_not_scored_by_keypoint_and_the_question_is_kept():
    into = Gathering("t")
    name = into.document(PRICE)
    into.answerable(
        id="literal", lang="zh", kind="k", question="多少钱？", gold=[name], keypoints=[["28元", "二十八元"], ["三张"]]
    )
    into.answerable(id="other", lang="zh", kind="k", question="贵吗？", gold=[name], keypoints=[["二十八元"], ["很便宜"]])
    into.answerable(id="lost", lang="zh", kind="k", question="几点？", gold=[None], keypoints=[])
    into.answerable(id="literal", lang="zh", kind="k", question="又问？", gold=[name])
    made = into.bundle()
    assert of(made, "literal").keypoints == [["28元", "二十八元"], ["三张"]] and of(made, "other").keypoints == []
    assert made.left_out == {"not_literal": 1, "no_gold": 1, "double": 1} and made.gold == {"literal": [name], "other": [name]}


def test_nothing_usable_is_refused_with_the_reasons(tmp_path):
    lines(tmp_path / "zh.json", {"query": "多少钱？", "answer": "", "positive": [PRICE]})
    with pytest.raises(InputError, match="hold no usable question.*1 questions without an answer"):
        rgb.load(tmp_path)


def test_one_of_these_lists_in_full_becomes_of_every_list_one():
    assert all_of_any([["汉语", "法语"], ["两种"]]) == [["汉语", "两种"], ["法语", "两种"]]
    assert all_of_any([["2010"], ["2010年"]]) == [["2010", "2010年"]]
    assert all_of_any([]) == [] == all_of_any([[str(n) for n in range(7)], [str(n) for n in range(7, 14)]])


# --- RGB --------------------------------------------------------------------------------------------------------------


def test_rgb_answers_are_all_of_any_and_noise_only_questions_keep_their_passages_out(tmp_path):
    known, unknown = asked_among(noise=False), asked_among(noise=True, stem="新闻稿谁审")
    lines(
        tmp_path / "data" / "zh_refine.json",
        {"id": 0, "query": known, "answer": [["28元", "二十八元"], "三张"], "positive": [PRICE], "negative": [NOISE]},
        {"id": 1, "query": unknown, "answer": "法务", "positive": [PRESS], "negative": [HOURS]},
        "oops",
        {"id": 2, "query": asked_among(noise=False, stem="没答案"), "answer": [[]], "positive": [PRICE], "negative": []},
    )
    lines(tmp_path / "data" / "zh.json", {"id": 0, "query": known, "answer": "四十元", "positive": [PRICE], "negative": []})
    made = rgb.load(tmp_path)
    assert [d.text.strip() for d in made.documents] == [NOISE, PRICE, HOURS]
    first, second = made.cases
    assert (first.status, first.keypoints, first.lang) == ("answered", [["28元", "二十八元"], ["三张"]], "zh")
    assert gold_texts(made, first.id) == [f"{PRICE}\n"]
    assert (second.status, second.keypoints) == ("not_in_sources", []) and second.id not in made.gold
    assert made.left_out == {"superseded": 1, "not_json": 1, "no_answer": 1}


def test_rgb_leaves_out_a_noise_only_question_that_another_document_answers(tmp_path):
    question = asked_among(noise=True)
    elsewhere = {
        "id": 5,
        "query": asked_among(noise=False, stem="咖啡券限购几张"),
        "answer": "三张",
        "positive": [PRICE],
        "negative": [],
    }
    same_number = "洗衣券二十八元。"
    lines(
        tmp_path / "zh.json",
        {"id": 0, "query": question, "answer": "二十八元", "positive": ["咖啡券二十八元。"], "negative": [same_number]},
        elsewhere,
    )
    made = rgb.load(tmp_path)
    assert made.left_out == {"answered_elsewhere": 1} and [c.status for c in made.cases] == ["answered"]
    lines(
        tmp_path / "zh.json", {"id": 0, "query": question, "answer": "二十八元", "positive": [PRICE], "negative": [same_number]}
    )
    assert [c.status for c in rgb.load(tmp_path).cases] == ["not_in_sources"]  # the same number of something else is no answer


def test_rgb_lists_of_lists_and_passages_made_wrong(tmp_path):
    question = asked_among(noise=False)
    row = {"id": 0, "query": question, "answer": ["二十八元", "十一点"], "negative": [NOISE]}
    lines(tmp_path / "zh_int.json", row | {"positive": [[PRICE], [HOURS]]})
    lines(
        tmp_path / "en_fact.json", row | {"positive": [PRICE], "positive_wrong": [PRICE.replace("二十八", "八十")], "answer": 28}
    )
    made = rgb.load(tmp_path)
    assert sorted(gold_texts(made, "zh_int-0")) == sorted([f"{PRICE}\n", f"{HOURS}\n"])
    assert of(made, "en_fact-0").lang == "en" and of(made, "en_fact-0").keypoints == []
    assert made.left_out == {"counterfactual": 1, "not_literal": 1} and not any("八十" in d.text for d in made.documents)


# --- NoMIRACL ---------------------------------------------------------------------------------------------------------


def miracl(folder: Path, *, packed: bool = False) -> Path:
    corpus = [
        {"docid": "1#0", "title": "咖啡券", "text": PRICE}, {"docid": "2#0", "title": "", "text": NOISE},
        {"docid": "9#9", "title": "别的", "text": HOURS}, {"title": "没有编号", "text": HOURS},
    ]  # fmt: skip
    path = lines(folder / "corpus.jsonl", *corpus)
    if packed:
        (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    lines(folder / "topics" / "test.relevant.tsv", '7\t"咖啡券"多少钱？', "8\t没有判断？", "10\t没有段落？", "短")
    lines(folder / "qrels" / "test.relevant.tsv", "7\tQ0\t1#0\t1", "7\tQ0\t2#0\t0", "10\tQ0\t77#0\t1", "7\tQ0\t1#0\tviel")
    lines(folder / "topics" / "test.non_relevant.tsv", "7\t火星上有水吗？")
    lines(folder / "qrels" / "test.non_relevant.tsv", "7\tQ0\t2#0\t0")
    return folder


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("below", ["", "chinese", "data/chinese"])
def test_nomiracl_takes_judgements_for_gold_and_the_other_part_for_no_answer(tmp_path, packed, below):
    miracl(tmp_path / below, packed=packed)
    made = nomiracl.load(tmp_path)
    known, unknown = made.cases
    assert (known.question, known.status, known.keypoints) == ('"咖啡券"多少钱？', "answered", [])
    assert gold_texts(made, known.id) == [f"# 咖啡券\n\n{PRICE}\n"]
    assert (unknown.status, unknown.lang) == ("not_in_sources", "zh") and unknown.id not in made.gold
    assert len(made.documents) == 2  # 9#9 is named by no judgement
    assert made.left_out == {"shape": 3, "not_named": 1, "not_judged": 1, "no_gold": 1}


def test_nomiracl_counts_the_questions_of_other_languages(tmp_path):
    miracl(tmp_path / "chinese")
    miracl(tmp_path / "english")
    miracl(tmp_path / "finnish")
    made = nomiracl.load(tmp_path)
    assert made.left_out["other_language"] == 5 and {c.lang for c in made.cases} == {"zh", "en"}


def test_nomiracl_without_its_corpus_or_with_a_broken_one_is_refused(tmp_path):
    (miracl(tmp_path) / "corpus.jsonl").unlink()
    with pytest.raises(InputError, match="corpus.jsonl.gz"):
        nomiracl.load(tmp_path)
    (tmp_path / "corpus.jsonl.gz").write_bytes(b"not packed")
    with pytest.raises(InputError, match="cannot be read"):
        nomiracl.load(tmp_path)


# --- DRAGONBall -------------------------------------------------------------------------------------------------------


def dragon(
    number: int, content: str, answer: str, references: list[str], docs: list, kind: str = "事实性问题", lang: str = "zh"
) -> dict:
    return {
        "domain": "Finance", "language": lang, "query": {"query_id": number, "query_type": kind, "content": content},
        "ground_truth": {"doc_ids": docs, "content": answer, "references": references, "keypoints": [f"1. {answer}"]},
    }  # fmt: skip


def test_dragonball_takes_short_answers_then_the_sentences_they_were_made_from(tmp_path):
    lines(
        tmp_path / "DRAGONBALL_docs.jsonl",
        {"domain": "Finance", "language": "zh", "doc_id": 5, "company_name": "南湖咖啡", "content": PRICE + HOURS},
        {"domain": "Medical", "language": "zh", "doc_id": 6, "hospital_patient_name": "甲_乙", "content": PRESS},
        {"domain": "Finance", "language": "zh", "content": PRESS},
    )
    lines(
        tmp_path / "DRAGONBALL_queries.jsonl",
        dragon(1, "一张多少钱？", "二十八元。", [PRICE], [5]),
        dragon(2, "总结营业与售价。", "售价与营业时间都有规定，细则见公告，这一句足够长所以不算短答案。", [PRICE, HOURS], [5, 6]),
        dragon(3, "评价一下。", "很好", ["没有这句。"], [6]),
        dragon(4, "火星店几点开门？", "文中没有写明", [], [5], kind="无关无解问"),
        dragon(5, "Mars?", "Unable to answer.", [], [5], kind="Factual Question", lang="en"),
        dragon(8, "没有出处？", "很好", [], [6]),
        dragon(6, "哪篇？", "二十八元", [], [99]),
        dragon(7, "Où ?", "ici", [], [5], lang="fr"),
        {"language": "zh"},
    )
    made = dragonball.load(tmp_path)
    assert of(made, "zh-1").keypoints == [["二十八元"]] and gold_texts(made, "zh-1") == [f"# 南湖咖啡\n\n{PRICE}{HOURS}\n"]
    assert of(made, "zh-2").keypoints == [[PRICE], [HOURS]] and len(made.gold["zh-2"]) == 2
    assert of(made, "zh-3").keypoints == [] and gold_texts(made, "zh-3")[0].startswith("# 甲 乙\n")
    assert [of(made, i).status for i in ("zh-4", "en-5")] == ["not_in_sources"] * 2 and set(made.gold) == {
        "zh-1",
        "zh-2",
        "zh-3",
        "zh-8",
    }
    assert of(made, "zh-8").keypoints == []
    assert made.left_out == {"shape": 2, "not_literal": 2, "no_gold": 1, "other_language": 1}


# --- DomainRAG --------------------------------------------------------------------------------------------------------


def test_domainrag_reads_all_its_parts(tmp_path):
    parts = tmp_path / "BCM" / "labeled_data"
    price = {
        "title": "咖啡 券",
        "contents": "门店 咖啡券 售价 28 元 ， Hello   World 每位 顾客 限购 三张 。",
        "id": "1",
        "psg_id": 0,
    }
    hours = {"title": "营业", "contents": "周末 营业 到 晚上 十一点 。", "id": "2", "psg_id": 1}
    lines(
        parts / "extractive_qa" / "basic_qa.jsonl",
        {"question": "多少钱？", "positive_reference": [price], "answers": [["28元"], ["28", "三张"]]},
        {"question": "没有段落？", "answers": [["28元"]]},
        {"question": "没有答案？", "positive_reference": [price], "answers": []},
        {"positive_reference": [price], "answers": [["28元"]]},
    )
    lines(parts / "extractive_qa" / "basic_qa_retrieved_bm25.jsonl", {"question": "不读？", "answers": [["x"]]})
    pretty = json.dumps(
        {"question": "几点？", "answers": ["十一点"], "positive_reference": hours, "noisy_reference": [price]}, indent=2
    )
    lines(parts / "noisy_qa" / "noisy_qa.jsonl", pretty + pretty)
    turn = {"question": "咖啡券怎么卖？", "answers": ["限购"], "positive_reference": price}
    lines(
        parts / "conversation_qa" / "conversation_qa.jsonl",
        {"history_qa": [turn], "question": "多少钱？", "answers": ["大约二三十"], "positive_reference": price},
    )
    lines(
        parts / "faithful_qa" / "faithful_qa.jsonl",
        {
            "question": "几点关门？",
            "answers": [["十一点"]],
            "positive_reference": hours,
            "counterfact_reference": hours | {"contents": "八点。"},
        },
    )
    lines(
        parts / "time-sensitive_qa" / "time_sensitive.jsonl",
        {"question": "几点？", "date": "2023", "answers": [["十一点"]], "positive_reference": [hours]},
    )
    lines(
        parts / "multi-doc_qa" / "multidoc_qa.jsonl",
        {"question": "都说说？", "answer": "三张", "positive_references": [price, hours]},
    )
    made = domainrag.load(tmp_path)
    assert [d.text for d in made.documents] == [
        "# 咖啡券\n\n门店咖啡券售价28元，Hello World每位顾客限购三张。\n", "# 营业\n\n周末营业到晚上十一点。\n",
    ]  # fmt: skip
    assert of(made, "basic_qa-0").keypoints == [["28元", "28"], ["28元", "三张"]]
    assert of(made, "noisy_qa-1").keypoints == [["十一点"]] and of(made, "time_sensitive-0").question == "2023年，几点？"
    talk = of(made, "conversation_qa-0")
    assert [(s.role, s.content) for s in talk.history] == [
        ("user", "咖啡券怎么卖？"),
        ("assistant", "限购"),
    ] and talk.keypoints == []
    assert len(made.gold["multidoc_qa-0"]) == 2 and {c.status for c in made.cases} == {"answered"}
    assert made.left_out == {"no_gold": 1, "no_answer": 1, "no_question": 1, "not_literal": 1, "counterfactual": 1}


# --- numbers ----------------------------------------------------------------------------------------------------------


def case(name: str, **changed) -> Case:
    plain = {"id": name, "lang": "zh", "kind": "k", "question": f"{name}？", "why": "test"}
    return Case.model_validate(plain | changed)


def passage(doc: str, said: str = "") -> Passage:
    return Passage(id=f"{doc}#0", doc_id=doc, text=said, title=doc, source=doc, lang="zh")


class StandIn:
    """Finds and says what stands under the question; an exception there is raised."""

    def __init__(self, found: dict[str, list[Passage]], said: dict[str, object]) -> None:
        self.found, self.said, self.parts = found, said, set()

    def retrieve(self, query, *, k=8, lang=None, history=(), max_chars=0, part="all"):
        self.parts.add(part)
        return self.found.get(query, [])[:k]

    def ask(self, question, history=(), *, part="all"):
        self.parts.add(part)
        said = self.said[question]
        if isinstance(said, Exception):
            raise said
        status, words = said
        yield Done(reply=Reply(answer=words, status=status, language="zh"))


def test_shares_are_counted_by_hand():
    cases = [
        case("first", keypoints=[["甲"], ["乙"]]), case("fifth", keypoints=[["甲"], ["丙"]]), case("sixth"), case("lost"), case("failed", keypoints=[["甲"]]),
        case("made-up", status="not_in_sources"), case("right", status="not_in_sources"), case("asks", status="not_in_sources"), case("broken", status="not_in_sources"),
    ]  # fmt: skip
    other = [passage(f"n{n}") for n in range(9)]
    coach = StandIn(
        {
            "first？": [passage("gold", "甲和乙"), *other],
            "fifth？": [*other[:4], passage("gold", "甲" + "。" * external.CHARS + "丙")],
            "sixth？": [*other[:5], passage("gold")],
            "failed？": [passage("gold", "甲")],
        },
        {
            "first？": ("answered", "好"), "fifth？": ("not_in_sources", "没有"), "sixth？": ("clarify", "哪个？"), "lost？": ("answered", "好"),
            "failed？": ValueError("x"), "made-up？": ("answered", "好"), "right？": ("not_in_sources", "没有"), "asks？": ("clarify", "哪个？"),
            "broken？": ("not_in_sources", " "),
        },
    )  # fmt: skip
    seen = [external._asked(coach, c, {"gold"}) for c in cases]
    bundle = Bundle(name="t", documents=[], cases=[*cases, case("later")], gold={}, left_out={"shape": 2})
    result = external._result(bundle, seen, unread=1, seconds=2.0)
    assert coach.parts == {"own"}
    assert (result.first, result.five) == (Share(count=2, number=5), Share(count=3, number=5))
    assert (result.full, result.points) == (Share(count=2, number=3), Share(count=4, number=5))
    assert result.over_refused == Share(count=3, number=5)  # refused, asked back, failed
    assert result.hallucinated == Share(count=2, number=4)  # answered, and a reply without words is no refusal
    assert result.errors == 2 and result.error == "failed: ValueError: x" and result.waiting == 1
    assert result.statuses["answerable"] == {"answered": 2, "not_in_sources": 1, "clarify": 1, "error": 1}
    zh, en = text(result, "zh"), text(result, "en")
    assert "| 答案文档排第一 | 40.0% | 11.8%–76.9% | 2/5 |" in zh and "没有计入" in zh and "- 2: 缺少键或类型不对的行" in zh
    assert "| over-refused (lower is better) | 60.0% | 23.1%–88.2% | 3/5 |" in en and "2 questions failed" in en
    assert "1 documents could not be read" in en and "还有 1 个问题这次没有问" in zh


def test_a_search_that_failed_counts_its_keypoints_as_missed():
    class Broken(StandIn):
        def retrieve(self, *args, **kwargs):
            raise ValueError("x")

    seen = [external._asked(Broken({}, {}), case("q", keypoints=[["甲"], ["乙"]]), {"gold"})]
    result = external._result(Bundle(name="t", documents=[], cases=[case("q")], gold={}, left_out={}), seen, unread=0, seconds=0)
    assert result.points == Share(count=0, number=2) and result.full == Share(count=0, number=1)
    assert result.over_refused.value == 1.0 and result.five.value == 0.0


def test_a_share_of_nothing_is_a_dash_and_no_number():
    nothing = Share(count=0, number=0)
    assert nothing.value is None and nothing.interval is None
    result = external._result(Bundle(name="t", documents=[], cases=[], gold={}, left_out={}), [], unread=0, seconds=0)
    for lang in ("zh", "en"):
        told = text(result, lang)
        assert told.count("| — | — | — |") == 6 and "%" not in told.replace("95%", "")


def test_every_word_is_there_in_both_languages():
    for words in (*external._WORDS.values(), *adapters.LEFT_OUT.values()):
        assert set(words) == {"zh", "en"} and all(words.values())


# --- the coach itself -------------------------------------------------------------------------------------------------


def tiny() -> Bundle:
    into = Gathering("tiny")
    price, _, press = (
        into.document(said, title) for said, title in ((PRICE, "咖啡券"), (HOURS, "营业时间"), (PRESS, "新闻稿流程"))
    )
    rule = into.document("Every campaign brief is signed off by the regional brand lead within three days.", "Campaign briefs")
    into.answerable(
        id="price", lang="zh", kind="fact", question="门店咖啡券的售价是多少？", gold=[price], keypoints=[["二十八元"], ["三张"]]
    )
    into.answerable(id="press", lang="zh", kind="fact", question="新闻稿由哪个部门起草？", gold=[press], keypoints=[["品牌部"]])
    into.answerable(
        id="brief", lang="en", kind="fact", question="Who signs off a campaign brief?", gold=[rule], keypoints=[["brand lead"]]
    )
    into.unanswerable(id="mars", lang="zh", kind="none", question="火星上的大气压是多少？")
    into.unanswerable(id="whale", lang="en", kind="none", question="How deep can a sperm whale dive?")
    return into.bundle()


@pytest.fixture
def settings(small_home: Path) -> Settings:
    return Settings(_env_file=None, home=small_home, knowledge=small_home / "knowledge")


@pytest.mark.real
def test_documents_are_found_and_what_they_do_not_hold_is_refused(settings):
    steps: list[tuple[int, int, str]] = []
    result = check(tiny(), settings, progress=lambda *step: steps.append(step))
    assert result.error == "" and result.unread == 0
    assert result.first == result.full == Share(count=3, number=3)
    assert result.points == Share(count=4, number=4) and result.over_refused == Share(count=0, number=3)
    assert result.hallucinated == Share(count=0, number=2) and result.statuses["answerable"] == {"answered": 3}
    assert steps[-1][:2] == (5, 5) and (4, 4) in [step[:2] for step in steps]


@pytest.mark.real
def test_the_home_stays_as_it_was_and_its_own_documents_take_no_part(settings, tmp_path):
    import shutil

    from coach.app import build_coach

    home = Path(shutil.copytree(settings.home, tmp_path / "ours", symlinks=True))
    ours = settings.model_copy(update={"home": home, "model": "none"})
    coach = build_coach(ours)
    coach.keeper.add("火星.md", "# 火星\n\n火星上的大气压是六百帕。\n".encode())
    coach.close()
    before = (home / "library" / "manifest.json").read_bytes()
    with external.prepared(tiny(), ours) as other:
        found = other.retrieve("火星上的大气压是多少？", k=9, part="own")
        assert found and not any("火星" in p.text for p in found)
        throw_away = other.settings.home
    assert not throw_away.exists() and (home / "library" / "manifest.json").read_bytes() == before
    assert sorted(p.name for p in (home / "documents").iterdir()) == ["火星.md"]


@pytest.mark.real
def test_wrong_gold_documents_and_a_document_that_cannot_be_read_show(settings):
    bundle = tiny()
    wrong = replace(
        bundle,
        gold={name: bundle.gold["brief" if name == "price" else "price"] for name in bundle.gold},
        documents=[*bundle.documents, Text(name="broken.pdf", text="no pdf")],
    )
    result = check(wrong, settings, limit=4)
    assert result.first.count == 0 and result.first.number + result.hallucinated.number == 4
    assert result.unread == 1 and result.waiting == 1 and result.documents == 5


def test_a_limit_of_nothing_too_many_documents_and_two_of_one_name_are_refused(tmp_path):
    settings = Settings(_env_file=None, home=tmp_path)
    with pytest.raises(InputError, match="no number of questions"):
        check(tiny(), settings, limit=0)
    many = replace(tiny(), documents=[Text(name="x.md", text="x")] * (external.MOST_DOCUMENTS + 1))
    with pytest.raises(InputError, match="32,001 documents"):
        check(many, settings)
    double = replace(tiny(), documents=[Text(name="a/x.md", text="x"), Text(name="b/x.md", text="y")])
    with pytest.raises(InputError, match="same name"):
        external._places(double, settings)
