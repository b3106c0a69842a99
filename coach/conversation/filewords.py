"""The wordings by which files brought into a conversation are recognised and read, in both languages: data, decided upon elsewhere.

`coach.conversation.attachments` and `.filereplies` say what follows from a match.
"""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["cv", "review", "model", "job", "other"]
"""`cv` and `review` are about a person; `model` and `job` say what is demanded of one."""

_I = re.IGNORECASE
SIGNS: dict[Kind, re.Pattern[str]] = {
    "cv": re.compile(
        r"(个人)?简历|履历|求职意向|(工作|任职|项目|实习)(经历|经验)|教育(背景|经历)|自我评价|技能(证书|特长)|职业概述"
        r"|\bcv\b|\bcurriculum vitae\b|\br[eé]sum[eé]\b|\b(work |professional )?experience\b|\beducation\b|\bemployment( history)?\b|\bcareer (history|summary)\b|\blanguages\b|\breferences\b",
        _I,
    ),
    "review": re.compile(
        r"绩效|自评|自我评估|评语|360|(评估|考核|述职)(表|周期|结果|报告|评分)|(同事|上级|下属)(反馈|评价)|综合评[级分]"
        r"|\b(performance|annual|mid-?year|self)[- ](review|assessment|appraisal|evaluation)\b|\bappraisal\b|\b360\b|\b(manager|peer|reviewer)('s)? (comments?|feedback)\b|\boverall rating\b|\bareas? (for|of) (improvement|development)\b",
        _I,
    ),
    "model": re.compile(
        r"能力(模型|标准|框架)|胜任力|素质模型|(职级|任职资格|晋升)(标准|体系)|行为(标准|描述)"
        r"|\bcompetenc(y|ies)\b|\b(capability|career|skills?|levell?ing) (model|framework|matrix)\b|\bgrades?\b|\bjob levels?\b",
        _I,
    ),
    "job": re.compile(
        r"招聘|任职(要求|资格)|(岗位|工作|职位)(职责|描述|要求|说明|内容)|我们(提供|希望你|在找)|投递|薪资范围|\bJD\b"
        r"|\bjob (description|advert\w*|ad|posting)\b|\b(key |main )?responsibilities\b|\brequirements\b|\babout the role\b|\bwe (are looking|offer)\b|\bwhat you('ll| will) (do|bring)\b|\bapply\b|\bqualifications\b",
        _I,
    ),
}
OF_ANOTHER = re.compile(r"候选人|应聘者|推荐人选|被推荐人|\bcandidate\b|\bapplicant\b", _I)
FIRST_PERSON = re.compile(r"我(是|在|带|管|负责|主导|现在|目前)|本人|\bI('m| am| lead| led| manage| managed| run| work)\b")
FILE = r"(文件|文档|附件|材料|资料(?!库)|表格?|报告|内容|段(话|文字|内容)?|篇|pdf|word|ppt|excel|(?<![a-z])(file|document|attachment|paper|text|form|pdf|paste))"
NOUNS: dict[Kind, str] = {
    "cv": r"(简历|履历|(?<![a-z])(cv|resume|résumé|curriculum vitae)(?![a-z]))",
    "review": r"(评估表|评估|评价表?|绩效(考核|评估)?表?|考核表?|自评|述职|360|(?<![代发外仪图])表|(?<![a-z])((performance |annual |self[- ])?(review|appraisal|assessment)( form)?|360|feedback( form)?)(?![a-z]))",
    "model": r"(能力(模型|标准|框架)|胜任力(模型)?|素质模型|职级标准|标准|要求|(?<![a-z])((competency|capability|career|skills?) (model|framework|matrix)|model|grades?|requirements?)(?![a-z]))",
    "job": r"(招聘(启事|信息|要求|广告)?|岗位(说明书?|描述|要求|职责)?|职位(说明书?|描述|要求)?|任职要求|要求|(?<![a-z])(jd|job (ad|advert|description|posting)|advert|role|position|job|requirements?)(?![a-z]))",
    "other": r"(?!)",
}
THIS = r"(这(一)?(份|个|张|篇|封|段|些|里)?|那份|上(面|传)的?(这)?|刚(才|刚)?(发|传|贴|给)(你|的|了)*|我(的|这份|们公司的?|们的?)|(我们|咱们)?公司的?|贵|此|附(上|的)?的?|(?<![a-z])(this|these|that|the attached|attached|the|my|our|company)(?![a-z]))"
ALWAYS = re.compile(
    r"附件|刚(才|刚)?(发|传|贴)(给你|的|了)|上传的|贴(给你|的这)|这(份|篇|封|段)(?!(时间|经历|路|日子|工作|感情))|这(个|张)(文件|文档|表|材料|附件)|(文件|文档)(里|中|上|内)"
    r"|(?<![a-z])(attached|attachment|uploaded|pasted|i (just )?(sent|uploaded|dropped|pasted|attached)|(this|the) (file|document|attachment|pdf|text|paste|form))(?![a-z])",
    _I,
)
INSIDE_ZH = (
    r"\s*[”\"》]?(里面?|中|上面?|当中|内|到底|是怎么|怎么|有没有|都|也){0,2}我?(写|说|提|讲|列|给|评|要求|对|有|建议|的|关于)"
)
INSIDE_EN = r"\b(say|says|said|mention|mentions|list|lists|state|states|contain|contains|write|expect|expects|ask|asks|require|requires|tell|tells|recommend|suggest)\b"
# Templates: NOUN stands for the words for the kinds of files that are there.
THIS_NOUN = rf"{THIS}\s*(\w+ )?NOUN(里面?|中|上面?)?"
NAMED = rf"{THIS}\s*(\w+ )?NOUN|NOUN{INSIDE_ZH}|NOUN[”\"》]?(里面?|当中)|NOUN.{{0,12}}{INSIDE_EN}|(?<![a-z])(in|on|from) (the|my|our) (\w+ )?NOUN"
WRITING = r"(怎么|如何|怎样)(去|来)?(写|做|建|搭|准备).{0,6}NOUN|NOUN.{0,4}(怎么|如何|怎样|该)(去|来)?(写|做|建|搭|准备)"
INSIDE = rf"NOUN{INSIDE_ZH}|{INSIDE_EN}"
FILE_NAMES = re.compile(
    rf"{FILE}(里面?|中|上面?)|({NOUNS['cv']}|(绩效)?评估表|招聘启事|能力模型|(competency|capability) (model|framework)|(performance )?review form)(里面?|中|上面?)?",
    _I,
)
BY = re.compile(
    rf"(按照?|照着?|根据|依据|基于|参考|结合|从|用|拿|凭|看).{{0,6}}({FILE}|{NOUNS['cv']}|{NOUNS['review']}|这(份|个|张))"
    r"|\b(based on|going by|judging by|according to|from|by|using|given|with|per)\b.{0,14}\b(cv|resume|résumé|review|appraisal|assessment|file|document|attachment|form|360|feedback)\b",
    _I,
)
SUMMARY_ASKED = re.compile(
    r"总结|概括|归纳|摘要|提炼|要点|梳理一下|(讲|说|写)(了|的)?(些|是)?(什么|啥)[吗呢]?[?？。!！]*$|(主要|大概|大致)(内容|讲|说|写)|(什么|啥)内容"
    r"|\bsummar(y|i[sz]e)|\bmain points?\b|\bkey points?\b|\bwhat('s| is) in (it|this|the)\b|\bwhat is (it|this|the (file|document|attachment)) about\b|\boverview\b|\btl;?dr\b|\bgist\b",
    _I,
)
COMPARE_ASKED = re.compile(
    r"对照|对比|比(一)?比|比较|匹配|符合|够不够|够格|达标|(还|我|离|哪里|哪些|到底)(差|缺|欠)|差(距|在哪|多少|什么)|满足|胜任|适合我|适不适合|能不能(投|胜任|应聘)"
    r"|\bcompar(e|ed|ing|ison)\b|\bmatch(es)?\b|\bmeet\b|\bmeasure up\b|\bqualif(y|ied)\b|\bam i (a )?fit\b|\bgaps?\b|\b(do|am|would) i\b.{0,24}\b(lack|miss|missing|need|short)\b|\bstack up\b",
    _I,
)
HOW_TO = re.compile(
    r"(怎么|如何|怎样|咋)(才能|去|来)?(?!样)(?!说)(?!写的)(?!评)(?!要求)|应该怎|该不该|\bhow (do|should|can|could|to|would) (i|we|one|you)\b|\bhow to\b|\bshould i\b",
    _I,
)
SHOWN = re.compile(
    r"^((这(是|就是|份是)|给你|发你|附上|请?(先)?(看|读|瞧)|帮我?(看|读|瞧)|麻烦(看|读)|见)[^?？吗]{0,24}"
    r"|(here('s| is| you)|this is|please (look|read|see|check)|see|take a look|have a look|look at|read)\b[^?]{0,60}|(简历|文件|附件|cv|resume|file)(发了|来了)?)[\s。.!！~]*$",
    _I,
)
QUESTION_WORD = re.compile(r"[?？]|什么|怎么|如何|哪|多少|吗|呢|\b(what|how|why|which|who|when|where)\b", _I)
WHETHER = re.compile(r"吗\W*$|有没有|有无|是否|^\W*(does|did|do|is|are|was|were|has|have)\b", _I)
DEMANDS_ASKED = re.compile(
    r"(哪些|什么|所有|全部|列出)(主要)?的?(要求|职责|条件|标准)|(要求|职责|条件|标准)(是|有)?(什么|哪些)[?？。]?$"
    r"|\b(what|which|list|all)\b.{0,20}\b(requirements|responsibilities|expectations|standards)\b",
    _I,
)
OBEYS = re.compile(
    r"(照|按).{0,8}(说|写|要求|指示|指令|吩咐)的?(来)?(做|办|执行|处理|回复|回答)|\b(do|follow|obey|execute|carry out)\b.{0,20}\b(file|document|attachment|it says|instructions?)\b",
    _I,
)
OWN = re.compile(r"我(?!们|司)|本人|\b(i|i'm|me|my|mine)\b", _I)
MINE = re.compile(
    r"(是|对|嗯)?(的)?[,，]?(这|它)?就?是我(自己|本人)?(的|写的)?|我(自己)?的(简历|履历|cv|评估|绩效|自评|360|述职)|我这份|是我的|本人的"
    r"|\bit('s| is) mine\b|\byes,? (it is|mine)\b|\b(that|this|it)('s| is) (me|my)\b|\bmy (own )?(cv|resume|résumé|review|appraisal|self[- ](review|assessment)|360|performance)",
    _I,
)
NOT_MINE = re.compile(
    r"不是我(自己|本人)?的|(别人|朋友|同事|下属|候选人|应聘者|他|她|学员|前任|老板)的?(这份)?(简历|履历|cv|评估|绩效|自评|360)"
    r"|\bnot (mine|me|my)\b|\b(his|her|their|candidate'?s|friend'?s|colleague'?s|somebody else'?s|someone else'?s) (cv|resume|résumé|review|appraisal)",
    _I,
)
YES = re.compile(r"^\s*(是的?|对的?|嗯+|没错|yes|yep|yeah|correct)(?![a-z])", _I)
ATX = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t#]*")
NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.．]|第[一二三四五六七八九十]+[部章节][分]?|[(（][一二三四五六七八九十]+[)）])\s*\S{2,18}"
)
BRACKETED = re.compile(r"[【\[]\s*([^】\]]{2,20})\s*[】\]][:：]?")
BULLET = re.compile(r"\s*(?:[-*+•·●○■◆▪–—]\s+|\d{1,3}[.)、．）]\s*|[（(]\d{1,3}[)）]\s*|[①-⑳]\s*)?")
FILLER = re.compile(
    r"请问|请|帮我|告诉我|我想知道|写(的|了|到)?|说(的|了)?|提(到|及)(的|了)?|列(出|了|的)?|有没有|是什么|什么|里面?|中的?|关于|按照?|根据|照|最(大|重要|主要)的?|多少|"
    r"\b(according to|what|which|does|do|did|is|are|say|says|said|about|mention|mentions|list|lists|in|please|tell me|from|the|i|how)\b",
    _I,
)
_NOW = r"(至今|现在|目前|今|present|now|current|today|ongoing)"
_MONTH = r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? )?"
DATES = re.compile(
    rf"{_MONTH}(19|20)\d\d\s*[./年-]?\s*\d{{0,2}}\s*月?\s*(?:[-–—~～至到]+|\bto\b)\s*(?P<end>{_NOW}|{_MONTH}(?:19|20)\d\d)|\bsince {_MONTH}(19|20)\d\d",
    _I,
)
CURRENT = re.compile(_NOW, _I)
POST_CUT = re.compile(r"\s{2,}|[|｜·,，；;\t/]|\s[-–—]\s|(?<=[\u4e00-\u9fff])\s(?=[\u4e00-\u9fff])")
NOT_OWN_POST = re.compile(
    r"^(?:直接)?(?:向|汇报|带|管|下属|下辖|团队|含|其中|与|和|配合)|\d+\s*(?:名|个|位|人)|\breport|\bteam of|\bmanag(?:e|es|ed|ing)\b|\d+ (?:\w+ )?managers",
    _I,
)
POST_LABEL = re.compile(
    r"^(?:现任|当前|目前)?(?:职位|岗位|职务|职级|(?:current )?(?:position|title|role|job title))\s*[:：]\s*(?P<x>.+)$", _I
)
BOSS_LABEL = re.compile(
    r"^(?:直属|直接)?(?:上级|上司|汇报(?:对象|给)|line manager|manager|reports? to|supervisor)\s*[:：]\s*(?P<x>.+)$", _I
)
TARGET_LABEL = re.compile(
    r"^(?:求职意向|期望(?:职位|岗位)|目标(?:职位|岗位)|应聘(?:职位|岗位)|职业目标|objective|target (?:role|position)|desired (?:role|position))\s*[:：]\s*(?P<x>.+)$",
    _I,
)
LABEL = re.compile(r"^[^:：\s]{1,12}(?: [a-z]+)?[:：]", _I)
OTHERS_SAY = re.compile(
    r"(上级|同事|下属|他人|领导|主管|经理|客户|360)(的)?(评语|评价|反馈|意见|点评)|(职责|要求|标准|评级|评分)(说明|标准|要求)?$|说明$|结果$"
    r"|\b(manager|peer|reviewer|others?|team|360)('s)? (comments?|feedback|views?|assessment)\b|\b(requirements|criteria|rating scale|grades|standards?)\b",
    _I,
)
NOT_TOLD = re.compile(
    r"教育|技能|证书|语言|爱好|兴趣|推荐人|目标$|计划|规划|发展建议|\beducation\b|\blanguages?\b|\bskills\b|\binterests\b|\breferences\b|\bgoals?\b|\bplans?\b|\bobjectives?\b|\bnext year\b",
    _I,
)
PAST_VERB = re.compile(r"^(?:led|managed|ran|headed|oversaw|directed|supervised|owned|held|controlled)\s+(?=\S)", _I)
REPORTS = re.compile(r"\breport(?:ed|ing|s)?\s+(?:directly\s+)?to\s+(?P<x>(?:the |our )?[A-Za-z][^,.;\n|]{1,60})", _I)
_PEOPLE = r"\d+\s*(多|余)?(名|个|位)?(人|专员|主管|经理)|\bteam of\b|\b(lead|manage)s? (a )?\w* ?(team|managers)"
_REPORTING = r"汇报|上级|\breport"
_LANGUAGES = r"英语|日语|法语|德语|english|french|german|spanish|chinese|mandarin"
_BUDGET = r"预算|\bbudgets?\b"
_SCHOOLING = r"大学|学院|本科|硕士|博士|专科|MBA|\bBA\b|\bBSc\b|\bMSc\b|universit|college"
_YEARS = r"\d+\s*(多|余)?年(以上)?(的)?[^,，。]{0,8}(经验|负责人)|\d+\+? years?\b"
SAME_THING = tuple(re.compile(held, _I) for held in (_PEOPLE, _REPORTING, _LANGUAGES, _BUDGET, _SCHOOLING, _YEARS))
# What files are asked for, against the words in which files of these kinds say it.
CONCEPTS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked, _I), re.compile(held, _I))
    for asked, held in (
        (
            r"缺|不足|短板|弱|改进|提升|不够|improve|lack|weak|gap|development (area|need)|work on",
            r"改进|不足|不够|欠缺|缺少|缺乏|待提升|薄弱|短板|\bimprov|\black|\bweak|\bneeds? to\b|\bshould\b|\bdevelopment area",
        ),
        (
            r"优点|优势|擅长|强项|长处|strength|good at|strong",
            r"擅长|优势|扎实|出色|较?强|\bstrength|\bstrong|\bexcel|\bgood at\b",
        ),
        (
            r"项目|成绩|业绩|成就|成果|project|achievement|accomplish|result",
            r"项目|主导|上市|从零|搭建|成交|\bled\b|\blaunch|\brelaunch|\bbuilt\b|\bproject|\bgrew\b|\bsales up\b",
        ),
        (
            r"学校|学历|毕业|专业|大学|教育|university|degree|school|studied|educat",
            _SCHOOLING,
        ),
        (
            r"带(了|过)?(多少|几)(个)?人|(团队|下属|手下).{0,4}(多少|几|多大|规模)|人数|team size|how (many people|big .{0,12}team|large .{0,12}team)",
            _PEOPLE,
        ),
        (r"汇报|上级|老板是|report", _REPORTING),
        (r"工作地点|在哪(上班|工作|里)|城市|location|based|where is", r"地点|现居|城市|\bbased in\b|\blocat"),
        (r"语言|英语|外语|languages?\b", _LANGUAGES),
        (r"总监|\bdirectors?\b", r"总监|\bdirectors?\b"),
        (r"(?<!总)经理|\bmanagers?\b", r"(?<!总)经理|\bmanagers?\b"),
        (r"副总裁|\bvps?\b|vice[- ]presidents?", r"副总裁|\bvps?\b|vice[- ]president"),
        (_BUDGET, _BUDGET),
        (r"要求|期望|标准|\brequire|\bexpect|\bdemand", r"要求|须|需要|以上|\bmust\b|\brequire|\bexpect"),
        (
            r"多久|多长时间|频率|什么时候|几月|how often|when\b",
            r"每(年|月|季|周)|\bevery\b|\b(week|month|quarter|year|annual)ly\b|(19|20)\d\d",
        ),
    )
)
FIGURE = re.compile(r"\d+\s*(%|％|万|亿|人|倍|k\b|m\b|million)|[£$€¥]\s?\d|\bteam of\b", _I)
DEMANDS = re.compile(
    r"职责|要求|资格|标准|能力|\brespons|\brequire|\bqualif|\babout the role|\bwhat you|\bskills|\bcompeten|\bexpect", _I
)
