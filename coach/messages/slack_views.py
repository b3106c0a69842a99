"""What the personal surfaces in Slack say beside the words of the pages: home tab, check-in, assessment, plan, review, reminders."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {
    # home
    "sv_home": {"zh": "你的发展", "en": "Your development"},
    "sv_no_profile": {
        "zh": "我还不知道你的情况。答几个短问题，就能看到你在哪个阶段、离下一步差什么。",
        "en": "I know nothing about you yet. A few short answers show which stage you are at and what the next one asks for.",
    },
    "sv_tell": {"zh": "说说我的情况", "en": "Tell the coach about me"},
    "sv_missing": {"zh": "到“{stage}”还差", "en": "Still missing for “{stage}”"},
    "sv_more": {"zh": "还有{n}项", "en": "{n} more"},
    "sv_week": {"zh": "这周的事", "en": "This week"},
    "sv_due_tomorrow": {"zh": "明天（{due}）到期", "en": "due tomorrow, {due}"},
    "sv_due_yesterday": {"zh": "原定昨天（{due}）", "en": "was due yesterday, {due}"},
    "sv_linked": {"zh": "已关联教练账号：{name}", "en": "Linked to the coach account: {name}"},
    "sv_unlinked": {
        "zh": "在这里说的内容单独存着。有教练账号的话，关联之后就用账号里的档案、评估和计划。",
        "en": "What you tell me here is kept separately. If you have a coach account, link it to use its profile, assessments and plans.",
    },
    "sv_link": {"zh": "关联账号", "en": "Link an account"},
    "sv_unlink": {"zh": "解除关联", "en": "Unlink"},
    "sv_unlink_sure": {
        "zh": "解除后，这里不再显示账号里的内容；账号里的内容都留着。",
        "en": "Nothing from the account is shown here afterwards; everything in the account stays.",
    },
    "sv_remind_checkin": {"zh": "每周报进展的提醒", "en": "Weekly reminder to check in"},
    "sv_remind_review": {"zh": "复盘的提醒", "en": "Reminder of reviews"},
    "sv_remind_on": {"zh": "开着", "en": "on"},
    "sv_remind_off": {"zh": "已关", "en": "off"},
    "sv_remind_snoozed": {"zh": "{on}再提醒", "en": "paused until {on}"},
    "sv_remind_again": {"zh": "恢复提醒", "en": "Turn on"},
    "sv_web": {"zh": "在网页上看全部", "en": "See everything on the web page"},
    # check-in
    "sv_note": {"zh": "补一句话", "en": "A sentence on it"},
    "sv_checkin_more": {
        "zh": "还有{n}行没有列出来。交了这些，再打开一次就能报。",
        "en": "Lines not shown here: {n}. Send these first, then open it again.",
    },
    "sv_checkin_same": {
        "zh": "和上次报的一样，没有新的要记。",
        "en": "That is what you reported last; there is nothing new to note.",
    },
    # assessment
    "sv_answer_hint": {"zh": "空着提交，就是跳过这一题。", "en": "Send it empty to skip this question."},
    "sv_answer_end": {"zh": "够了", "en": "Enough"},
    "sv_answer_enough": {"zh": "答完这题就看结果", "en": "Show the result after this one"},
    "sv_answer_done": {
        "zh": "题都过了一遍：答了{n}题，跳过{m}题。看了结果，这次测评就不能再改。",
        "en": "That was the last question. Answered: {n}; skipped: {m}. Once you see the result, this assessment stays as it is.",
    },
    "sv_answer_send": {"zh": "提交", "en": "Send"},
    # plan and review
    "sv_plan_next": {"zh": "接下来", "en": "Coming up"},
    "sv_plan_all": {
        "zh": "计划里的每一行都有了结果，该复盘了。",
        "en": "Every line of the plan has come to an end; it is time for a review.",
    },
    "sv_export": {"zh": "Word文档", "en": "Word document"},
    "sv_share": {"zh": "分享到这里", "en": "Share it here"},
    "sv_keep": {"zh": "只留给自己", "en": "Keep it to myself"},
    "sv_shared_by": {"zh": "分享了自己的发展计划", "en": "shared this development plan"},
    "sv_review_done": {"zh": "做成的", "en": "Done"},
    "sv_review_not": {"zh": "没做成的", "en": "Not done"},
    "sv_review_next": {"zh": "教练的提议", "en": "What the coach proposes"},
    "sv_said": {"zh": "你说：“{words}”", "en": "You said: “{words}”"},
    "sv_no_reason": {"zh": "没有说原因", "en": "no reason given"},
    # reminders
    "sv_nudge_checkin": {"zh": "这周进展怎么样？点一下就行。", "en": "How did the week go? One click per line is enough."},
    "sv_nudge_review": {"zh": "该复盘了，大约十分钟。", "en": "It is time for a review; it takes about ten minutes."},
    "sv_snooze_1": {"zh": "明天再提醒", "en": "Remind me tomorrow"},
    "sv_snooze_7": {"zh": "下周再提醒", "en": "Remind me next week"},
    "sv_stop": {"zh": "不再提醒", "en": "Stop reminding me"},
    # before a plan
    "sv_answer_these": {"zh": "回答这几问", "en": "Answer these"},
    "sv_tell_title": {"zh": "说说你的情况", "en": "About yourself"},
    "sv_tell_keep": {"zh": "记下", "en": "Save"},
}
