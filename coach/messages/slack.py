"""What a reply says around itself in Slack: buttons, sources, the help, what is told when something is gone."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {
    "sl_source": {"zh": "原文 {n}", "en": "Source {n}"},
    "sl_source_more": {"zh": "其余原文…", "en": "More sources…"},
    "sl_ask_human": {"zh": "请同事看看", "en": "Ask a colleague"},
    "sl_share": {"zh": "分享到这里", "en": "Share it here"},
    "sl_keep": {"zh": "只留给自己", "en": "Keep it to myself"},
    "sl_nothing": {
        "zh": "这次没有写出回答，请再问一次。",
        "en": "I could not write a reply this time; please ask again.",
    },
    # a cited passage
    "sl_gone": {
        "zh": "这段原文已经不在资料库里了：它在这条回答之后被移走或替换了。",
        "en": "This passage is no longer in the library: it was removed or replaced after this reply was written.",
    },
    "sl_changed": {
        "zh": "这段原文后来改过，当时引用的句子标不出来了。",
        "en": "This passage has been edited since, so the words that were quoted cannot be marked.",
    },
    # searching
    "sl_found": {
        "zh": "搜“{question}”找到{n}段原文，最接近的在前。得分只能在这一次搜索里互相比较。",
        "en": "Passages found for “{question}”: {n}, nearest first. Scores can be compared within this search only.",
    },
    "sl_found_none": {
        "zh": "资料库里没有和“{question}”相近的内容，换个说法再试试。",
        "en": "The library holds nothing near “{question}”; try other words.",
    },
    "sl_score": {"zh": "得分{score}", "en": "score {score}"},
    # help
    "sl_help": {
        "zh": "私信我，或者在频道里@我，直接写问题就行。在我回答过的消息列里追问，不用再@。关于你本人的评估、计划和复盘只给你一个人看。"
        "命令也可以写中文，例如 /coach 计划、/coach 搜 预算。",
        "en": "Send me a direct message, or mention me in a channel, and write your question. In a thread I have answered, "
        "go on without a mention. Assessments, plans and reviews are about you, and shown to you alone.",
    },
    "sl_help_ask": {"zh": "问一个问题", "en": "ask a question"},
    "sl_help_assess": {"zh": "做能力评估", "en": "take the assessment"},
    "sl_help_plan": {"zh": "看你的计划，还没有就排一份", "en": "see your plan, or make one"},
    "sl_help_review": {"zh": "做季度复盘", "en": "review the quarter"},
    "sl_help_search": {"zh": "直接搜资料库的原文，不写回答", "en": "search the library's own words, without a reply"},
    "sl_help_link": {
        "zh": "用网页上的关联码，把这里和你的教练账号关联起来",
        "en": "link this to your coach account, with the code from the web page",
    },
    "sl_help_unlink": {"zh": "解除关联", "en": "undo the link"},
    "sl_help_settings": {
        "zh": "看我在这个频道里怎么回答（频道负责人可以改）",
        "en": "see how I answer in this channel; its owner can change it",
    },
    "sl_help_reminders": {
        "zh": "打开或停掉每周报进展和复盘的提醒",
        "en": "turn reminders of the weekly check-in and of reviews on or off",
    },
    "sl_help_switch": {"zh": "on|off", "en": "on|off"},
    "sl_help_forget": {"zh": "删除我在这里记得的关于你的一切", "en": "delete everything I keep about you here"},
    "sl_help_help": {"zh": "再看一次这些说明", "en": "show this again"},
    "sl_help_question": {"zh": "问题", "en": "QUESTION"},
    "sl_help_words": {"zh": "词句", "en": "WORDS"},
    "sl_help_code": {"zh": "关联码", "en": "CODE"},
}
