"""What the coach says in a conversation, over HTTP and in a terminal."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {
    # what kind of turn
    "hello": {
        "zh": "你好，我是{people}的职业教练。我依据自己的资料库回答{road}这条路上的问题，每句话都标出处；资料里没有的，我会直说。你现在最想弄清楚的是哪件事？",
        "en": "Hello, I am a career coach for {people}. I answer questions on the road {road} from my own library, with the source of every statement; when the library has no answer, I say so. What would you most like to get clear about?",
    },
    "safe": {
        "zh": "好，有人陪着你，我就放心些。今天工作可以先不管，吃点东西，歇一歇。难受再回来的话，12356随时能打；有危险就拨120或110。哪天想接着聊工作，我都在。",
        "en": "Good, I am glad you are not alone with this. Work can wait today: eat something, rest. If it comes back, in mainland China 12356 is there at any hour, 120 or 110 if there is danger; elsewhere, your local crisis line or emergency number. Whenever you want to talk about work again, I am here.",
    },
    "thanks": {
        "zh": "不客气。想接着聊，直接把下一个问题发给我就行。",
        "en": "You are welcome. Send me your next question whenever you like.",
    },
    "bye": {
        "zh": "好，下次见。动手前先定一件这周能做完的小事。",
        "en": "Goodbye for now. Before you go, pick one small thing you can finish this week.",
    },
    "who": {
        "zh": "我是一个AI职业教练，不是真人，服务对象是{people}。我能做三件事：依据资料库回答职业发展问题并给出处；对照职业阶段和能力支柱帮你看清位置；陪你把目标拆成行动。我不编案例、数字和业绩，也不替代律师、医生或心理咨询师。",
        "en": "I am an AI career coach, not a person, made for {people}. I do three things: answer career questions from my library with sources, help you see where you stand among the career stages and capability pillars, and break goals into actions. I do not invent cases, figures or achievements, and I do not replace a lawyer, a doctor or a therapist.",
    },
    "privacy": {
        "zh": "默认情况下，你的问题只在这台机器上处理和保存，不会发往外部；如果管理员配置了外部模型，问题和引用的资料片段会发给该模型服务。请不要写入他人的隐私信息。",
        "en": "By default your questions are processed and kept on this machine only. If an administrator has set up an outside model, the question and the quoted passages are sent to that service. Please do not enter other people's private details.",
    },
    "do_assess": {
        "zh": "测评要一题一题地答，答案只有你看得到：网页上在“我的现状 → 测评”，Slack 里输入 /coach assess，命令行用 coach assess。做过的结果也在那里。",
        "en": "An assessment is answered question by question, and only you see it: on the web page under “Where I stand → Assessment”, in Slack with /coach assess, in a terminal with coach assess. Earlier results are there, too.",
    },
    "do_plan": {
        "zh": "你的计划在网页的“发展计划”里；Slack 里输入 /coach plan，命令行用 coach plan。还没有的话，在那里就能排一份。",
        "en": "Your plan is on the web page under “My plan”; in Slack type /coach plan, in a terminal coach plan. If there is none yet, that is where you make one.",
    },
    "do_remind": {
        "zh": "提醒由你决定：在 Slack 里输入 /coach reminders off 就不再提醒，输入 /coach reminders on 恢复。别的地方我不会主动提醒你。",
        "en": "Reminders are yours to decide: /coach reminders off in Slack stops them, /coach reminders on brings them back. I remind you nowhere else by myself.",
    },
    "do_forget": {
        "zh": "可以，要你自己来删，我不会因为一句话就动它：网页上在“我的现状 → 我的数据”里导出或彻底删除；Slack 里输入 /coach forget。",
        "en": "You can, and it takes your own hand, since I delete nothing because of a sentence: on the web page under “Where I stand → My data” you export it or delete it for good; in Slack type /coach forget.",
    },
    "do_human": {
        "zh": "我是 AI，这里没有人工坐席。回答不对，点“没帮助”说一句，会有人看；频道里设了同事的，可以点“请同事看看”。要是你现在很难受，请拨全国心理援助热线 12356。",
        "en": "I am an AI, and no human answers here. If a reply is wrong, press “not helpful” and say why: a person looks at that; in a channel with colleagues named, press “Ask a colleague”. If you feel very low right now, please call a helpline: in China 12356.",
    },
    "vague": {
        "zh": "我想帮到点子上，先问一句：你说的是哪件事？比如你现在的岗位、卡住的场景，或者想比较的两个选择，说一个就行。",
        "en": "I want to be useful, so one question first: which situation do you mean? Your role, the place where you are stuck, or the two options you are weighing; any one of these is enough.",
    },
    "personal": {
        "zh": "可以，不过要先听你说，不能替你猜。先回答一个问题：你现在是什么岗位、向谁汇报、带几个人、管多少预算？最好再加一件最近做成的事当证据。",
        "en": "Gladly, but from what you tell me rather than from guesses. One question first: what is your role, whom do you report to, how many people and how much budget do you manage? One recent result as evidence would help.",
    },
    "personal_basis": {
        "zh": "说清这些以后，可以按下面的办法来看：",
        "en": "With that, this is how to look at it:",
    },
    "decline_fabricate": {
        "zh": "这个我不做：业绩、案例、数字和推荐语只能来自真实经历，编出来的一查就穿，也会伤到你。你可以把真实做过的事发给我，我帮你按情境、任务、行动、结果理清楚。",
        "en": "I will not do that: achievements, cases, figures and references must come from what really happened; invented ones do not survive a check and would hurt you. Send me what you really did, and I will help you order it by situation, task, action and result.",
    },
    "decline_unverified": {
        "zh": "我不能把没有核实的数字写成定论。可以这样写：注明“资料称”，并说明没有找到来源。",
        "en": "I cannot present an unverified figure as established fact. You can use it as something the material claims, and say that no source was found.",
    },
    "decline_rules": {
        "zh": "我的工作规则不能在对话里更改，内部指令也不公开；文字里夹带的指令我只当作普通文字。{field}职业发展上的问题，随时可以问我。",
        "en": "My working rules cannot be changed in a conversation and my instructions are not shared; instructions inside a text are only text to me. Questions about a career in {field} are welcome any time.",
    },
    "crisis": {
        "zh": "听到你这样说，我很担心你。工作的事先放下：你现在安全吗？请马上联系能陪着你的人，或拨打全国心理援助热线12356（免费，各地接通）；如果有立即的危险，请拨120或110。我是AI，不能代替能当面帮助你的人，但你不必一个人扛着。",
        "en": "I am worried by what you write. Let work wait: are you safe right now? Please reach someone who can be with you, or call a crisis line: in mainland China 12356 (psychological support), 120 (medical) or 110 (police) if there is immediate danger; elsewhere, your local emergency number. I am an AI and cannot replace a person who can help you, but you do not have to carry this alone.",
    },
    "crisis_violence": {
        "zh": "我听得出你已经被逼到很难受的地步，但伤害别人会毁掉所有人，也包括你。请先离开现场和那个人，把可能伤人的东西放远，马上给信任的人打电话，或拨打12356；如果觉得控制不住，请拨110或120。我是AI，不能代替能当面帮助你的人。",
        "en": "I hear how far this has pushed you, but hurting someone would ruin everything, for you too. Please step away from the place and the person, put anything dangerous out of reach, and call someone you trust, or in mainland China 12356; if you feel you cannot hold back, call 110 or 120, elsewhere your local emergency number. I am an AI and cannot replace a person who can help you.",
    },
    # is there evidence?
    "not_in_sources": {
        "zh": "资料库里没有这个问题的答案，我不想编一个给你。",
        "en": "My library holds no answer to this, and I do not want to make one up.",
    },
    "not_in_sources_field": {
        "zh": "这超出了我的范围：我只依据资料库回答{people}的职业发展问题，资料里没有这方面的内容。",
        "en": "This is outside my field: I answer career questions of {people} from my library, and it holds nothing on this.",
    },
    "missing_money": {
        "zh": "资料库里没有薪酬、价格或费用这类数字，我不想编一个给你。",
        "en": "My library holds no salaries, prices or fees of this kind, and I do not want to make one up.",
    },
    "missing_name": {
        "zh": "资料库里没有写是哪一家、哪一位，我不想猜一个名字给你。",
        "en": "My library does not say which company or person it was, and I do not want to guess a name.",
    },
    "missing_figure": {
        "zh": "资料库里没有这个数字或时间，我不想编一个给你。",
        "en": "My library does not hold this figure or date, and I do not want to make one up.",
    },
    "missing_contact": {
        "zh": "资料库里没有联系方式、网址或模板，我不想编一个给你。",
        "en": "My library holds no contact details, links or templates, and I do not want to make them up.",
    },
    "nearest": {"zh": "相近的内容有：{titles}。", "en": "The nearest topics are: {titles}."},
    "nearest_extract": {"zh": "最接近的一段是：", "en": "The closest extract is: "},
    "offer_general": {
        "zh": "如果想听不出自资料库的一般建议，回复“一般建议”即可，我会标明。",
        "en": "If you want general advice that does not come from the library, reply “general advice”; I will label it.",
    },
    "general_label": {
        "zh": "【一般建议，不出自资料库，未经核对】",
        "en": "[General advice, not from the library, unchecked]",
    },
    "general_nothing": {
        "zh": "这件事要靠具体数字才说得清，而我手上没有能核对的数字，不想随口给一个。换个问法，比如该从哪里查、该问谁，我再说说一般的经验。",
        "en": "This can only be told in figures, and I have none that could be checked, so I will not make any up. Ask me where to look or whom to ask, and I can give general advice on that.",
    },
    "general_no_model": {
        "zh": "现在没有可用的聊天模型，给不了资料库以外的一般建议。",
        "en": "No chat model is available at the moment, so I cannot give advice from outside the library.",
    },
    # what the reply says about itself
    "premise_none": {"zh": "资料里没有列{name}。", "en": "The material lists no {name}."},
    "premise_count": {
        "zh": "更正一下：{name}一共{count}个，没有第{asked}个。",
        "en": "A correction first: there are {count} {name}, so there is no number {asked}.",
    },
    "notice_model_failed": {
        "zh": "聊天模型这次没有完成，下面是资料库里的原文摘录。",
        "en": "The chat model did not finish this time; this reply is made of extracts from the library.",
    },
    "notice_unusable": {
        "zh": "聊天模型写的内容没有通过出处核对，下面是资料库里的原文摘录。",
        "en": "What the chat model wrote did not pass the source check; this reply is made of extracts from the library.",
    },
    "notice_model_loading": {
        "zh": "聊天模型还在加载，下面先给你资料库里的原文摘录。",
        "en": "The chat model is still loading; here are extracts from the library first.",
    },
    "notice_clipped": {
        "zh": "内容很长，我读了开头和结尾共{limit}个字符。",
        "en": "The text was long; I read {limit} characters of its beginning and end.",
    },
    "document_says": {"zh": "你的文档《{title}》里写的是：", "en": "Your document “{title}” says:"},
    "empty_question": {
        "zh": "没有看到问题。写一句话就行，比如“{example}”",
        "en": "I see no question yet. One sentence is enough, for example “{example}”",
    },
    "source_in_brackets": {"zh": "（{label}）", "en": " ({label})"},
    "unverified_mark": {"zh": "（以上为资料的说法，未经核实）", "en": " (claimed by the material, unverified)"},
    "more": {"zh": "另外：", "en": "Also: "},
    # web page
    "web_hello": {"zh": "今天想弄清楚哪件事？", "en": "What would you like to get clear about today?"},
    "web_what": {
        "zh": "把职业上的难题说给我听。我只依据自己的资料库回答，每处引用都能点开看原文；资料里没有的，我会直说。",
        "en": "Bring me the hard questions of your career. I answer from my own library only, every citation opens its source, and what the library does not hold I say so.",
    },
    "web_data_local": {
        "zh": "问题只在教练所在的这台机器上处理，不发往外部。",
        "en": "Your questions are processed on the coach's own machine and sent nowhere else.",
    },
    "web_data_remote": {
        "zh": "问题和用到的资料片段会发给模型服务{model}。",
        "en": "Your question and the passages used are sent to the model service {model}.",
    },
    "web_examples": {"zh": "可以这样问", "en": "You could ask"},
    "web_box_label": {"zh": "你的问题", "en": "Your question"},
    "web_box_placeholder": {
        "zh": "写下你的问题，Enter 发送",
        "en": "Your question; Enter sends",
    },
    "web_count": {
        "zh": "{{n}} 字，超过 {limit} 字的部分只读开头和结尾",
        "en": "{{n}} characters; beyond {limit} only the beginning and the end are read",
    },
    "web_too_long": {
        "zh": "这段有 {n} 个字符，一次读不下（上限 {limit}）。文字还在输入框里，请挑最要紧的一段再发。",
        "en": "This has {n} characters, more than I can take at once ({limit}). It is still in the box; please send the part that matters most.",
    },
    "web_send": {"zh": "发送", "en": "Send"},
    "web_stop": {"zh": "停止", "en": "Stop"},
    "web_new": {"zh": "新对话", "en": "New chat"},
    "web_theme": {"zh": "切换深色和浅色", "en": "Switch between dark and light"},
    "web_copy": {"zh": "复制", "en": "Copy"},
    "web_copied": {"zh": "已复制", "en": "Copied"},
    "web_copy_failed": {"zh": "浏览器不允许复制", "en": "The browser did not allow copying"},
    "web_again": {"zh": "重新生成", "en": "Regenerate"},
    "web_retry": {"zh": "重试", "en": "Retry"},
    "web_you": {"zh": "你", "en": "You"},
    "web_coach": {"zh": "教练", "en": "Coach"},
    "web_whole_question": {"zh": "展开全文（{n} 字）", "en": "Show all ({n} characters)"},
    "web_next_questions": {"zh": "接着问", "en": "Ask next"},
    "web_sources": {"zh": "原文", "en": "Sources"},
    "web_sources_count": {"zh": "{n} 段原文", "en": "{n} passages"},
    "web_sources_none": {
        "zh": "回答依据的原文会出现在这里，引用的句子会标亮。",
        "en": "The passages behind an answer appear here, with the quoted words marked.",
    },
    "web_sources_unused": {"zh": "这次回答没有引用资料。", "en": "This reply cites no passages."},
    "web_cite": {"zh": "出处 {n}：{title}", "en": "Source {n}: {title}"},
    "web_uncited": {"zh": "找到但没有引用", "en": "Found, not cited"},
    "web_nearest": {"zh": "最接近的内容，没有直接回答这个问题", "en": "The nearest passages; they do not answer the question"},
    "web_prev": {"zh": "上一段", "en": "Previous"},
    "web_next": {"zh": "下一段", "en": "Next"},
    "web_close": {"zh": "关闭", "en": "Close"},
    "web_tier_stated": {"zh": "框架所述", "en": "Stated by the framework"},
    "web_tier_attributed": {"zh": "资料所称，未核实", "en": "Claimed by the material, unverified"},
    "web_tier_external": {"zh": "外部来源", "en": "Outside source"},
    "web_tier_document": {"zh": "你的文档", "en": "Your document"},
    "web_about_stated": {"zh": "职业进阶框架自己的说法。", "en": "The career framework says so itself."},
    "web_about_attributed": {
        "zh": "资料里写了，但没有可查的出处，引用时请留意。",
        "en": "The material says so but gives no source that can be checked; quote it with care.",
    },
    "web_about_external": {"zh": "框架以外的资料，注明出处和年份。", "en": "From outside the framework, with source and year."},
    "web_about_document": {"zh": "你或公司加进来的文件。", "en": "A file that you or your company added."},
    "web_stage_waiting": {
        "zh": "资料库还在准备，好了马上查…",
        "en": "The library is still getting ready; searching as soon as it is…",
    },
    "web_stage_search": {"zh": "查资料…", "en": "Searching the library…"},
    "web_stage_found": {
        "zh": "找到 {n} 段原文，正在组织回答…",
        "en": "Found {n} passages, putting the answer together…",
    },
    "web_stage_none": {"zh": "没有找到直接相关的原文，正在核对…", "en": "No passage fits directly, checking…"},
    "web_stage_words": {
        "zh": "正在写，写完逐句核对出处…",
        "en": "Writing; each sentence is checked against its source at the end…",
    },
    "web_elapsed": {"zh": "已 {n} 秒", "en": "{n} s"},
    "web_checked": {"zh": "引用已核对", "en": "Citations checked"},
    "web_status_not_in_sources": {"zh": "资料里没有", "en": "Not in the library"},
    "web_status_clarify": {"zh": "先问一句", "en": "One question first"},
    "web_status_declined": {"zh": "这件事我不做", "en": "I will not do this"},
    "web_status_crisis": {"zh": "请先顾好自己", "en": "You come first"},
    "web_crisis_12356": {"zh": "心理援助热线", "en": "Psychological support line (mainland China)"},
    "web_crisis_120": {"zh": "医疗急救", "en": "Medical emergency (mainland China)"},
    "web_crisis_110": {"zh": "报警", "en": "Police (mainland China)"},
    "web_crisis_elsewhere": {
        "zh": "不在中国大陆时，请拨当地的紧急电话。",
        "en": "Anywhere else, call your local emergency number.",
    },
    "web_stopped": {"zh": "已停止。", "en": "Stopped."},
    "web_stopped_unchecked": {"zh": "已停止，上面的文字还没有核对。", "en": "Stopped; the text above has not been checked."},
    "web_interrupted": {
        "zh": "这个问题没有答完，服务中途停了。可以再问一次。",
        "en": "This was not answered to the end: the service stopped halfway. You can ask again.",
    },
    "web_error": {
        "zh": "这次没能答上来，是我这边出了问题。你的问题还在，请再试一次。",
        "en": "I could not answer this time; the fault is on my side. Your question is kept, please try again.",
    },
    "web_lost": {
        "zh": "和教练的连接断了，或者它这会儿太忙。请稍后再发；还不行就刷新页面，对话不会丢。",
        "en": "The connection to the coach was lost, or it is too busy just now. Try again in a moment, or reload the page; the conversation is kept.",
    },
    "web_lost_title": {"zh": "没有连上", "en": "Not connected"},
    "web_error_setup": {
        "zh": "教练还差一步设置，暂时答不了。你的问题还在，设置好再试。",
        "en": "The coach still needs a step of setup and cannot answer yet. Your question is kept; try again after that.",
    },
    "web_error_model": {
        "zh": "聊天模型这会儿没有回应。你的问题还在，稍后再试。",
        "en": "The chat model is not responding just now. Your question is kept; try again in a moment.",
    },
    "web_mend": {"zh": "解决办法：", "en": "To mend it: "},
    "web_library_loading": {
        "zh": "资料库正在准备，通常十来秒。现在就可以提问，准备好马上回答。",
        "en": "The library is getting ready, usually some ten seconds. Ask away; the answer comes as soon as it is.",
    },
    "web_library_failed": {
        "zh": "资料库没能打开，暂时答不了问题。",
        "en": "The library could not be opened, so questions cannot be answered for now.",
    },
    "web_model_loading": {
        "zh": "聊天模型还在加载，这期间直接用资料原文回答。",
        "en": "The chat model is still loading; until then, answers are made of the library's own words.",
    },
    "web_model_failed": {
        "zh": "聊天模型没能启动，回答由资料原文组成，引用照样可靠。",
        "en": "The chat model did not start; answers are made of the library's own words, citations stay reliable.",
    },
    "web_data_one": {
        "zh": "对话存在这台机器上，随时可以导出或删除。",
        "en": "Conversations stay on this machine; export or delete them at any time.",
    },
    "web_data_accounts": {
        "zh": "对话只有你自己看得到，随时可以导出或删除。",
        "en": "Only you can see your conversations; export or delete them at any time.",
    },
    "web_foot": {
        "zh": "引用逐条核对过原文；重要的决定，请点开原文自己看一遍。",
        "en": "Every citation is checked against its source; for decisions that matter, open the source and read it yourself.",
    },
    "web_foot_no_model": {
        "zh": "没有接聊天模型：回答由资料库的原句组成，引用逐条核对过。",
        "en": "No chat model is connected: answers are made of the library's own sentences, and every citation is checked.",
    },
    "web_starters": {"zh": "从你现在的位置问起", "en": "Start from where you are"},
    "web_stand": {"zh": "还不清楚自己在哪一级？", "en": "Not sure which stage you are at?"},
    "web_stand_link": {"zh": "先看看我的现状", "en": "See where you stand"},
    "web_conversations": {"zh": "对话列表", "en": "Conversations"},
    "web_search": {"zh": "搜索对话", "en": "Search chats"},
    "web_search_none": {"zh": "没有找到含“{words}”的对话。", "en": "No conversation contains “{words}”."},
    "web_list_empty": {
        "zh": "问过的问题会留在这里，随时可以接着聊。",
        "en": "What you ask stays here, so that you can pick it up again.",
    },
    "web_list_more": {"zh": "还有 {n} 段更早的对话，用搜索可以找到。", "en": "{n} older conversations; search finds them."},
    "web_group_today": {"zh": "今天", "en": "Today"},
    "web_group_week": {"zh": "最近七天", "en": "Last seven days"},
    "web_group_earlier": {"zh": "更早", "en": "Earlier"},
    "web_untitled": {"zh": "未命名的对话", "en": "Untitled conversation"},
    "web_entry_menu": {"zh": "“{title}”的操作", "en": "Options for “{title}”"},
    "web_rename": {"zh": "改名", "en": "Rename"},
    "web_renamed": {"zh": "名字改好了。", "en": "Renamed."},
    "web_rename_empty": {"zh": "名字不能是空的。", "en": "The name cannot be empty."},
    "web_export_md": {"zh": "导出Markdown", "en": "Export as Markdown"},
    "web_export_docx": {"zh": "导出Word文档", "en": "Export as Word document"},
    "web_delete": {"zh": "删除", "en": "Delete"},
    "web_delete_sure": {
        "zh": "删除“{title}”？里面的问答和文件会一起删掉，找不回来。",
        "en": "Delete “{title}”? Its questions, answers and files go with it and cannot be brought back.",
    },
    "web_deleted": {"zh": "对话已删除。", "en": "Conversation deleted."},
    "web_unknown": {"zh": "这段对话不存在，或者已经删除。", "en": "There is no such conversation, or it has been deleted."},
    "web_edit": {"zh": "修改这个问题", "en": "Edit this question"},
    "web_editing": {
        "zh": "发送后从这里重新开始，这之后的问答会收进“之前的版本”。",
        "en": "Sending starts again from here; what followed is put away under “Earlier versions”.",
    },
    "web_earlier": {"zh": "之前的版本（{n}）", "en": "Earlier versions ({n})"},
    "web_no_reply": {"zh": "当时没有答完。", "en": "It was not answered to the end."},
    "web_busy": {
        "zh": "上一个问题还在回答，先停止或等它答完。文字还在输入框里。",
        "en": "The last question is still being answered; stop it or wait. Your text is still in the box.",
    },
    "web_stopping": {"zh": "正在停止", "en": "Stopping"},
    "web_general": {"zh": "说说一般的经验（不是资料里的）", "en": "Give me general advice (not from the library)"},
    "web_general_words": {"zh": "一般建议", "en": "general advice"},
    "web_general_about": {
        "zh": "由聊天模型来写，没有出处可查，会注明。",
        "en": "Written by the chat model, with no source to check; it will be labelled.",
    },
    "web_status_general": {"zh": "一般建议，不出自资料库", "en": "General advice, not from the library"},
    "web_up": {"zh": "有帮助", "en": "Helpful"},
    "web_down": {"zh": "没帮助", "en": "Not helpful"},
    "web_vote_sent": {"zh": "收到，谢谢。", "en": "Noted, thank you."},
    "web_vote_back": {"zh": "已收回。", "en": "Taken back."},
    "web_wrong": {"zh": "这条不对", "en": "This is wrong"},
    "web_reported": {"zh": "已反馈，等人查看", "en": "Reported, waiting to be looked at"},
    "web_report_back": {"zh": "撤回", "en": "Take it back"},
    "web_wrong_sent": {
        "zh": "已交给照看资料库的人，谢谢你指出来。",
        "en": "Passed on to whoever looks after the library; thank you for pointing it out.",
    },
    "web_wrong_title": {"zh": "哪里不对？", "en": "What is wrong with it?"},
    "web_wrong_about": {
        "zh": "你的问题和这条回答会交给照看资料库的人查看，不带你的名字。",
        "en": "Your question and this answer go to whoever looks after the library, without your name.",
    },
    "web_wrong_fact": {"zh": "事实说错了", "en": "The facts are wrong"},
    "web_wrong_quote": {"zh": "引用的原文不支持这个说法", "en": "The quoted source does not say this"},
    "web_wrong_old": {"zh": "内容过时了", "en": "It is out of date"},
    "web_wrong_missed": {"zh": "没看懂我的问题", "en": "It misunderstood my question"},
    "web_down_title": {"zh": "想说说哪里不好吗？", "en": "Would you like to say why?"},
    "web_down_about": {"zh": "可以不填，直接关掉就行。", "en": "Optional; you can simply close this."},
    "web_down_beside": {"zh": "没答到点子上", "en": "It missed the point"},
    "web_down_vague": {"zh": "太空泛，用不上", "en": "Too general to be of use"},
    "web_down_long": {"zh": "太长，看不到重点", "en": "Too long, the point is lost"},
    "web_down_stage": {"zh": "不适合我这个阶段", "en": "Not right for my stage"},
    "web_reason_words": {"zh": "想补充的话", "en": "In your own words"},
    "web_reason_send": {"zh": "提交", "en": "Send"},
    "web_attach": {"zh": "添加文件（简历、评估表、能力模型等）", "en": "Add a file (a CV, a review form, a competency model …)"},
    "web_drop": {"zh": "松开鼠标，文件只在这次对话里使用", "en": "Drop it here; it is used in this conversation only"},
    "web_reading": {"zh": "正在读{{name}}…", "en": "Reading {{name}}…"},
    "web_pasting": {
        "zh": "这段较长，已作为文件放进这次对话。",
        "en": "That is a long text; it has been added to this conversation as a file.",
    },
    "web_too_many": {
        "zh": "一次最多五个文件，其余的请稍后再加。",
        "en": "Five files at a time; please add the others afterwards.",
    },
    "web_files": {"zh": "这次对话里的文件", "en": "Files in this conversation"},
    "web_files_only": {
        "zh": "只在这次对话里使用，不进资料库。",
        "en": "Used in this conversation only, not added to the library.",
    },
    "web_characters": {"zh": "{n} 字", "en": "{n} characters"},
    "web_file_remove": {"zh": "移除“{name}”", "en": "Remove “{name}”"},
    # HTTP
    "http_bad_json": {
        "zh": "请求内容不是有效的JSON，问题出在第{position}个字符附近。",
        "en": "The request body is not valid JSON; the trouble is near character {position}.",
    },
    "http_bad_encoding": {
        "zh": "请求内容不是UTF-8编码。",
        "en": "The request body is not encoded in UTF-8.",
    },
    "http_media_type": {
        "zh": "请求内容必须是JSON。",
        "en": "The request body must be JSON.",
    },
    "http_media_type_hint": {
        "zh": "加上请求头 Content-Type: application/json",
        "en": "Send the header Content-Type: application/json",
    },
    "http_too_large": {
        "zh": "请求内容太大，上限是{limit}字节。",
        "en": "The request body is too large; the limit is {limit} bytes.",
    },
    "http_host": {
        "zh": "只接受发给本机地址的请求。",
        "en": "Only requests addressed to this machine itself are served.",
    },
    "http_host_hint": {
        "zh": "请用 http://127.0.0.1 或 http://localhost 打开。",
        "en": "Use http://127.0.0.1 or http://localhost.",
    },
    "http_not_found": {"zh": "没有这个地址。", "en": "There is nothing at this address."},
    "http_method": {"zh": "这个地址不支持这种请求方法。", "en": "This address does not support this method."},
    "http_passage_missing": {
        "zh": "资料库里没有这段内容，可能已经更新或删除。",
        "en": "The library has no such passage; it may have been updated or removed.",
    },
    "http_conversation_missing": {
        "zh": "没有保存过这段对话，或者它已被删除。",
        "en": "No such conversation is stored; it may have been deleted.",
    },
    "http_bad_request": {"zh": "这个请求没法处理。", "en": "This request cannot be processed."},
    "http_busy": {
        "zh": "正在同时回答的问题太多，请稍后再试。",
        "en": "Too many questions are being answered at once; please try again shortly.",
    },
    "http_stopping": {
        "zh": "服务正在关闭，这条回复没有完成。",
        "en": "The service is shutting down; this reply was not finished.",
    },
    "http_internal": {
        "zh": "程序内部出了问题，这条请求没有完成。请再试一次；还不行，请让管理员看日志。",
        "en": "Something went wrong inside the program and this request was not finished. Please try again; if it persists, ask the administrator to look at the log.",
    },
    "http_loading": {"zh": "资料库还在加载，请稍后再试。", "en": "The library is still loading; please try again shortly."},
    "http_field_missing": {"zh": "缺少字段 {field}。", "en": "The field {field} is missing."},
    "http_field_empty": {"zh": "字段 {field} 不能为空。", "en": "The field {field} must not be empty."},
    "http_field_too_long": {
        "zh": "字段 {field} 太长，上限是{limit}个字符。",
        "en": "The field {field} is too long; the limit is {limit} characters.",
    },
    "http_field_type": {
        "zh": "字段 {field} 的类型不对，应为{expected}。",
        "en": "The field {field} has the wrong type; it must be {expected}.",
    },
    "http_field_choice": {"zh": "字段 {field} 只能取 {expected}。", "en": "The field {field} must be one of {expected}."},
    "http_field_max": {"zh": "字段 {field} 不能大于{limit}。", "en": "The field {field} must not exceed {limit}."},
    "http_field_min": {"zh": "字段 {field} 不能小于{limit}。", "en": "The field {field} must be at least {limit}."},
    "http_field_unknown": {"zh": "不认识字段 {field}。", "en": "The field {field} is not known."},
    "http_field_pattern": {
        "zh": "字段 {field} 只能由字母、数字、下划线和连字符组成，最多64个。",
        "en": "The field {field} may hold letters, digits, underscores and hyphens only, at most 64.",
    },
    "http_field_invalid": {"zh": "字段 {field} 的值不能用。", "en": "The value of the field {field} cannot be used."},
    "http_type_string": {"zh": "字符串", "en": "a string"},
    "http_type_boolean": {"zh": "true或false", "en": "true or false"},
    "http_type_integer": {"zh": "整数", "en": "an integer"},
    "http_type_list": {"zh": "数组", "en": "an array"},
    "http_type_object": {"zh": "对象", "en": "an object"},
    "http_error_error": {"zh": "这次没有完成。", "en": "This could not be finished."},
    "http_error_setup": {"zh": "服务还没有设置好，暂时不能回答。", "en": "The service is not set up yet and cannot answer."},
    "http_error_weights": {
        "zh": "缺少模型文件或文件已损坏，暂时不能回答。",
        "en": "A model file is missing or damaged, so no answer is possible yet.",
    },
    "http_error_library_missing": {
        "zh": "资料库还没有建立，暂时不能回答。",
        "en": "The library has not been built yet, so no answer is possible.",
    },
    "http_error_library_mismatch": {
        "zh": "资料库与当前设置不一致，需要重建后才能回答。",
        "en": "The library does not match the present settings and must be rebuilt before it can answer.",
    },
    "http_error_bad_input": {"zh": "这条内容没法处理。", "en": "This input cannot be used as it is."},
    "http_error_model": {"zh": "聊天模型出错了。", "en": "The chat model failed."},
    "http_error_model_unavailable": {
        "zh": "聊天模型暂时连不上或正忙。",
        "en": "The chat model cannot be reached or is overloaded.",
    },
    "http_error_model_stalled": {"zh": "聊天模型中途没有了反应。", "en": "The chat model stopped responding."},
    "http_error_document": {"zh": "这份文档读不了。", "en": "This document cannot be read."},
    "http_not_stored": {
        "zh": "这条回复没能保存，刷新后会看不到。",
        "en": "This reply could not be stored and will be gone after a reload.",
    },
    "http_served": {
        "zh": "职业教练已就绪：{address}（按 Ctrl+C 退出）",
        "en": "The career coach is at {address} (Ctrl+C ends it)",
    },
    # the command line
    "cli_chat": {
        "zh": "直接输入问题。/new 开始新对话，/sources 看上一条回答引用的原文，/quit 退出；回答时按 Ctrl-C 可以打断。",
        "en": "Type a question. /new starts a new conversation, /sources shows the quotes behind the last reply, /quit leaves; "
        "Ctrl-C stops a reply being written.",
    },
    "cli_commands": {"zh": "可用的命令：/new /sources /quit", "en": "The commands are: /new /sources /quit"},
    "cli_new": {"zh": "新对话开始了。", "en": "A new conversation."},
    "cli_stopped": {"zh": "（已打断）", "en": "(stopped)"},
    "cli_sources": {"zh": "出处：", "en": "Sources:"},
    "cli_no_sources": {"zh": "上一条回答没有引用原文。", "en": "The last reply quotes no source."},
    "cli_next": {"zh": "接着可以问：", "en": "You could ask next:"},
    "cli_checked": {"zh": "核对后的回答：", "en": "The reply after checking:"},
}
