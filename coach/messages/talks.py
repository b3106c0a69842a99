"""What the coach says about conversations as things to keep: refusals, files, and the words of an exported conversation."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {
    "talk_under_way": {
        "zh": "这个对话里上一条回答还没写完。",
        "en": "The last reply in this conversation is still being written.",
    },
    "talk_under_way_mend": {"zh": "等它写完，或者先点停止，再发一次。", "en": "Wait for it, or stop it, and send again."},
    "talk_replaced": {
        "zh": "这个问题已经在别处重新问过了。",
        "en": "This question has been asked anew meanwhile.",
    },
    "talk_replaced_mend": {"zh": "刷新一下，看看最新的对话。", "en": "Reload to see the conversation as it is now."},
    "talk_full": {
        "zh": "一个对话最多放{limit}份文件，现在已经满了。",
        "en": "A conversation holds {limit} files at most, and this one is full.",
    },
    "talk_full_mend": {"zh": "先移除一份，或者开一个新对话。", "en": "Remove one of them, or begin a new conversation."},
    "talk_missing": {
        "zh": "没有找到这个对话，或者其中的这一条。它可能已经删除。",
        "en": "There is no such conversation, or no such part of it. It may have been deleted.",
    },
    "talk_missing_mend": {"zh": "请从对话列表里重新打开。", "en": "Open it again from the list of conversations."},
    "talk_no_question": {"zh": "还没有写问题，写一句话就行。", "en": "There is no question yet; one sentence is enough."},
    "talk_question_long": {
        "zh": "这条内容有{n}个字符，一次最多{limit}个。",
        "en": "This has {n} characters; at most {limit} can be taken at once.",
    },
    "talk_question_long_mend": {
        "zh": "把长文作为文件放进对话，再单独写你的问题。",
        "en": "Put the long text into the conversation as a file, and write your question by itself.",
    },
    "talk_bad_id": {"zh": "这个对话编号不能用。", "en": "This id of a conversation cannot be used."},
    "talk_bad_id_mend": {
        "zh": "用字母、数字、下划线和连字符，最多64个；也可以不写，由教练来定。",
        "en": "Use up to 64 letters, digits, underscores and hyphens, or none and the coach will choose one.",
    },
    "talk_title_long": {"zh": "标题最多{limit}个字符。", "en": "A title may have {limit} characters at most."},
    # files and pastes
    "talk_pasted": {"zh": "粘贴的文字", "en": "Pasted text"},
    "talk_file_kind": {"zh": "“{name}”这种文件读不了。", "en": "I cannot read files like “{name}”."},
    "talk_file_kind_mend": {
        "zh": "可以读的格式：{kinds}。请另存成其中一种，或者直接把文字粘贴进来。",
        "en": "What I can read: {kinds}. Save it as one of these, or paste the text itself.",
    },
    "talk_file_content": {
        "zh": "“{name}”的内容不是Base64编码，收不下来。",
        "en": "The content of “{name}” is not base64 and cannot be taken in.",
    },
    "talk_file_empty": {"zh": "“{name}”里没有内容。", "en": "There is nothing in “{name}”."},
    "talk_file_large": {"zh": "“{name}”太大了，最多{limit}MB。", "en": "“{name}” is too large; {limit} MB is the most."},
    "talk_file_long": {
        "zh": "“{name}”有{n}个字符，一份最多{limit}个。",
        "en": "“{name}” has {n} characters; {limit} is the most for one file.",
    },
    "talk_file_long_mend": {"zh": "留下最要紧的部分，或者拆成几份。", "en": "Keep the part that matters most, or split it."},
    "talk_file_unreadable": {"zh": "“{name}”读不出文字。", "en": "I could not read any text from “{name}”."},
    "talk_file_unreadable_mend": {
        "zh": "它可能损坏了、加了密码，或者是扫描件。另存一份再试，或者直接把文字粘贴进来。",
        "en": "It may be damaged, protected by a password, or scanned. Save it anew and try again, or paste the text itself.",
    },
    # an exported conversation
    "talk_format": {
        "zh": "没有“{format}”这种格式，可以用：{formats}。",
        "en": "There is no format “{format}”; use one of: {formats}.",
    },
    "talk_document": {"zh": "对话记录", "en": "Conversation"},
    "talk_untitled": {"zh": "新对话", "en": "New conversation"},
    "talk_begun": {"zh": "开始", "en": "Begun"},
    "talk_changed": {"zh": "最近更新", "en": "Last changed"},
    "talk_files": {"zh": "读过的文件", "en": "Files read"},
    "talk_file": {"zh": "{name}（{n}个字符）", "en": "{name} ({n} characters)"},
    "talk_question_n": {"zh": "问题{n}：{question}", "en": "Question {n}: {question}"},
    "talk_whole_question": {"zh": "问题全文：{question}", "en": "The whole question: {question}"},
    "talk_sources": {"zh": "引用", "en": "Sources"},
    "talk_source": {
        "zh": "[{n}] {title} · {source}（{tier}）：“{quote}”",
        "en": "[{n}] {title} · {source} ({tier}): “{quote}”",
    },
    "talk_no_sources": {"zh": "这条回答没有引用资料。", "en": "This reply quotes no source."},
    "talk_state_pending": {"zh": "回答还在写。", "en": "The reply is still being written."},
    "talk_state_stopped": {
        "zh": "回答写到一半停下了，下面的内容没有核对过。",
        "en": "The reply was stopped; what follows was not checked.",
    },
    "talk_state_failed": {"zh": "这一问没有得到回答。", "en": "There was no reply to this question."},
    "talk_state_interrupted": {
        "zh": "服务中断，这一问没有得到回答。",
        "en": "The service was interrupted, and there was no reply to this question.",
    },
    "talk_made_note": {
        "zh": "由AI职业教练整理。引号里是资料原文；标注“未核实”的说法没有可查证的来源。",
        "en": "Put together by an AI career coach. What stands in quotation marks is the source's own wording; claims marked "
        "as unverified have no source that can be checked.",
    },
    # over HTTP
    "talk_verdict_kept": {"zh": "记下了，谢谢。", "en": "Noted, thank you."},
    "talk_verdict_wrong": {
        "zh": "谢谢指出。这条问答会连同你的说明交给审阅的人，不带你的名字。",
        "en": "Thank you for telling. This question and reply go to a reviewer with what you wrote, without your name.",
    },
}
