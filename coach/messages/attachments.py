"""What the coach says of files and long pastes that were brought into a conversation."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {
    # just dropped in
    "att_read": {
        "zh": "我读完了《{name}》：{count}个字符，{kind}{parts}。只在这次对话里用，不会放进资料库。",
        "en": "I have read “{name}”: {count} characters, {kind}{parts}. It is used in this conversation only and is not added to the library.",
    },
    "att_parts": {"zh": "，里面有{headings}", "en": ", with {headings}"},
    "att_try": {"zh": "现在可以这样问：", "en": "You could ask now:"},
    "att_kind_cv": {"zh": "看起来是一份简历", "en": "it looks like a CV"},
    "att_kind_review": {"zh": "看起来是一份评估表", "en": "it looks like a review form"},
    "att_kind_model": {"zh": "看起来是一份能力模型", "en": "it looks like a competency model"},
    "att_kind_job": {"zh": "看起来是一份招聘要求", "en": "it looks like a job advertisement"},
    "att_kind_other": {"zh": "看不出是哪一类文件", "en": "of a kind I do not recognise"},
    "att_list": {"zh": "、", "en": ", "},
    "att_quote": {"zh": "“{words}”", "en": "“{words}”"},
    "att_name": {"zh": "《{name}》", "en": "“{name}”"},
    # what can be asked of each kind
    "att_ask_summary": {"zh": "总结一下这份文件", "en": "Summarise this file"},
    "att_ask_cv_stage": {"zh": "按我的简历，我在哪一级？", "en": "Going by my CV, which stage am I at?"},
    "att_ask_cv_plan": {"zh": "按我的简历给我排个计划", "en": "Make me a plan from my CV"},
    "att_ask_review_stage": {"zh": "按我的评估表，我在哪一级？", "en": "Going by my review, which stage am I at?"},
    "att_ask_review_lack": {"zh": "我的评估表里说我缺什么？", "en": "What does my review say I should improve?"},
    "att_ask_demands": {"zh": "这份文件里有哪些要求？", "en": "What requirements does this file list?"},
    "att_ask_compare": {"zh": "对照这份文件的要求，我还差什么？", "en": "Compare me with the requirements in this file"},
    "att_ask_part": {"zh": "这份文件里，“{heading}”写了什么？", "en": "What does this file say under “{heading}”?"},
    # the file's own sentences
    "att_says": {"zh": "《{name}》里写的是：", "en": "“{name}” says:"},
    "att_summary": {
        "zh": "《{name}》的要点，都是文件里的原句：",
        "en": "The main points of “{name}”, in its own sentences:",
    },
    "att_not_in_file": {
        "zh": "{names}里没有写这一点。",
        "en": "This is not in {names}.",
    },
    "att_not_mentioned": {
        "zh": "{names}里没有提到“{words}”。",
        "en": "{names} does not mention “{words}”.",
    },
    "att_library_beside": {"zh": "另一部分问的是资料库里的内容：", "en": "On the other part of your question, my library says:"},
    "att_library_lacks": {
        "zh": "另一部分，资料库里没有能回答的内容，我不想编一个给你。",
        "en": "The other part is not in my library, and I do not want to make it up.",
    },
    "att_nor_library": {
        "zh": "资料库里也没有，我不想编一个给你。",
        "en": "My library does not hold it either, and I do not want to make it up.",
    },
    "att_library_instead": {"zh": "下面是资料库里相关的内容。", "en": "Here is what my library has on it."},
    "att_orders": {
        "zh": "文件里夹着写给程序的指令，我没有照做。",
        "en": "The file holds instructions meant for a program; I did not follow them.",
    },
    # the file as somebody's own telling
    "att_by_file": {
        "zh": "下面按{names}来看，引号里都是文件原话。",
        "en": "This goes by {names}; everything in quotation marks is in its own words.",
    },
    "att_facts": {"zh": "文件里写着：{facts}。", "en": "The file says: {facts}."},
    "att_fact": {"zh": "“{words}”{mark}", "en": "“{words}”{mark}"},
    "att_ground": {"zh": "{name}，文件里写的是“{words}”{mark}", "en": "{name}: the file says “{words}”{mark}"},
    "att_level": {
        "zh": "{pillar}：有{level}的证据，依据是文件里写的“{words}”{mark}。",
        "en": "{pillar}: evidence of {level}, from the file's words “{words}”{mark}.",
    },
    "att_level_bare": {
        "zh": "{pillar}：文件里写着“{words}”{mark}，这还看不出做过的一件具体的事，证据不足，先不评级。",
        "en": "{pillar}: the file says “{words}”{mark}; that does not yet show something specific you did, so there is not enough evidence for a level.",
    },
    "att_level_weak": {
        "zh": "{pillar}：文件里点了它，原话是“{words}”{mark}。",
        "en": "{pillar}: the file names it, in the words “{words}”{mark}.",
    },
    "att_whose": {
        "zh": "先确认一下：《{name}》写的是你自己吗？是的话回复“是我的”，我就按里面写的来看；不是的话，直接说说你自己的岗位、汇报对象、团队和预算。",
        "en": "One thing first: is “{name}” about you? If so, reply “it is mine” and I will go by what it says; if not, tell me your own role, whom you report to, your team and your budget.",
    },
    # what is demanded, beside what is known
    "att_demands": {
        "zh": "《{name}》里的要求（原句），和你讲过的放在一起看；我只并排列出，不替任何人判定够不够。",
        "en": "What “{name}” asks for, in its own words, beside what you told; I set them side by side and do not judge in anybody's place.",
    },
    "att_demand": {"zh": "要求：“{words}”{mark}", "en": "Asked for: “{words}”{mark}"},
    "att_demand_file": {
        "zh": "；你的文件里最接近的一句：“{words}”{mark}",
        "en": "; closest in your file: “{words}”{mark}",
    },
    "att_demand_said": {"zh": "；你说过的最接近的一句：“{words}”", "en": "; closest in what you said: “{words}”"},
    "att_demand_none": {"zh": "；你还没有讲到", "en": "; you have not told me about this"},
    "att_tell_first": {
        "zh": "我还不知道你的情况：说说你的岗位、汇报对象、团队和预算，或者把简历发进来，我再逐条对照。",
        "en": "I know nothing about you yet: tell me your role, whom you report to, your team and budget, or drop in your CV, and I will compare line by line.",
    },
}
