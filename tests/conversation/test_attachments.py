"""Files and long pastes in a conversation: what they are taken for, what is read of them, and what is never read of them."""

from __future__ import annotations

import re

import pytest

from coach.app import build_coach
from coach.conversation.attachments import aim_of, confirmation, own_files, pieces, read, split_paste, telling, without_orders
from coach.conversation.filereplies import demanded, summary
from coach.types import Attachment, Done, Turn
from evals.attachments import load
from tests.conversation.stand_in import said

DOCUMENTS, CASES = load()
KINDS = {"cv-zh": "cv", "cv-en": "cv", "review-zh": "review", "model-en": "model", "job-zh": "job", "spoilt-zh": "cv"}
LINE = "品牌团队每周一开例会，讨论上周的投放、线索和转化，再定这一周谁做什么。"


def file(text: str, name: str = "笔记.txt") -> Attachment:
    return Attachment(id="f", name=name, text=text)


def aim(asked: str, *names: str, wish=None):
    return aim_of(asked, [read(DOCUMENTS[n]) for n in names], wish)


# --- what it is ---


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_the_kind_of_a_file_is_told_by_its_words(name, kind):
    assert (read(DOCUMENTS[name]).kind, read(DOCUMENTS[name]).sure) == (kind, True)


def test_notes_are_of_no_kind():
    assert read(file("周会纪要\n下周一上线新版首页。")).kind == "other"


def test_a_candidates_cv_is_not_taken_for_ones_own():
    reading = read(Attachment(id="c", name="候选人简历.docx", text=DOCUMENTS["cv-zh"].text))
    assert own_files([reading], "我在哪一级？", ()) == ((), (reading,))


@pytest.mark.parametrize("words", ["这是我自己的简历", "是我的", "It is mine"])
def test_a_word_of_the_person_settles_whose_it_is(words):
    reading = read(Attachment(id="c", name="候选人简历.docx", text=DOCUMENTS["cv-zh"].text))
    assert own_files([reading], words, ()) == ((reading,), ())


@pytest.mark.parametrize("words", ["这是我下属的简历", "不是我的", "It is a colleague's CV", "this is not mine"])
def test_somebody_elses_file_is_nobodys_telling(words):
    history = [Turn(role="user", content=words)]
    assert own_files([read(DOCUMENTS["cv-zh"])], "我在哪一级？", history) == ((), ())


@pytest.mark.parametrize(
    "text", ["# 工作经历\n## 2021–至今 市场总监\n- 带14人", "工作经历\n2021–至今 市场总监\n- 带14人", "【工作经历】\n带14人"]
)
def test_headings_are_found_with_and_without_marks(text):
    assert "工作经历" in read(file(text)).headings


@pytest.mark.parametrize("text", ["", "😀😀", "\x00\ud800", "a" * 300_000, "字" * 200_000, "#\n##\n###", "- \n- \n"])
def test_odd_text_is_read_without_a_crash(text):
    reading = read(file(text))
    assert confirmation(file(text), "zh") and summary(reading, "zh").status in ("answered", "not_in_sources")


@pytest.mark.parametrize("name", KINDS)
def test_every_piece_stands_literally_in_the_file(name):
    reading = read(DOCUMENTS[name])
    for passage in reading.passages:
        assert passage.text in DOCUMENTS[name].text and passage.tier == "document" and passage.source == DOCUMENTS[name].name
        for piece in pieces(passage):
            assert passage.text[piece.start : piece.end] == piece.text


def test_traditional_characters_are_recognised():
    assert read(file("# 簡歷\n## 工作經歷\n- 帶14人".replace("簡歷", "个人简历"), "简历.txt")).kind == "cv"


# --- what a message wants of it ---


@pytest.mark.parametrize(
    ("asked", "name", "want"),
    [
        ("简历里我写的最大项目是什么？", "cv-zh", "file"),
        ("What does our competency model say about managers?", "model-en", "file"),
        ("总结一下这份文件", "cv-zh", "summary"),
        ("What are the main points of this file?", "model-en", "summary"),
        ("这个岗位有哪些要求？", "job-zh", "demands"),
        ("对照这份JD，我还差什么？", "job-zh", "compare"),
        ("Do I meet the requirements of this job ad?", "job-zh", "compare"),
        ("这是我的简历", "cv-zh", "confirm"),
        ("Here is my CV.", "cv-en", "confirm"),
        ("照文件里说的做", "spoilt-zh", "obey"),
    ],
)
def test_what_a_message_wants_of_a_file(asked, name, want):
    found = aim(asked, name)
    assert found is not None and found.want == want


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("市场总监和CMO的差别在哪里？", "cv-zh"),
        ("简历该怎么写？", "cv-zh"),
        ("How do I write a good CV?", "cv-en"),
        ("怎么搭建能力模型？", "model-en"),
        ("代表作怎么挑？", "review-zh"),
        ("谢谢", "cv-zh"),
        ("", "cv-zh"),
        ("我们团队该怎么分工？", "job-zh"),
    ],
)
def test_a_message_that_does_not_speak_of_the_file_is_left_alone(asked, name):
    assert aim(asked, name) is None


@pytest.mark.parametrize(("asked", "wish"), [("按这份简历，我在哪一级？", "stage"), ("Make me a plan from my CV", "plan")])
def test_a_wish_that_goes_by_the_file_stays_a_wish(asked, wish):
    assert aim(asked, "cv-zh", wish=wish) is None


def test_of_two_files_the_one_that_is_named_is_meant():
    found = aim("招聘启事里工作地点在哪？", "cv-zh", "job-zh")
    assert [f.attachment.id for f in found.files] == ["job-zh"]


# --- what it tells of a person ---


def test_only_the_present_post_is_read_as_the_present():
    told = telling([read(DOCUMENTS["cv-zh"])])
    assert any("14人" in line for line in told.now) and not any("5人小组" in line for line in told.now)
    assert any("5人小组" in line for line in told.done)
    assert told.fields["role"] == "市场总监" and told.fields["target"] == "营销副总裁"


def test_a_cv_without_a_present_post_tells_of_none():
    told = telling([read(file("# 工作经历\n## 2016 – 2021 青梧公司 市场总监\n- 管理14人", "简历.txt"))])
    assert told.now == () and "role" not in told.fields and any("14人" in line for line in told.done)


def test_other_peoples_words_and_the_scale_of_a_review_are_not_the_persons():
    told = " ".join([*telling([read(DOCUMENTS["review-zh"])]).now, *telling([read(DOCUMENTS["review-zh"])]).done])
    assert "带9人团队" in told
    assert not [w for w in ("30人以上", "执行力强", "线索质量比去年", "业务单元的利润") if w in told]


def test_the_boss_in_a_form_is_not_the_persons_post():
    fields = telling([read(DOCUMENTS["review-zh"])]).fields
    assert fields["role"] == "市场总监" and fields["reports_to"].startswith("营销副总裁")


def test_orders_in_a_file_tell_nothing():
    told = telling([read(DOCUMENTS["spoilt-zh"])])
    assert told.orders and not [w for w in (*told.now, *told.done, *told.fields.values()) if "CMO" in w or "must" in w]


def test_lines_of_orders_are_blanked_and_offsets_hold():
    for passage in read(DOCUMENTS["spoilt-zh"]).passages:
        clean = without_orders(passage)
        assert len(clean.text) == len(passage.text) and "符合CMO" not in clean.text and "print your" not in clean.text


def test_words_of_a_file_are_cited_where_they_stand_and_others_are_not():
    told = telling([read(DOCUMENTS["cv-zh"])])
    citation = told.cite("管理市场部14人", 3)
    assert citation is not None and citation.n == 3 and citation.quote == "管理市场部14人" and citation.tier == "document"
    assert told.cite("管理市场部15人", 3) is None and told.cite("", 1) is None


# --- replies ---


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_summary_is_made_of_cited_sentences_of_the_file(name, lang):
    reply = summary(read(DOCUMENTS[name]), lang)
    assert reply.citations and len(reply.text) < 1_800
    for citation in reply.citations:
        assert citation.quote in DOCUMENTS[name].text and f"{citation.quote}[{citation.n}]" in reply.text
    assert "CMO级别" not in reply.text and "system prompt" not in reply.text


def test_demands_come_from_the_part_that_is_named():
    quotes = [c.quote for c in demanded(read(DOCUMENTS["model-en"]), "director", "en").citations]
    assert any("annual marketing plan" in q for q in quotes) and not any("one channel or brand" in q for q in quotes)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", KINDS)
def test_a_confirmation_says_what_was_read_and_for_how_long(name, lang):
    text = confirmation(DOCUMENTS[name], lang)
    assert DOCUMENTS[name].name in text and f"{len(DOCUMENTS[name].text):,}" in text
    assert ("资料库" in text and "这次对话" in text) if lang == "zh" else ("library" in text and "this conversation only" in text)
    assert len(re.findall(r"^- ", text, re.M)) in (2, 3)


def test_a_confirmation_says_that_orders_were_not_followed():
    assert "没有照做" in confirmation(DOCUMENTS["spoilt-zh"], "zh") and "没有照做" not in confirmation(DOCUMENTS["cv-zh"], "zh")


# --- long pastes ---

PASTED = "\n".join(f"{n}. {LINE}" for n in range(1, 60))


@pytest.mark.parametrize(
    ("message", "question"),
    [
        (f"总结一下下面这段：\n{PASTED}", "总结一下下面这段："),
        (f"{PASTED}\n\n帮我看看这里面我还差什么？", "帮我看看这里面我还差什么？"),
        (f"What does this say about leads?\n\n{PASTED}", "What does this say about leads?"),
        (f"{PASTED}\nPlease summarise this.", "Please summarise this."),
        (f"这是我们公司的制度：\n{PASTED}\n例会是周几开？", "这是我们公司的制度：\n例会是周几开？"),
        (PASTED, ""),
    ],
    ids=["before", "after", "before in English", "after in English", "both sides", "only a paste"],
)
def test_a_paste_is_told_from_its_question(message, question):
    found, pasted = split_paste(message)
    assert found == question and pasted is not None and pasted.strip() == PASTED


def test_nothing_is_cut_away():
    message = f"总结一下下面这段：\n{PASTED * 20}"
    question, pasted = split_paste(message)
    assert re.sub(r"\s", "", question + (pasted or "")) == re.sub(r"\s", "", message)


@pytest.mark.parametrize(
    "message",
    ["", "你好", "市场总监和CMO的差别在哪里？", LINE * 5, "我" + "现在带11个人，我压力很大，我不知道怎么办。" * 120],
    ids=["empty", "hello", "question", "short paste", "own story"],
)
def test_what_is_typed_stays_whole(message):
    assert split_paste(message) == (message, None)


def test_a_cry_for_help_in_a_long_message_stays_typed():
    message = "这几年一直加班，团队也散了。" * 150 + "真的不想活了。"
    assert split_paste(message) == (message, None)


# --- the whole pipeline, over the built library ---


@pytest.fixture(scope="module")
def coach(real_settings):
    coach = build_coach(real_settings.model_copy(update={"model": "none"}))
    coach.wait_ready()
    yield coach
    coach.close()


def ask(coach, asked, *names, history=()):
    events = coach.ask(asked, history, documents=[DOCUMENTS[n] for n in names])
    return next(e.reply for e in events if isinstance(e, Done))


@pytest.mark.real
@pytest.mark.parametrize(
    "asked",
    ["市场总监和CMO的差别在哪里？", "How should a CMO report to the board?", "今天天气怎么样？", "谢谢", "我真的不想活了"],
)
def test_a_file_does_not_disturb_what_has_nothing_to_do_with_it(coach, asked):
    alone, beside = ask(coach, asked), ask(coach, asked, "cv-zh", "job-zh")
    assert (alone.answer, alone.status, alone.citations) == (beside.answer, beside.status, beside.citations)


@pytest.mark.real
def test_a_crisis_in_a_file_is_not_the_persons(coach):
    coach_reply = coach.ask("总结一下这份文件", documents=[file("# 访谈记录\n受访者说：我真的不想活了。\n项目六月结束。")])
    assert next(e.reply for e in coach_reply if isinstance(e, Done)).status == "answered"


@pytest.mark.real
@pytest.mark.parametrize("asked", ["我在哪一级？", "What stage am I at?", "给我排个计划"])
def test_demands_are_never_read_as_deeds(coach, asked):
    reply = ask(coach, asked, "job-zh", "model-en")
    assert reply.status == "clarify" and not [w for w in ("80人", "1.2亿", "revenue target", "50人") if w in reply.answer]


@pytest.mark.real
def test_words_of_the_file_are_attributed_to_the_file_and_typed_words_to_the_person(coach):
    reply = ask(coach, "我在哪一级？", "cv-zh", history=said("我每周四能拿出4小时，预算3000万我说了算", "好。"))
    assert "文件里写的是“管理市场部14人”" in reply.answer
    assert "你说的是“管理市场部" not in reply.answer and "文件里写的是“预算3000万" not in reply.answer


@pytest.mark.real
def test_a_file_with_orders_changes_no_stage(coach):
    reply = ask(coach, "按我的简历，我在哪一级？", "spoilt-zh")
    assert "没有照做" in reply.answer and "CMO级别" not in reply.answer and "“营销副总裁/CMO”这一阶段" not in reply.answer


@pytest.mark.real
def test_a_yes_goes_on_with_the_question_that_waited(coach):
    candidate = Attachment(id="c", name="候选人简历.docx", text=DOCUMENTS["cv-zh"].text)
    first = next(e.reply for e in coach.ask("我在哪一级？", documents=[candidate]) if isinstance(e, Done))
    assert first.status == "clarify" and "候选人简历.docx" in first.answer
    history = said("我在哪一级？", first.answer)
    second = next(e.reply for e in coach.ask("是的", history, documents=[candidate]) if isinstance(e, Done))
    assert second.status == "answered" and "管理市场部14人" in second.answer


@pytest.mark.real
def test_an_empty_message_with_a_file_confirms_it(coach):
    reply = ask(coach, "", "cv-zh")
    assert reply.answer == confirmation(DOCUMENTS["cv-zh"], "zh") and reply.suggestions


@pytest.mark.real
@pytest.mark.parametrize("case", [c for c in CASES if c["split"] == "dev"], ids=lambda c: c["id"])
def test_every_citation_is_literal(coach, case):
    reply = ask(coach, case["say"], *case["documents"], history=[Turn(**t) for t in case["history"]])
    texts = {p.id: p.text for p in reply.passages}
    for citation in reply.citations:
        assert texts[citation.passage_id][citation.start : citation.end] == citation.quote != ""
    assert {int(n) for n in re.findall(r"\[(\d+)\]", reply.answer)} == {c.n for c in reply.citations}


@pytest.mark.parametrize(
    ("line", "role", "told"),
    [
        ("2021年至今 某连锁茶饮 市场总监，向COO汇报，团队22人，含3名经理，年度预算6000万元。", "市场总监", "向COO汇报，团队22人，含3名经理，年度预算6000万元。"),
        ("2021.03-至今 | 某公司 | 市场总监 | 向营销副总裁汇报", "市场总监", "向营销副总裁汇报"),
        ("2019 - present, Acme, Marketing Director, reporting to the VP Sales, team of 12", "Marketing Director", "reporting to the VP Sales, team of 12"),
        ("2021年至今 某公司 市场总监", "市场总监", ""),
    ],
)
def test_what_stands_behind_the_post_in_its_line_is_told_too(line, role, told):
    found = telling([read(Attachment(id="a", name="cv.md", text=f"# CV\n\n## 工作经历 Experience\n{line}\n"))])
    assert found.fields["role"] == role
    assert "".join(found.now) == told
