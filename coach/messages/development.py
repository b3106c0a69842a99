"""What the coach says of a person, an assessment, a plan and a review."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {
    # the stage by gate conditions
    "stage_words": {"zh": "{name}，你写的是“{words}”", "en": "{name}: you wrote “{words}”"},
    "stage_unknown": {
        "zh": "你还没有说到自己的职责，我不替你猜在哪个阶段，先问几个问题。",
        "en": "You have not told me about your duties yet, so I will not guess your stage; let me ask a few questions first.",
    },
    "stage_unclear": {
        "zh": "你说到的还不够判断在哪个阶段，有的地方也对不上，我不替你猜，先问清楚。",
        "en": "What you have told me is not enough to tell your stage, or does not agree in places; I will not guess, so let me ask first.",
    },
    "stage_title_only": {
        "zh": "目前只有头衔可以参考，先按{title}来看；补上汇报线、团队和预算，才看得准。",
        "en": "So far only your title speaks, so I take you at “{title}” for now; your reporting line, team and budget would make it sound.",
    },
    "stage_title_mostly": {
        "zh": "你说到的情况和{title}不矛盾，但还不足以单独证明，所以先以头衔为准；补上下面没说到的几条，就能看准。",
        "en": "What you told me fits “{title}” but does not yet show it, so your title decides for now; the open points below would settle it.",
    },
    "stage_little_known": {
        "zh": "目前只知道{n}条，先看作“{stage}”，补上其余几条会更准。",
        "en": "I know {n} of the conditions so far, so “{stage}” is a first reading; the others would make it firmer.",
    },
    "stage_below_title": {
        "zh": "头衔在每家公司分量不同，我看的是手上的职责。{words}。照这些来看，现在的阶段是“{stage}”，和“{title}”之间还差几条；这说的是岗位给了你多少，不是说你能力不够。",
        "en": "Titles weigh differently in every company, so I look at what you answer for. {words}. By that your stage is “{stage}” for now, with some conditions still open for “{title}”. This is about how much the job gives you, not about how good you are.",
    },
    "stage_above_title": {
        "zh": "你手上的职责比头衔大。{words}。照这些来看，你已经在做“{stage}”的事。",
        "en": "Your job is bigger than your title. {words}. By that you already do the work of “{stage}”.",
    },
    "stage_last_post": {
        "zh": "你现在没有在岗，这里按你说的上一份工作来看。",
        "en": "You have no post at the moment, so this goes by the last one you told me about.",
    },
    # the assessment by evidence
    "assess_example": {"zh": "看一个例子（虚构的）", "en": "Show an example (invented)"},
    "assess_by_rule": {
        "zh": "按规则评定，依据{name}{version}版；经历算哪一级、多扎实，是本教练自己的判断。",
        "en": "Decided by rule, on the {name}, version {version}; which level an experience shows and how strongly is this coach's own judgement.",
    },
    "assess_by_rule_and_model": {
        "zh": "按规则评定，依据{name}{version}版；其中有模型提出、经你本人确认的内容。",
        "en": "Decided by rule, on the {name}, version {version}; part of it was proposed by a model and confirmed by you.",
    },
    "assess_proposed": {
        "zh": "由模型提出，待你确认；确认之前不计入",
        "en": "Proposed by a model, to be confirmed by you; not counted until then",
    },
    "assess_unproven": {
        "zh": "你给自己打了{rating}级，目前写下的经历还不够支持它。这不是说你没有，再补一两件具体的事就好：做了什么，前后怎么变的，后来怎样。",
        "en": "You rated yourself {rating}; what you have written so far is not enough to support it yet. That does not mean you lack it: add one or two concrete pieces of work, with what you did, what it was before and after, and what came of it.",
    },
    "assess_rated_higher": {
        "zh": "你给自己打了{rating}级，写下的经历先支持到{level}级：“{words}”。有更高一级的经历，补上就能往上算。",
        "en": "You rated yourself {rating}; what you wrote supports level {level} for now: “{words}”. If you have done work of a higher level, add it and it will count.",
    },
    "assess_rated_lower": {
        "zh": "你给自己打了{rating}级，可写下的经历已经支持到{level}级：“{words}”。你也许把自己看低了。",
        "en": "You rated yourself {rating}, yet what you wrote already supports level {level}: “{words}”. You may be underrating yourself.",
    },
    "assess_feedback": {
        "zh": "共{number}份反馈，评分取中位数，留言打乱了顺序。",
        "en": "{number} answers; ratings are medians and comments are in mixed order.",
    },
    "assess_feedback_few": {
        "zh": "收到{number}份，还不到三份，为了匿名先不显示。",
        "en": "{number} received. Below three answers nothing is shown, to keep them anonymous.",
    },
}
