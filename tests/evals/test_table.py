"""A company's own questions come in from a table, or everything wrong with it is told with the number of the row."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from coach.errors import InputError
from coach.settings import Settings
from evals import sets
from evals.adapters.table import MAX_ROWS, keep, read_table

HEADS = ("问题", "答案要点", "不应出现", "状态", "语言", "类型", "事实", "理由", "编号", "历史")
ROW = {"问题": "年会预算谁批？", "答案要点": "财务总监/CFO；每季度"}


def sheet(tmp_path: Path, *rows, name: str = "questions.xlsx", change=None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    if change:
        change(book)
    book.save(tmp_path / name)
    return tmp_path / name


def csv_file(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "questions.csv"
    path.write_bytes(text.encode(encoding))
    return path


def lines(tmp_path: Path, *rows) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    return path


def told(path: Path) -> str:
    with pytest.raises(InputError) as error:
        read_table(path)
    return str(error.value)


def test_a_full_row_becomes_a_case(tmp_path):
    full = (
        "年会预算谁批？", "财务总监/CFO；每季度\n区域负责人｜大区经理", "总裁；董事长", "回答", "中文", "预算", "F001，F002", "常被问错", "B-1",
        "用户：我管市场部\n教练: 好的",
    )  # fmt: skip
    (case,) = read_table(sheet(tmp_path, HEADS, full))
    assert case.keypoints == [["财务总监", "CFO"], ["每季度"], ["区域负责人", "大区经理"]]
    assert case.must_not == ["总裁", "董事长"] and case.facts == ["F001", "F002"]
    assert (case.id, case.lang, case.kind, case.status, case.why) == ("B-1", "zh", "预算", "answered", "常被问错")
    assert [(said.role, said.content) for said in case.history] == [("user", "我管市场部"), ("assistant", "好的")]


def test_columns_may_stand_in_any_order_in_english_and_rows_may_be_short_or_empty(tmp_path):
    rows = [("Status", "Must-Not", "QUESTION*", "also"), ("not in sources", None, "What is for lunch?"), (None,), (None, None)]
    rows += [("clarify", "lunch", "And then?", "not in sources, 婉拒")]
    one, other = read_table(sheet(tmp_path, *rows))
    assert (one.id, one.status, one.lang, one.kind) == ("row-2", "not_in_sources", "en", "own")
    assert (other.id, other.must_not, other.also) == ("row-5", ["lunch"], ["not_in_sources", "declined"])
    assert one.why == "from questions.xlsx, row 2"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv_in_every_encoding_and_with_every_separator(tmp_path, encoding, sign):
    text = f'问题{sign}答案要点\r\n"谁批预算,\n多少？"{sign}"財務總監；30%"\r\n'
    (case,) = read_table(csv_file(tmp_path, text, encoding))
    assert case.question == "谁批预算,\n多少？" and case.keypoints == [["財務總監"], ["30%"]]


def test_lines_of_json_take_lists_and_the_other_keys_of_a_case(tmp_path):
    row = {"id": 7, "问题": "谁批？", "keypoints": [["A/B测试", "对照"]], "must_not": ["a;b"], "attribution": True, "备注": "x"}
    (case,) = read_table(lines(tmp_path, row, ""))
    assert case.id == "7" and case.keypoints == [["A/B测试", "对照"]] and case.must_not == ["a;b"] and case.attribution


def test_lines_of_json_may_begin_with_the_mark_of_utf_8(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_bytes('{"question": "谁批？", "status": "answered"}'.encode("utf-8-sig"))
    assert [case.question for case in read_table(path)] == ["谁批？"]


def test_a_backslash_keeps_a_sign(tmp_path):
    (case,) = read_table(csv_file(tmp_path, "问题,要点\n怎么试？,A\\/B测试/对照；甲\\；乙\n"))
    assert case.keypoints == [["A/B测试", "对照"], ["甲；乙"]]


def test_numbers_are_taken_as_people_see_them(tmp_path):
    def formats(book):
        book.active["B3"].number_format = "0.0%"

    whole, percent = read_table(
        sheet(tmp_path, ("问题", "要点", "编号"), ("哪年？", 2024, 1), ("多少？", 0.125, 2), change=formats)
    )
    assert whole.keypoints == [["2024"]] and percent.keypoints == [["12.5%"]] and (whole.id, percent.id) == ("1", "2")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"答案要点": None}, "row 2: fill 答案要点"),
        ({"问题": None, "状态": "回答"}, "row 2: has no 问题"),
        ({"答案要点": "；/；"}, "row 2: 答案要点 (keypoints) holds no term"),
        ({"答案要点": "A/B测试"}, "row 2: 答案要点 (keypoints): 'A' stands in nearly every reply"),
        ({"状态": "也许"}, "row 2: 状态 (status) is '也许'; it can be answered, not_in_sources"),
        ({"状态": "婉拒"}, "keypoints belong to the status answered"),
        ({"语言": "de"}, "row 2: 语言 (lang) is 'de'"),
        ({"历史": "我管市场部"}, "row 2: 历史 (history): each line begins with"),
        ({"答案要点": date(2024, 5, 1)}, "row 2: cell B2 holds a date or time, 2024-05-01"),
        ({"答案要点": True}, "row 2: cell B2 holds a yes or no, True"),
        ({"答案要点": "=1+1"}, "row 2: cell B2 holds a formula"),
        ({"答案要点": "#REF!"}, "row 2: cell B2 holds the error"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_with_its_number(tmp_path, row, said):
    values = ROW | row
    assert said in told(sheet(tmp_path, HEADS, [values.get(head) for head in HEADS]))


def test_a_formatted_number_is_not_guessed(tmp_path):
    def currency(book):
        book.active["B2"].number_format = '"¥"#,##0.00'

    assert "row 2: cell B2 holds a number with a format, 1000" in told(
        sheet(tmp_path, ("问题", "要点"), ("多少？", 1000), change=currency)
    )


def test_merged_cells_are_told_with_their_row(tmp_path):
    rows = [("问题", "要点"), ("甲？", "一"), ("乙？", None), ("丙？", "三")]
    said = told(sheet(tmp_path, *rows, change=lambda book: book.active.merge_cells("B2:B3")))
    assert "row 2: the cells B2:B3 are merged" in said and "row 3: fill 答案要点" in said


def test_everything_wrong_is_told_at_once_in_order_up_to_twenty(tmp_path):
    rows = [("问题", "要点", "编号")] + [(f"第{n}问？", None, str(n)) for n in range(25)] + [("好？", "好", "0")]
    said = told(sheet(tmp_path, *rows)).splitlines()
    shown = [line for line in said if "row " in line]
    assert len(shown) == 20 and "row 2:" in shown[0] and "row 21:" in shown[-1]
    assert any("… and 5 more" in line for line in said)


def test_a_doubled_id_names_both_rows(tmp_path):
    rows = [("问题", "要点", "编号"), ("甲？", "一", "x"), ("乙？", "二", "y"), ("丙？", "三", "x")]
    assert "row 4: the id 'x' stands already in row 2" in told(sheet(tmp_path, *rows))


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (("问题", "不应出線"), "unknown column '不应出線'"),
        (("问题", "question"), "name the same column"),
        (("公司问题清单",), "has no column of questions. The first row reads: 公司问题清单"),
        ((), "has no column of questions"),
    ],
)
def test_columns_must_be_known(tmp_path, head, said):
    path = csv_file(tmp_path, ",".join(head) + "\n甲？,一\n" if head else "\n")
    assert said in told(path)


def test_text_beside_the_table_is_not_lost_silently(tmp_path):
    assert "row 2: has text in a column without a name" in told(csv_file(tmp_path, "问题,要点\n甲？,一,二\n"))
    assert "row 3: has text in a column without a name" in told(csv_file(tmp_path, "问题,,要点\n甲？,,一\n乙？,x,一\n"))


def test_a_table_without_questions_is_refused(tmp_path):
    assert "holds no question" in told(csv_file(tmp_path, "问题,要点\n,\n"))


def test_several_sheets_of_questions_are_refused_and_other_sheets_pass(tmp_path):
    def notes(book):
        book.create_sheet("说明", 0).append(["请填写问题"])

    assert len(read_table(sheet(tmp_path, ("问题", "要点"), ("甲？", "一"), change=notes))) == 1

    def second(book):
        book.create_sheet("第二组").append(["问题"])

    assert "several sheets: 'Sheet', '第二组'" in told(sheet(tmp_path, ("问题", "要点"), ("甲？", "一"), change=second))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("q.xls", b"\xd0\xcf\x11\xe0", "is not a table that can be read"),
        ("q.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "cannot be read as .xlsx"),
        ("q.xlsx", b"PK\x03\x04 broken", "cannot be read as .xlsx"),
        ("q.csv", b"\xff\xfeq\x00u\x00", "neither UTF-8 nor GB 18030"),
        ("q.csv", b'question,keypoints\n"open,x\n' + b"y" * 200_000, "line"),
        ("q.jsonl", b"[1]\n{oops\n", "row 1: is not a JSON object"),
        ("q.jsonl", b'{"question": "a b", "keypoints": [["x y"]], "musst_not": ["z"]}', "row 1: has the unknown key 'musst_not'"),
        ("q.jsonl", b'{"question": "a b", "keypoints": ["x y"]}', "row 1: keypoints.0"),
        ("q.jsonl", b'{"question": "a b", "keypoints": [["x"]]}', "stands in nearly every reply"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    assert said in told(tmp_path / name)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert "is not a file" in told(tmp_path / "nowhere.xlsx")
    assert "is not a file" in told(tmp_path)


def test_as_many_rows_as_allowed_and_no_more(tmp_path):
    many = "问题,要点\n" + "".join(f"第{n}问？,第{n}答\n" for n in range(MAX_ROWS))
    assert len(read_table(csv_file(tmp_path, many))) == MAX_ROWS
    assert "more than 10,000 questions" in told(csv_file(tmp_path, many + "又一问？,又一答\n"))


def test_a_sheet_formatted_down_to_the_end_is_refused_with_what_to_do(tmp_path):
    def far(book):
        book.active.cell(row=1_000_000, column=1).number_format = "0"

    assert "reaches down to row 1,000,000" in told(sheet(tmp_path, ("问题", "要点"), ("甲？", "一"), change=far))


def test_what_is_kept_is_read_again_as_a_set_of_that_name(tmp_path):
    settings = Settings(home=tmp_path / "home")
    row = {
        "question": "谁\u2028批？",
        "keypoints": [["财务\u2028部"]],
        "must_not": ["总裁"],
        "history": [{"role": "user", "content": "好"}],
    }
    cases = read_table(lines(tmp_path, row))
    path = keep(cases, settings, "市场部_2026")
    assert path == tmp_path / "home" / "evals" / "市场部_2026.jsonl"
    assert list(sets.load("市场部_2026", settings).cases) == cases
    keep(read_table(csv_file(tmp_path, "问题,状态\n甲？,追问\n")), settings, "市场部_2026")
    assert [c.status for c in sets.load("市场部_2026", settings).cases] == ["clarify"]
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["", "own", "Own", "all", "answerable", "heldback", "../x", "a b", "a.b", "x" * 61])
def test_a_name_that_would_be_mistaken_is_refused(tmp_path, name):
    cases = read_table(csv_file(tmp_path, "问题,状态\n甲？,追问\n"))
    with pytest.raises(InputError, match="name"):
        keep(cases, Settings(home=tmp_path / "home"), name)
    assert not (tmp_path / "home").exists()
