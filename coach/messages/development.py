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
        "zh": "头衔在每家公司分量不同，我看的是手上的职责。{words}。照这些来看，现在的阶段是“{stage}”，和“{title}”之间还差几条，下面列了出来；这说的是岗位给了你多少，不是说你能力不够。",
        "en": "Titles weigh differently in every company, so I look at what you answer for. {words}. By that your stage is “{stage}” for now, and the list shows what is still open to “{title}”. This is about how much the job gives you, not about how good you are.",
    },
    "stage_above_title": {
        "zh": "你手上的职责比头衔大。{words}。照这些来看，你已经在做“{stage}”的事。",
        "en": "Your job is bigger than your title. {words}. By that you already do the work of “{stage}”.",
    },
    "stage_last_post": {
        "zh": "你现在没有在岗，这里按你说的上一份工作来看。",
        "en": "You have no post at the moment, so this goes by the last one you told me about.",
    },
}
