"""A kept conversation as a document: what was asked, what was said, and every source it rests on, word for word."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from docx import Document
from docx.oxml.ns import qn

from coach.documents.conversation import FORMATS, conversation_file, conversation_sheet
from coach.store.conversations import AttachmentEntry, Conversation, Exchange
from coach.types import Citation, Reply

MADE = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CITATIONS = (
    Citation(
        n=1, passage_id="a#1", source="职业框架", title="预算怎么谈", quote="先对齐\n业务目标", tier="stated", start=0, end=8
    ),
    Citation(n=2, passage_id="b#1", source="framework", title="Cases", quote="a *37%* rise_", tier="attributed", start=0, end=13),
    Citation(n=3, passage_id="c#1", source="我的简历.docx", title="项目", quote="做过品牌重塑", tier="document", start=0, end=6),
)


def exchange(
    question: str, text: str = "先对齐目标。[1]", *, state: str = "done", cited: bool = True, **other: object
) -> Exchange:
    reply = Reply(
        answer=text, status="answered", language="zh", citations=CITATIONS if cited else (), notice="模型忙，这是摘录。"
    )
    values = {
        "id": question, "conversation": "c", "state": state, "text": text, "reply": reply if state == "done" else None, "problem": "",
        "status": "answered", "kind": "question", "language": "zh", "code": "", "hint": "", "superseded": False, "instead_of": None,
        "made": MADE, "ended": MADE, "verdict": None, "reason": "", **other,
    }  # fmt: skip
    return Exchange(question=question, **values)


def talk(*exchanges: Exchange, title: str = "怎么谈预算", **other: object) -> Conversation:
    values = {"id": "c", "named": False, "made": MADE, "changed": MADE, "attachments": (), **other}
    return Conversation(title=title, exchanges=exchanges, **values)


def markdown(conversation: Conversation, lang: str = "zh") -> str:
    return conversation_file(conversation, "md", lang, "职业教练").data.decode()


def word(conversation: Conversation, lang: str = "zh") -> Document:
    return Document(io.BytesIO(conversation_file(conversation, "docx", lang, "职业教练").data))


def words(document: Document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_every_question_stands_with_its_reply_and_its_sources():
    text = markdown(talk(exchange("怎么和CFO谈预算？"), exchange("然后呢？", "先立信任。", cited=False)))
    assert "## 问题1：怎么和CFO谈预算？" in text and "## 问题2：然后呢？" in text
    assert text.index("先对齐目标。[1]") < text.index("引用：") < text.index("问题2")
    assert "- [1] 预算怎么谈 · 职业框架（框架所述）：“先对齐 业务目标”" in text
    assert "（资料所称，未核实）：“a \\*37%\\* rise\\_”" in text
    assert "我的简历.docx（你的文档）：“做过品牌重塑”" in text
    assert "这条回答没有引用资料。" in text and "模型忙，这是摘录。" in text


def test_the_words_around_it_are_in_the_readers_language():
    text = markdown(talk(exchange("How?", "Align first. [1]"), title="Budget"), "en")
    assert "Question 1: How?" in text and "Sources:" in text and "(Stated by the framework): “先对齐 业务目标”" in text
    assert "问题" not in text and "引用" not in text


@pytest.mark.parametrize(
    ("state", "note"), [("stopped", "没有核对过"), ("failed", "没有得到回答"), ("interrupted", "服务中断"), ("pending", "还在写")]
)
def test_a_question_without_a_whole_reply_says_so(state, note):
    text = markdown(talk(exchange("问", "写了一半", state=state)))
    assert note in text and "写了一半" in text and "引用：" not in text


def test_replaced_exchanges_are_left_out_and_the_rest_is_numbered_on():
    text = markdown(talk(exchange("旧的", superseded=True), exchange("新的")))
    assert "旧的" not in text and "问题1：新的" in text


def test_lists_stay_lists_and_marks_of_markdown_go():
    text = markdown(talk(exchange("问", "要点：\n- **目标**\n* 数据\n1. 先谈\n\n## 小结\n> 完")))
    assert "- 目标\n- 数据\n" in text and "**" not in text and "1\\. 先谈" in text and "\n小结\n" in text and "\n完\n" in text


def test_what_anybody_wrote_shows_literally():
    text = markdown(talk(exchange("# 标题 <script>alert(1)</script> `x`", "| a | b |\n<b>"), title="*x* | y"))
    assert "\\<script>" in text and "\\`x\\`" in text and "\\| a \\| b \\|" in text and "\\<b>" in text


def test_a_long_question_stands_in_full_below_its_heading():
    question = "我们公司预算砍了三成，" * 20
    text = markdown(talk(exchange(question)))
    heading = next(line for line in text.splitlines() if line.startswith("## "))
    assert len(heading) < 110 and heading.endswith("…") and f"问题全文：{question}" in text


def test_files_that_were_read_are_named():
    file = AttachmentEntry(id="f", name="简历|新.docx", characters=1200, made=MADE)
    assert "读过的文件：简历\\|新.docx（1200个字符）" in markdown(talk(exchange("问"), attachments=(file,)))


def test_word_has_chinese_fonts_headings_and_the_same_words():
    conversation = talk(exchange("怎么和CFO谈预算？🙂"))
    document = word(conversation)
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == ["问题1：怎么和CFO谈预算？🙂", "说明"]
    assert "[1] 预算怎么谈 · 职业框架（框架所述）：“先对齐 业务目标”" in words(document)
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei" and document.core_properties.author == "职业教练"


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("odd", ["\x00\x0b\ufffe", "\ud83d", "🙂👩‍👩‍👧𠮷", "預算" * 20_000, "a\u202eb", ""])
def test_odd_text_never_breaks_a_document(format, odd):
    conversation = talk(exchange(f"问{odd}", f"答{odd}"), title=odd)
    assert conversation_file(conversation, format, "zh", "教练").data
    if format == "docx":
        assert "答" in words(word(conversation))


def test_an_empty_conversation_is_a_document_too():
    assert "新对话" in markdown(talk(title="")) and words(word(talk(title="")))


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("怎么谈 预算？", "对话记录-怎么谈-预算-2026-11-22.md"), ("../../etc/passwd", "对话记录-etc-passwd-2026-11-22.md"),
        ("", "对话记录-2026-11-22.md"), ("🙂", "对话记录-2026-11-22.md"), ("长" * 200, f"对话记录-{'长' * 40}-2026-11-22.md"),
    ],
)  # fmt: skip
def test_its_name_is_one_that_every_system_takes(title, name):
    assert conversation_file(talk(title=title), "md", "zh", "教练").name == name


def test_the_sheet_bears_the_day_of_the_last_change():
    later = replace(talk(exchange("问")), changed=datetime(2027, 1, 2, tzinfo=UTC))
    assert conversation_sheet(later, "zh", "教练").made.isoformat() == "2027-01-02"
