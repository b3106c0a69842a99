"""The wordings by which the evidence check tells what a question asks of a claim or a case, as data."""

from __future__ import annotations

import re

_I = re.IGNORECASE

OFFICE_HOLDER = re.compile(
    r"[\w·]{2,}(的|家)(现任|前任?|新任)?((市场|营销|品牌|增长)?(总监|副总裁?|总裁|总经理|负责人)|首席.{2,4}官|CMO|CEO|VP)(现在|目前|到底)?(是谁|叫(什么|啥)|是哪位|姓(什么|啥))|"
    r"\bwho(?:'s| is| was| are) (?:the |their )?(?:current |new |former |ex-)?(?:CMO|CEO|chief \w+ officer|marketing director|head of marketing|(?:marketing )?VP)\W? (?:of|at|for|in) (?!a |an |the (?:company|team|department|first|second|third|last|fourth) ?(?:stage)?)",
    _I,
)
"""Asks who holds an office somewhere: a person's name, which no library of a profession holds."""
VOUCHED = re.compile(
    r"引用|写(进|到|成|在)|放(进|到|上)|当(作|成)?(证据|事实|依据|目标|KPI|论据)|拿(去|来|它).{0,8}(讲|说|用|证明|汇报)|站得住|真的(假的|吗|么)|靠(谱|得住)|可信|核实|查证|出处|来源|有依据|说明(了)?(什么|我|很)?|证明|对(吧|吗|不对)|是不是(说明|因为|真)|谁(都|在|也)?(这么)?(说|讲|预测|统计|提出|宣称|声称|规定|定|算|测)(过|出来)?的|到底谁(说|讲|提)|出自|(哪(里|儿)?|从哪(里|儿)?|打哪儿?)(来|看来|听来|得来|抄来|冒出来)的|(根据|凭)(什么|啥|的是)|据谁|谁家的(数|数据|说法)|准不准|准吗|准确吗|权威|成立吗|第三方|官方(数据|口径|说法)|哪(一)?(份|篇|个|项)(报告|研究|调查|文章|资料)|(有|没)(什么|啥)?证据|信到(啥|什么|几)|信几(成|分)|(行业|招人|考核)标准|当真|算数|照着(学|抄|做)|"
    r"\b(cite|quote)\b|\bas (a )?(fact|proof|evidence|our target|target|benchmark)\b|\bon (a |my |the )?slides?\b|\bput (it|that|this) (in|on)\b|\b(is|was) (that|it|this) (true|real|verified|proven|so)\b|\breally\b|\bverified\b|\bproven?\b|\bsource\b|\b(right|correct|true)\s*\?|\bcan (i|we|it) (use|copy|say|claim|go)\b|\bwho(ever)?( \w+)? (measured|said|says|claim(s|ed)|predict(s|ed)|forecasts?|estimate[sd]?|reported|counted|calculated|came up with)\b|\bwhere (does|do|did|is|was) .{1,60}\b(come|came|from|originate|taken)\b|\b(according|attributed|credited) to (who|whom)\b|\bwhose (number|figure|claim|forecast|prediction|estimate|stat|statistic|words)\b|\b(based|based,?) on what\b|\borigins? of\b|\b(which|what) (report|study|survey|paper)\b|\blegit(imate)?\b|\bverif(y|ied|iable|ication)\b|\bconfirm(s|ed)?\b|\bofficial (figure|number|statistic|data)\b|\b(independently|ever) (checked|tested|verified|confirmed)\b|\bpublished\b|\bresearch behind\b|\bhas anyone shown\b|"
    r"\btrue enough\b|\b(established|documented|proved|confirmed|published|measured|checked) (by whom|where|anywhere)\b|\bhearsay\b|\bas proof\b|\btake (that|it|this) seriously\b|\bcan i promise\b|\bhow (solid|reliable|trustworthy|credible)\b|\bsolid enough\b|\brely on\b|\bjust a story\b|\bmodel (our|my|the) \w+( \w+)? on\b|\bby whom\b",
    _I,
)
"""Asks whether something may be relied on, or used as if it were known."""
CASE_DETAIL = re.compile(
    r"哪(一)?(座|个)?(城市|年|件事|场|次|个热点|款)|编号|作者|页码|原文链接|后来.{0,4}(跳|去|到)|(卖|砸|花|投|烧)(出去|了|掉)?.{0,6}多少|多少(支|份|台|件|家门店|个样本)|竞品(?![^,，。?？]{0,10}(deck|方案|ppt|提案|文章|公众号|官网|写|说|引用|吹|称))|同行.{0,4}多少|"
    r"\b(which|what) (agency|city|country|event|year|month|page|author|product)\b|\bhow many (profiles|people|rackets|samples|respondents|stores|units)\b|\bsample size\b|\bcompetitors?'?s?\b(?!'?s? (\w+ )?(pitch|deck|slides?|report|article|post|presentation|ads?|website|quotes?|claims?|says?)\b)|\breport number\b|\bwho (ran|led|heads?|wrote)\b",
    _I,
)
"""Asks for a detail that cases told in a sentence never give."""
DURATION = re.compile(r"多久|多长时间|几年|\bhow long\b|\bhow many (years|months)\b", _I)
DURATION_TOLD = re.compile(r"\d(\.\d+)?\s*(年|个月|天|周|years?|months?|weeks?|days?)", _I)
BESIDE_YEAR = re.compile(
    r"((今年|现在|眼下)(已经|都|就)?(是|到)|(已经|都)(是|到)?)(了)?(19|20)\d\d年?(了)?|^(19|20)\d\d年?了|\bit'?s (already |now )?(19|20)\d\d\b|"
    r"(19|20)\d\d年?(底|初|中)?(就|才|刚)?(入行|入职|上任|上岗|毕业|加入|开始|进(的|来|公司)|转行|当上|升)|\b(since|joined( \w+)? in|started( \w+)? in|hired in|graduated in|been (here|at \w+) since) (19|20)\d\d",
    _I,
)
"""A year that somebody tells of themselves or that it is now: nothing is asked about it."""
OF_YEAR = re.compile(
    r"多少|几(成|个|家|名|位|倍|点)|百分|比例|占比|平均|均值|规模|排名|榜|基准|数据|数字|报告|调查|调研|预测|趋势|政策|法规|谁|哪(一)?(家|个|位)|发布|增(长|速)|涨幅|"
    r"\bwhat (was|is|were|are|will)( be)? (the|an?) |\bhow (many|much|long|high|big|large|often)\b|\b(average|percent(age)?|per cent|share|rates?|number of|figures?|benchmarks?|statistics?|stats|data|reports?|surveys?|studies|study|forecasts?|predict\w*|trends?|rank\w*|winners?|who|which|said|says|rules?|laws?|regulations?)\b",
    _I,
)
"""Asks for what was measured, said or in force in a year; a year without it is when somebody plans or tells something."""
