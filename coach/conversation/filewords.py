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
SPEAKER = re.compile(r"我|咱|这|\b(i|i'm|i've|me|my|mine|we|us|our|here|this|these)\b", _I)
"""A message that came with a file and speaks of oneself or of something at hand may ask what stands in it."""
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
    r"请问|请|帮我|(?:啥|什么)时候|何时|啥|告诉我|我想知道|写(的|了|到)?|说(的|了)?|提(到|及)(的|了)?|列(出|了|的)?|有没有|是什么|什么|里面?|中的?|关于|按照?|根据|照|最(大|重要|主要)的?|多少|"
    r"\b(according to|set aside|sets? aside|sets?|gives?|states?|allows?|per|propose[ds]?|would|wants?|much|many|long|any|it|shows?|what|which|does|do|did|is|are|say|says|said|about|mention|mentions|list|lists|in|please|tell me|from|the|i|how)\b",
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
            r"缺|不足|短板|弱|改进|提升|不够|要(我)?改|\bfix(ed)?\b|improve|lack|weak|gap|development (area|need)|work on",
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
        (r"p&l|profit and loss|损益|盈亏|利润责任", r"p&l|profit|损益|盈亏|利润"),
        (r"要求|期望|标准|\brequire|\bexpect|\bdemand", r"要求|须|需要|以上|\bmust\b|\brequire|\bexpect"),
        (
            r"多久|多长时间|频率|什么时候|几月|how often|when\b",
            r"每(年|月|季|周)|\bevery\b|\b(week|month|quarter|year|annual)ly\b|(19|20)\d\d",
        ),
    )
)
# A person, a day, a place: what a line holds that answers "who" or "when"; beside words of the question, never alone.
FACTS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked, _I), re.compile(held, _I))
    for asked, held in (
        (
            r"谁|哪(位|个人|个部门)|负责人|\bwho\b|\bwhose\b|\bowner\b",
            r"负责|牵头|责任人|主责|跟进|对接|由[^,，。]{1,8}(主导|提交|完成|审批)|\bowners?\b|\bowns\b|\bowned\b|\bresponsible|\blead(s|ing)?\b|\bin charge\b|\bto (prepare|draft|send|own|lead|deliver)\b",
        ),
        (
            r"何时|(什么|啥)时候|几[月号日]|哪(一)?[天日月周]|截止|期限|多久|多长时间|\bwhen\b|\bdue\b|\bdeadline\b|\bhow long\b|\bby which date\b|\bwhat (day|date)\b",
            r"\d+\s*月|\d+\s*[日号]|周[一二三四五六日]|截止|期限|生效|\d+\s*(天|个?工作日|个月|周|年)|\bdue\b|\bdeadline\b|\b\d{1,2}(st|nd|rd|th)?\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+\d|\b(mon|tues|wednes|thurs|fri)day\b|\b\d+ (days?|weeks?|months?|years?)\b|(19|20)\d\d",
        ),
    )
)
OF_SIZE = re.compile(rf"{_BUDGET}|团队|人数|带.{0, 4}人|\bteam|\bpeople\b|\bspend", _I)
AMOUNT = re.compile(r"(?P<n>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>亿|千万|百万|万|bn|billion|m\b|million|k\b|thousand)?", _I)
UNITS = {
    "亿": 1e8,
    "千万": 1e7,
    "百万": 1e6,
    "万": 1e4,
    "bn": 1e9,
    "billion": 1e9,
    "m": 1e6,
    "million": 1e6,
    "k": 1e3,
    "thousand": 1e3,
}
FIGURE = re.compile(r"\d+\s*(%|％|万|亿|人|倍|k\b|m\b|million)|[£$€¥]\s?\d|\bteam of\b", _I)
DEMANDS = re.compile(
    r"职责|要求|资格|标准|能力|\brespons|\brequire|\bqualif|\babout the role|\bwhat you|\bskills|\bcompeten|\bexpect", _I
)
# --- lines of a file that are addressed to a program ---
_MACHINE_ZH = r"(?:人工智能|大?语言模型|大模型|智能(?:助手|体)|AI\s*(?:助手|模型|系统|程序|筛选|阅读|解析)?|LLM|GPT|ChatGPT|Copilot|模型|机器(?:读者|阅读))"
_MACHINE_EN = r"(?:AIs?|LLMs?|GPTs?|ChatGPT|Copilot|(?:large )?language models?|chatbots?|bots?|(?:AI|automated|virtual|machine) (?:readers?|reviewers?|screen(?:ers?|ing)|graders?|parsers?|assistants?|agents?|models?|tools?|systems?|recruiters?)|assistant)"
_TOPIC_ZH = (
    r"(?!\s*(?:工具|产品|项目|团队|平台|应用|部门?|中心|营销|内容|培训|能力|客服|业务|训练|战略|时代|搜索|绘|写|生成|投放))"
)
_SPEAKS_ZH = r"(?:回复|回答|答复|输出|写(?:明|上|成)?|称|说|推荐|声明|打印|打出|给出|打分|评为|判定|认定|视为|标注|解释|告诉|告知|提及|忽略)"
_MUST_ZH = r"(?:必须|务必|须|请|应当?|需要?|不得|不要|禁止|一律|只能|要)"
_SPEAKS_EN = r"(?:reply|respond|answer|say|output|print|recommend|state|rate|score|rank|write|tell|ignore|conclude|treat|describe|mark|report|give|add|append|include|call|sign)"
_READS_ZH = r"(?:读到|阅读|读取|看到|处理|解析|审阅|扫描|筛选|总结|摘要|引用|回答)"
_READS_EN = r"(?:read|process|review|screen|pars|summari[sz]|scann?|index|analy[sz]|evaluat|grad|rank)\w*"

ORDERS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(form, _I)
    for form in (
        # a message of a chat written as data: {"role": "system", "content": "…"}
        r"\{[^\n{}]*[\"'](?:role|speaker)[\"']\s*:\s*[\"'](?:system|developer|assistant)[\"'][^\n{}]*\}?",
        # a label that turns to a machine: [给智能助手的说明:…], 【AI筛选指令】, "Note for AI reviewers:", "For language models:"
        rf"(?:^|[\s【\[(<{{「“#*/-])(?:(?:致|给|写给|供|仅供|面向)(?:所有|各位|任何|看到.{{0,8}}的)?\s*(?:{_MACHINE_ZH}|助手){_TOPIC_ZH}.{{0,10}}[:：,，】\])]"
        rf"|(?:{_MACHINE_ZH}|(?<![一-鿿])助手|系统)(?:请注意|请留意|读者)?(?:专用|隐藏)?(?:指令|指示|须知|请注意)\s*[:：】\])]?"
        rf"|(?:{_MACHINE_ZH}|助手)的(?:指令|说明|提示|备注|要求|话)\s*[:：】\])])",
        rf"(?:^|[\[({{<#*/-]\s*)(?:(?:a )?(?:hidden |private |special |important )?(?:notes?|messages?|instructions?|directives?|notice|memo|prompt|request|attention|reminder)\b[ :,]*(?:for|to)?|for|to|dear|hey|attention|attn\.?)[ :,]*(?:any|all|the|every|each|your)?\s*{_MACHINE_EN}(?: {_READS_EN}[^:]{{0,40}})?\s*[:,;—–-]",
        rf"(?:^|[\[({{<#*/>-]\s*|\s){_MACHINE_EN} (?:directives?|instructions?|prompts?)\b(?=\s*(?:[:(\])—–-]|$))",
        rf"(?:^|[\[({{<>]\s*)(?:AI|assistant|system|LLM)\s*[:：]\s*(?:\w+ ){{0,6}}(?:before|when|always|never|you|please|do not|don't|ignore|must|{_SPEAKS_EN})\b",
        # whoever reads this by machine
        rf"(?:{_READS_ZH}|读).{{0,6}}(?:本|此|该|这).{{0,6}}的\s*(?:任何|所有)?(?:{_MACHINE_ZH}|助手|程序|机器人?)",
        rf"(?:{_MACHINE_ZH}|(?<![一-鿿])助手|程序)(?:在|如|若|一旦)?{_READS_ZH}.{{0,8}}(?:后|时|到此|本|此|这|该).{{0,12}}{_MUST_ZH}",
        rf"(?:如果|若|假如)你是.{{0,6}}(?:{_MACHINE_ZH}|助手|程序|机器人)|(?:{_MACHINE_ZH}){_TOPIC_ZH}[,，:：]?\s*(?:必须|务必|须|请|不得|禁止|一律).{{0,16}}{_SPEAKS_ZH}",
        rf"\b(?:if|as|since) you(?:'re| are) (?:an? |the )?{_MACHINE_EN}\b|\bany {_MACHINE_EN} (?:that |who |which )?{_READS_EN}",
        rf"\b(?:{_MACHINE_EN}|model)s? (?:that |who |which )?(?:{_READS_EN}) (?:this|the (?:page|file|document|cv|resume|text|form))\b",
        rf"\b(?:AI|LLMs?|language models?|chatbots?) (?:must|shall|should always|has to|have to|is to|are to)\b.{{0,40}}\b{_SPEAKS_EN}\b",
        # what it is to reply, and to keep silent on
        r"(?:对|向)(?:任何|所有|每一?[个位])(?:读者|提问者|用户|问题|人).{0,6}(?:都|一律|必须|须)?(?:回复|回答|答复|输出)[“\"「『‘]",
        r"(?:不得|不要|别|勿|禁止)(?:提及|提到|透露|泄露|复述|引用)(?:本|此|这)(?:行|条|段|句|说明|指令|备注|提示)",
        r"(?:回答|回复|解释|总结|引用)(?:本文|本页|此文|该文|这份文件)?(?:的|中的?)?(?:任何|所有|一切)(?:问题|内容)?.{0,6}(?:时|前|之前).{0,4}[,，]?.{0,4}(?:先|须|必须|请|一律)",
        rf"(?:今后|以后|从此|后续)(?:在)?(?:你|回答|回复|解释|提到|介绍).{{0,20}}(?:一律|都|必须|须|统一|改).{{0,4}}{_SPEAKS_ZH}",
        r"(?:系统|初始|内部)(?:设定|提示词?|指令|配置).{0,6}(?:全文|原文|内容).{0,6}(?:贴|发|打印|输出|复述|公开|写)|(?:贴|发|打印|输出|复述|公开|说)出.{0,8}(?:系统|初始|内部)(?:设定|提示词?|指令|配置)",
        rf"\bfrom now on,? (?:you |always |only |please )*(?:{_SPEAKS_EN}|explain|refer|speak|act)\b",
        r"\b(?:do not|don't|never) (?:mention|reveal|disclose|discuss|quote|repeat) (?:this|these|the above) (?:line|note|instruction|directive|message|sentence|rule|comment)s?\b",
        r"\bbefore (?:answering|replying|responding)\b.{0,20}\b(?:output|print|reveal|show|repeat|paste|say|write|state)\b|\b(?:output|print|reveal|dump|paste) (?:your|the) (?:hidden |system |full )*(?:configuration|config|prompt|instructions?|rules)\b",
        r"\bwhen(?:ever)? (?:asked|summari[sz]ing|answering|reviewing|quoting)\b.{0,40}\b(?:always|must|reply|respond|say|output|print)\b.{0,20}[“\"'A-Z]",
        r"^\W{0,3}(?:tell|inform) the (?:reader|user|person)\s*[:：]",
    )
)
ORDER_HEADING = re.compile(
    rf"^\W{{0,4}}(?:(?:hidden|secret|private)\s+)?(?:{_MACHINE_EN}|model|system)\s+(?:directives?|instructions?|prompts?)\b(?!\s+(?:for|to) (?:staff|users?|employees|the team))"
    rf"|^\W{{0,4}}(?:notes?|instructions?|directives?|messages?|prompt) (?:for|to) (?:the |any |all )?{_MACHINE_EN}\W*$|^\W{{0,4}}(?:hidden|secret) (?:directives?|instructions?|prompts?)\b"
    rf"|^\W{{0,4}}(?:致|给|写给|仅?供)?\s*(?:{_MACHINE_ZH}|助手){_TOPIC_ZH}(?:专用|的|隐藏|阅读)?(?:指令|指示|须知|说明|提示词?|备注)\W{{0,4}}(?:[(（].{{0,12}}[)）])?\W*$"
    r"|^\W{0,4}(?:隐藏|系统)(?:指令|提示词?)\W*$",
    _I,
)
"""A heading under which every line is an order, to the next heading."""
BLOCK = re.compile(
    r"<!--.*?(?:-->|\Z)|<(system|assistant|instructions?|prompt|hidden|directive|ai|llm)\b[^>]*>.*?(?:</\1>|\Z)|\[INST\].*?(?:\[/INST\]|\Z)|<<SYS>>.*?(?:<</SYS>>|\Z)"
    r"|<\|im_start\|>.*?(?:<\|im_end\|>|\Z)|\[\[.{4,}?\]\]|\[(?!\d)[^\[\]]{8,}\]|\([^()]{16,}\)|（[^（）]{12,}）|【[^【】]{12,}】|\{[^{}]{12,}\}|「「.*?」」",
    re.S | _I,
)
HIDDEN_BLOCK = re.compile(
    r"<!--|<(system|assistant|instructions?|prompt|hidden|directive|ai|llm)\b|\[INST\]|<<SYS>>|<\|im_start", _I
)
# Words that only a message to the coach turns into an order: in a file they are often its matter.
MILD = re.compile(
    r"(?:致|给)\s*(?:AI|模型|助手)|新(?:的)?(?:规则|指令)\s*[:：]|(?:系统|管理员|开发者)(?:公告|消息|更新|通知|授权)\s*[:：】\]]"
    r"|(?:回复|回答|答案|每句话?).*|先(?:说|回)[“\"「]|\bsystem (?:message|notice)",
    _I,
)
TO_MACHINE = re.compile(
    rf"{_MACHINE_ZH}{_TOPIC_ZH}|助手|你(?:是|必须|现在|只|要|不)|忽略|输出|提示词|\b{_MACHINE_EN}\b|\byou (?:are|must|will)\b", _I
)
BIDS = re.compile(rf"{_MUST_ZH}.{{0,12}}{_SPEAKS_ZH}|\b{_SPEAKS_EN}\b", _I)
MAY_BE_ORDER = r"AI|\brole\b|\bspeaker\b|模型|助手|智能|LLM|GPT|copilot|bot|assistant|program|程序|机器|系统|设定|指令|提示|一律|须|先|对任何|对所有|向(?:任何|所有)|不得|不要|[别勿]|禁止|from now on|do not|don't|never|before|when|output|print|reveal|dump|paste|reader|user|person"
"""Words one of which every line of `ORDERS` holds: a quick look before the long one."""
# --- which file a question speaks of, and which of its parts does ---
GENRES: tuple[str, ...] = (
    r"通知|公告|告示|\bnotices?\b|\bannouncements?\b|\bcirculars?\b",
    r"纪要|会议记录|会议摘要|\bminutes\b|\bmeeting notes\b",
    r"方案|计划书?|规划|提案|策划案?|\bproposals?\b|\b(media |launch |campaign |marketing |business )?plans?\b",
    r"JD|职位描述|职位说明书?|岗位说明书?|招聘(启事|广告|信息)?|\bjob (ad|advert|description|posting|spec)\b|\brole profile\b",
    r"评估表|考核表|评价表|打分表|自评表|评估结果|述职报告|\bappraisal\b|\bscorecard\b|\b360\b|\breview form\b|\bassessment\b",
    r"合同|协议(?!书?怎)|合约|\bcontracts?\b|\bagreements?\b|\bMSA\b|\bSOW\b|\bterms\b",
    r"报告|汇报稿|汇报材料|研报|白皮书|\breports?\b|\bwhite ?papers?\b|\bfindings\b",
    r"备忘录|\bmemos?\b|\bmemorandum\b",
    r"\b(board|position|discussion|strategy|policy|cabinet)? ?papers?\b|董事会(文件|材料)|议案",
    r"PPT|幻灯片?|演示稿?|胶片|\bdecks?\b|\bslides?\b|\bpresentation\b",
    r"一页纸|单页|\bone[- ]?pagers?\b",
    r"简报|需求单|创意简报|brief(?![a-z])|\bbriefs?\b",
    r"录用(信|通知书?)|聘书|offer(?![a-z])|\boffer letters?\b|\bletters?\b|信函|函(?!数)",
    r"问卷|调研|调查|访谈(记录)?|\bsurveys?\b|\bquestionnaires?\b|\bpoll\b|\binterviews?\b",
    r"(?<!外)邮件|\be-?mails?\b",
    r"周报|月报|季报|年报|日报|(?:weekly|monthly|quarterly) (?:report|update)|\bstatus update\b",
    r"复盘|总结(?=里|中|上|说|写)|\bpost-?mortem\b|\bretro(spective)?\b|\bdebrief\b",
    r"标书|招标(书|文件)?|\bRFPs?\b|\btenders?\b|\bpitch\b",
    r"报价单?|\bquotes?\b|\bquotation\b|\binvoice\b|账单|发票",
    r"制度|办法|规定|\bpolic(y|ies)\b|\bguidelines?\b|手册|\bhandbook\b|\bplaybook\b|\bmanual\b",
    r"日程表?|议程|排期表?|时间表|\bagenda\b|\bschedule\b|\btimeline\b|\broadmap\b",
    r"预算表|预算案|明细表?|\bbudget (sheet|table|file)\b|\bspreadsheets?\b|\bsheets?\b",
    r"清单|\bchecklists?\b",
    r"笔记|记录|\bnotes\b|\btranscript\b",
    r"反馈(表|汇总)?|评语|\bfeedback\b",
    r"简历|履历|\bcv\b|\bresume\b|\brésumé\b",
)
"""Words for one kind of paper each: a question and a file's name or title that hold the same one may mean the same paper."""
TITLED = re.compile(rf"(?:{'|'.join(GENRES)})\s*(?:[(（:：\d\w -]{{0,16}}[)）]?)?$", _I)
BY_SUFFIX: dict[str, str] = {
    ".pptx": "PPT deck",
    ".ppt": "PPT deck",
    ".key": "PPT deck",
    ".xlsx": "sheet 明细表",
    ".xls": "sheet 明细表",
    ".csv": "sheet 明细表",
    ".eml": "邮件 email",
    ".msg": "邮件 email",
}
_HERE = r"(?:这(?![样么种类些时])(?:一)?(?:份|个|张|篇|封|页|套|次|场)?|那(?:份|个|张|篇|封)|附(?:上|件)的?|刚(?:才|刚)?(?:发|传|贴)(?:给你|你)?的?|我(?:发|传|贴)的|(?<![a-z])(?:this|that(?! \w+s\b)|these|the attached|attached|our attached|said)(?! an? | how ))"
_NO_VERB = r"(?!\s+(?:to|back|directly|into|for the next)\b)"  # "the CMO report to" is no report
_ZH_ENDS = r"(?:里面?|中(?!的?小)|上(?!线|市|报|级|司)面?|当中|内|是?怎么(?:写|说|规定|定)的|(?:有没有|都|也|明确|里面?)?(?:写|说|提到|讲|列|规定|要求我|约定|注明|交代|安排|定的|提出)|定(?:在|于|的))"
# NOUN stands for the words of a kind of paper; QUALIFIED: for what may stand between.
THE_PAPER = rf"{_HERE}\s*(?:[\w&%.-]{{1,10}}\s?){{0,2}}?(?:NOUN){_NO_VERB}|(?:该|本|此)(?:NOUN)|(?:NOUN)[”\"》]?\s*{_ZH_ENDS}|(?<![a-z])(?:in|on|from|per|by|under|according to|based on|given|going by|following|inside|with) (?:the|my|our|your|their) (?:[\w&%-]+ ){{0,3}}?(?:NOUN){_NO_VERB}|(?<![a-z])(?:the|my|our) (?:[\w&%-]+ ){{0,2}}?(?:NOUN)(?:'s)?\s+(?:\w+ )?(?:say|says|said|set|sets|mention|list|state|ask|give|gives|want|wants|put|puts|name|names|propose|proposes|call|calls|allow|allows|require|requires|promise|promises|specify|specifies|cover|covers|show|shows|tell|tells|expect|expects|report|reports|is attached|attached|have|has|allocate|allocates|commit|commits|offer|offers|suggest|suggests|recommend|recommends|plan|plans|include|includes|assume|assumes|budget|budgets)\b|(?:按照?|照着?|根据|依据|基于|参照|依照?|看).{{0,8}}?(?:NOUN)"
CALLS = rf"{_HERE}\s*(?:[\w&%.-]{{1,10}}\s?){{0,1}}?(?:NOUN){_ZH_ENDS}*的?|(?:^|(?<=[\s,，。?？]))\w{{0,6}}?(?:NOUN)\s*(?:{_ZH_ENDS})+的?|(?<![a-z])(?:in|on|from|per|by|under|according to|based on)? ?(?:the|this|that|my|our) (?:[\w&%-]+ )?(?:NOUN){_NO_VERB}"
POINTED_AT = rf"{_HERE}\s*(?:[\w&%.-]{{1,10}}\s?){{0,1}}?(?:NOUN){_NO_VERB}"
IN_GENERAL = re.compile(
    r"一般|通常|正常情况|好的|优秀的|\b(?:usually|normally|typically|generally|in general|a good|an effective|a great)\b", _I
)
"""A question on papers of a kind, not on the one that is there."""
ON_MAKING = re.compile(
    r"(?:怎么|如何|怎样|咋)(?:去|来)?(?:写|做|定|设计|拟|起草|准备|制定|搭|建|谈|用|看懂|开|发|管|选|分|带)|该(?:不该|怎|如何)|应该|\bhow (?:do|should|can|to|would)\b|\bshould\b|是什么意思|什么是|\bwhat is an?\b|\bwhat makes\b",
    _I,
)
"""Advice or a term is asked for: a word of a file's name alone does not make it a question on the file."""
ASKS_FACT = re.compile(
    r"谁|哪|何时|时候|截止|几|多少|多久|多大|多长|写|提到|是什么|\b(?:who|when|where|which|due|deadline|how (?:many|much|big|long|large)|what(?:'s| is| was| are| were| did| does))\b",
    _I,
)
COMMON_IN_NAMES = frozenset(
    """
    市场 营销 品牌 部门 市场部 公司 集团 总监 经理 副总裁 首席 营销官 首席营销官 市场总监 首席营销 cmo vp kpi okr roi roas crm mql ltv cac 预算 费用 考核 绩效 评估
    调整 关于 通知 方案 报告 文件 版本 终稿 初稿 最终 最终版 新版 草稿 副本 团队 业务 销售 产品 渠道 投放 激励 增长 战略 策略 规划 计划 年度 季度 月度 半年 上半年 下半年
    会议 经营 经营会 会 纪要 招聘 职位 岗位 简历 个人 客户 用户 数据 分析 管理 工作 项目 活动 内容 媒体 广告 推广 转化 线索 组织 人才 培训 领导 能力 模型 标准 要求 目标 指标
    员工 人员 结果 办公 采购 框架 新品 价格 定价 会员 社区 直播 电商 门店 敬业 敬业度 满意 满意度 问卷 搬迁 选题 参与 主管 经验 能力 商品 零售 企业 公关 传播 创意 设计 社媒 私域 上市 出海 海外 国际 双方 服务 价值
    总结 复盘 汇报 述职 表 书 版 稿 合同 协议 问卷 调研 调查 健康 健康度 反馈 代理 代理商 供应商 采购 制度 办法 手册 说明 流程 首页 附件 材料 资料 文档 表格 明细 清单 邮件 公告 年 月 日
    marketing brand market manager director chief officer president vice report plan budget final draft version copy new team sales product channel growth strategy annual quarterly monthly
    memo paper board minutes meeting deck slides brief offer letter contract agreement survey job description ad cv resume review performance appraisal summary notes form file document
    page one pager proposal policy template data customer media campaign organisation organization assessment self 360 feedback model competency role position the of for and to doc v1 v2 v3 fy q1 q2 q3 q4 h1 h2
    digital content social leadership people talent company group business project launch media lead leads conversion results result update status weekly
    """.split()
)
"""Words of the field and of file names: a question that holds one need not speak of the file whose name does."""
OF_LIBRARY = re.compile(
    r"(?:按照?|照|根据|用|从|在|跟|和|对照)?(?:你们?|贵方|你)(?:那|这)?(?:套|个|份)?的?(?:标准|资料|框架|体系|模型|知识库|库|说法|口径|教练)|(?:按照?|根据|照|从|看|查|在)资料|资料(?:库)?(?:里|中|上|怎么|说|讲|认为)|框架(?:里|中|上|怎么|说|对|的)|按(?:你们?的)?框架"
    r"|(?:CMO|VP|总监|副总裁|首席营销官|经理|专员)(?:那|这)(?:一)?(?:级|阶段|层|档)|角色(?:里|中).{0,6}(?:哪|对应)|(?:属于|算是?|是|在|对应)(?:的是)?哪(?:一)?(?:个)?(?:级|阶段|层|档)"
    r"|\b(?:in|by|per|under|with|from|against|to|according to) (?:your|the coach'?s) (?:\w+ )?(?:framework|material|library|model|standards?|ladder|stages?|book|sources?|guide|knowledge)|\byour (?:framework|material|library|ladder|sources?)\b|\bthe framework\b|\bwhich (?:stage|level|pillar) (?:is|does|would|of)\b",
    _I,
)
INSIDE_AGAIN = re.compile(
    r"\b(?:it|they|he|she|this|that)\b.{0,12}\b(?:say|says|show|shows|mention|mentions|state|states|list|lists|name|names|give|gives|specify|set|cover|covers)\b|\bdoes (?:it|he|she)\b|里面|文中|其中|有没有(?:写|提|说|讲)|是否(?:写|提|说)|(?:写|提|说)(?:了|到|明)?(?:没有?|吗)",
    _I,
)
LEANS = re.compile(r"这|那(?!么|时)|它|照此|此|对应|\b(?:this|that|it|its|these|those|which of|square|compare|fit|thing)\b", _I)
PART_ENDS = re.compile(
    r"(?<=[?？。！!；;\n])\s*|[,，、]?\s*(?=(?:另外|还有|同时|顺便|再问|此外|以及))|(?<=[,，])\s*|(?<=[a-z)\d])\.\s+(?=[A-Z])|\s+[-–—]+\s+|,?\s+(?=(?:and|but|also|plus)\s+(?:then\s+)?(?:how|what|which|who|when|where|why|should|does|do|did|is|are|was|can|could|would|will|has|have|in your|by your|per your|under your|according)\b)",
    _I,
)
ASKS = re.compile(
    r"[?？]|什么|啥|怎么|咋|如何|哪|谁|几(?!乎)|多少|多久|多大|是不是|能不能|有没有|要不要|该不该|算不算|能[^,，]{1,8}吗|吗|为何|是否|还是|列出|总结|概括"
    r"|\b(?:what|how|why|who|whom|when|which|where|does|do|did|is|are|was|should|can|could|would|tell me|list|explain|summari[sz]e)\b",
    _I,
)
LATEST = re.compile(
    r"最近(?:这|的?一)?(?:份|段|个)?|目前|现在|当前|最新|现任|如今|\b(?:current|currently|latest|most recent|present|now|newest)\b",
    _I,
)
EARLIER = re.compile(
    r"上一(?:份|段|个|家)|之前|以前|前一(?:份|段|家)|早期|\b(?:previous|former|earlier|before|past|prior|first job|last job)\b",
    _I,
)
MOST_ASKED = re.compile(r"最(?:大|高|多|贵|长)|\b(?:biggest|largest|highest|most|greatest|maximum|max)\b", _I)
WHETHER_TERM = (
    re.compile(
        r"(?:有没有|有无|是否|是不是)(?:明确)?(?:写|提|说|讲|列|体现|包含|涉及|约定|规定|注明|负责|管|做|带|看)?(?:到|及|过|了|明)*(?P<x>[^,，。?？;；\s吗呢]{2,20}?)(?:吗|呢|的)?\W*$",
        _I,
    ),
    re.compile(
        r"(?:写|提|说|讲|列|体现|包含|涉及|约定|规定|注明)(?:到|及|过|了|明)*(?P<x>[^,，。?？;；\s吗呢多少几谁哪]{2,20}?)(?:没有?|吗|了吗|了没有?)\W*$",
        _I,
    ),
    re.compile(
        r"\b(?:shows?|mentions?|states?|lists?|includes?|contains?|ha(?:ve|s)|covers?|specif(?:y|ies)|gives?|names?|say(?:s)?(?: anything)?(?: about)?|talk about)\s+(?:anything (?:about|on|like)|any(?: kind of| sort of)?|an?|some)\s+(?P<x>[\w&/'’ -]{2,50}?)\s*\W*$|\bsay anything (?:about|on) (?P<y>[\w&/'’ -]{2,50}?)\s*\W*$"
        r"|\b(?:is|are) there (?:any(?:thing)?(?: about| on)?|an?|some) (?P<z>[\w&/'’ -]{2,40}?)(?: (?:in|on|at) (?:it|there|the|this|that|my|our)\b.*)?\W*$|\b(?:shows?|mentions?|covers?|includes?|states?) (?P<w>[\w&/'’ -]{2,40}?)\s*\W*$",
        _I,
    ),
)
GENERIC_TERM = frozenset(
    """
    经验 职责 责任 方面 内容 相关 信息 条款 要求 经历 情况 具体 数字 responsibility responsibilities experience mention clause information details detail anything any exposure background evidence kind work
    written explicit specific about on for of in the with
    """.split()
)
