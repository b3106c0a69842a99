"""What the desk says over any channel, and what HTTP and the terminal add to it: profile, assessment, plan, review."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {
    # profile
    "desk_fields_ignored": {
        "zh": "个人资料里没有这些项，没有采用：{fields}。",
        "en": "A profile has no such fields, so they were not used: {fields}.",
    },
    "desk_said_stays": {
        "zh": "“{field}”你自己说过“{words}”，没有用推断出来的内容替换。",
        "en": "You told “{field}” yourself (“{words}”); what was inferred did not replace it.",
    },
    "desk_field_empty": {"zh": "个人资料里“{field}”是空的。", "en": "The profile has nothing under “{field}”."},
    "desk_field_mend": {"zh": "已有内容的项：{fields}。", "en": "Fields with something in them: {fields}."},
    # assessment and feedback
    "desk_question_unknown": {"zh": "测评里没有“{name}”这一题。", "en": "The assessment has no question “{name}”."},
    "desk_question_mend": {
        "zh": "用题目自带的 indicator 作为键。",
        "en": "Use the indicator of a question as its key.",
    },
    "desk_answer_long": {
        "zh": "“{name}”的回答超过{limit}个字符，没有保存；其他回答不受影响。",
        "en": "The answer to “{name}” is longer than {limit} characters and was not kept; other answers are as they were.",
    },
    "desk_link_days": {
        "zh": "反馈链接的有效期是1到{limit}天。",
        "en": "A feedback link is good for 1 to {limit} days.",
    },
    "desk_feedback_intro": {
        "zh": "有人请你说说和他共事的印象。每一项选一个最像的级别，说不准就选0；愿意的话写一两句具体的事。回答不记名，满三份才会给本人看。",
        "en": "Somebody asks how you see their work. Pick the level that fits best for each pillar, 0 if you cannot say, and add a concrete sentence or two if you like. No name is kept, and nothing is shown before there are three answers.",
    },
    "desk_feedback_question": {
        "zh": "在“{pillar}”上，他平时做到哪一级？",
        "en": "Which level do you see them work at in “{pillar}”?",
    },
    "desk_feedback_empty": {"zh": "反馈是空的，至少回答一项。", "en": "The feedback is empty; answer at least one question."},
    "desk_pillar_unknown": {
        "zh": "没有叫“{name}”的能力支柱；可用的是：{known}。",
        "en": "There is no pillar called “{name}”; there are: {known}.",
    },
    "desk_rating_wrong": {
        "zh": "评级“{rating}”不在0到{highest}之间。",
        "en": "The rating “{rating}” is not between 0 and {highest}.",
    },
    # plans
    "desk_why_new": {"zh": "新计划", "en": "new plan"},
    "desk_why_edit": {"zh": "本人修改", "en": "changed by hand"},
    "desk_why_quarterly": {"zh": "季度复盘", "en": "quarterly review"},
    "desk_why_yearly": {"zh": "年度复盘", "en": "yearly review"},
    "desk_plan_none": {"zh": "还没有计划。", "en": "There is no plan yet."},
    "desk_plan_none_mend": {
        "zh": "先做一份：POST /api/plans，或者 coach plan",
        "en": "Make one first: POST /api/plans, or: coach plan",
    },
    "desk_plan_newer": {
        "zh": "计划已经有第{newest}版，这次修改针对的是第{version}版，没有保存。",
        "en": "The plan has a version {newest} already; this change is of version {version} and was not saved.",
    },
    "desk_plan_newer_mend": {
        "zh": "取第{newest}版，在上面重做这次修改。",
        "en": "Load version {newest} and make the change there.",
    },
    "desk_no_change": {
        "zh": "没有写要改什么：在 change、add、drop 里至少给一项。",
        "en": "Nothing is to be changed: give at least one entry in change, add or drop.",
    },
    "desk_line_unknown": {"zh": "计划里没有“{line}”这一行。", "en": "The plan has no line “{line}”."},
    "desk_line_mend": {"zh": "有这些行：{lines}。", "en": "There are: {lines}."},
    "desk_too_many_lines": {
        "zh": "一份计划最多{limit}行，再多就执行不了。",
        "en": "A plan holds {limit} lines at most; more cannot be followed.",
    },
    "desk_own_text_missing": {"zh": "这一行没有写要做什么。", "en": "The line does not say what is to be done."},
    "desk_own_measure_missing": {
        "zh": "这一行没有写怎么衡量（measure）。",
        "en": "The line does not say how it is measured (measure).",
    },
    "desk_own_evidence_missing": {
        "zh": "这一行没有写用什么证明做完了（evidence）。",
        "en": "The line does not say what shows that it is done (evidence).",
    },
    "desk_own_source": {"zh": "本人提出", "en": "Their own idea"},
    "desk_own_label": {"zh": "本人", "en": "themselves"},
    "desk_dropped_why": {"zh": "本人不做了，原因：“{words}”。", "en": "Given up, in their own words: “{words}”."},
    "desk_fault_mend": {
        "zh": "什么都没有改动。改正后再提交；要放弃一个缺口上仅有的一行，在 drop 里写明 why。",
        "en": "Nothing was changed. Correct it and send it again; to give up the only line on a gap, say why in drop.",
    },
    "desk_format": {
        "zh": "没有“{format}”这种文件格式；可用的是：{formats}。",
        "en": "There is no document format “{format}”; use one of: {formats}.",
    },
    # check-ins and reviews
    "desk_date_outside": {
        "zh": "{date}不在这份计划的时间里（{first}至{last}）。",
        "en": "{date} lies outside the time of this plan ({first} to {last}).",
    },
    "desk_review_unknown": {"zh": "没有这次复盘。", "en": "There is no such review."},
    "desk_review_mend": {"zh": "用复盘列表里的编号。", "en": "Use an id as the reviews are listed."},
    "desk_review_done": {
        "zh": "这次复盘已经结束，下一版计划也已生成。",
        "en": "This review is done, and the next version of the plan is made.",
    },
    "desk_review_old": {
        "zh": "复盘之后计划又改过，这次复盘对不上现在的版本。",
        "en": "The plan has changed since this review, so the two no longer fit.",
    },
    "desk_review_again": {"zh": "重新做一次复盘。", "en": "Hold the review again."},
    "desk_review_fault_mend": {
        "zh": "计划没有改动。先在计划里调整这些行，再重新复盘。",
        "en": "The plan is as it was. Change these lines in it first, then hold the review again.",
    },
    "desk_review_format": {
        "zh": "复盘没有“{format}”格式；可用的是：docx、pdf、md。",
        "en": "A review cannot be had as “{format}”; use docx, pdf or md.",
    },
    "desk_review_summary": {"zh": "概况", "en": "In short"},
    "desk_review_version": {"zh": "复盘的计划", "en": "Plan version"},
    "desk_review_stage": {"zh": "阶段", "en": "Stage"},
    "desk_stage_before": {"zh": "定计划时", "en": "When the plan was made"},
    "desk_stage_now": {"zh": "现在", "en": "Now"},
    "desk_stage_target": {"zh": "目标", "en": "Target"},
    "desk_review_trends": {"zh": "能力变化", "en": "Levels, before and now"},
    "desk_trend": {"zh": "变化", "en": "Change"},
    "desk_trend_up": {"zh": "升{n}级", "en": "up by {n}"},
    "desk_trend_down": {"zh": "降{n}级", "en": "down by {n}"},
    "desk_trend_same": {"zh": "持平", "en": "as before"},
    "desk_trend_first": {"zh": "第一次有证据", "en": "first shown"},
    "desk_trend_lost": {"zh": "这次证据不足", "en": "not shown this time"},
    "desk_trend_none": {"zh": "—", "en": "—"},
    "desk_review_questions": {"zh": "想一想", "en": "Worth a thought"},
    "desk_line": {"zh": "事项", "en": "Line"},
    "desk_told": {"zh": "证据或阻碍（原话）", "en": "Evidence or obstacle, in their words"},
    "desk_changes": {"zh": "下一步", "en": "What changes"},
    "desk_no_news": {"zh": "没有消息", "en": "no news"},
    "desk_not_due": {"zh": "未到期", "en": "not due"},
    "desk_on_track": {"zh": "按计划", "en": "on track"},
    "desk_before": {"zh": "上次", "en": "Before"},
    # over HTTP
    "http_dev_not_found": {
        "zh": "没有这条记录。",
        "en": "There is no such record.",
    },
    "http_dev_not_found_hint": {"zh": "用列表里给出的编号。", "en": "Use an id as it is listed."},
    "http_dev_conflict": {
        "zh": "这条记录已经改过或者已经结束，这次没有保存。",
        "en": "The record has changed meanwhile or is finished; nothing was saved.",
    },
    "http_dev_conflict_hint": {"zh": "重新取一次，再在上面改。", "en": "Load it again and make the change there."},
    "http_dev_unreadable": {
        "zh": "这条记录是另一个版本的程序存的，现在读不了。",
        "en": "The record was kept by another version of the program and cannot be read.",
    },
    "http_dev_unreadable_hint": {
        "zh": "内容没有丢，在 GET /api/me/export 里原样可取。",
        "en": "Nothing is lost: GET /api/me/export has it as it is.",
    },
    "http_dev_bad_input_hint": {"zh": "改正后再提交。", "en": "Correct it and send it again."},
    "http_dev_thanks": {"zh": "谢谢，已收到。回答不记名。", "en": "Thank you, it has arrived. No name was kept."},
    "http_dev_profile_history": {
        "zh": "现在的资料已清空；以前的版本还留着，要全部删除请用 DELETE /api/me。",
        "en": "The profile is empty now; earlier revisions are still kept. DELETE /api/me removes everything.",
    },
    # in the terminal
    "cli_dev_no_profile": {"zh": "还没有个人资料。", "en": "There is no profile yet."},
    "cli_dev_waiting": {"zh": "（推断的，等你确认）", "en": "(inferred, waits for your word)"},
    "cli_dev_deleted": {"zh": "已清空。", "en": "Emptied."},
    "cli_dev_delete_all_sure": {
        "zh": "个人资料、测评、计划、复盘会全部删除，不能恢复。继续吗？",
        "en": "Profile, assessments, plans and reviews will all be removed for good. Go on?",
    },
    "cli_dev_deleted_all": {"zh": "全部删除了。", "en": "Everything is removed."},
    "cli_dev_assess_intro": {
        "zh": "一题一题来，写你亲手做过的一件事：做了什么、做到多少、结果怎样。直接回车跳过；/done 现在就出结果；/quit 保存后离开，下次接着答。",
        "en": "One question at a time: tell one thing you did yourself, how much of it, and what came of it. Enter skips; /done shows the results now; /quit saves and leaves, to go on later.",
    },
    "cli_dev_assess_resumed": {
        "zh": "接着上次的测评，已经答了{answered}题。",
        "en": "Going on with your assessment; {answered} answered so far.",
    },
    "cli_dev_assess_counts": {"zh": "算数的有：", "en": "What counts:"},
    "cli_dev_assess_saved": {
        "zh": "已保存。接着答：coach assess",
        "en": "Saved. Go on with: coach assess",
    },
    "cli_dev_level_none": {"zh": "证据不足", "en": "not enough evidence"},
    "cli_dev_confidence_low": {"zh": "把握低", "en": "low confidence"},
    "cli_dev_confidence_medium": {"zh": "把握中", "en": "medium confidence"},
    "cli_dev_confidence_high": {"zh": "把握高", "en": "high confidence"},
    "cli_dev_met": {"zh": "  标准：{text}", "en": "  Standard: {text}"},
    "cli_dev_words": {"zh": "  你的原话：“{text}”", "en": "  Your words: “{text}”"},
    "cli_dev_raises": {"zh": "  再上一级：{text}", "en": "  One level up: {text}"},
    "cli_dev_written": {"zh": "已写入 {path}", "en": "Written to {path}"},
    "cli_dev_drafted": {
        "zh": "这是按文件排的草案，没有保存。",
        "en": "This is a draft made from the file; it is not kept.",
    },
    "cli_dev_made": {
        "zh": "已保存为计划 {id} 第{version}版。",
        "en": "Kept as plan {id}, version {version}.",
    },
    "cli_dev_asked": {
        "zh": "还没有个人资料，先问几句。一两句话就行，直接回车跳过。",
        "en": "There is no profile yet, so a few questions first. A sentence or two will do; Enter skips.",
    },
    "cli_dev_review_nothing": {"zh": "现在没有要看的事项。", "en": "There is nothing to look at now."},
    "cli_dev_review_intro": {
        "zh": "逐行过一遍：d 完成，t 按计划，s 卡住，x 不做了，回车没有消息。",
        "en": "Line by line: d done, t on track, s stuck, x dropped, Enter for no news.",
    },
    "cli_dev_review_due": {"zh": "{text}（{due}到期）", "en": "{text} (due {due})"},
    "cli_dev_review_evidence": {"zh": "  什么能证明", "en": "  What shows it"},
    "cli_dev_review_obstacle": {"zh": "  卡在哪里", "en": "  What is in the way"},
    "cli_dev_review_accept": {"zh": "按这次复盘生成下一版计划吗？", "en": "Make the next version of the plan from this review?"},
    "cli_dev_review_kept": {
        "zh": "复盘已保存，计划没有改动。",
        "en": "The review is kept; the plan is as it was.",
    },
    "cli_dev_review_version": {"zh": "计划现在是第{version}版。", "en": "The plan is at version {version} now."},
}
