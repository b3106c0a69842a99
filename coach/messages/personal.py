"""What the coach says to somebody about themselves in a conversation."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {
    "me_heard": {"zh": "我记下的（都是你的原话）：{facts}。", "en": "What I noted, in your own words: {facts}."},
    "me_quote": {"zh": "“{words}”", "en": "“{words}”"},
    "me_joint": {"zh": "、", "en": ", "},
    "me_stage": {
        "zh": "按职责和门槛看，不看头衔，你现在站在“{stage}”这一阶段（本教练的判断）。",
        "en": "By duties and conditions, not by title, you stand at the stage “{stage}” (this coach's own judgement).",
    },
    "me_stage_open": {
        "zh": "头衔不作数，要看职责和门槛；现在知道的还少，先不下结论。",
        "en": "It is duties and conditions that count, not the title; I know too little yet to say where you stand.",
    },
    "me_grounds": {"zh": "依据：{grounds}。", "en": "Why: {grounds}."},
    "me_ground": {"zh": "{name}，你说的是“{words}”", "en": "{name}: you said “{words}”"},
    "me_missing": {"zh": "到“{stage}”还缺：{conditions}。", "en": "What is still missing for “{stage}”: {conditions}."},
    "me_missing_one": {"zh": "{name}（{wanted}）", "en": "{name} ({wanted})"},
    "me_steps": {
        "zh": "目标“{target}”离现在不止一个阶段，先过下一步“{next}”的门槛。",
        "en": "The target “{target}” is more than one stage away; the next step is to meet the conditions of “{next}”.",
    },
    "me_ask": {"zh": "还想问你：{questions}", "en": "What I would still like to know: {questions}"},
    "me_ask_target": {
        "zh": "三到五年里你想走到哪里，是往上走，还是在现在的位置上做深？",
        "en": "Where do you want to be in three to five years: higher up, or deeper in what you do?",
    },
    "me_ask_hours": {
        "zh": "每周能为这件事拿出几小时？",
        "en": "How many hours a week can you give to this?",
    },
    "me_ask_evidence": {
        "zh": "{pillar}上，能讲一次具体的经历吗：你做了什么，结果怎样？",
        "en": "Can you tell me of one time in {pillar}: what did you do, and how did it end?",
    },
    "me_ask_role": {
        "zh": "你现在的岗位是什么，向谁汇报，带几个人，管多少预算？",
        "en": "What is your present role, whom do you report to, and how many people and how much budget do you manage?",
    },
    # levels
    "me_level": {
        "zh": "{pillar}：有{level}的证据，依据是你说的“{words}”。",
        "en": "{pillar}: evidence of {level}, from your words “{words}”.",
    },
    "me_level_bare": {
        "zh": "{pillar}：你说“{words}”，这还是评价或打算，不是做过的一件具体的事，证据不足，先不评级。",
        "en": "{pillar}: you say “{words}”; that is an opinion or an intention rather than something specific you did, so there is not enough evidence for a level.",
    },
    "me_level_weak": {
        "zh": "{pillar}：你自己点了它，原话是“{words}”。",
        "en": "{pillar}: you name it yourself, in your words “{words}”.",
    },
    "me_level_none": {
        "zh": "{pillars}：你还没有讲过经历，不能当作弱，也不能当作强。",
        "en": "{pillars}: you have not told me about these yet, so they count neither as weak nor as strong.",
    },
    "me_weakest": {
        "zh": "就你讲过的来看，先补“{pillar}”。{reason}",
        "en": "From what you told me, start with “{pillar}”. {reason}",
    },
    "me_weakest_open": {
        "zh": "还说不出哪一项最弱：要看做过的事，不看自我感觉。",
        "en": "I cannot say yet which is weakest: that takes things done, not impressions.",
    },
    # the plan
    "me_plan": {
        "zh": "下面是按你说的情况排的计划（{made}起）：从“{stage}”走向“{target}”。每条都有衡量办法和日期。",
        "en": "Here is a plan made from what you told me (starting {made}): from “{stage}” towards “{target}”. Every line has a measure and a date.",
    },
    "me_plan_depth": {
        "zh": "下面是按你说的情况排的计划（{made}起）：留在“{stage}”，把专业做深。每条都有衡量办法和日期。",
        "en": "Here is a plan made from what you told me (starting {made}): stay at “{stage}” and go deep. Every line has a measure and a date.",
    },
    "me_plan_same": {
        "zh": "下面是按你说的情况排的计划（{made}起）：先在“{stage}”这一步站稳。每条都有衡量办法和日期。",
        "en": "Here is a plan made from what you told me (starting {made}): first stand firm at the stage “{stage}”. Every line has a measure and a date.",
    },
    "me_goal": {
        "zh": "{text}（{due}到期；衡量：{measure}）",
        "en": "{text} (due {due}; measure: {measure})",
    },
    "me_action": {
        "zh": "{text}（{kind}，{start}到{due}，共{hours}小时；衡量：{measure}）",
        "en": "{text} ({kind}, {start} to {due}, {hours} hours in all; measure: {measure})",
    },
    "me_actions": {"zh": "行动", "en": "Actions"},
    "me_reviews": {"zh": "复盘日：{days}。", "en": "Reviews: {days}."},
    "me_noted": {"zh": "考虑到的：{remarks}", "en": "Taken into account: {remarks}"},
    "me_more": {
        "zh": "每条完成的证据和怎么开始，导出的文档里都有。要给老板看的一页，说“给老板一页纸”；哪条做不成，直接告诉我。",
        "en": "How to begin and what shows that a line is done stand in the exported document. For one page for your boss, say “one page for my boss”; when a line does not work out, just tell me.",
    },
    # one page for the boss
    "me_page_title": {"zh": "发展计划（一页）", "en": "Development plan (one page)"},
    "me_page_now": {"zh": "现在的职责：{facts}。", "en": "Present duties: {facts}."},
    "me_page_target": {"zh": "目标：{target}。", "en": "Goal: {target}."},
    "me_page_gaps": {"zh": "先补的能力：{pillars}。", "en": "Abilities to build first: {pillars}."},
    "me_page_next": {"zh": "这几个月做什么", "en": "What I will do in the coming months"},
    "me_page_need": {"zh": "需要您支持和决定的", "en": "What I need from you"},
    "me_page_need_gate": {
        "zh": "{name}：能否让我逐步做到“{wanted}”？",
        "en": "{name}: can we work towards “{wanted}”?",
    },
    "me_page_need_time": {
        "zh": "每季度留半小时一起看进展，第一次在{day}。",
        "en": "Half an hour each quarter to look at progress, first on {day}.",
    },
    # something did not work out
    "me_stuck": {
        "zh": "没做成也是信息，不用怪自己，也不用怪别人。我记下的原话：“{words}”。",
        "en": "That is information, and nobody's fault. What I noted, in your words: “{words}”.",
    },
    "me_stuck_about": {"zh": "这一条是“{text}”，属于{pillar}。", "en": "The line is “{text}”; it belongs to {pillar}."},
    "me_stuck_smaller": {
        "zh": "换一个更小的做法：{text}。怎么开始：{how}衡量：{measure}。日期改到{due}，{review}复盘时再看要不要保留。",
        "en": "Try something smaller instead: {text}. How to begin: {how} Measure: {measure}. New date: {due}; look at it again in the review on {review}.",
    },
    "me_stuck_same": {
        "zh": "把下一步换成更小的一步：先只做开头那一小块，日期改到{due}，{review}复盘时再定留还是换。",
        "en": "Try a smaller next step instead: only the first part, with the new date {due}; in the review on {review} decide whether to keep or replace it.",
    },
    "me_stuck_why": {
        "zh": "先弄清一件事：卡住的是时间、权限，还是对方觉得这事跟他无关？",
        "en": "One thing to find out first: was it time, authority, or that the other side sees nothing in it for them?",
    },
    "me_stuck_unknown": {
        "zh": "我没有看到你存着的计划，只按你说的来：把那一条贴给我，或者告诉我你的岗位和目标，我换一条合适的。",
        "en": "I see no stored plan of yours and go by what you say: paste the line, or tell me your role and target, and I will find one that fits.",
    },
    "me_keep": {
        "zh": "我的建议：目标留着，做法换掉；到{review}复盘时还是推不动，就写明原因放弃这一条。",
        "en": "My advice: keep the aim and change the way; if it still does not move by the review on {review}, drop the line and write down why.",
    },
    "me_adjust": {
        "zh": "这条新情况有用，我记下了：“{words}”。那就从对方在意的事说起：先问清他被考核什么，再看你要的那一步怎样帮到他，销售、财务、产品都一样；说好先试一个月，{review}复盘时看留不留。",
        "en": "That is useful, and noted: “{words}”. Then start from what the other side cares about: ask what they are measured by, and see how the step you want helps them, be it sales, finance or product; agree to try it for a month, and look at it again in the review on {review}.",
    },
    # a new target
    "me_target_changed": {
        "zh": "好，听你的，目标改为“{target}”。你的原话：“{words}”。之后都按这个目标来。",
        "en": "Good, the target is now “{target}”. In your words: “{words}”. Everything from here on follows it.",
    },
    "me_target_unclear": {
        "zh": "方向要改，我记下了：“{words}”。我能陪你走的是框架里的几个阶段：你想走到其中哪一个，还是留在现在的位置做深？",
        "en": "A change of direction, noted: “{words}”. I can go with you along the stages of the framework: which of them do you want to reach, or do you want to stay and go deep?",
    },
    "me_target_depth": {
        "zh": "好，那就不往上爬，往深里走：留在“{stage}”，把专业做到顶。你的原话：“{words}”。",
        "en": "Good: no climbing, but depth: stay at “{stage}” and be the best at the craft. In your words: “{words}”.",
    },
    "me_feeling": {
        "zh": "听得出来这不好受，缓一缓再看也行。",
        "en": "I can hear that this is hard; there is no hurry.",
    },
    "me_felt": {
        "zh": "听得出来这不好受：“{words}”。不急，先不谈怎么办。",
        "en": "I can hear that this is hard: “{words}”. There is no hurry, and nothing has to be solved right now.",
    },
    "me_ask_felt": {"zh": "眼下你最想先说清哪一件？", "en": "What would you most want to talk through first?"},
    "me_ask_more": {"zh": "这件事你自己怎么看？", "en": "What do you make of it yourself?"},
    "me_next": {
        "zh": "接下来可以问我“我最弱的是哪块”，或者说“给我排个计划”。",
        "en": "Next you can ask “where am I weakest?” or say “draft me a plan”.",
    },
    "me_next_step": {
        "zh": "下一步可以说“给我排个计划”，或者先讲一件最近做成的事。",
        "en": "Next you can say “draft me a plan”, or first tell me of one thing you got done lately.",
    },
}
