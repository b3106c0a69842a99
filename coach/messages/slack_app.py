"""What the coach says in Slack beside its replies: commands, settings of a channel, linking, reminders, colleagues asked."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {
    "slack_working": {"zh": "正在查资料…", "en": "looking it up…"},
    "slack_refused": {
        "zh": "Slack 没有让我做这件事（{error}）。请把这个代码告诉管理员，可以用 coach slack doctor 检查。",
        "en": "Slack did not let me do this ({error}). Please tell your administrator this code; coach slack doctor finds out why.",
    },
    "slack_stranger": {
        "zh": "这个教练只为它所在工作区的成员服务，你来自另一个工作区，所以不能在这里回答你。",
        "en": "This coach is for the members of the workspace it is installed in. You belong to another one, so I cannot answer you "
        "here.",
    },
    "slack_file_elsewhere": {
        "zh": "“{name}”不在 Slack 里，我不从别处取文件。请直接上传。",
        "en": "“{name}” is not kept in Slack, and I fetch files from nowhere else. Please upload it.",
    },
    "slack_file_unfetched": {"zh": "没能从 Slack 取到“{name}”。", "en": "“{name}” could not be fetched from Slack."},
    "slack_file_unfetched_mend": {
        "zh": "请再发一次；一直这样的话，请管理员检查 files:read 权限（coach slack doctor）。",
        "en": "Please send it again; if it goes on, your administrator checks the permission files:read (coach slack doctor).",
    },
    "slack_search_what": {
        "zh": "想搜什么？例如：/coach search 预算",
        "en": "What shall I search for? For example: /coach search budget",
    },
    "slack_alone": {
        "zh": "只有你看得到。想接着说自己的情况，请直接私信我。",
        "en": "Only you can see this. To go on about yourself, please write to me directly.",
    },
    # linking
    "slack_link_how": {
        "zh": "在网页“我的”里（或用 coach slack link-code）生成关联码，10 分钟内在这里输入：/coach link 关联码",
        "en": "Make a code on the web page under “Me” (or with coach slack link-code), and type it here within ten minutes: "
        "/coach link CODE",
    },
    "slack_linked": {
        "zh": "关联好了：从现在起，你在这里就是{name}，档案、评估和计划是同一份。在这里之前的内容留着，解除关联后还能看到。",
        "en": "Linked: from now on you are {name} here, with the same profile, assessments and plan. What you had here before stays, "
        "and is back when you unlink.",
    },
    "slack_this_coach": {"zh": "这台机器上的用户", "en": "the owner of this coach"},
    "slack_unlinked": {
        "zh": "已解除关联，现在这里没有关联任何账号。账号里的内容不受影响。",
        "en": "Unlinked: no account is linked here now. Nothing in the account has changed.",
    },
    "slack_no_words": {
        "zh": "转来的消息我读不到里面写了什么。请把要问的直接写给我，或者把那段话复制过来。",
        "en": "I cannot read what is in a message that was passed on. Please write me your question, or copy the words here.",
    },
    # installing
    "slack_installed": {
        "zh": "教练已经装进“{name}”。回到 Slack，在“应用”里找到它，发一句话试试。",
        "en": "The coach is installed in “{name}”. Go back to Slack, find it under Apps, and say something to it.",
    },
    "slack_not_installed": {
        "zh": "没有装上（{error}）。请从头再来一次：/slack/install",
        "en": "It was not installed ({error}). Please begin again: /slack/install",
    },
    "http_slack_state": {
        "zh": "这次安装不是从这里开始的，或者已经过了 10 分钟。请从头再来一次：/slack/install",
        "en": "This installation was not begun here, or ten minutes have passed. Please begin again: /slack/install",
    },
    # reminders, and being forgotten
    "slack_reminders_how": {
        "zh": "输入 /coach reminders on 或 /coach reminders off。",
        "en": "Type /coach reminders on or /coach reminders off.",
    },
    "slack_reminders_on": {
        "zh": "好的，计划里有事时会提醒你。",
        "en": "All right, I will remind you of what your plan asks for.",
    },
    "slack_reminders_off": {
        "zh": "好的，不再提醒。想恢复时输入 /coach reminders on。",
        "en": "All right, no more reminders. To have them back: /coach reminders on",
    },
    "slack_reminders_later": {"zh": "好的，{days}天后再提醒你。", "en": "All right. Days until I remind you again: {days}."},
    "slack_forget_sure": {
        "zh": "这会删除我在这里记得的关于你的一切：对话、档案、评估、计划，无法恢复。确定的话输入：/coach forget yes",
        "en": "This deletes everything I keep of you here: conversations, profile, assessments, plans. It cannot be undone. "
        "If you are sure: /coach forget yes",
    },
    "slack_forgotten": {
        "zh": "都删除了。Slack 里的消息由你们的工作区保存，不归我管。",
        "en": "It is all gone. The messages in Slack itself are kept by your workspace, not by me.",
    },
    "slack_forget_linked": {
        "zh": "你关联了账号，内容属于那个账号：请在网页“我的 → 数据”里删除（{web}），或者先解除关联。",
        "en": "You have linked an account, and what is kept belongs to it: delete it on the web page under Me → Data ({web}), or unlink "
        "first.",
    },
    # plan and review
    "slack_no_plan": {
        "zh": "还没有计划。先输入 /coach plan，或者用 /coach assess 做一次评估。",
        "en": "There is no plan yet. Begin with /coach plan, or with an assessment: /coach assess",
    },
    "slack_sent_direct": {"zh": "文件发到你的私信里了。", "en": "The file is in your direct messages."},
    # colleagues
    "slack_humans_asked": {
        "zh": "{people}：{user} 想请你们看看这个问题，说说看法。",
        "en": "{people}: {user} would like your view on this.",
    },
    "slack_human_reason": {"zh": "（在频道里请了同事）", "en": "(a colleague was asked in the channel)"},
    "slack_humans_already": {"zh": "已经为这个回答请过同事了。", "en": "Colleagues have been asked about this answer already."},
    "slack_no_humans": {
        "zh": "这个频道没有设置可以请教的同事。频道负责人可以用 /coach settings humans @某人 设置。",
        "en": "No colleague is named for this channel. Its owner can do so: /coach settings humans @somebody",
    },
    "slack_shared": {"zh": "{user} 分享了教练的回答", "en": "{user} shares an answer of the coach"},
    # what a channel wants
    "slack_settings_direct": {
        "zh": "这是私信，没有什么要设置的。请在频道里输入 /coach settings。",
        "en": "These are direct messages, and there is nothing to set. Type /coach settings in a channel.",
    },
    "slack_settings_owner": {
        "zh": "只有这个频道的创建者或工作区管理员可以改设置。",
        "en": "Only the person who created this channel, or an admin of the workspace, can change this.",
    },
    "slack_settings_how": {
        "zh": "我没看懂这项设置。可以设置：\n"
        "• on 或 off：在这个频道里回答，或者不回答\n"
        "• mention：只在@我时回答\n"
        "• unanswered 分钟数（1 到 {most}）：过了这么久没人回答的问题，我也回答\n"
        "• language zh、en 或 auto：用哪种语言\n"
        "• library all、built-in 或 own：用全部资料、只用内置的，或只用你们自己的文件\n"
        "• humans @某人 @某人，或 none：可以请教的同事\n"
        "例如：/coach settings unanswered 30",
        "en": "I did not understand this setting. You can set:\n"
        "• on or off: answer in this channel, or not\n"
        "• mention: answer only when mentioned\n"
        "• unanswered MINUTES (1 to {most}): also answer questions that nobody has answered for so long\n"
        "• language zh, en or auto: which language to use\n"
        "• library all, built-in or own: all of it, the built-in articles only, or your own documents only\n"
        "• humans @somebody @somebody, or none: colleagues to ask\n"
        "For example: /coach settings unanswered 30",
    },
    "slack_place_off": {
        "zh": "教练在这个频道里关闭了。重新打开：/coach settings on",
        "en": "The coach is off in this channel. To turn it on again: /coach settings on",
    },
    "slack_place_mention": {
        "zh": "在这个频道里，@我，或者在我回答过的消息列里，我才回答。",
        "en": "In this channel I answer when mentioned, and in threads I have answered.",
    },
    "slack_place_unanswered": {
        "zh": "在这个频道里，@我时回答；{n}分钟没人回答的问题，资料库里有答案的，我也回答。",
        "en": "In this channel I answer when mentioned; and questions that nobody has answered for {n} minutes, if the library holds "
        "the answer.",
    },
    "slack_place_language_auto": {"zh": "语言：跟着问题走。", "en": "Language: that of the question."},
    "slack_place_language_zh": {"zh": "语言：中文。", "en": "Language: Chinese."},
    "slack_place_language_en": {"zh": "语言：英文。", "en": "Language: English."},
    "slack_place_part_all": {"zh": "资料：全部。", "en": "Library: all of it."},
    "slack_place_part_builtin": {"zh": "资料：只用内置的。", "en": "Library: the built-in articles only."},
    "slack_place_part_own": {"zh": "资料：只用你们自己的文件。", "en": "Library: your own documents only."},
    "slack_place_humans": {"zh": "可以请教的同事：{n}位。", "en": "Colleagues to ask: {n}."},
    "slack_place_no_humans": {"zh": "可以请教的同事：还没有设置。", "en": "Colleagues to ask: none named."},
}
