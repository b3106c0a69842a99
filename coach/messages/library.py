"""What the coach says to whoever looks after the library."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {
    # why a document cannot be read
    "lib_reason_empty": {
        "zh": "文件是空的。请保存好内容再上传。",
        "en": "The file is empty. Save it with its content and add it again.",
    },
    "lib_reason_password": {
        "zh": "文件有密码保护。请另存一份不带密码的再上传。",
        "en": "The file is protected by a password. Save a copy without one and add that.",
    },
    "lib_reason_type": {
        "zh": "不支持这种文件。可以用Markdown、文本、HTML、PDF、DOCX、PPTX、XLSX。",
        "en": "This kind of file is not supported. Use Markdown, text, HTML, PDF, DOCX, PPTX or XLSX.",
    },
    "lib_reason_scan": {
        "zh": "文件里只有图片，或者文字取不出来。请先做文字识别（OCR）再上传。",
        "en": "It holds only images, or its text cannot be taken out. Run text recognition (OCR) first, then add the result.",
    },
    "lib_reason_no_text": {"zh": "文件里没有文字。", "en": "The file holds no text."},
    "lib_reason_size": {
        "zh": "文件太大。请拆成几个小文件再上传。",
        "en": "The file is too large. Split it into smaller ones.",
    },
    "lib_reason_gone": {
        "zh": "原来的文件已经不在了。资料库里保留着上次读到的内容。",
        "en": "The file is no longer there. The library keeps what was read of it last time.",
    },
    "lib_reason_ending": {
        "zh": "文件内容和扩展名对不上。请改成正确的扩展名，或者重新另存。",
        "en": "Its content does not match its ending. Give it the right ending, or save it again.",
    },
    "lib_reason_encoding": {
        "zh": "文字编码认不出来或有损坏。请另存为UTF-8再上传。",
        "en": "Its text encoding is unknown or damaged. Save it as UTF-8 and add it again.",
    },
    "lib_reason_front": {
        "zh": "文件开头的说明部分（两条---之间）格式不对。请改好再上传。",
        "en": "The block between the two --- lines at its top is not valid. Mend it and add it again.",
    },
    "lib_reason_damaged": {
        "zh": "文件已损坏，读不出来。请用原来的程序打开，另存后再上传。",
        "en": "The file is damaged and cannot be read. Open it in the program that made it, save it again, and add that copy.",
    },
    # documents
    "lib_added": {"zh": "已加入《{title}》，分成{passages}段。", "en": "“{title}” was added, in {passages} passages."},
    "lib_replaced": {
        "zh": "已用新内容替换同名文档《{title}》，分成{passages}段。",
        "en": "“{title}” replaced the document of the same name, in {passages} passages.",
    },
    "lib_same_content": {
        "zh": "它的内容和《{title}》完全相同，回答时只会引用其中一份。",
        "en": "Its content is the same as that of “{title}”; replies will quote only one of them.",
    },
    "lib_not_read": {"zh": "“{name}”没能加入。{reason}", "en": "“{name}” was not added. {reason}"},
    "lib_not_replaced": {
        "zh": "“{name}”没能读取，原来的文档没有变动。{reason}",
        "en": "“{name}” could not be read, so the document stays as it was. {reason}",
    },
    "lib_too_large": {
        "zh": "“{name}”超过{limit} MB，没有加入。请拆成几个小文件。",
        "en": "“{name}” is larger than {limit} MB and was not added. Split it into smaller files.",
    },
    "lib_document_unknown": {
        "zh": "资料库里没有这份文档，可能已经被移除。",
        "en": "The library has no such document; it may have been removed.",
    },
    "lib_document_unknown_mend": {"zh": "刷新文档列表再试。", "en": "Reload the list of documents and try again."},
    "lib_built_in": {
        "zh": "《{title}》是自带的文章，不能替换或移除。",
        "en": "“{title}” is a built-in article and can be neither replaced nor removed.",
    },
    "lib_built_in_mend": {
        "zh": "可以隐藏它，或者修改其中的段落。",
        "en": "Hide it, or edit its passage.",
    },
    # passages
    "lib_passage_unknown": {
        "zh": "资料库里没有这一段，文档可能已经更新。",
        "en": "The library has no such passage; its document may have changed.",
    },
    "lib_passage_unknown_mend": {"zh": "重新打开这份文档再试。", "en": "Open the document again and try once more."},
    "lib_passage_empty": {
        "zh": "段落不能是空的。不想让它出现在回答里，可以隐藏整份文档。",
        "en": "A passage cannot be empty. To keep it out of replies, hide its document.",
    },
    "lib_passage_long": {
        "zh": "段落最多{limit}个字符，这里有{length}个，没有保存。",
        "en": "A passage may have {limit} characters; this one has {length} and was not kept.",
    },
    "lib_version_unknown": {"zh": "这一段没有第{version}个版本。", "en": "This passage has no version {version}."},
    "lib_state_edited": {"zh": "已修改", "en": "edited"},
    "lib_state_conflict": {
        "zh": "原文后来变了，仍在用修改后的文字，请核对",
        "en": "the document has changed since; the edit is still used, please check",
    },
    "lib_state_homeless": {
        "zh": "原文里已经没有这一段，修改只保留在这里",
        "en": "the document no longer has this passage; the edit is only kept here",
    },
    # one changer at a time
    "lib_busy_reindex": {
        "zh": "正在重建索引（{done}/{total}），现在不能改动资料库。",
        "en": "The library is being re-indexed ({done} of {total}) and cannot be changed meanwhile.",
    },
    "lib_busy_reindex_mend": {
        "zh": "等它完成，或者先取消。",
        "en": "Wait until it is done, or cancel it.",
    },
    "lib_busy": {
        "zh": "另一处正在改动资料库，这次没有保存。",
        "en": "The library is being changed elsewhere; this change was not made.",
    },
    "lib_busy_mend": {"zh": "过几秒再试。", "en": "Try again in a few seconds."},
    # re-indexing
    "lib_reindex_idle": {"zh": "没有在重建索引", "en": "not re-indexing"},
    "lib_reindex_running": {"zh": "正在重建：{done}/{total}", "en": "re-indexing: {done} of {total}"},
    "lib_reindex_stopping": {"zh": "正在停下", "en": "stopping"},
    "lib_reindex_done": {"zh": "已完成，回答用的是新索引", "en": "done; replies use the new index"},
    "lib_reindex_cancelled": {
        "zh": "已取消，仍在用原来的索引；再开始会接着做",
        "en": "cancelled, the old index is still in use; starting again goes on from here",
    },
    "lib_reindex_interrupted": {
        "zh": "上次没有做完，仍在用原来的索引；再开始会接着做",
        "en": "the last one did not finish, the old index is still in use; starting again goes on from there",
    },
    "lib_reindex_failed": {
        "zh": "没有成功，仍在用原来的索引",
        "en": "it failed, the old index is still in use",
    },
    # what becomes of a candidate in the search test
    "lib_fate_kept": {"zh": "会用到", "en": "used"},
    "lib_fate_joined": {"zh": "并入同一文档的相邻段落", "en": "joined to its neighbour in the same document"},
    "lib_fate_duplicate": {"zh": "和排在前面的一段内容重复", "en": "repeats a passage ranked before it"},
    "lib_fate_below": {"zh": "排名靠后，只取前{k}段", "en": "ranked too low; only the best {k} are used"},
    "lib_fate_other_language": {
        "zh": "是另一种语言，排在同语言的段落之后",
        "en": "in the other language, and behind those in the reader's own",
    },
    "lib_fate_hidden": {"zh": "所在文档已被隐藏", "en": "its document is hidden"},
    "lib_why_rule": {
        "zh": "按规则直接判断为这一类，不靠查找决定。",
        "en": "A rule decided what kind of message this is; the search did not.",
    },
    "lib_why_enough": {
        "zh": "依据够：概率{probability}，不低于门槛{threshold}。",
        "en": "Enough evidence: probability {probability}, at or above the threshold {threshold}.",
    },
    "lib_why_named": {
        "zh": "依据够：概率{probability}低于门槛{threshold}，但问的正是最前面那段所说的内容。",
        "en": "Enough evidence: the probability {probability} is below the threshold {threshold}, but the first passage is about exactly what was asked.",
    },
    "lib_why_not_enough": {
        "zh": "依据不够：概率{probability}，低于门槛{threshold}。",
        "en": "Not enough evidence: probability {probability}, below the threshold {threshold}.",
    },
    "lib_why_missing_money": {
        "zh": "依据不够：问的是金额或薪酬，找到的段落里没有。",
        "en": "Not enough evidence: an amount of money or pay was asked for, and the passages hold none.",
    },
    "lib_why_missing_name": {
        "zh": "依据不够：问的是具体名称，找到的段落里没有。",
        "en": "Not enough evidence: a name was asked for, and the passages hold none.",
    },
    "lib_why_missing_figure": {
        "zh": "依据不够：问的是具体数字或年份，找到的段落里没有。",
        "en": "Not enough evidence: a figure or year was asked for, and the passages hold none.",
    },
    "lib_why_missing_contact": {
        "zh": "依据不够：问的是联系方式，找到的段落里没有。",
        "en": "Not enough evidence: contact details were asked for, and the passages hold none.",
    },
    "lib_why_not_searched": {
        "zh": "这类消息不查资料，直接按规则回答。",
        "en": "Messages of this kind are answered by rule, without a search.",
    },
    "lib_question_empty": {"zh": "请写一个要测试的问题。", "en": "Write a question to test."},
    # bad answers
    "lib_report_unknown": {
        "zh": "没有这条反馈，可能提问的人已经删除了自己的记录。",
        "en": "There is no such report; whoever asked may have deleted their records.",
    },
    "lib_answer_empty": {"zh": "请写下正确的回答。", "en": "Write the right answer first."},
    "lib_answer_long": {
        "zh": "回答最多{limit}个字符，这里有{length}个，没有保存。",
        "en": "An answer may have {limit} characters; this one has {length} and was not kept.",
    },
    "lib_question_unusable": {
        "zh": "这条反馈里的问题没有可用的文字，不能做成文章。",
        "en": "The question of this report holds no words, so no article can be made of it.",
    },
    "lib_answer_first": {
        "zh": "已保存。再问这个问题，会先引用这篇文章。",
        "en": "Saved. Asked again, this question is answered from this article first.",
    },
    "lib_answer_not_first": {
        "zh": "已保存，但再问这个问题时它没有排在最前面。请在检索测试里看看原因。",
        "en": "Saved, but asked again this article does not come first. The search test shows why.",
    },
    "lib_article_none": {
        "zh": "这条反馈还没有写成文章。",
        "en": "No article was made of this report yet.",
    },
    "lib_case_kept": {
        "zh": "已做成评测题，共{count}道。运行：coach eval run --suite own",
        "en": "Kept as an eval case; there are {count}. Run: coach eval run --suite own",
    },
    "lib_case_say": {
        "zh": "请写下回答里必须出现的话，或者先写好正确的回答。",
        "en": "Say what the reply must contain, or write the right answer first.",
    },
    "lib_case_none": {"zh": "这条反馈没有评测题。", "en": "There is no eval case of this report."},
    # uploads
    "lib_content_wrong": {
        "zh": "“{name}”的内容不是有效的base64，没有加入。",
        "en": "The content of “{name}” is not valid base64; it was not added.",
    },
}
