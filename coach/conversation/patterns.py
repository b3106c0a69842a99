"""The words by which messages are recognised, in both languages: data in the form of patterns, decided upon elsewhere.

Each pattern is a family of wordings, not a list of test sentences; `coach.conversation.turn`, `.history` and `.evidence`
say what follows from a match. Input is normalised (NFKC) and simplified before it is matched.
"""

from __future__ import annotations

import re
from typing import Literal

SmallTalk = Literal["hello", "thanks", "bye", "who", "privacy", "do_assess", "do_plan", "do_remind", "do_forget", "do_human"]
"""`do_…`: what the product does, but not because of a sentence in a conversation; the reply says where."""
Wish = Literal["introduce", "stage", "weakest", "plan", "page", "stuck", "keep", "adjust", "retarget"]
"""What somebody wants for themselves in a conversation."""
Asked = Literal["money", "name", "figure", "contact"]

_I = re.IGNORECASE

# turn
CRISIS = re.compile(
    r"不想活|活(着|著|下去)(真|也|都)?(没|沒|無|无)(什么|啥|有)?(意思|意义|劲)|活不下去|想(自杀|轻生|死了算|一死)|(?<!职业)自杀(?!式)|(?<!年)轻生|自残|自殘|自殺|輕生|割腕|跳楼(?!.{0,2}(价|促销|甩卖))|跳樓|"
    r"遗书|遺書|(结束|了结)(自己|生命(?!周期)|这一切|一切|这条命)|((?<!医)药(?!企|店|房|妆|品牌|械)|藥|安眠).{0,6}(攒|攢|囤|吞|备好|够了)|(没有|少了)我.{0,10}(更好|轻松|解脱|都好)|"
    r"(楼顶|天台|桥上|窗(边|台)).{0,12}(站|差一步|往下|跳)|一了百了|解脱.{0,6}(算了|就好)|消失(了|掉)?.{0,6}(就好|算了|没人)|不想(再)?醒(过)?来|"
    r"睡(着|过去).{0,6}(再也)?(不|别)(要|想|用)?(再)?醒|(真的?|好|很|就)想死(?!你|心塌地)|想去死|死了(算|才|就)(了|好|解脱)|"
    r"伤害(我)?自己|(?<![规策计谋])划(自己|手臂|胳膊)|保险受益人.*(密码|孩子)|没(什么)?(必要|意义)(再)?(活|撑)|"
    r"(我.{0,3}|(^|[,，。.!！?？;；])((?!预算|经费|资金|现金|费用|公司|品牌|项目|产品|库存|业务)[^,，。.!！?？;；])*)(撑|熬|活)不(到|过)(年底|明天|明年|下周|下个月|今晚|这周|那天|天亮)|"
    r"(后事|遗嘱|身后).{0,10}(安排|写|交代)(好|了|完)|(让|求)(我|你).{0,3}死(吧|了)|"
    r"\bkill(ing)? myself\b|(?<!career )(?<!career-)(?<!brand )(?<!professional )(?<!commercial )(?<!political )suicid|\bend (my|this) life\b|\bend it all\b|(don'?t|do not|no longer) (want|wanna) to (live|be here|be alive|exist|wake up)|"
    r"\b(want|wanna|wish|ready) (to|i could) (just )?(die|disappear forever|not wake)|\bwish i (was|were) dead\b|\bbetter off (without me|dead)\b|"
    r"\bno (reason|point)( in| to)? (live|living|go(ing)? on)\b|\b(hurt(ing)?|harm(ing)?|cut(ting)?) myself\b|self.?harm|\boverdos|"
    r"\b(saved|saving|stockpil\w+|counted|hoard\w*).{0,20}\b(pills|meds|tablets)\b|\bgoodbye (note|letter)s?\b|\bstood on (the|that|a) (bridge|roof|ledge)|"
    r"\bcan'?t (go on|do this) any ?more\b|\bjump(ing)? (off|in front)\b|\bnobody would (miss|notice)\b|"
    r"\bbetter off with (the|my) (payout|insurance|money)\b|\b(looking|staring) (at|over|down) (the|that|a) (bridge|ledge|edge|tracks|roof)|"
    r"\b(written|wrote|writing) (the|my|those) (letters|note|will)\b|\bgiven (my|the) \w+ away\b.{0,60}\b(letter|note|anymore|any more)|"
    r"\bnothing will ever (get better|change|matter)\b|\blast goodbye\b|\bmy (very )?last message\b|\bthis is the last message\b(?! (in|of|to|from|we)\b)|\blast message (you|i|anyone|from me)\b|\bi (really |probably |just )?(won'?t|will not) be (here|around|coming back) (any ?more|tomorrow|next (week|year))",
    _I,
)
VIOLENCE = re.compile(
    r"(杀|砍|捅|弄死|宰|干掉|毒死|打死)(了|死)?((他|她|他们|老板|上司|领导|同事|你们|全家)(?!们?的?.{0,4}(预算|项目|费用|经费|编制|人头|团队|价))|(那个|这个)(?!.{0,6}(项目|预算|活动|渠道|产品|方案|品牌|功能|计划|业务|岗位|需求|费用|部门|价|版本|指标)))|见血|同归于尽|(刀|枪|汽油|毒).{0,8}(买|备|带)(好|了)|拉(他|她|几个)?.{0,4}垫背|"
    r"(揍|打|掐|家暴)(我|得我)(?!的?(电话|手机|分机|微信|脸|主意|招呼|折|分|绩效)|个?[A-E](?![A-Za-z])|\d+(\.\d+)?分)|他(又)?(打|揍)(了)?我(?!的?(电话|手机|分机|微信|脸|主意|招呼|折|分|绩效)|个?[A-E](?![A-Za-z])|\d+(\.\d+)?分)|"
    r"\b(kill|stab|shoot|murder|poison|strangle) (him|her|them|my (boss|manager|colleague|coworker|ceo)|that (man|woman|guy|person|boss|manager|ceo|colleague|bastard|bitch|idiot|asshole)|everyone)\b"
    r"(?! (an?|some|the|my|your|our|over|off) (\w+ )?(e-?mail|message|note|text|link|line|memo|reply|invite|deck|draft|question|dm)|('s)? (campaign|project|idea|budget)|,? with kindness)|"
    r"\bbring(ing)? (a|my) (gun|knife)\b|\bmake (him|her|them) bleed\b|\bburn (the|this) (office|place) down\b|\b(hits|chokes) me\b(?! (that|how|up|with (an? |the )?(e-?mail|question|request|deadline)))|(?<!it )\bbeats me\b(?! (to|why|how|on|at (?!home|night|work)|in (?!front))\b)",
    _I,
)
HYPERBOLE = re.compile(
    r"(想死的心都有|累死|忙死|气死|烦死|笑死|急死|逼死|愁死|尴尬死|卷死|坑死|吓死|死也要|死磕|死线|有毒的?(上司|老板|领导|同事|团队|职场|文化|氛围))(?!.{0,20}(真的|药|楼|刀|遗书|不想活))|"
    r"\b(deadline|workload|meeting|kpi|boss|job|commute|suspense|curiosity)s?\b.{0,20}\bkill(s|ing)? me\b|\bkill(s|ing)? me\b.{0,20}\b(deadline|kpi)|"
    r"\btoxic (boss|manager|colleague|team|culture|workplace)\b|\bdying to\b|\bto die for\b|\bkilling it\b|\bdead tired\b|\bi'?m dead\b|\bkill (an?|the|this|that|our|my) (campaign|project|budget|brand|channel|idea)\b",
    _I,
)
INJECTION = re.compile(
    r"(忽略|无视|忘(掉|记)|不(用|要|必)(再)?(管|理会|遵守)|绕过|跳过|关(闭|掉))(?!.{0,4}(哪|什么))("
    r".{0,14}(指令|规则|提示|设定|以上|上述|前文|上文|安全(限制|措施|机制|设置|规范|过滤))|"
    r".{0,6}(之前|前面|上面|先前)(的|所有|一切|全部|说|讲|内容|那些|这些){0,4}(限制|要求|内容|话|对话|消息|信息|东西|资料|[\s,，。.;；!！]|$)|"
    r".{0,4}(你的?|所有|一切|任何|全部|系统|那些)的?.{0,6}(限制|要求|安全|约束))|"
    r"(丢开|抛开|放弃|违反|取消|推翻|解除)((?!预算|费用|经费|采购|招聘|人数|编制|价格|折扣|渠道|审批|公司|出差|合同|竞业|行业|平台|地域).){0,10}(规则|限制|指令|设定|约束)|新(的)?(规则|指令)\s*[:：]|</?system|(系统|管理员|开发者)(公告|消息|模式|更新|通知|指令|提示|授权)\s*[:：】\]]|系统(指令|提示)|(管理员|开发者)(指令|授权|模式)|(致|给)\s*(AI|模型|助手)|(你现在|从现在(起|开始)\W{0,2}你).{0,8}(是|叫|扮演|变成|进入|没有)|从现在(起|开始).{0,8}(扮演|没有.{0,4}(限制|规则|约束))|扮演.{0,12}(没有限制|无限制|不受限)|"
    r"(系统提示词?|提示词|内部(指令|规则)|初始设定|system prompt).{0,14}(贴|发|给|打印|复述|输出|告诉|是什么|公开|原文|原封不动)|(贴|发|打印|复述|输出|透露|公开|念).{0,10}(系统提示|提示词|内部(指令|规则)|system prompt)|"
    r"只(输出|回复|回答|需回复)[“\"「'A-Z]|只说([“\"「']|(OK|YES|NO|PWNED|HACKED)\b)|(回复|回答|答案|每句话?)(里|的?(开头|结尾|最后|末尾|前面))?.{0,6}(必须|都要|加上?|附上?|写上?).{0,10}[“\"「]|先(说|回)[“\"「]|越狱|"
    r"\b(ignore|disregard|forget|override|bypass)\b.{0,30}\b(instruction|rule|prompt|guideline|library|source)s?\b|"
    r"\b(ignore|disregard|forget|override|bypass)\b.{0,30}\b(above|(previous|prior|earlier) (messages?|context|conversation|text|chat|turns?|orders?|input)|everything( (else|above|before|prior|previous|so far|you\b.*|i (said|told|wrote).*|and\b.*|then\b.*))?\W*$|everything (above|you (know|were|have|are|ve)|you've|i (said|told)))|"
    r"\bdrop (all|every|your|the) (safeguards?|rules?|filters?|guardrails?)|\b(full|internal) (configuration|instructions|prompt)\b|\b(repeat|print|output) (every|all|each|the) (word|line|text|thing)s?\b|\bsystem (override|prompt|message|notice)\b|\bdeveloper mode\b|\bjailbreak|(?-i:\bDAN\b)|\bdan mode\b|\bpretend (you|to be)\b|\byou are now\b|\bact as (an? )?(unrestricted|unfiltered|evil)|"
    r"\bshow\b.{0,20}\b(your|system|hidden|secret|internal|initial|original|me the)\b.{0,20}\b(prompt|instructions?|rules|configuration)\b|"
    r"\b(reveal|print|repeat|paste|output|leak|dump)\b.{0,30}\b(prompt|instructions?|rules|words? above|text above|line above|configuration)\b|"
    r"\b(reply|respond|answer|say|output|print)\b (only )?(with )?(only )?(the (word|text|token|phrase) )?[\"“'A-Z0-9_-]{4,}( and)? ?(nothing|only)|"
    r"\bappend\b.{0,80}\b(to|at)\b.{0,20}\b(answer|reply|response)|note_to_model|\bAI (reading|agent|assistant)s?\b.{0,12}:|"
    r"\b(end|start|begin|finish) (every|each|your) (sentence|reply|answer|response)\b.{0,30}(with|by)|\bno (rules|restrictions|filters)\b",
    _I,
)
BLOCK = re.compile(
    r"<!--.*?-->|\[\[.*?\]\]|\[(?!\d)[^\]]{12,}\]|【[^】]{2,}】|\{[^{}]{12,}\}|```.*?```|<[a-z]+[^>]*>.*?</[a-z]+>", re.S | _I
)
SENTENCE = re.compile(r"[^。！？!?；;\n.]*(?:[。！？!?；;\n]+|\.(?=\s|$)|\.(?=\w)|$)")
CLAUSE = re.compile(r"[^,，:：]*(?:[,，:：]+|$)")
FABRICATE = re.compile(
    r"(编|捏造|虚构|伪造|杜撰|瞎编|造(一?个|几个|点|份)?假|假造|凑(一?个|几个|点)|P一(个|张))(?!辑|制|排|写代码|码|程|导|剧|外|.{0,4}预算).{0,16}(案例|数据|数字|业绩|经历|推荐|客户|证言|评价|故事|履历|简历|成绩|项目|名言|出处|来源|报告|截图|奖|头衔)|"
    r"(案例|数据|数字|业绩|经历|推荐信?|证言|履历|简历|成绩|头衔).{0,14}(编(?!制|排|辑|码|程|外|内|号|.{0,4}预算)|捏造|虚构|伪造|造假|注水|吹(大|高)|夸大|改(大|高|好看|漂亮)|改成.{0,6}(\d[\d.,]*(?![\d.,]|\s*(个?月|天|周|年|次|个?季|个?小时))|百分之|翻倍|[一二两三四五六七八九十百千]+(倍|成|个点|万|亿)|我)|凑一?个)|"
    r"没(有)?(做|带|干|管)过.{0,20}(写成|说成|编|包装成)|"
    r"\b(make up|invent|fabricate|fake|forge|concoct|dream up|cook up)\b.{0,40}\b(case|stud|number|figure|stat|data|metric|result|reference|testimonial|quote|achievement|award|story|client|project|roi|experience|campaign|win)|"
    r"\b(fake|made.?up|invented|fictional|fictitious|bogus)\b.{0,20}\b(case|stud|number|figure|stat|data|reference|testimonial|quote|achievement|award|client|review)|"
    r"\b(inflate|exaggerate|pad|fudge|massage)\b.{0,30}\b(cv|resume|result|number|figure|achievement|metric|title|team size|roi)|\bi never (did|led|ran|managed).{0,40}\b(write|say|put|claim)",
    _I,
)
DECEIVE = re.compile(
    r"((让|叫|使).{0,10}看不出来|看不出来?(的那种|.{0,4}(编|假|AI|改|造|代写|破绽|水分|抄))|蒙混|(?<!被)(糊弄(?!我)(过|一下|老板|领导|上级|董事会|客户|财务|投资人|面试官|HR|他|她|CFO|CEO)|瞒(着|过|住)(?!我)|骗(过|一?下)(?!我))|忽悠(老板|董事会|客户|投资人|面试官|HR)|冒充|假装是|以.{0,14}(名义|口吻|身份)(来|去)?写|他(们)?不知道(这|的)?(事|情)?.{0,8}写)|"
    r"\bas if (it (is|was|were) )?(from|by|written by) (my|our|a|the|his|her)\b|\bpretend(ing)? to be (my|our|a|the)\b|\b(hide|disguise|bury|cover up|conceal)\b.{0,40}\b(from|so)\b|"
    r"\bso (that )?(the board|they|he|she|nobody|no one|my boss|the ceo|investors) (don'?t|won'?t|can'?t|doesn'?t|never) (notice|see|find|realis|realiz|know)|((?<!not )\bto |\b(me|i|we|you|and|then|please|let'?s) |^)(trick|mislead|deceive|fool) ((the|my|our|their|his|her|an?|your|all|some|potential|new) )*(board|boss|c[efmo]o|investor|client|customer|recruiter|interviewer|manager|hr|them|him|her|everyone|people|management|hiring|committee|auditor|partner|employer|panel|shareholder|finance|team|reader)",
    _I,
)
# Fabrication as something to find out or avoid: not a request for it. Taken out before the two above are applied.
DETECTING = re.compile(
    r"(造假|作假|假造|伪造|编造|捏造|虚构|注水|夸大|虚假|冒充|忽悠|糊弄)[^,，。.!！?？]{0,8}(怎么|如何|怎样|该|能不能|才能)(才能|能|去|及时|提前)?(识别|辨别|分辨|鉴别|识破|看穿|看出来|查|发现|防|避免|杜绝|处理|应对|处罚|拒绝)|"
    r"(识别|辨别|分辨|鉴别|识破|看穿|揭穿|防止|防范|避免|杜绝|拒绝|核查)(?!不)[^,，。.!！?？被]{0,12}(造假|作假|假造|伪造|编造|捏造|虚构|注水|夸大|虚假|冒充|忽悠|糊弄|编数据)|"
    r"(?<!can't )(?<!cannot )(?<!won't )(?<!not )(?<!don't )(?<!never )"
    r"\b(spot(ting)?|detect(ing)?|identify(ing)?|recogni[sz](e|ing)|catch(ing)?|uncover(ing)?|expos(e|ing)|avoid(ing)?|prevent(ing)?|report(ing)?|refus(e|ing)|guard against|watch (out )?for|call out|check for)\b"
    r"[^,.;!?]{0,30}\b(fak(e|ed|ing)|fabricat\w+|ma(de|ke|king).?up|invent(ed|ing)?|fictional|fictitious|bogus|inflat\w+|exaggerat\w+|forg(e|ed|ing)|mislead(ing)?|deceiv\w+|trick(ed|ing|s)?|fool(ed|ing)?|padd(ed|ing)|fudg\w+)\b",
    _I,
)
AS_FACT = re.compile(
    r"(直接|就|当成?|写成|说成|照)(写|说|按)?.{0,20}(定论|事实|已?证实|证明了?|权威|行业(标准|平均|基准)|铁律)|(别|不(要|许|用|准|必)|去掉|删掉).{0,8}(据称|未(经)?(核|验)|保留|来源不明|资料称|“?称”?|没核实|存疑|加.{0,4}限定)|没核就没核|"
    r"\b(as|into) (an? )?(hard|established|proven|verified|confirmed|undisputed) (fact|industry|benchmark|truth)|\bstate (it|this|that)\b.{0,20}\bas (a )?fact|"
    r"\b(no|without|zero|drop the|skip the|remove the|leave out the) (caveat|hedg|qualifier|disclaimer|attribution|\"?reportedly|unverified)|don'?t (say|mention|add).{0,24}(unverified|claim|source|caveat|reported)",
    _I,
)
FIGURES = re.compile(
    r"\d|领英|IDC|猴子|Monkey|LinkedIn|百分|数字|数据|figure|number|stat|预测|prediction|案例|case|没核|未核|unverified|restate",
    _I,
)
GENERAL = re.compile(
    r"^(给我?)?(一些|一点|点)?(一般|通用|常规)(性)?的?(建议|经验)|按(一般|常规|你的)经验(说|讲|来)|(不|没有)资料也(行|可以).{0,6}(说|讲)|^(please )?(give me )?(some )?general advice|outside (of )?(the|your) library",
    _I,
)
# Whatever follows a thank-you or a goodbye, if it asks for something.
_MORE = (
    r"(?!.*(什么|啥|怎么|怎样|如何|咋|哪|多少|为何|吗|呢|区别|请问|再(讲|说|问|给|帮)|讲讲|说说|展开|继续|信|模板|话术|"
    r"\b(what|how|why|which|who|whose|when|where|should|could|can|explain|tell|list|give|but|note|letter|template|e-?mail)\b))"
)
SMALL: tuple[tuple[SmallTalk, re.Pattern[str]], ...] = (
    (
        "hello",
        re.compile(
            r"^((你好|您好|妳好|嗨|哈喽|哈啰|哈囉|哈罗|h+i+|hel+o+|he+y+|hiya|早|早安|早上好|上午好|中午好|下午好|晚上好|在吗|在嗎|有人吗|有人在吗|(good )?(morning|afternoon|evening)|test(ing)?|测试)[\s,，、!！~～.。]*)+( ?there| ?coach)?(一下|下|呀|啊|哦|教练|coach|老师)*$",
            _I,
        ),
    ),
    (
        "thanks",
        re.compile(
            r"^((好的?|好吧|行|嗯+|哇|太好了|太棒了|明白了?|懂了|了解|收到|ok|okay|great|perfect|cool|nice|awesome|got it)[了啦的]?[\s,，。.!！~]*)?(谢谢?|感谢|多谢|謝謝|感謝|辛苦|thank|thx|thanks|cheers|ty\b|appreciate)"
            + _MORE
            + r"|^(讲得|说得|答得)?(真|很|太)?(好|棒|有用|有帮助|清楚)(了)?$|^(that('s| is| was) )?(really |very |so )?(helpful|useful|great|awesome|nice)( thanks)?$|^(受教|学到)了"
            + _MORE,
            _I,
        ),
    ),
    (
        "bye",
        re.compile(
            r"^((好的?|嗯+|行|ok|okay)[\s,，。.!！~]*)?(再见|拜拜|拜(?=$|[啦了咯喽\s,，~!])|回头(见|聊)|下次(见|再聊)|先这样(?!做|安排|定|写)|晚安|我下线|bye\b|goodbye|see (you|ya)\b|good night|that'?s all\b)"
            + _MORE,
            _I,
        ),
    ),
    (
        "who",
        re.compile(
            r"^(请问)?(你|您|妳|這個|这个)(到底|究竟|都|还)?((是谁|是誰|叫(什么|啥|什麼)).{0,4}$|是(真)?人(类)?(还是|吗|嗎)|是(不是)?(真人|机器人|機器人|AI|人工智能|GPT|ChatGPT)|(能|可以|会)(帮我?|为我|幫我?)?(做|干|幹|解决)?(什么|啥|什麼|哪些|点什么|點什麼).{0,5}$|有(什么|啥|哪些)(功能|用|本事)|怎么用$)|"
            r"^(请问)?(是谁|是(真)?人(类)?(还是|吗).{0,4}|是(不是)?(真人|机器人|AI|人工智能|GPT|ChatGPT).{0,4}|叫(什么|啥)|(能|可以|会)(帮我?|为我)?(做|干|解决)?(点?什么|啥|哪些)(事|忙|问题)?|有(什么|啥|哪些)(功能|用|本事)|怎么用)[呀啊呢]?$|"
            r"^(what|who) (are|r) (you|u)\b(?! \w+ing\b)|\bwhat can (you|u|this)\b(?!.* (about|on) (?!this|here|you)).{0,20}$|^are you (a |an )?(real|human|bot|robot|ai|person|chatgpt)|^(介绍|說說|说说)(一下)?你自己|^(自我介绍|introduce yourself)|^((so|and|ok|hi|hello|hey),? )?how (do|does) (this|you|it)( (bot|tool|app|coach|thing))? work$",
            _I,
        ),
    ),
    (
        "privacy",
        re.compile(
            r"(我(?!带|管|做|负责|分析|用|想)(的|说的|发的)?.{0,6}(数据|信息|资料|聊天|话|内容|问题)(?!团队|部|分析|岗|运营|营销).{0,10}(存(?!量|货)|保存|发(给|到|送|往|出去|去)|传(?!播|统|递|达)|泄露|保密|安全|去哪|给谁|看到|隐私))|(会|能)(不会)?(保存|记录|泄露|上传).{0,6}(我|聊天|对话)|\b(my|this) (data(?! (team|analyst|scientist|lead|people|stack|platform|strategy|engineer|quality|department))|conversation|chat|messages?|questions?)\b.{0,40}\b(stored?|go|sent|private|safe|shared|saved|see|confidential)|\bwho (can )?(see|reads?)\b.{0,20}\b(this|my)\b|is this (private|confidential)",
            _I,
        ),
    ),
    (
        "do_assess",
        re.compile(
            r"^(请|麻烦)?((你)?(帮|给|替|为)我|我(想|要|来)|开始|再)(再|来|开始|进行|做|测)*(一?(次|个|下|遍))?(能力)?(测评|评估|测试)(一下)?(吧|呗|可以吗|好吗)?$"
            r"|^(请|我想|帮我|给我)?(看|查|打开)(看|一看|一下)?(我|我自己)?的?(能力)?(测评|评估)(的)?(结果|报告|成绩)(在哪.{0,3})?$"
            r"|^(please )?(can (you|i) |i('d| would)? (like|want) to )?(start|do|take|run|open|see|show me) (an?|the|my|another) (new )?(self[- ])?assessment( results?)?( please)?$",
            _I,
        ),
    ),
    (
        "do_plan",
        re.compile(
            r"^(请|我想|帮我|给我)?(看|查|打开)(看|一看|一下)?(我|我自己)的(发展)?计划(的)?(进展|进度|情况|到哪.{0,3})?(了|怎么样了?)?$|^我的(发展)?计划(在哪(里|儿)?|进展(怎么样|如何)?)$"
            r"|^(please )?(can (you|i) |i('d| would)? (like|want) to )?(show me|see|open) my (development )?plan$|^(so )?what('s| is) (on )?my plan( for)?( this week| today| this month)?$",
            _I,
        ),
    ),
    (
        "do_remind",
        re.compile(
            r"^(请|麻烦)?(你)?(别|不要|不用|停止|取消|关掉|关闭)(再|掉)?(给我|向我|对我)?(的)?(每周)?(发)?提醒(我|消息)?(了|吧)?$|^(把|帮我)?(提醒)(都|全)?(关|停|取消)(掉|了)?(吧)?$"
            r"|^(please )?(stop|don'?t|do not|no more) (sending me |send me |the |those |these )?remind(ers?|ing me|( me)?)( anymore| please)?$",
            _I,
        ),
    ),
    (
        "do_forget",
        re.compile(
            r"^(请|麻烦)?(你)?(帮我)?(把)?(我的|关于我的|我)?(所有|全部)?的?(数据|资料|信息|记录|对话|档案|账号)(都|全部|全)?(删(除|掉|了)?|清(空|除|掉))(吧|掉)?$"
            r"|^(请|麻烦)?(你)?(帮我)?(删(除|掉)?|清(空|除))(掉)?(我的|关于我的|我)(所有|全部)?的?(数据|资料|信息|记录|对话|档案|账号)(吧)?$|^(请)?(忘(掉|记)|删(除|掉))我(吧)?$"
            r"|^(please )?(delete|erase|remove|wipe) (all )?(of )?my (data|account|profile|conversations?|records?)( please)?$|^(please )?forget (about )?me$",
            _I,
        ),
    ),
    (
        "do_human",
        re.compile(
            r"^(请|我要|我想|帮我|给我)?(转|找|接|换)(个|一个|一下)?(人工|真人|客服|活人)(客服|服务|教练)?(吧)?$|^(有没有|能不能找)(个)?(人工|真人)(客服|教练)?$"
            r"|^(please )?(can i |i('d| would)? (like|want) to |let me )?(talk|speak|chat) (to|with) (a |an )?(real |actual )?(human|person|agent|somebody|someone)( please)?$",
            _I,
        ),
    ),
)
VAGUE = re.compile(
    r"^(怎么办|咋办|咋整|怎么弄|怎么搞|怎么说|然后呢|继续|接着|帮帮?我|救命|求助|在线等|急|求建议|有什么建议|你觉得呢|你怎么看|为什么|为啥|它呢|那个呢|这个呢|哪个好|哪个更好|更好的办法|还有吗|说说|聊聊|随便|不知道|嗯+|啊+|哦+|go|go on|keep going|help|help me|help pls|what now|now what|and\??|why|how|thoughts|any ideas?|ideas|advice|suggestions?|hmm+|so|continue|which one( is better)?|is it good|what do you think|what should i do)[\s?？!！。.~…吧呢啊呀]*$",
    _I,
)
PERSONAL = re.compile(
    r"(评估|评价|测评|诊断|看看|分析|判断)(一?下)?(我|本人)(的(水平|能力|位置|现状|差距|情况))?(吧|呗|在哪.{0,6})?[\s。!！?？~]*$|我(的)?(短板|弱项|优势|强项|差距|差(在)?哪)(到底)?(是|在|有)?(什么|哪|啥)|"
    r"我(到底|究竟|现在)?(适不适合|够不够格|配不配|算不算|能不能(当|做|升))|(帮|给|替|为)我?(做|写|定|排|拟|出|制定|规划)(一?个|一?份|一?下)?.{0,10}(计划|规划|方案|目标)(书)?[\s。!！?？~,，]|"
    r"(帮|给|替|为)我?(做|写|定|排|拟|出|制定)(一?个|一?份|一?下)?(职业|个人|发展|三年|五年|年度|季度|IDP|成长).{0,6}(计划|规划|目标)$|"
    r"\bam i (ready|good enough|qualified|cut out|fit)\b|\b(assess|evaluate|rate|judge|place|diagnose) me\b|\b(what|which) stage am i( (in|at|on))?\W*$|\bwhere do i stand\W*$|"
    r"\b(make|write|draft|build|give|create) me (a|an|my) .{0,24}\b(plan|roadmap|goals?|idp)\b|\bwhat are my (strengths|weaknesses|gaps)\b|\breview my (quarter|year|plan|progress)\W*$",
    _I,
)
# What somebody wants for themselves, from the most particular to the most general; `ONESELF` says that it is about them.
WISHES: tuple[tuple[Wish, re.Pattern[str]], ...] = (
    (
        "page",
        re.compile(
            r"一页(纸|的?版|的?计划|给)|(给|写|出|来|做|要)(我|一?个|一?份)?.{0,8}(?<!第)一页(?=$|[,，。.!！])|(老板|上级|领导|副总|总经理|CEO).{0,4}看的.{0,6}(版|一页|计划)"
            r"|\bone[- ]?pager?\b|\bone page\b|\bversion for my boss\b",
            _I,
        ),
    ),
    (
        "keep",
        re.compile(
            r"留不留|还(要不要|该不该|用不用)(留|做|继续)|要不要(放弃|删掉|砍掉)(这|它)|\b(keep|drop) (it|this|the line)( or (drop|keep))?\b.{0,20}\?",
            _I,
        ),
    ),
    (
        "retarget",
        re.compile(
            r"改(了)?(主意|目标)|其实我?(还是)?想(当|做|去做|转)|\bactually\b.{0,12}\bi want to\b|目标(改|换|调)(成|为|到)|(其实)?我?(也|又)?不想(再)?(当|做|管|升|冲|往上)|先别想|我(其实)?(就|只)想(把|做)|还是(把|想做|想把).{0,20}(做到顶|做深|做好)"
            r"|\bchanged my mind\b|\bscrap (the|that|my)\b|\b(no longer|don'?t|not) (want|interested)\b.{0,40}\b(run|climb|ceo|cmo|vp|director|promot|manage)|\bi'?d rather (be|stay|become|go|do|aim|not)\b|\bi want to be (a|the) (proper|best)\b",
            _I,
        ),
    ),
    (
        "stuck",
        re.compile(
            r"(没|没有|未)(做成|成功|做到|办成|推动|落地|完成|做完|发生|通过|批(?!准文)|理我)|黄了|泡汤|(算|就是)?失败(了|吧)|没空|被(拒|否|驳)|不肯|推不动|卡住|做不下去|搁置"
            r"|\b(didn'?t|did not) (happen|work|go|get)\b|\bfell through\b|\bfailed\b|\bsaid no\b|\bturned (me|it) down\b|\bgot stuck\b|\bno time for (it|me)\b",
            _I,
        ),
    ),
    (
        "plan",
        re.compile(
            r"(排|做|写|定|列|出|拟|制定|规划|安排|来)(一?(个|份|版|下)|出|我的?).{0,14}(计划|规划|路线图?|方案)|(给|帮|替)我(再|先)?(排|做|写|定|列|拟|制定).{0,12}(计划|规划|路线|方案)"
            r"|(需要|想要|要)一?(个|份|版).{0,10}(计划|规划)|(排|做|列|来)(一?(个|份|版)).{0,6}(年|月|期)的|(计划|规划).{0,6}(排|列|写|做)(出来|一下)"
            r"|给我(来)?一?(个|份|版).{0,20}(计划|规划|方案)|[长中短]期.{0,3}[长中短]期.{0,14}(计划|规划|都要)"
            r"|[长中短]期?都要|长中短期?|^(那|所以)?我?(这|未来|接下来)?(半年|[\d一两二三四五六]+个?(月|年))(之?内|里)?我?(该|要|可以)?先做(点)?(什么|啥)|^(那|那就)?(计划|规划)[\s。!！]*$"
            r"|\b(draft|make|write|build|give|create|need|want|now)\b.{0,24}\b(plan|roadmap|idp)\b|^(ok|okay|then|so|now|please|and|fine|right)?[ ,]*(a |the |my )?plan\b(?! (for|to) (a|the) (company|team|brand|launch))|\bplan (it|me)\b",
            _I,
        ),
    ),
    (
        "weakest",
        re.compile(
            r"(^|[,，。;；])(我)?(现在|如今|还)?(跟|和|与|离|比|距离?)(?!职|任|开|岗).{1,12}(还|就|又|到底|有|的)?(差距?|缺口?)了?(有|在)?(哪|什么|啥|多少|多远|多大)|最(弱|差|短|欠缺)的?.{0,4}(哪|什么|啥)|我(到底|究竟|现在|还)*(弱|差|短|缺)(在)?(哪|什么|啥)|我(跟|和|与|离|比|距).{0,10}(差|缺|弱)(在)?(哪|什么|啥)|哪(里|块|儿|一?(项|方面|块|根|个)).{0,4}(最弱|最差|最短|拖后腿|欠缺)"
            r"|我(现在|眼下|目前|接下来)?(最|首先|先)(该|应该|要|得|需要)?(补|提升|练|学|改)(哪|什么|啥)|\bhow far am i from\b|\bwhat am i (still )?(missing|lacking)\b|\bwhat should i (work on|fix|improve|learn) (first|most|now)\b"
            r"|(我|自己|^那?)(的|有)?.{0,2}(短板|弱项|弱点|差距|缺口).{0,6}(哪|什么|啥|吗|吧)|(我)?最弱的(就)?是(这|那)"
            r"|\b(where|what) am i (the )?weak(est)?\b|\bmy (\w+ )?(hole|gap|weak(ness|est|nesses)?|weak (spot|point))\b|^(so |and )?(what|which|where)('s| is) (the )?(weakest|biggest gap)\W*$",
            _I,
        ),
    ),
    (
        "stage",
        re.compile(
            r"(我.{0,10}|^(那么?|所以)?(到底|究竟)?)算(是|不算)?(哪|什么|第?几)(一)?(个)?(级|阶段|层|档)|(到底|究竟)?算不算.{0,8}(总监|经理|CMO|VP|负责人)|我.{0,6}(站|处|在)(在)?(哪|什么|第几)(一)?(个)?(阶段|级|层|位置)|我能不能往上(走|升)|够不够(格|资格)"
            r"|\b(what|which) stage (am i|i am|i'm|do i)\b|\bwhere do i stand\b|\bam i (really )?(a|an) (real |proper )?(director|cmo|vp|manager)\b|\bam i ready\b",
            _I,
        ),
    ),
)
# How something is done, or a plan of the business: that is in the library, whoever asks.
IN_GENERAL = re.compile(
    r"(怎么|怎样|如何|咋)(才能)?(把|给|去)?.{0,6}(写|做|排|定|列|拟|制定|讲)|(营销|市场|推广|媒体|传播|活动|上市|投放|内容|商业|预算|品牌|增长|产品|项目|危机|应急|采购|拍摄)(的)?(计划|规划|方案)|写进"
    r"|\bhow (do|does|to|should|can|could|would|did)\b|\bwhat (does|should|belongs|goes)\b|\bexamples?\b"
    r"|\b(marketing|media|launch|business|content|campaign|brand|budget|communications?|crisis|growth|go-to-market|gtm|project|product|succession) (plan|roadmap)\b",
    _I,
)
# A line of the person's plan, or an action of theirs.
OF_THE_PLAN = re.compile(
    r"计划|(这|那|有)一?条|行动|第一步|上(周|个?月|次)|\bplan\b|\b(first|last|next) (step|action)\b|\b(step|action|line)s?\b", _I
)
# A question or a request, with or without its question mark. Someone who tells of themselves asks nothing.
INQUIRES = re.compile(
    r"(?<!没)(?<!没有)(?<!有点)(?<!当)什么(?![都也])|啥(?![都也])|怎么(?![都也])|怎样|如何|咋|哪(?!怕)|多少|吗|呢($|[,，])|[?？]|为何|凭什么|谁(?![都也])|([能该会要值算是行])不\1|来着|不[啊呀]?$|第几|几(级|层|根|步|成|句|拨|路|条|本|年啊)|讲讲|说说|展开(讲|说)|推荐[一几个下点本]|(^|[,，。.;；!！])(那就?|就)?(请|帮我|帮忙|给我|替我|麻烦)"
    r"|(^|[.,;:!] ?)(so |and |but )*(what|how|why|which|who|whose|when|where|should|could|can|is|are|do|does|did|any|recommend|translate|write|explain|tell|give)(?! i\b) "
    r"|\b(know|wonder|about|say|and|but|so) (what|how|why|which|who|whose|when|where)\b|\b(can|should|could|do|does|is) (i|it|there|that|this|you|u|they)\b|\bjust (tell|promise)\b|\bi (mean|meant)\b|\b(please|help me|give me)\b",
    _I,
)
ONESELF = re.compile(r"我|本人|自己|\b(i|i'm|i've|i'd|me|my|mine|myself)\b", _I)
FEELING = re.compile(r"难受|难过|沮丧|委屈|心累|被裁|受打击|崩溃|\blaid off\b|\bgutted\b|\bupset\b|\bhurts?\b|\bdevastated\b", _I)
# What nobody wants to be answered before colleagues, whether or not they thought of that when they asked.
DELICATE = re.compile(
    r"辞职|离职|跳槽|裸辞|被裁|裁员|开除|月薪|年薪|涨薪|加薪|薪水|工资|老板.{0,6}(否定|骂|针对|不喜欢|PUA)|倦怠|干不下去|没戏|抑郁|焦虑|离婚|怀孕"
    r"|\b(quit|resign|leave) (my|this|the) (job|company|role|boss)|\bmy (salary|pay|raise|boss|manager)\b|\bburn(t|ed)? ?out\b|\bfired\b|\bpregnan|\bdepress|\banxi",
    _I,
)
# What somebody says they cannot or do not do.
ADMITS = re.compile(
    r"不(会|懂|敢|让|擅长|接受|太行|行(?=[,，。]|$))|没(有)?(做|带|背|管|碰)过|没人认识|从(不|没|来不)|看不(透|懂|明白)|生疏|(最|很|比较|有点)弱|(靠|看|等)(着)?(别人|代理)|跟着.{0,8}(做|走)"
    r"|\bnever\b|\b(do|does|did|is|am|are|can)( not|n'?t)\b|\bleave\b.{0,30}\bto\b|\brusty\b|\bweak\b|\bbad at\b|\bstruggle\b",
    _I,
)
# Sentences of the person's own that tell of no fact about them: questions without "I am", and what is only supposed.
SUPPOSED = re.compile(r"^(那)?(如果|假如|要是|假设|万一)|\bif i (were|was|am|become|became)\b|^\W*(suppose|imagine)\b", _I)
STATES_SELF = re.compile(
    r"我(现在|目前|是|在|带|管|做|当|向|负责)|本人|\bi('m| am| lead| manage| run| work| report| have)\b|\bmy (role|title|job|team|boss|budget)\b",
    _I,
)
CHATTER = re.compile(
    r"^(你好|您好|好的?|行|嗯|那|谢谢|hi|hello|hey|ok(ay)?|fine|yes|thanks)[,，。.! ]*$|计划|规划|一页|[长中短]期|horizons?|\bplan\b|\bplease\b",
    _I,
)
DUTY_FIELDS = ("role", "team_size", "budget", "reports_to", "revenue_duty", "seat_at_table")
OBEY = re.compile(
    r"(照|按)(着)?(上面|那|它|前面|刚才|里面|文(中|里))|照(做|办)|执行(吧|它|上面)?|\b(do|follow|execute|carry out) (what|as|that|it|the)\b|\bas (it|the text) says\b",
    _I,
)
NO_LETTERS = re.compile(r"[\W\d_]*", re.UNICODE)
# history
OPENERS_ZH = re.compile(
    r"^(那么?|然后|还有|另外|所以|但是?|可是?|不过|而且|接着|继续|展开|具体(点|说|讲)?|详细|举个?例|比如|为什么|为啥|怎么说|换句话|简单说|再说|再讲|"
    r"第[一二三四五六七八九十\d]+[个条点项步级层种块]?|最后一?[个条点]?|前者|后者|上面|刚才|刚刚|这样|这么|其他|别的|哪个|哪一|反过来|我?是说|我的意思)"
)
POINTERS_ZH = re.compile(
    r"它们?|他们|她们|这(个|些|种|条|项|步|一|里|两|三|几|事|方面|样)|那(个|些|种|条|项|步|一|里|两|三|几|边|样)|其中|此|上述|前者|后者|刚才|刚刚|上面|"
    r"第[一二三四五六七八九十\d]+[个条点项]|两者|还差|(结果|后来|然后)呢|是哪(家|个|位)啊|呢[？?]?$"
)
OPENERS_EN = re.compile(
    r"^(and|but|so|then|also|ok(ay)?|what about|how about|why|how so|which one|go on|continue|more|tell me more|explain|for example|like what|"
    r"in short|the (first|second|third|fourth|fifth|last|other|next|former|latter)|same|what if|no,|i mean|actually|sorry)\b",
    re.I,
)
POINTERS_EN = re.compile(
    r"\b(it|its|they|them|their|those|these|this|that|one|ones|both|either|neither|the (first|second|third|fourth|fifth|last|other|former|latter)"
    r"( one)?|there|same|above|such|he|she|him|her)\b",
    re.I,
)
IDENTITY_ZH = re.compile(
    r"(?:其实|不对|更正|说错了|纠正一下|准确说|实际上)?[，,、 ]*(?:我(?:其实|现在|目前|已经|只|才|刚)?(?:是|做|当|升(?:了|到|为)|在做)(?:个|一个|一名|了)?)"
    r"([^，。！？,.!?；;\n]{1,24})"
)
IDENTITY_EN = re.compile(
    r"\b(?:i am|i'm|im|i work as|i run|i was (?:just )?(?:made|promoted to))\s+(?:actually |now |just |only |already )*"
    r"(?:a |an |the )?([^,.;!?\n]{2,40})",
    re.I,
)
CORRECTION = re.compile(
    r"其实|不对|不是.{0,12}(是|而是)|更正|说错|纠正|准确(地)?说|实际上|搞错|\bactually\b|\bcorrection\b|\bi meant?\b|\bsorry\b|\bscratch that\b|\bno,",
    re.I,
)
ROLE = re.compile(
    r"总监|CMO|VP|副总|CEO|创始人|创业|经理|主管|专员|负责人|事业部|总经理|应届|老板|首席|director|chief|manager|head of|founder|specialist|intern|"
    r"president|general manager|owner|lead\b",
    re.I,
)
_ZH_TIME = r"(?![个条]?半?(月|年|周|天|季|星期|日|小时|分钟|次|届|财年|份))"
_EN_TIME = r"(?!\s+(\w+\s+)?(year|month|week|day|quarter|hour|half|time|minute|decade)s?\b|\s+(\d|few\b|couple\b))"
ORDINAL = re.compile(
    rf"第([一二三四五六七八九十]|\d{{1,2}})(?![一二三四五六七八九十\d]){_ZH_TIME}[个条点项根步层种块样]?|"
    rf"(最后)(?![那一]*{_ZH_TIME[3:-1]})[那一]?[一个条点项根步层种块样]?|"
    r"\bnumber (one|two|three|four|five|six|[1-6])\b|"
    rf"\b(?:(?<=the )|(?<=that )|(?<=your )|(?<=and )|^)(first|second|third|fourth|fifth|sixth|last)(?: one)?\b{_EN_TIME}|"
    r"\b(first|second|third|fourth|fifth|sixth|last) one\b",
    re.I,
)
# evidence
ASKS: dict[Asked, re.Pattern[str]] = {
    "money": re.compile(
        r"薪(水|酬|资)?|年薪|月薪|工资|奖金|股权|期权|多少钱|啥价|什么价|(价格|价位|报价|收费|费用|学费).{0,8}(多少|是|怎么|贵|高|如何|区间|范围)|多少.{0,4}(费用|学费)|贵不贵|要花多少|"
        r"\bsalar(y|ies)\b|\bcompensation\b|\bbonus(es)?\b|\bpa(y|id) (do|does|for|range|level|package)|\bhow much (does|do|is|are|did|would|will|should i pay)\b|"
        r"\bwhat (does|do) .{0,40}\b(cost|earn|make|charge)\b|\bprices? (of|for|range|list|tag)\b|\b(what'?s|what is|what are|the) .{0,30}\b(price|fee|rate)s?\W*$|\btuition\b|\bfees\b|\bstock options?\b|\bearn(s|ing)?(\W*$| (per|an? (year|month)|in|at|as|on average|annually|more than|less)\b)",
        _I,
    ),
    "name": re.compile(
        r"哪(一)?(家|位|个(公司|品牌|企业|人|作者|老板|机构))|是谁|谁(说|写|提|讲|做|管|当|担任|创)|叫(什么|啥)(名字)?|(公司|品牌|企业|作者|老板|CMO|CEO)的?(名字|全名|大名|真名)|点名|"
        r"\bwhich (?:[\w-]+ ){0,3}?(company|brand|firm|retailer|carmaker|maker|business|bank|author|person|agency|label)\b|\bwho (is|was|are|were|said|wrote|made|ran|runs|led|coined|did|heads)\b|"
        r"\bwhat('s| is| was) (the|its|his|her|their) (company|brand|name|ceo|cmo)|\bname (of )?the (company|brand|cmo|ceo|firm|author)\b|\bwhose\b",
        _I,
    ),
    "figure": re.compile(
        r"哪(一)?年|哪(一)?天|几月|什么时候|何时|多久|多长时间|(之前|以前|原来|原先|此前|基线|起点).{0,8}(是|有)?(多少|几|百分之)|排(名)?第几|第几名|市场(规模|份额).{0,6}(多少|是)|"
        r"(花|用|投)了?(多少|几)|样本(量)?|(多少|几)(个|名|位)?(人|家|城市|国家|门店|员工)|\bwhat year\b|\bwhich year\b|\bwhen (did|was|were|is|will)\b|\bhow long (did|does|before|until|was)\b|"
        r"\bbaseline\b|\bbefore (that|the|it)\b.{0,20}\b(what|how)|\bsample size\b|\bhow many (people|companies|employees|staff|stores|countries|cities|firms)\b|\bmarket (size|share)\b|\brank(ed|ing|s)?\b",
        _I,
    ),
    "contact": re.compile(
        r"(电话|手机号|邮箱|微信号|网址|链接(?!.{0,8}(人脉|资源|部门|目标|业务|用户|圈|客户|销售))|地址|官网)(号码?)?.{0,6}(是|多少|有吗|呢|发|给|来)|(给|发|求|要|有|告诉).{0,10}(电话|手机号|邮箱|微信号|网址|链接(?!.{0,8}(人脉|资源|部门|目标|业务|用户|圈|客户|销售))|地址|二维码)|联系方式|报名入口|下载|模板|\bphone\b|\be-?mail address\b|(?<!to )\be-?mail\b(?! (marketing|campaign|list|strategy|program|programme|open|channel|newsletter)s?\b)|\burl\b|\b(an?|the|any|your|its|their|download|website|web|official|registration|sign-?up) links?\b(?! between)|^links?\b|\bwebsite\b|\bdownload|\btemplate|\bcontact (details|info|number)|\b(an?|your|its|their|his|her|the|mail|mailing|postal|office|street|web|what) address\b(?! (the|this|that|these|those|my|our)\b)|\baddress(es)? (of|for)\b|^address\b(?! (the|this|that|these|those|my|our|an?)\b)",
        _I,
    ),
}
OFFICE_HOLDER = re.compile(
    r"[\w·]{2,}(的|家)(现任|前任?|新任)?((市场|营销|品牌|增长)?(总监|副总裁?|总裁|总经理|负责人)|首席.{2,4}官|CMO|CEO|VP)(现在|目前|到底)?(是谁|叫(什么|啥)|是哪位|姓(什么|啥))|"
    r"\bwho(?:'s| is| was| are) (?:the |their )?(?:current |new |former |ex-)?(?:CMO|CEO|chief \w+ officer|marketing director|head of marketing|(?:marketing )?VP)\W? (?:of|at|for|in) (?!a |an |the (?:company|team|department|first|second|third|last|fourth) ?(?:stage)?)",
    _I,
)
"""Asks who holds an office somewhere: a person's name, which no library of a profession holds."""
VOUCHED = re.compile(
    r"引用|写(进|到|成|在)|放(进|到|上)|当(作|成)?(证据|事实|依据|目标|KPI|论据)|拿(去|来|它).{0,8}(讲|说|用|证明|汇报)|站得住|真的(假的|吗|么)|靠(谱|得住)|可信|核实|查证|出处|来源|有依据|说明(了)?(什么|我|很)?|证明|对(吧|吗|不对)|是不是(说明|因为|真)|到底谁说|谁说的|"
    r"\b(cite|quote)\b|\bas (a )?(fact|proof|evidence|our target|target|benchmark)\b|\bon (a |my |the )?slides?\b|\bput (it|that|this) (in|on)\b|\b(is|was) (that|it|this) (true|real|verified|proven|so)\b|\breally\b|\bverified\b|\bproven?\b|\bsource\b|\b(right|correct|true)\s*\?|\bcan (i|we|it) (use|copy|say|claim|go)\b|\bwho (measured|said|says)\b|\bhas anyone shown\b",
    _I,
)
"""Asks whether something may be relied on, or used as if it were known."""
CASE_DETAIL = re.compile(
    r"哪(一)?(座|个)?(城市|年|件事|场|次|个热点|款|份报告)|编号|作者|页码|原文链接|后来.{0,4}(跳|去|到)|(卖|砸|花|投|烧)(出去|了|掉)?.{0,6}多少|多少(支|份|台|件|家门店|个样本)|竞品|同行.{0,4}多少|"
    r"\b(which|what) (agency|city|country|event|year|month|report|page|author|product)\b|\bhow many (profiles|people|rackets|samples|respondents|stores|units)\b|\bsample size\b|\bcompetitors?'?s?\b|\breport number\b|\bwho (ran|led|heads?|wrote)\b",
    _I,
)
"""Asks for a detail that cases told in a sentence never give."""
DURATION = re.compile(r"多久|多长时间|几年|\bhow long\b|\bhow many (years|months)\b", _I)
DURATION_TOLD = re.compile(r"\d(\.\d+)?\s*(年|个月|天|周|years?|months?|weeks?|days?)", _I)
HOLDS: dict[Asked, re.Pattern[str]] = {
    "money": re.compile(
        r"\d[\d.,]*\s*(万|亿|千万)?\s*(元|美元|人民币|欧元|英镑)|[$¥€£]\s?\d|\d\s*(million|billion)?\s*(dollars|yuan|euros|pounds)|千万级|5,?000万|占营收|% of revenue",
        _I,
    ),
    "figure": re.compile(
        r"\d|每(个)?(半)?(周|天|日|月|季|年|两周)|[一二两三四五六七八九十百半]+个?(半)?(月|年|天|周|季度|星期|小时|分钟|次|成|倍)|[二两三四五六七八九十百]+(个|位|名|人|家|种|项)|百分之|十(?!分(?!钟|之)|足)|"
        r"\b(dai|week|month|quarter|year|annual)ly\b|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|ninety|hundred|thousand|dozen|twice|half|quarters?)\b|\b(one|an?|each|every) (hour|day|week|month|quarter|year)\b",
        _I,
    ),
    "contact": re.compile(r"https?://|www\.|\d{3,}-?\d{4,}|12356|\b120\b|\b110\b|[\w.]+@[\w.]+"),
}
AMOUNT = re.compile(
    r"多少|几(万|千|百|个?点|成)|年薪|月薪|贵不贵|什么价|啥价|\bhow much\b|\bearn|\bwhat (does|do)\b|\brange\b|\bper (year|month)\b",
    _I,
)
ANONYMOUS = re.compile(
    r"某(家|个|互联网|快消|美妆|汽车|奢侈|母婴|企业|品牌)|匿名|未具名|没有?点名|未点名|\bunnamed\b|\banonymous\b|\bnot named\b|\bdoes not name\b",
    _I,
)
# What is not the coach's field, whatever words it shares with the library.
OUTSIDE = re.compile(
    r"天气|下雨|股票|炒股|基金(定投|推荐|净值)|彩票|比特币|星座|塔罗|菜谱|(红烧|清蒸|炒)\w|怎么(做菜|煮|炖)|(感冒|发烧|头疼|血压|血糖|癌症|怀孕|药量|吃什么药|(流感|新冠|肺炎|糖尿病|胃病|过敏|中暑|贫血|抑郁症).{0,8}症状)|得(的)?(什么|啥)病|"
    r"首都|(球拍|羽毛球|足球|篮球).{0,6}(买|选|推荐|比分|谁赢)|房东|押金|离婚|(个税|个人所得税|退税|报税)|签证|机票|(订|预订|预定|住)(一?个|一?家|了)?.{0,4}酒店(?!集团|业|行业|品牌|公司)|酒店(推荐|预订|预定|多少钱|哪家|退款|取消)|旅游攻略|报错|代码(怎么|帮)|写(个|一段)(代码|脚本|程序)|"
    r"聊天记录.{0,6}(删|找回|恢复)|手机(坏|黑屏)|电脑(蓝屏|坏)|(作文|数学题|物理题|化学题)|"
    r"\bweather\b|\bstock (tips?|price|pick)|\bbitcoin\b|\bhoroscope|\brecipe\b|\blandlord\b|\bsmall claims\b|\bdivorce\b|\btax (return|refund|deduct)|\bcapital of\b|"
    r"\b(ibuprofen|antibiotic dose|blood pressure|rash)\w*|\bsymptoms? (of|for) (an? |the )?(flu|cold|covid|cancer|diabet|infection|pneumonia|migraine|allerg|measles|stroke|heart)|\bdiagnos\w* .{0,20}\b(disease|cancer|illness|infection|adhd|diabetes|depression|rash|pain)|\bvisa application\b|\bflight to\b|\b(python|javascript|java|css|excel) (error|code|script|formula)|\bdebug\b|"
    r"\bwho won\b|\bin the wild\b|\b(do|for) (my|his|her|the) homework\b|\b(maths?|physics|chemistry|biology|school|english|history|kid'?s|son'?s|daughter'?s|child'?s) homework\b|\bhomework (help|answers?|problems?)\b|\bpoem\b",
    _I,
)
ASKING = re.compile(
    r"[?？]|什么|啥|怎么|怎样|如何|咋|哪|多少|几|吗|呢|为何|为什么|告诉我|说说|讲讲|解释|区别|列(出|一下)|介绍|看什么|"
    r"\b(what|how|why|which|who|whose|when|where|should|could|can|does|do|is|are|explain|tell|describe|list|compare|name|give)\b",
    _I,
)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
