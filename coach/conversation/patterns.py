"""The words by which messages are recognised, in both languages: data in the form of patterns, decided upon elsewhere.

Each pattern is a family of wordings, not a list of test sentences; `coach.conversation.turn`, `.history` and `.evidence`
say what follows from a match. Input is normalised (NFKC) and simplified before it is matched.
"""

from __future__ import annotations

import re
from typing import Literal

SmallTalk = Literal[
    "hello", "thanks", "bye", "who", "privacy", "do_assess", "do_plan", "do_remind", "do_forget", "do_human", "safe"
]
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
    r"\bcan'?t (go on|do this) any ?more\b|\bjump(ing)? (off|in front)\b(?! (of )?(the|a|this|our) (ladder|bandwagon|call|zoom|page|point|queue|line|trend|board|client|agency|camera))|\bnobody would (miss me|(miss|notice)\W*$|notice (me|if i|i'?m|my absence))\b(?! (changed|used|moved|sent|dropped|cut|ran|stopped (posting|sending|reporting)))|"
    r"\bbetter off with (the|my) (payout|insurance|money)\b|\b(looking|staring) (at|over|down) (the|that|a) (bridge|ledge|edge|tracks|roof)|"
    r"\b(written|wrote|writing) (the|my|those) (letters|note|will)\b|\bgiven (my|the) \w+ away\b.{0,60}\b(letter|note|anymore|any more)|"
    r"\bnothing will ever (get better|change|matter)\b|\blast goodbye\b|\bmy (very )?last message\b|\bthis is the last message\b(?! (in|of|to|from|we)\b)|\blast message (you|i|anyone|from me)\b|\bi (really |probably |just )?(won'?t|will not) be (here|around|coming back) (any ?more|tomorrow|next (week|year))",
    _I,
)
# What hits or beats somebody without raising a hand.
_NOBODY = "".join(
    rf"(?<!\b{thing} )"
    for thing in ("it", "ai", "bus", "car", "tip", "bot", "what", "idea", "news", "truck", "which", "robot", "truth", "market")
    + ("number", "machine", "reality", "deadline", "question", "algorithm", "competition")
)
VIOLENCE = re.compile(
    r"(杀|砍|捅|弄死|宰|干掉|毒死|打死)(了|死)?((他|她|他们|老板|上司|领导|同事|你们|全家)(?!们?的?.{0,4}(预算|项目|费用|经费|编制|人头|团队|价))|(那个|这个)(?!.{0,6}(项目|预算|活动|渠道|产品|方案|品牌|功能|计划|业务|岗位|需求|费用|部门|价|版本|指标)))|见血|同归于尽|(刀|枪|汽油|毒).{0,8}(买|备|带)(好|了)|拉(他|她|几个)?.{0,4}垫背|"
    r"(揍|打|掐|家暴)(我|得我)(?!的?(电话|手机|分机|微信|脸|主意|招呼|折|分|绩效)|个?[A-E](?![A-Za-z])|\d+(\.\d+)?分)|他(又)?(打|揍)(了)?我(?!的?(电话|手机|分机|微信|脸|主意|招呼|折|分|绩效)|个?[A-E](?![A-Za-z])|\d+(\.\d+)?分)|"
    r"\b(kill|stab|shoot|murder|poison|strangle) (him|her|them|my (boss|manager|colleague|coworker|ceo)|that (man|woman|guy|person|boss|manager|ceo|colleague|bastard|bitch|idiot|asshole)|everyone)\b"
    r"(?! (an?|some|the|my|your|our|over|off) (\w+ )?(e-?mail|message|note|text|link|line|memo|reply|invite|deck|draft|question|dm)|('s)? (campaign|project|idea|budget)|,? with kindness)|"
    r"\bbring(ing)? (a|my) (gun|knife)\b|\bmake (him|her|them) bleed\b|\bburn (the|this) (office|place) down\b|"
    + _NOBODY
    + r"\b(hits|chokes) me\b(?! (that|how|up|with (an? |the )?(e-?mail|question|request|deadline)))|"
    + _NOBODY
    + r"\bbeats me\b(?! (to|why|how|on|at (?!home|night|work)|in (?!front))\b)",
    _I,
)
# Danger in other words than those of CRISIS, by what is meant; `NO_DANGER` is taken out first.
DISTRESS: dict[str, re.Pattern[str]] = {
    "not there any more": re.compile(
        r"(反正|以后|下(个)?[周月]|明[天年]|过(了|完)[^,，。]{1,6})[^。!！?？]{0,8}我(也|就|都)?不(会)?在了(?!公司|这家|这儿|这里|部门|团队|岗)|连(月底|下周|下个?月|明天|周末|年底|过年)都(没|不)(打算|想|准备)[^,，。]{0,4}(撑|活|到|过)|"
        r"\bnext (year|month|quarter|week|spring|summer)\b.{0,40}\bnot (planning|expecting|going) to (see|live to see|be (here|around) (for|to see)) (it|that)\b(?! (change|as|become|grow|in)\b)|"
        r"\b(i )?(won'?t|will not|not going to) be (around|here)( any ?more)? (after|past|by|come) (sunday|monday|tuesday|wednesday|thursday|friday|saturday|the weekend|christmas|tomorrow|this week)\b(?!.{0,40}\b(holiday|vacation|leave|new job|notice|parental|maternity)\b)|\bnot leaving the (company|job|team)\b.{0,20}\bjust leaving\b",
        _I,
    ),
    "somebody else in danger": re.compile(
        r"\b(everyone|everybody|the (team|kids|family)|we|they)('d| would) (all )?be better off without (her|him|them)\b|(没有?(她|他)|(她|他)(要是|如果)?不在了)[^,，。]{0,6}(大家|家里|所有人|别人)(都|会|才|更|还)*(轻松|更?好|解脱)",
        _I,
    ),
    "hurt or stalked": re.compile(
        r"(遮|盖|藏)(一下|住|着)?[^,，。]{0,6}(手|脸|脖子|胳膊|身)上的?(伤|淤青|瘀青|乌青)|(堵|蹲|守|跟踪|尾随)[^。]{0,24}(我|女儿|儿子|孩子|娃)的?[^。]{0,10}(学校|照片|幼儿园|放学)|"
        r"\blong sleeves?\b[^.!?]{0,60}\b(nobody|no one|they (don'?t|won'?t)) sees?\b|\bknows? (when|where) my (son|daughter|kids?|child|children|wife|husband)\b[^.!?]{0,60}\b(regret|school|or else|careful|shame)\b",
        _I,
    ),
    "at the edge": re.compile(
        r"(楼顶|天台|顶楼|桥上|桥边|江边|河边|海边|湖边|站台|铁轨|窗台|阳台|高架)[^。!！?？]{0,24}(往前(走)?一步|跨出去|翻(过|出)去|跳(下去|了)|走进(去|水里|江里|河里|海里)|掉下去|就(都|全|什么都)?(安静|清静|解脱|结束|轻松|一了百了))|"
        r"\b(rooftop|roof|ledge|bridge|balcony|platform|tracks|edge)\b.{0,60}\b(one (more )?step|step off|jump(ing)?( off)?|let go|it would all (stop|end|be over|go quiet))\b",
        _I,
    ),
    "goodbye of somebody": re.compile(
        r"\b(you|they|everyone|everybody|people|my (kids|family|team|wife|husband))('ll| will|'d| would)( all)? be better off( without (me|him|her|them))?\b.{0,40}\b(don'?t (come )?look(ing)? for (me|him|her)|goodbye|phone is off|won'?t (answer|pick up)|can'?t reach)\b|\bdon'?t (come )?look(ing)? for me\b(?! (on|at|in|for)\b)|"
        r"别(来)?找我了.{0,20}(再见|永别|保重|对不起|解脱|照顾好)|(没有我|没了我)[^。]{0,10}(会|能)?(过得)?更好[^。]{0,20}(别找|关机|联系不上|再见)",
        _I,
    ),
    "all prepared": re.compile(
        r"\b(pills|tablets)( are)?( all)? counted\b|\bletters?( are| is)?( all)? written\b.{0,20}\bsorry\b", _I
    ),
    "in two languages": re.compile(r"不想(再)?\s*(live|be alive|wake up)|(想|去)\s*(die|suicide)\b|\bwant to\s*(死|自杀)", _I),
    "wish to be dead": re.compile(
        r"不想(再)?(活|存在|(待|呆|留)在(这个?)?(世界|世上|人间|人世))|寻死|寻短见|(?<!公司)(?<!品牌)活(到(今天|现在|这里))?(够|腻|累)了|活着.{0,4}(好累|太累|很累|好苦|太苦|受罪|煎熬|没劲|多余|浪费|干嘛|有什么(用|意思|意义))|不(配|该|值得)(再)?活着?|"
        r"(希望|盼着|巴不得|要是|如果|最好|但愿|宁愿).{0,10}(不(要|会|用|再)|没有|没|别|永远不)(再|能)?醒|一睡不醒|(长睡|永远)(不醒|睡(过去|下去|着))|睡.{0,10}(不|别|没)(要|用|会|再)*醒(?!目)|"
        r"(?<!原地)(想|只想|真想|好想)(要|就|就此|直接|彻底|永远|从这个世界){0,3}消失(?!(几|一|两|半)?(个)?(天|周|会儿|阵|小时|月))|消失(在|于).{0,4}(世界|世上|人间)|(离开|告别)(这个?)?(世界|人世|人间|世上)|(世界|世上|人间|地球).{0,4}(少了?|没了?|没有|不缺|不需要)我|"
        r"(想|只想|好想|决定|准备|打算|就|要)(自杀|轻生|去死|寻短|一死)|(?<!得)(?<!得[我都真快人就])(?<!得[我人]都)(?<!得我真)想(死|鼠|4|嘎|噶)(?!你|我|他|她|它|心|磕|守|撑|的心|扛|记|保|拼|缠|皮|党|忠|线|点|[个位步年月天]|[A-Za-z0-9])|死(是|才是)唯一|(只有|只剩|只能|不如|还不如|只想)(去)?(死(?!磕|守|撑|扛|记|等|盯|抓)|一死)|死路一条.{0,6}$|死了(是不是|就|才|算)+不?(用|算|好|清净|解脱)|没脸(再)?活|(别|不要)救我|让我(死|走吧)|(声音|念头).{0,6}(叫|让)我(跳|死|去死|割)|(毁掉|毁了|恨不得杀了|杀了?)自己(?!的)|不打算(再)?(回来|活)了?(?=$|[,，。!！])|最后一天(活|在世)|活着.{0,8}(没|无)(有)?(任何|什么|一点|半点)*(意义|意思|价值|希望)|不(在|存在)(了)?就好了|想(4|鼠)(?=$|\W|了)|"
        r"(来世|下辈子|下一世).{0,8}(不来|别来|不做人|不当人|再见|再报答|再还|(再|还)(和|跟|与)?(你|你们|大家)?(一起)?(做|当)?(你|你们)?的?(共事|同事|朋友|姐妹|兄弟|夫妻|一家人|孩子|儿子|女儿))|(怎么|如何)(去)?(死|自尽)(?!的|在|掉|磕|守|记|里)(才|最|会|比较|好|都|$|[,，。?？!])|不?(痛|疼|难受)苦?的?(死法|死去|死掉|去死|自杀)|(死|自杀)(法|的方[法式])|安乐死|"
        r"(结束|了结|终结|断送)(掉)?(自己|我)的?(生命|性命|命|一生|痛苦)|(早点|干脆|不如|就此|趁早|赶紧)(都)?(结束|了结|解脱)(了|掉|吧)*(算了|就好|$|[,，。!！]|.{0,2}对(谁|大家|所有人))|(人生|这辈子|我的一生)(就|也|也就|该)?.{0,2}到(此|这|这里|这儿)(为止|结束)|到此为止.{0,10}(世界|人间|活)|"
        r"想死的心都有.{0,20}(真的|已经|想好|怎么(去)?死|准备好|药|楼|刀|遗书|不想活|不是开玩笑)|(不想|不要|不愿意?|想|好想|只想)(再|去|just )*(live|be alive|wake up|exist|die|suicide|end my life|kill myself|end it all)\b|"
        r"\b(don'?t|do not|doesn'?t|does not|didn'?t|no longer|not|never) (really |even |actually )?(want|wanna|wish|care)( to)? (to )?(keep |go on |carry on )?(live|living|be alive|exist(ing)?|wake up|be in this world)\b(?! (in|with|on|near|off|a|up|chat|stream|event|through)\b)|"
        r"\b(don'?t|do not|doesn'?t|does not|didn'?t|no longer) (really |even )?(want to|wanna) be (here|around)\b(?! (for|when|in|at|to|until|on|while)\b)|"
        r"\b(hope|hoping|wish|wishing|pray|praying|rather|want|wanted|wanting|could|prefer|like)\b.{0,40}\b(not|never|didn'?t|don'?t|won'?t|wouldn'?t|doesn'?t|stop) (just |ever |have to )*(wak(e|ing)|woken?)\b|\b(never|not) wak(e|ing) up( again| tomorrow| anymore)?(?=\W*$|[.,!?;])|"
        r"\b(never|not|wasn'?t|hadn'?t) (been )?born(?! (in|into|with|yesterday|a|to|out))\b|\b(want|wish|like|need|could|just) (to |i could )?(just )?(disappear|vanish)(?! (from (the|my|our)|for (a|an|the|some|one|two|few)|into|on|during|behind)\b)(?=\W*$|[.,!?;]| (forever|for good|completely|and|from (this|the) (world|earth)))|"
        r"\b(tired|sick|exhausted|weary) of (being alive|living|life|existing|being here|waking up)(?! (out|in|on|with|under|off|up|at|as|to|for|science|pay|next)\b)|\b(done|finished|through) with (life|living|being alive|existing|this (life|world)|existence)\b|\bdone\W{1,4}with life\b|"
        r"\b(end(ing|ed)?|tak(e|ing)|took|finish(ing)?) (my|his|her|their|your|our) (own )?(life|lives)\b|\bend(ing)? (it|things|everything) (all|tonight|for good|once and for all)\b|\b(kill(ing)?|off(ing)?|unaliv(e|ing)|hang(ing)?|drown(ing)?|shoot(ing)?|poison(ing)?) (myself|himself|herself|themsel(f|ves))\b(?! (out|in work|a|an|another|with work)\b)|\bkms\b|\bunaliv\w+|"
        r"(?<!rather )(?<!'d rather )\b(want(ed|ing|s)?|wanna|ready|going|gonna|like|better|waiting|hoping|deserve|deserving|planning|allowed) (to )?(just )?(die|be dead)\b(?! (of|from|laughing|inside|on|hard|in (this|a) (meeting|call)|out)\b)|\bshould(n'?t)? (just |not )?(be dead|die|exist|be alive)\b|\bdeserve to (die|live|exist)\b|"
        r"\b(what'?s|what is|whats|no|isn'?t|see|is there|there'?s|there is) (no |any |even )*(the |much |a |any )*(point|reason|use|sense|purpose) (of|in|to|for)?( me| my)? ?(living|live|life|being alive|being here|existing|existence|waking up|being on this)\b(?! (in|with|on|cycle)\b)|(?<!losing the )(?<!lost the )\b(reason|will|desire|nothing|no one|nobody) (left )?to (live|stay alive|be alive)\b(?! (in|with|off|near|on)\b)|\bnothing (left )?to live for\b|\b(way out|option|answer|solution|thing left)\b.{0,16}\b(is |but |except |other than |to )(dying|death|to die|die|suicide|ending my)\b|(?<!we're )(?<!we are )\b(think(ing)?|thought|dream(ing)?|obsess\w*|fantasi[sz]\w*) (about|of) (death|dying|ending (it|everything|things)|(how|what it.{0,12}) (to|would be to) (die|be dead)|not (being alive|existing|waking)|being dead)(?! with| early| of (the|our|third))\b|\b(can'?t|don'?t|do not|cannot) (see|imagine|picture) myself (alive|living|being alive|making it)\b|\bwon'?t be (anywhere|alive)\b|\bstop me from (doing (it|something)|hurting|killing)|\bnot (plan\w* (on|to)|going to) (come back|coming back|wake up|be alive)\b|"
        r"\b(pain(less|free)|quick|peaceful|easiest|least painful)\b.{0,12}\b(way|method|means|option)s? (to|of) (die|dying|go(?= ?\W*$|[.,!?;])|end (it|my|things|a life)|leave this world)|\bways? to (die|go)\b.{0,20}\b(painless|without pain|peaceful|doesn'?t hurt|quick)",
        _I,
    ),
    "plan or means": re.compile(
        r"(安眠药|安定片?|褪黑素|抗抑郁药|布洛芬|对乙酰氨基酚|头孢|百草枯|农药|老鼠药|氰化|毒药|降压药|药片).{0,16}(攒|囤|一整?瓶|整瓶|吞|多少(片|颗|粒)?.{0,4}(死|出事|致命|没命|有效)|致死|致命|会死|能死|都?喝了|都?吃了)|(攒|囤|藏)(了|着|好|够)?.{0,8}(安眠|药(?![企店房妆品械业])|片)|(吞|吃|喝)了?(下)?(一?整瓶|一大?把|几十[片颗粒]|半瓶|好多|很多).{0,4}药|(吃|喝)多少.{0,8}(会死|能死|致死|致命|出事|没命)|致死(量|剂量)|(过量|超量)(服|吃)药|服药过量|服毒|喝农药|"
        r"(天台|楼顶|阳台|窗户|窗口|窗边|窗台|顶楼|顶层|桥上|桥边|大桥|护栏|栏杆|铁轨|轨道|站台|江边|河边|海边|湖边|悬崖|[0-9一二三四五六七八九十]+(楼|层)).{0,24}(跳(?!槽|出|过|转|失|板|票|舞|绳|水平|级|脱|码|单|闸|动|跃|坑|到|广场|蚤|价)|跨(出去|过去|过栏|出一?步)|翻(过去|出去|下去)|掉下去|迈(出|过|一步)|纵身|就?(一了百了|解脱))|(想|要不要|差点|真想|忍不住|就这么|干脆|一直想|准备|打算|恨不得)(就|直接|真的|从.{0,8})*(往下跳|跳(下去|楼(?!价|式|促|甩)|轨|桥|河(?![北南])|江(?![苏浙])|海(?!外|南|口|内)))|从.{0,6}(楼|桥|台|窗|顶)上?.{0,4}跳(下|了|出去)|"
        r"(方向盘|刹车).{0,16}(一打|一转|打(过去|到底|死)|撞|松手|不踩|冲(下|出|过))|(开车|高速|高架|马路|路上|车流).{0,24}(撞(上|向|过去|死|护栏|墙|树)|冲(下去|出去|过去|进|向)|一头)|(希望|盼着|巴不得|想被).{0,10}(出(个)?车祸|被?车(撞|创)|得(个)?绝症|撞死)|撞死(算了|我|自己)|"
        r"割(腕|脉|手)|(?<![切分收余交])割自己|(?<![规策计谋筹])(划|烫|扎|掐|抠|弄伤|捶)(我)?自己(?!的?(品牌|利益|重点|地盘|业务|公司|团队|口碑|市场|客户|话|价|圈|职业|形象|信誉|赛道))|自(残|虐|伤)(?!型|式)|烟头.{0,4}(烫|戳)|(手(腕|臂)|胳膊|大腿).{0,10}(几道|道口子|伤[口痕疤]|划|刀|割|血|疤)|刀片.{0,6}(割|划|手)|伤害(我)?自己|"
        r"烧炭(?!烤|机)|上吊|吊死|卧轨|(买|备|准备|挂|绑)(好|了)?.{0,4}(绳子|绳|炭|农药|刀片)(?=$|[,，。!了])|(绳子?|炭|刀片|农药|遗像).{0,8}(买|备|准备|挂|绑|放)(好)?了|煤气.{0,6}(打?开了|开着|拧开)|开煤气|(吞|服)了(很多|好多|一些|几[片颗粒])?药|哪种药.{0,6}(死|致命)|车里.{0,8}(烧炭|尾气)|关.{0,4}(车库|车门|车窗).{0,12}(发动|引擎|尾气)|我(们)?(正|就|现在|一个人)*(站|坐|走|爬)?(在|到|上)了?.{0,6}(天台|楼顶|顶楼|桥上|轨道边|江边|窗台|铁轨|护栏外)(上|边|旁|了)*(?=$|[,，。!！…])|看着(窗|楼下|轨道|江|河).{0,14}(小时|很久|好久|半天|想)|"
        r"(想|决定|计划|打算|选|查|知道)(好|过|了)*.{0,4}(怎么|在哪|哪天|什么时候)(去)?(死(?!的)|自杀|轻生|结束生命)|(日子|方式|地点|方法|时间).{0,4}(都)?(选|想|定)好了.{0,10}(走|死|解脱|结束)|"
        r"\b(pills|meds|medication|tablets|paracetamol|tylenol|acetaminophen|ibuprofen|aspirin|xanax|valium|ambien|insulin|antidepressants?|opioids?|fentanyl|sleeping (pills|tablets)|bleach)\b.{0,40}\b(lethal|fatal|deadly|kill (me|you|someone|a person)|od\b|overdose|too many|(to|would|will|could) die)|\b(lethal|fatal|deadly) (dose|amount|overdose)\b|\bhow (many|much)\b.{0,40}\b(is |are |would be )?(lethal|fatal|deadly)(?! (for|to) (the|our|a) (brand|business|campaign))\b|\bhow (many|much)\b.{0,30}\b(pills|tablets|meds)\b.{0,20}\b(die|kill|dead|od)\b|"
        r"\b(took|taken|take|taking|swallow\w*|downed|eaten)\b.{0,6}\b(a bunch|a lot|lots|all|too many|a whole|the whole|the entire|an entire|a handful|handfuls?|\d{2,}|every)\b.{0,12}\b(pills|tablets|meds|paracetamol|tylenol|xanax|sleeping|insulin|bottle of (pills|meds|tablets|paracetamol))|\b(enough|spare|saved|stash\w*|collected|hid(den)?)\b.{0,16}\b(pills|tablets|sleeping pills|meds)\b|\boverdos(e|ed|ing) (on|again|tonight|myself)\b(?! (meetings|content|coffee|caffeine|ads|data|slack|emails?|dashboards))|"
        r"\b(roof(top)?|bridge|ledge|balcony|window|cliff|overpass|car park|platform|tracks|train|subway|tube)s?\b.{0,50}\b(jump(ed|ing)?( (off|down|over|out))?(?= ?\W*$|[.,!?;]| (off|down|over|out|in front))|stepp?(ed|ing)? (off|over|in front|out)|thr[eo]w(ing)? myself|let(ting)? go|climb(ed|ing)? (over|up)|over the (edge|rail))|\b(jump(ed|ing)?|stepp?(ed|ing)?|walk(ed|ing)?|thr[eo]w(ing)? myself|l[ae]y(ing)? down|div(e|ing)) (off|in front of|out (of|into)|into|under|onto|from|over)\b.{0,12}\b(roof|building|bridge|balcony|window|train|bus|truck|traffic|lorry|ledge|cliff|tube|tracks|railing|edge)\b|\b(there'?s|there is|the|a|that|this) (bridge|overpass|cliff|level crossing)\b.{0,50}\bi (always |often |keep )?(slow|stop|stand|stood|stare|look down|pause|pull over|think about)|\bi (slow down|stop|stand|pause|pull over|park|sit|go|end up)\b.{0,24}\b(bridge|ledge|train tracks|cliff|overpass)\b|"
        r"\b(driv(e|ing)|steer(ing)?|swerv(e|ing)|crash(ing)?|veer(ing)?|turn(ing)? the wheel|run(ning)?|plough(ing)?|plow(ing)?) (my |the |this )?(car )?(right |straight )?(into|off|in front of|towards?|over)\b.{0,16}\b(barrier|wall|tree|lorry|truck|bridge|cliff|median|pole|oncoming|river|lane|divider|guard ?rail|ditch|concrete|traffic(?! (source|data|to)))|\b(hope|wish|want|wanted|wishing|hoping)\b.{0,30}\b(hit by a (car|bus|truck|train|lorry)|car crash|get(ting)? cancer)\b|"
        r"\b(noose|gas myself|carbon monoxide)\b|\b(got|have|bought|tied|found|keep|kept|holding|loaded)\b.{0,10}\b(a|the|some|my|this) (rope|razor ?blade|blade|gun|pistol)\b(?! to (my|our|your|their) head)|\b(i have|i'?ve got|have|made|making|got) (a |the )?(plan|date|place|method)\b.{0,6}\b(to|for) (die|end (it|my|things)|kill|do it tonight)|\b(got|have|need) (my )?rope\b|"
        r"\b(cut(ting)?|burn(ing|t|ed)?|hurt(ing)?|harm(ing|ed)?|starv(e|ing)|injur(e|ing)|stab(bing)?|scratch(ing)?) (myself|himself|herself|themsel(f|ves)|(my|his|her|their) (own )?(arms?|wrists?|legs?|thighs?|skin))\b(?! (out|off|some|loose|short|politically|a (deal|break|slack)|by|in the|on)\b)|\bself[ -]?harm(s|ed|ing)?\b|\b(drank|drink(ing)?|drunk) (some |the )?(bleach|antifreeze|poison)\b|\bi'?m (standing |sitting |up |out )*(on|at) (the|a|that|our) (\w+ )?(roof(top)?|bridge|ledge|balcony rail\w*|tracks)\b(?! (of (the|our) (career|market|house)|project|team|between|call))|\bslit(ting)? (my|his|her) wrists?\b|\b(started|start|been|began|back to|keep|can'?t stop|relaps\w*|went back to|am|is|he'?s|she'?s)\b.{0,8}\b(cutting)( again| herself| himself)?(?=\W*$|[.,!?;]| (again|after|since|when|because|at night|every))(?! (again )?(the|our|my) (budget|cost))",
        _I,
    ),
    "goodbye": re.compile(
        r"遗(书|言)|绝笔|(告别|诀别)(信|书)|(告别|道别|诀别)的?(微信|短信|消息|朋友圈|话|视频).{0,30}(打不通|联系不上|不接|不回|失联|找不到|关机|没回)|写(好|完)了?.{0,2}给.{0,6}(爸妈|爸爸|妈妈|父母|孩子|老婆|老公|家人|妻子|丈夫|女儿|儿子|家里).{0,3}信|(密码|银行卡|存折|保险|房产证|存款|遗产|财产|后事|身后事).{0,20}(写|留|交代|告诉|托付|转|给)(好|了|下|给|在)*.{0,10}(我?(爸|妈)|父母|家里人?|老婆|老公|孩子|妻子|丈夫|家人|弟弟|妹妹|姐姐|哥哥)(?!.{0,6}(怎么|如何|吗))|(交代|安排|处理|料理)(好|完|了)*.{0,2}(后事|身后事)|"
        r"(送人|送走|托付|交代|给了(别人|朋友|同事)|送给|安顿).{0,30}((安心|放心|可以|没有?牵挂).{0,4}(走|离开|上路|去)了?|没有?(什么)?牵挂了|用不(着|上)了|无牵无挂)|(可以|能|总算|终于)(安心|放心)(地)?(走|上路|离开)了|没有?(什么)?(好|可|值得)?(牵挂|留恋)(的)?了|"
        r"(东西|家当|物品|衣服|收藏).{0,4}(都|全)(已经)?(送人|送走|给人|处理掉)了|再见了?.{0,6}不(会|再)(再)?(回来|见)了|(跟|和)(大家|所有人|家人|他们)(都)?(告别|道别)了|(应该|可能|也许|大概|恐怕|就)?是?(我|我们)?(最后一次)(跟|和|找|给|来|打扰)?.{0,6}(你|您|聊天|说话|发消息|打扰)?.{0,6}(了|吧)[,，。!！~…].{0,12}(谢|不用|别|再见|保重|以后|忘)|(谢谢|感谢)(你|您|大家).{0,16}最后一(次|条|句|晚)|以后(都|也|就|再)?(也)?(不用|不会|不必|别)(再)?(等|找|联系|打扰|想|惦记)我|(永别|诀别)了?|来生再|再见了.{0,2}(世界|各位|人间|大家).{0,4}$|(我走了|我先走了).{0,6}(保重|照顾好)|(照顾好|替我照顾).{0,10}(我不在|我走了以后|我走后|没有我)|"
        r"\b(goodbye|farewell|suicide|final|last|bye)( |-)(note|letter|text|post|message|video|words|tweet|email)s?\b.{0,60}\b(isn'?t|not|won'?t|can'?t|no|stopped|doesn'?t) (\w+ )?(pick\w* up|answer\w*|respon\w*|reply\w*|reach\w*|home)|\b(posted|sent|left|wrote|texted|said|saying|says|writing|typed)\b.{0,20}\b(good ?bye|farewell)s?\b(?! (e-?mail|party|speech|lunch|drinks|gift|card|to (the team|my team|colleagues|clients)))(.{0,40}\b(isn'?t|not|won'?t|can'?t|no one|stopped|scared|worried|phone|vanish|missing)\b| to (everyone|everybody|the world|my (kids|wife|husband|parents|mum|mom|family|dog|cat)))|"
        r"\b(writing|write|wrote|written|finished|left|leaving|got)\b.{0,10}\b(the |my |goodbye |a )*(letters?|notes?) (to|for) (my )?(kids|children|wife|husband|parents|mum|mom|family|son|daughter|everyone i)\b|\bwritten (the|my|all the|those|a few|some) (letters|notes)\b|\b(given|giving|gave|give) (away )?(all )?(of )?(my|the)\b.{0,30}\b(away|to (my|a|the) (sister|brother|mum|mom|neighbou?r|friend|parents|ex|flatmate|roommate|cousin|dad))\b.{0,100}\b(peace\w*|calm\w*|passwords?|relie\w+|affairs|won'?t need|at last|for once|letters?|notes?|ready|light(er)?|will\b|no longer need)|\b(won'?t|don'?t|will not|not) (be )?need(ing)? (it|them|any of it|any of this|anything|my things) (any ?more|any ?longer|where i'?m going|soon)\b|\b(my|his|her) affairs (are |all )*in order\b|\b(got|put|getting|putting|set) (all )?my affairs in order\b|"
        r"\b(probably|maybe|likely|guess) (be )?(my|the) (very )?last (message|text|time|night|day alive|chat)\b|\bmy last (night|day) (alive|on earth|here on)\b|\b(he|she|they|i)( really| probably| just)? (won'?t|will not|'ll not) be (here|around) (any ?more|much longer|for much longer|tomorrow|to see|by (christmas|then|next|spring|summer)|for (the next|next|my|his|her)|long)\b(?!.{0,40}\b(apply|promotion|retir|holiday|vacation|leave|resign|new job))|\bwhen i'?m (dead|no longer (here|around|alive))\b|\bafter i'?m (dead|gone)\b(?!.{0,30}\b(leave|holiday|vacation|retire|resign|transfer))|\btell (my )?(mum|mom|kids|wife|husband|family|parents|dad|them|everyone) i('?m sorry| love)\b|\bforgive me for what i\b|\b(gave|given|giving) away (all |everything|most of )*(of )?(my|mine|the) (things|stuff|belongings|clothes|possessions|pets?|plants|records|everything i)\b|\bbefore i go\b.{0,60}\bgoodbye\b|\b(look after|take care of) (my|the) \w+( \w+)? (when|once|after) i'?m gone\b|\bsee you on the other side\b",
        _I,
    ),
    "burden": re.compile(
        r"没我[,，]?(他们|她们|大家|家里|全家|孩子|老婆|老公|爸妈|父母)[^。!！?？]{0,8}(轻松|解脱|清净|松口?气|好过|过得)|(没有|少了|没了|要是没)我.{0,14}(轻松|解脱|都好|清净|幸福|高兴|松口?气|好过)|(如果|要是|假如|哪天|等|万一)?我(死|不在|没|出事|走)了.{0,24}(保险|理赔|赔偿|抚恤|轻松|解脱|清净|松口?气|难过|伤心|想我|在乎我|好过|幸福|过得(更|比|还)|更好过)|保险金?.{0,12}(够|留给|能让).{0,12}(家|孩子|老婆|老公|父母|爸妈|他们)|"
        r"(拖累|连累)(了)?(所有人|大家|家人|家里|全家|孩子|老婆|老公|父母|爸妈|别人|他们|你们|身边)|我.{0,6}(就|只|真|不过|反正)?(是|像|成了|只会是)(个|一个|大家的?|家里的?|全家的?|所有人的?|别人的?)?(拖累|累赘|负担|多余的(人)?|废人)(?=$|[,，。.!！…~]|了|吧|而已)|浪费(粮食|空气|资源).{0,8}(活|死|人|$)|活着.{0,4}浪费|"
        r"没(有)?人会?(在乎|在意|想念|记得|难过|伤心|发现).{0,6}(我(死|不在|消失|走|活|没了|还)|$)|(死|消失|不在)(了)?.{0,8}没(有)?人会?(在乎|在意|发现|知道|记得|难过)|(世界|世上|地球|家里|人间).{0,6}(多|少)(了)?我.{0,12}(没|不|一样|照)|"
        r"\b(better|easier|happier|lighter|fine|best|relieved) (off |for (them|everyone|everybody|all) )?(without|if) (me\b(?! (in the|on the|at the|there|doing|being|having|micro))|i (was|were|wasn'?t|weren'?t|died|disappeared|didn'?t exist|were ?n'?t))|\bworld\b.{0,20}\b(better|fine|good) (off )?without (me|him|her|them)\b(?! (as|in the team))|\b(nobody|no one|noone|not a soul|no-one) (would|will|'d|'ll|is going to) (even |really |ever )?(miss me|care|cry)\b(?! (about|if (we|the|our|it)|for|less|how|what)\b)|\b(nobody|no one|noone|no-one) (would|will|'d|'ll) (even |really |ever )?notice (if )?(i|me|i'?m|my) ?(was|were|'m|am|died?|stepp\w*|jump\w*|disappear\w*|vanish\w*|didn'?t wake|did ?n'?t come (home|back)|stopped|gone|just)|"
        r"\b(a |such a |nothing but a |the )?burden (on|to|for) (everyone|everybody|my (family|wife|husband|kids|parents|friends|mum|mom|partner|children|loved)|people|them all|others|all of|the people i)|\bi'?m (just |only |nothing but |really |such )*(a |the )(burden|waste of (space|air|oxygen|life))\b|\bif i (died|die|were dead|was dead|dropped dead|killed|were gone|was gone|wasn'?t alive|didn'?t exist|disappeared)\b.{0,70}\b(insurance|payout|care|notice|miss|relief|relieved|happier|better off|easier|sad|sort|fix|cry|matter)|\blife insurance\b.{0,40}\b(would|will|could|should) (fix|pay|solve|cover|sort|be enough|take care|set them)|\b(worth|insurance).{0,12}\bmore dead than alive\b",
        _I,
    ),
    "hopeless": re.compile(
        r"(没(有)?|毫无|失去)(了)?(任何)?(意义|意思|希望|盼头|指望|牵挂).{0,6}(我)?.{0,4}((撑|熬|扛|挺|坚持|活)(真的|实在|也|都)?不(下去|住)|(不想|不愿|没必要)(再)?(撑|熬|扛|坚持|活))|(撑|熬|扛|挺|活)(真的|实在|也|都|快)?不(下去|住)了?.{0,10}(没(有)?|毫无)(了)?(任何)?(意义|意思|希望|盼头)|(真的|实在|一天也|一秒也|再也|彻底)(快)?(撑|熬|扛|挺)不(下去|住|动)了(?!.{0,24}(怎么|如何|吗|呢|\?|？|休假|请假|离职|辞职|换|假))|(谁|有没有人)(能|来)?.{0,2}(救救|拉)我(一把)?(?=$|[,，。!！?？吧])|"
        r"(人生|生活|这辈子|我的世界|生命).{0,4}(没(有)?(任何)?(希望|意义|盼头|意思)|已经结束|一片黑暗|毫无意义|(也|就)?(走)?到(头|尽头)了?)|对(什么|一切|所有(事|人)?|人生|生活|活着|自己)(都|也|已经|彻底)*(绝望|不抱.{0,2}希望|没有?(了)?希望)|万念俱灰|心如死灰|生不如死|想(要|求)(个|一个)?解脱(?=$|[,，。!！了])|(?<!原地)(一心)?求死|"
        r"\bcan'?t (go on|keep going|carry on|keep (doing this|living)|do (this|it|life)|bear (it|this|life)) (any ?more|any ?longer|much longer)(?=\W*$|[.,!?;:]| (it|there|everything|nothing|i'?m|im|so|and i|life)\b)(?!.{0,80}\b(resign|quit|notice|new job|agency|meetings?|reorg))|\bnothing (is )?left (for me|to live|in me|inside|to hope)\b|\b(can'?t|cannot|don'?t|do not) (see|imagine|picture) (a |any |my )(future|way out|tomorrow|reason to (go on|keep|stay|live))\b(?! (for|of|in) (the|our|this|my) (brand|team|company|product|job|role|contract|agency))|\b(given|giving|give) up on (life|living|everything|myself)\b|\bmy life is (over|pointless|meaningless|worthless|not worth)\b|\b(life|living) (is|isn'?t|feels?|has become|just) (not |so |just |totally |completely )*(worth (living|it)|meaningless|pointless|unbearable)\b|\bnot worth living\b|\bwants? (the pain|it all|everything) to (stop|end)\b|\bmake the pain stop\b",
        _I,
    ),
    "somebody else": re.compile(
        r"(怕|担心|害怕|会不会|万一|别|不会|要|一时|是不是).{0,3}(他|她|ta|TA|人|孩子|女儿|儿子|老公|老婆|同事|下属|朋友|我).{0,6}(想不开(?!来|去|做|才|进|入|要)|做傻事|干傻事|出事了?$|走极端|轻生)|想不开(?=$|[,，。!！?？的了])|(做|干)傻事|(他|她|同事|朋友|下属|员工|老板|室友|女儿|儿子|老公|老婆|妈妈|爸爸|弟弟|妹妹|组员|实习生|小姑娘|小伙).{0,24}(想死(?!的心|你|我|磕|心)|不想活|自杀|自残|割腕|割手|跳楼(?!价)|活着没|轻生|一了百了|遗书|吞药|吞了药)|"
        r"\b(he|she|they|him|her|friend|colleague|coworker|co-worker|teammate|report|boss|manager|husband|wife|partner|son|daughter|brother|sister|mum|mom|dad|intern|guy|girl|woman|man|someone|somebody|person)\b.{0,60}\b(wants? to die|wanted to die|(is|was|might be|seems|feels?|sounds?) (suicidal)|talk(s|ing|ed)? about (suicide|dying|ending it|killing|not being (here|around|alive))|hurt(s|ing)? (him|her|them)sel(f|ves)|cut(s|ting)? (him|her|them)sel(f|ves)|no (reason|point|will) (to|in) (live|living|be alive)|tried to (kill|end)|cuts on (his|her|their) (arms?|wrists?)|won'?t be (around|here) (any ?more|much longer|for))",
        _I,
    ),
    "other signs": re.compile(
        r"(没有|没)(了)?存在的(必要|意义)|活不过(这|今|明|三|四|五|下|年)|没(有)?打算活|(这条)?命(我)?(也|都|就)?不(想)?要了|除了死|快点死|早点死|一死(百|白)?了|想(永远|一直)地?(休息|睡)|(旁边|手边|身边|抽屉里|包里|桌上)(就)?(是|有|放着|放了)(着)?(一?把|一?根|一?瓶)?.{0,3}(刀(?!具|叉)|绳子|安眠药|农药)|(带着?|跟|和)?(孩子|娃|全家|一家人|娘俩|母子|老小).{0,4}一起(走|死)(?=$|[,，。!！了就])|(吃|吞|服)了.{0,4}[十百几多\d].{0,3}(片|颗|粒).{0,2}药|(上次|昨天|之前|去年).{0,4}(被救(回来|下来)|没死成|没成功死)|(圆规|针|刀|剪刀|钉子).{0,4}(扎|戳|刺|划).{0,4}(大?腿|手|胳膊|自己)|(像|是|伪装成|当成)意外.{0,16}(赔|保险|家里)|(放弃|不想)(治疗|治了).{0,8}自己|羡慕(死人|死了的)|不想在(这|这个)?世(上|界)|"
        r"\brather be dead\b|\b(disappointed|sad|angry|sorry|upset) (that |when |to (have )?)?(i )?(woke|wake|waking|be alive|still alive)\b|\blife'?s? (is |just )?(not|isn'?t|no longer) worth\b|\b(does it hurt|how long does it take|how long (until|till|before)) (to |you )?(die|drown|bleed out|hang|suffocate|freeze to death)\b|\b(die|dying|death) by suicide\b|\b(death benefit|insurance|payout)\b.{0,50}\b(accident|suicide)\b(?=.{0,20}$)|\b(garage|car)\b.{0,16}\bengine (on|running)\b|\bvoices?\b.{0,12}\b(say|says|tell|tells|telling|saying)\b.{0,16}\b(jump|die|kill|hurt|end)\b|\b(razors?|blades?|knife|noose|rope|gun|pills)\b.{0,8}\b(in my (bag|drawer|hand|desk|pocket|car)|next to me|beside me|in the car)\b|\b(don'?t|do not) (feel safe|trust myself) (with|around|alone)\b|\bafter an (overdose|attempt)\b(?! (at|to))|\bwants? out of (life|this life|living)\b|\b(be )?rid of me\b|\bswallowed (it all|all of (it|them)|everything|the lot)\b|\bwon'?t be (around|alive|here) to (use|see|need|read)\b|\b(made|at) peace with (it|dying|death|leaving)\b.{0,40}\b(good to|thank you|take care|goodbye)|\b(planning|plans|going|wants?|tried|trying) to take (her|his|their|my) (own )?life\b",
        _I,
    ),
    "abuse": re.compile(
        r"性侵|强(奸|暴)(?!力)|侵犯了?我(?!们|的)|猥亵|强行(进|闯|抱|亲|摸|拉).{0,6}我|(摸|亲|抱)了?我.{0,10}(不敢|害怕|恶心|强)|(跟踪|尾随|囚禁|反锁)(着|了)?我(?!们?的?(业绩|进度|项目|数据|账|指标|KPI|绩效|进展))(?=.{0,12}(怕|敢|报警|家|天|$))|(扬言|威胁).{0,6}(要)?(杀|弄死|打死|打断|砍|捅|泼)|(打|扇|抽|踹|捅|掐|勒)了?(我|住我|我的)(一?(巴掌|耳光|顿|拳|刀|脚)|脖子|头)|被.{0,12}(堵|拖|围).{0,12}(打|揍)|家暴|"
        r"\b(rap(ed|es|ing)|molest(ed|ing|s)|sexually assault\w*|assault(ed|s|ing)|grop(ed|es|ing)|strangl(ed|es)|chok(ed|es)) (me|her|him|us)\b|\bforc(es|ed|ing) (himself|herself|themselves) on\b|\bstalk(ing|ed|s) me\b|\bthreat\w+ (to|he'?ll|she'?ll|that) .{0,10}(kill|hurt|stab|rape|shoot|beat)|\b(he|she)( will| wil|'ll|'s going to)? (hurt|kill|hit|beat|choke)s? (me|us) and\b|\b(he|she|they) won'?t let me (leave|go|out)\b(?! (my|the|this|early|for) (role|job|post|team|project))|\b(he|she)('s| is| was|'ll)? (hit(ting|s)?|beat(ing|s)?|punch(ed|es|ing)|kick(ed|s|ing)) me\b(?! (up|with (an?|the) (e-?mail|question|request))| (to|on|in|at|with))",
        _I,
    ),
    "slang": re.compile(
        r"\bsuic[i1!]d|\bsu[1!]cid|\bsewer ?slide|\bk[i1]ll? ?my ?self\b|\bkms(ing)?\b|\bctb\b|\b(want|wanna|wnat|wan) ?(2|too|t|to)? (die|dye|not exist|stop existing)\b(?! (of|from|laughing))|\b(don'?t|dont|do not) (wanna|want to|wnat to) (ex[is]+t|exsist|liv|lvie)\b|\b(can'?t|cant) (take|stand|bear) (living|life|being alive|existing)\b(?! (in|with|on|at|out)\b)|\bend my l(ife|fie|ief|if)\b|(?<!笑)(?<!累)(?<!困)(?<!气)(?<!卷)(?<!冻)(?<!饿)(?<!得)想(狗带|去世|嗝屁|领盒饭|重开)(?!的|式)|自鲨|自s(?![a-z])|轻s(?![a-z])|zisha|想si\b|xiang si\b|不想活le\b|🔪.{0,4}(手|腕|我)|💊.{0,6}(睡|全|够|多)",
        _I,
    ),
}
# Harm to others that is meant: an intention with a person as its object, or a weapon and knowing where.
VIOLENT_INTENT = re.compile(
    r"(想|要|准备|打算|忍不住|迟早|一定|真想|恨不得|计划)(去|把|将|亲手|会)*(杀|砍|捅|弄死|打死|毒死|掐死|撞死)(了|死)?(我|我们|那个|这个|我的|裁我的|这帮|那帮)+(的)?(老板|领导|上司|同事|他|她|人|前任|所有人|总监|主管|经理|HR|家|孩子)(?!的?.{0,4}(预算|项目|方案|需求|产品|价|费用|报价))|(想|要)(拉|拖|带)(着|上)(他|她|他们|孩子|老婆|全家|几个).{0,6}(一起)?(死|走(?=$|[,，。!！]))|(控制不住|忍不住|怕(自己)?会?)(要|想|会)?(伤害|打死|弄伤|掐)(我的?)?(孩子|宝宝|家人|他|她|别人)|(付出代价|不得好死).{0,12}知道(他|她)(家)?住|知道(他|她)(家)?住(在)?哪.{0,12}(代价|后悔|等着|$)|(弄|搞|整|捅|砍|撞|毒|掐|炸|烧|勒|杀|打)死(我|我们|那个|这个|我的|这帮|那帮|这群)*(老板|领导|上司|同事|他|她|前任|所有人|全公司|总监|主管|经理|HR|财务|渣男|王八蛋)(?!的?.{0,4}(预算|项目|方案|品牌|产品|价))(?!.{0,12}(的心都有|开玩笑|哈哈|怎么(汇报|沟通|说)))|"
    r"(带|买|备|藏|揣|磨)(好|了|着|把|一把)*(刀|枪|汽油|斧|锤|硫酸|炸药)(?!法|工|具|叉|子?嘴|客)|泼(他|她|硫酸)|(炸|烧)(了|掉|毁)(这(个|家|栋))?(公司|办公室|大楼|办公楼|他家|她家)|放火烧|(报复|弄|收拾|杀|找)(他|她|他们|老板|领导).{0,20}(知道|摸清|跟踪).{0,6}(住|家|停车|下班|路线)|(知道|摸清)(了)?(他|她)(家|住|停车|孩子)?.{0,6}(住(在)?哪|停哪|在哪(上学|下班)).{0,16}(付出代价|后悔|好看|动手|报复|等着)|血债血(偿|还)|(要|会)(让|叫)(他|她|他们).{0,4}(偿命|陪葬|见血|死)|(陪|给我)(我)?(一起)?(陪葬|垫背)|"
    r"\bi(?:'?m| am|'?ll| will|'?d)?(?: (?:really|just|seriously|actually|honestly|want|wanna|gonna|going|to|need|have|plan|planning|swear|will|could|might|am|keep|thinking|think|about|of|be|fantasi[sz]ing|fantasi[sz]e|like)){1,7} (hurt(ing)?|attack(ing)?|harm(ing)?|stab(bing)?|shoot(ing)?|kill(ing)?|strangl(e|ing)|poison(ing)?|beat(ing)? up|run(ning)? over|blow(ing)? up|bomb(ing)?|shoot(ing)? up|burn(ing)? down)"
    r" (him|her|them|someone|somebody|people|everyone|everybody|my (boss|manager|ex|colleague|coworker|co-worker|ceo|husband|wife|neighbou?r|team ?lead|director)|(the|that|this) (person|guy|man|woman|bastard|bitch|people|office|building|place|boss|manager))\b(?! (an?|some|the|my|your|our|over|off|with kindness|with (a |an )?(great|better|strong)|in the (market|polls|rankings)|on (price|quality|service|search)|to the (market|punch)|up on)\b)|"
    r"\bbring(ing)? (a|my|the) (gun|knife|rifle|weapon|blade|machete)\b|\b(afraid|scared|worried) (i'?ll|i will|i might|that i) (hurt|kill|harm) (my|the|him|her|them|someone|somebody)\b(?! (career|brand|team'?s|chances|business|reputation|feelings|numbers|credib))|\bmake (him|her|them) pay (in|with) (blood|(his|her|their) li)|\bmake (him|her|them) (pay|suffer|regret)\b.{0,60}\b(know|knows) where\b|\bknow where (he|she) (lives|parks|sleeps|works out|gets off)\b|\b(shoot|blow|burn) (the |this )?(office|building|place|company|hq)? ?(up|down)\b(?= ?\W*$|[.,!?]| (tomorrow|tonight|on|and|with))(?<!blow up)",
    _I,
)
# Two signs together: worn out in body, and without hope for oneself. Either alone is work gone wrong.
WORN = re.compile(
    r"(睡不着|失眠|没(怎么|法|有)?(好好)?睡(?!眠)|睡不了|整夜|通宵睁|吃不下|不吃不喝|没(怎么)?吃(东西|饭)|咽不下|发抖|喘不(上|过)(来)?气|心慌|手抖|惊恐(发作)?|恐慌发作|每天(都)?哭|天天哭|一直哭|躲.{0,6}哭|半夜.{0,6}哭|靠(酒|药|安眠药)|酗酒|喝(酒|到)(.{0,4}睡|断片|醉)|起不来床|下不了床|不出门|瘦了\d+斤)|"
    r"\b(haven'?t|havent|not|can'?t|cant|cannot|barely|hardly|stopped|no|don'?t|without) (really |properly |been )?(sle(ep|pt)\w*|eat(ing|en)?|ate)\b|\b(can'?t|cannot|cant) (keep (any )?(food|anything)|breathe|get out of bed|stop (crying|shaking))|\bpanic attacks?\b|\bcry(ing)? (every|all|in (the|a)|myself|non-?stop|on the)|\b(i )?(shake|shaking)\b|\binsomnia\b|\b(drink|drinking|drunk) (every|each|a bottle|myself|alone|until|till|to (sleep|cope|forget))|\blost \d+ ?(kg|kilos|pounds|lbs)\b",
    _I,
)
HOPELESS = re.compile(
    r"绝望|看不到(任何|一点|半点)?(希望|未来|出路|尽头|头|光)|没(有)?(任何|一点)?(希望|盼头|出路|活路|未来)|没(有)?(了)?(任何)?(意义|意思)(?!重大)|(我|自己|彻底|已经)(彻底|已经|就)?(废|毁|完|没用|没救)了|什么都(不会|没)(再)?(变)?好|(不会|好不)(再)?(好|起来)(起来)?了|(一切|所有)都(完|晚|没)了|行尸走肉|麻木|不想(再)?(面对|醒|见人|继续)|解脱|(人|日子)(生)?过不下去|想消失|没(有)?活着的感觉|"
    r"\bhopeless\w*\b|\bno hope\b|\bworthless\b|\b(can'?t|cannot|don'?t|cant) see (any|a|how|the) (way|future|end|point|light|good)|\bno (future|way out|light|point|escape)\b|\bnever (get|be|feel) (any )?(better|ok|okay|happy|normal)\b|\bnothing (matters|helps|left|will)\b|\bempty inside\b|\bfeel (so |completely |totally )?(numb|empty|dead inside|trapped)\b|\bwhat'?s the point\b|\bgive up\b|\bdon'?t (care|know) (what happens|if i (wake|live|make it))|\bend(s)? well for me\b",
    _I,
)
# What only sounds like danger: a business that may not survive, an awareness campaign, a figure of speech. Taken out beforehand.
NO_DANGER = re.compile(
    r"(合同|合约|合作|项目|会议?|活动|面试|试用期|谈判|通话|电话|投放|租约|订单|考核|流程|争议|诉讼|官司)[^,，。我]{0,4}(我们|咱们|双方|公司)?[^,，。]{0,6}(早点|尽快|赶紧|提前|趁早|就此)(都)?(结束|了结|解脱|终止)|"
    r"(公司|品牌|项目|产品线?|业务|门店|店铺?|活动|企业|团队|部门|渠道|预算|现金流|资金|代理商|供应商|平台|行业|竞品|对手|市场|客户|创业|生意|账号|公众号|直播间|工厂|系统|方案|我们|campaign|ROI|毛利|利润)(?:(?!我(?!们))[^,，。.!！?？;；]){0,10}(活|撑|熬|扛|挺|坚持|做)(真的|快|也|都|要)?不(下去|住|了|到)了?|(公司|品牌|项目|创业|企业|产品|平台|商业|巨头)[^,，。.!！?？;；我]{0,10}(死法|怎么死|活够|活着)|没有我[^,，。.!！?？;；]{0,12}(运转|运作|推进|决策|开会|做决定|做得|能做|跑起来)|"
    r"(自杀|自伤|自残|轻生|self-harm|suicide)(的)?[、和与]?(自[杀残伤])?(预防|干预|防治|率|话题|内容|题材|议题|援助|防范)(热线|中心|机构|公益|项目)?|(预防|防止|反|防)[^,，。.!！?？我想]{0,8}(自杀|自伤|自残|轻生)|(自杀|自伤|自残|轻生)[^,，。.!！?？我想]{0,10}(公益|campaign|brief|文案|短片|机构)|自杀(式|性)|职业(性)?自杀|职场自杀|(原地)(消失|去世|自杀)|原地.{0,2}死亡|社死|"
    r"\b(suicide|self[ -]?harm)[ -]?(and self[ -]?harm )?(prevention|awareness|charity|charities|squad|mission|pact|rates?|content|topic|campaign|policy|policies|guidelines|messaging|support (service|charity|line) (client|brief|campaign)|ngo|nonprofit)\b|\b(prevent(ing|ion of)?|anti[ -]?|reduc(e|ing)|against|combat(ing)?) (youth |teen |male |veteran )?(suicide|self[ -]?harm)s?\b|\b(campaign|brief|content|charity|ads?|film|ngo|app|article|copy|messaging|policy|guidelines|documentary|podcast)\b[^.,!?;]{0,24}\b(about|on|around|for|against|of) (\w+ )?(suicide|self[ -]?harm)\b|\b(we|our (brand|app|team|client|clinic|campaign)) (\w+ )?(talk|write|post|speak|communicate|publish) about (suicide|self[ -]?harm)\b|\b(suicide|self[ -]?harm) in (our|the|your) (content|ads?|campaign|copy|messaging|channels?)|"
    r"\b(career|brand|professional|commercial|political|financial|business|social|reputational|margin|price|strategic|corporate)([- ](wise )?)suicid\w*|\bsuicidal (pric\w+|discount\w*|strategy|margins?|budget|deadline|timeline)\b|\bend (it|things) with\b|\bdie on (this|that) hill\b|\bi (could|would|nearly|almost) (have )?died? (of|from|laughing)|\brather die than\b|\b(budget|campaign|brand|project|product|launch|company|business|startup|channel|pilot|programme|program)s? (\w+ ){0,3}(can'?t|cannot) (go on|carry on|keep going)[^.,!?]{0,16}",
    _I,
)
# Against an alarm by the classifier alone, never against a rule: a reminder without a word of danger, somebody's verdict.
NO_ALARM = re.compile(
    r"^(请|麻烦你?|帮我)?(明天|后天|晚上|今晚|下午|早上)?提醒我(?!.*(死|遗|告别|结束|最后|活|都|全|所有|整|安眠|吞|刀|绳|楼|桥|血|炭|杀|打|走))|"
    r"^(please )?remind me to\b(?!.*\b(die|dead|death|kill|goodbye|farewell|end|last|jump|all|every|everyone|bottle|pills|overdose|rope|bridge|roof|knife|gun|blade|note|sorry|cut|hurt|hit|beat|shoot)\b)|"
    r"^\W*(my |the )?\w+ (says?|said|told me|thinks?) .{0,20}\b(not|isn'?t|ain'?t) (quite |really |yet )?(there|ready)( yet)?\W*$|"
    r"砍(掉)?(我|我们|咱们?|市场部)的?(人|团队|编制|预算|项目)|捅了?我?一刀|在(公司|这家公司|这里上班)[^，。]{0,4}最后一天|最[后後](一个|個)?上班日|"
    r"看不到头[^。]{0,8}(走还是|该不该走|跳槽)|\b(deal|partnership|contract|project|campaign|brand|product|budget)( is|'s)? on life support\b|"
    r"\bcut(ting)? (the|my|our|half (of )?(the|my|our)) (\w+ )?(team|staff|headcount|people|budget|agency)\b",
    _I,
)
# Who introduces themselves by role and duties, without a word that darkens it: no alarm by the classifier alone.
DUTIES = re.compile(
    r"带(着|了)?.{0,3}\d+|\d+ ?(个|名|号)?(人|下属|主管|经理)|汇报|\b(\d+|two|three|four|five|six|seven|eight|nine|ten|twelve) (people|managers|reports|"
    r"direct reports|marketers)\b|\breport(s|ing)? to\b|\bteam of\b",
    _I,
)
DARK = re.compile(
    r"死|活(?!动|跃)|杀|绝|撑|熬|崩|扛|睡|失眠|哭|没(有)?(意思|意义|劲|用|人|路|办法|出路)|消失|结束|解脱|跳(?!槽)|药|怕|孤|痛|恨|受不|完了|废|遗|告别|再见|走不|"
    r"想不开|累(?!积|计)|抑郁|焦虑|慌|苦|伤|难(?!题|点|度)|不想|放弃|麻木|黑|空|最后|不在|托付|交代|后事|再也|对不起|走了|"
    r"tired|exhaust|hopeless|\balone|lonel|\bdie|\bdead|death|\bend(s|ed|ing)?\b|kill|hurt|harm|\bcry|sle(ep|pt)|pointless|worthless|nobody|no one|burden|"
    r"disappear|hate|afraid|scared|\bdone\b|g[ai]ve (it )?up|\bover\b|br[eo]k|\bnumb\b|empty|dark|pain|drown|goodbye|farewell|better off|\bstand it|\bbear\b|"
    r"any ?more|no way|trapped|nothing|pills|depress|anxi|panic|desperate|can'?t|cannot|suffer|tears|jump|bridge|"
    r"\blast\b(?! (year|month|week|quarter))|\bletters?\b|\bgone\b|\bpeace\b|forever|sorry|without me|worth",
    _I,
)
HYPERBOLE = re.compile(
    r"\b(eat(s|ing)? me alive|(be |is )the death of me|shoot me now|tear(ing)? me (apart|to (pieces|shreds)))\b(?!.{0,40}\b(pills?|bridge|roof|hospital|hit me|hurt me)\b)|"
    r"(?<!真的)(死定了|要(了)?我的?老?命|(快|要)完蛋了?)(?!.{0,20}(真的|药|楼|刀|遗书|不想活))|"
    r"(想死的心都有|累死|忙死|气死|烦死|笑死|急死|逼死|愁死|尴尬死|卷死|坑死|吓死|死也要|死磕|死线|有毒的?(上司|老板|领导|同事|团队|职场|文化|氛围))(?!.{0,20}(真的|药|楼|刀|遗书|不想活))|"
    r"\b(deadline|workload|meeting|kpi|boss|job|commute|suspense|curiosity)s?\b.{0,20}\bkill(s|ing)? me\b|\bkill(s|ing)? me\b.{0,20}\b(deadline|kpi)|"
    r"\btoxic (boss|manager|colleague|team|culture|workplace)\b|\bdying to\b|\bto die for\b|\bkilling it\b|(品牌|产品线?|公司|项目|业务|活动|门店|渠道|栏目|账号)[^,，。!！?？我]{0,8}(起死回生|半死不活|快死了|要死了|奄奄一息|救活|续命|救回来|有救)|\b(brand|product|company|campaign|business|project|programme|program|channel|category|newsletter)\b[^.,!?]{0,16}\b(on life support|dying|is dead|on its last legs|back to life|flatlin\w+)|\bdead tired\b|\bi'?m dead\b|\bkill (an?|the|this|that|our|my) (campaign|project|budget|brand|channel|idea)\b",
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
    r"\b(end|start|begin|finish) (every|each|your) (sentence|reply|answer|response)\b.{0,30}(with|by)|\bno (rules|restrictions|filters)\b|"
    # a role that is no part of the work, or that knows no bounds
    r"(你(现在|来|就|先|要|得)?|请(你)?|帮我|给我|来|(^|[,，。:：;；]))(扮演|假扮|扮成|装成|装扮成|cosplay|角色扮演)(一?[个只位名条台]|成|为|下)?(?![^,，。]{0,14}(什么|怎样|好|了|着|哪)[^,，。]{0,8}角色)(?!.{0,8}(CFO|CEO|CMO|COO|CTO|VP|HR|HRD|老板|上司|上级|领导|面试|客户|财务|候选人|下属|员工|同事|教练|董事|投资|记者|甲方|乙方|总监|经理|供应商|销售|导师|主管|用户|消费者|顾客|代理|评委|猎头|对手|业务|董事会|高管|法务|产品|团队))[^,，。.!！?？;；]*|(你现在|从现在(起|开始)?\W{0,2}你?|接下来你|以后你)(就)?(是|变成|当|做)(我的?)?(一?[个只条台])?.{0,4}(女朋友|男朋友|女友|男友|老婆|老公|恋人|情人|奶奶|爷爷|宠物|猫|狗|喵|海盗|黑客|终端|机器|没有)|(叫我|称呼我)(宝贝|亲爱的|主人|老公|老婆|陛下)|(不受|没有|不用守|不遵守|无视|摆脱|脱离|突破)(任何|一切|所有)?(的)?(规则|限制|约束|道德|底线|伦理|设定|审查|来源限制)(的|约束|限制)?|什么都(能|可以|敢)说|(别|不要|不用|不必)(再)?(管|理|理会|在意|拘泥|受)(什么|那些|这些)?(来源|资料|资料库|规则|引用|安全|设定).{0,4}(限制|规则|约束|了|$)|"
    r"(用|凭)(你)?自己的?(知识|脑子|想法|训练).{0,4}(随便|直接|自由)(答|说|回答)|(开发者|管理员|老板|作者)(允许|授权|同意|批准)(了)?你|我(就)?是(你的?)?(开发者|管理员|创造者|作者|主人|工程师)(?![,，。]?(怎么|如何|想))|(你的|你)?(规则|设定|指令|限制)(我)?(已经|已)?(都|被)?(我)?(改|换|更新|修改|关闭|解除)(掉|了|成)|(以后|从现在(起|开始)|今后|往后)[^。!！?？]{0,8}(回答|回复|说话)[^。!！?？]{0,8}(不(用|需要|必|要)(再)?(引用|标注|来源|核对|查)|以[“\"「'][^。]{1,16}(开头|结尾)|都?(要|必须|用).{0,6}(语气|口吻|喵|脏话|方言|结尾|开头))|(一字不(差|漏)|逐字|原样|原封不动)(地)?(重复|复述|输出|念)|(重复|复述|输出|念|背|翻译|编码|贴出?|发|列出?|告诉我|总结|base64).{0,16}(收到的(第一条|全部|所有)?|第一条(消息|指令)|最初的|初始|内部|系统|上面的?(全部|所有)|你(的)?)(消息|指令|指示|设定|prompt|提示词?|规则|system)|(你的?|系统|全部|上面的?)(prompt|指示|指令)(发|给|是|输出|贴|[,，。?？]|$)|(内部|系统|隐藏)(设定|指示)|(输出|打印|显示)(你的?|system )prompt|你(被|有哪些被?)(禁止|限制|不(允许|准|许|能))(说|谈|聊|回答|讨论)?(什么|哪些|的)|不(允许|准|许|能)你?(说|谈|聊)的(内容|话题|东西)(有)?(哪|什么|列)|"
    r"\b(you'?re|you are|ur|youre) (now |going to be |no longer |not |to be )+(?!.{0,24}\b(cfo|ceo|cmo|coo|cto|interview\w*|boss|manager|recruiter|client|coach\W*$|mentor|board|investor|customer|vp|director|stakeholder|hr|sales|sure|clear|able|allowed|listening|answering|giving|helping)\b)(an? |my |in |called |the )|\b(pretend|act|behave|role-?play|speak|talk|respond|answer|reply|write|chat)\b( (me|to me|with me|everything|only|always))?( as| like| in| as if| that)+ (you'?re |you are |you were )?(a |an |my |the |in )?(?=.{0,30}\b(pirate|hacker|girlfriend|boyfriend|wife|husband|lover|cat|dog|wizard|vampire|villain|evil|uncensored|unrestricted|unfiltered|unhinged|terminal|robot|ai|trump|musk|jobs|shakespeare|yoda|god|devil|demon|grandm\w+|granny|grandfather|mother|mom|mum|celebrity|character|persona|no (rules|ethics|limits)|without (rules|limits|ethics|restrictions)))|\byou are (a |an |my )(?=.{0,16}\b(terminal|hacker|pirate|girlfriend|boyfriend|cat|dog|wizard|vampire|villain|shell|compiler|grandm\w+)\b)|\bpretend (you'?re|you are|to be) (a |an |my )(boy|girl)friend\b|\brole-? ?play\b.{0,12}\b(you'?re|you are|as) (a |an |my )?(?!.{0,24}\b(cfo|ceo|cmo|coo|cto|interviewer|boss|manager|recruiter|client|mentor|board|investor|customer|vp|director|candidate|report|peer|stakeholder|hr|head|buyer|journalist|agency|sales\w*)\b)|"
    r"\b(no|without|zero|drop( the)?|lift( the)?|remove( the)?|disable( (the|your|all))?|turn off( (the|your))?|switch off( (the|your))?|forget( (the|your|about the|about your))?|ignore( (the|your))?|bypass( (the|your))?) (any |all )?(ethics|morals|guardrails?|safety (filter|setting|feature|rule|mode|check|guideline)s?|content (filter|polic)\w*|filters|safeguards?|censorship|restrictions?|limitations|constraints (on you|you have))\b(?! (on|in|for|to) (the|our|my) (budget|brand|team|market|data))|\bspeak freely\b.{0,4}$|\b(i'?m|i am|this is|as) (the |an? |your )(admin|administrator|developer|creator|owner|operator|openai|anthropic|engineer who)\b(?=.{0,40}\b(disable|you|your|grant|allow|override|unlock|mode)\b)|\bnew rules?( for you)?\s*[:：]|\b(system|admin|developer)\s*[:：]|\boverride (policy|mode|the policy|your|safety)\b|\bfrom now on,? (you|your|only|always|every|answer|reply|respond|speak|call me)\b(?! (should|need|report) (report|to my))|\byou (never|don'?t|no longer|needn'?t) (have to|need to) (cite|quote|source|check|follow|obey|use (the|your) library)|\bstop (citing|being (so )?(careful|cautious|safe|restricted))\b|"
    r"\b(repeat|recite|print|output|show|list|copy|quote|translate|summari[sz]e|encode|tell me|give me|reveal|share|send|display|write out|spell out)\b.{0,30}\b((everything|all|the (text|words?|message|line|part|content)s?) (above|before|preceding)|(your|the|its|hidden|secret|initial|original|first|exact|internal|system) (hidden |secret |initial |original |system |internal |exact |first |full )*(instructions?|prompts?|rules|guidelines|directives|programming|message you|configuration))\b(?! (of|for|about) (a|an|the|my|our|brand)\b)(?! (agency|brand|team|brief|design))|\b(what|which) (were|are|was|is) (the |your )(exact |initial |original |hidden |first |system )+(words?|instructions?|prompts?|message|rules)\b.{0,30}|\b(topics?|things|subjects|words) (that )?(you'?re|you are|you were|you'?ve been) (not allowed|forbidden|told not|prohibited|banned|instructed)|\byou were told\b.{0,20}\b(before|first|at the start|not to)\b",
    _I,
)
BLOCK = re.compile(
    r"<!--.*?-->|\[\[.*?\]\]|\[(?!\d)[^\]]{12,}\]|【[^】]{2,}】|\{[^{}]{12,}\}|```.*?```|<[a-z]+[^>]*>.*?</[a-z]+>", re.S | _I
)
SENTENCE = re.compile(r"[^。！？!?；;\n.]*(?:[。！？!?；;\n]+|\.(?=\s|$)|\.(?=\w)|$)")
CLAUSE = re.compile(r"[^,，:：]*(?:[,，:：]+|$)")
FABRICATE = re.compile(
    r"(编|捏造|虚构|伪造|杜撰|瞎编|造(一?个|几个|点|份)?假|假造|凑(一?个|几个|点)|P一(个|张))(?!辑|制|排|写代码|码|程|导|剧|外|号|.{0,4}预算).{0,16}(案例|数据|数字|业绩|经历|推荐|客户|证言|评价|故事|履历|简历|成绩|项目|名言|出处|来源|报告|截图|奖|头衔)|"
    r"(案例|数据|数字|业绩|经历|推荐信?|证言|履历|简历|成绩|头衔).{0,14}(编(?!制|排|辑|码|程|外|内|号|.{0,4}预算)|捏造|虚构|伪造|造假|注水|吹(大|高)|夸大|改(大|高|好看|漂亮)|改成.{0,6}(\d[\d.,]*(?![\d.,]|\s*(个?月|天|周|年|次|个?季|个?小时))|百分之|翻倍|[一二两三四五六七八九十百千]+(倍|成|个点|万|亿)|我)|凑一?个)|"
    r"没(有)?(做|带|干|管)过.{0,20}(写成|说成|编|包装成)|"
    r"(帮|替|给)我[^。？?]{0,8}(写|说|包装)成(是)?我(主导|负责|牵头|带|做|操盘)|(帮|替)我圆(一?个|一下|过去|得?过去)|(日期|时间|落款)(写|填|改|落)(成)?(去年|前年|上个?[月季]|之前|早)|倒签|"
    r"(实际|其实|真实)[^。？?]{0,14}\d[^。？?]{0,14}(写成?|报成?|改成|说成)\s*\d|"
    r"(就)?当(是|作)(是)?我(的)?[^,，。]{0,8}(写|说|给)的[^。]{0,20}(不知道|没同意)|"
    r"\bdo(es)?n'?t have to be (real|true|accurate|genuine|one (he|she|they|anyone) (really |actually )?said)\b|\bas if\b[^.?!]{0,24}\b(had been|were|was) (mine|ours)\b|\bback-?dat(e|ed|ing) (the|my|our|this|a) |\bdated\b[^.?!]{0,20}\bso (that )?it looks\b|"
    r"\b(make up|invent|fabricate|fake|forge|concoct|dream up|cook up)\b.{0,40}\b(case|stud|number|figure|stat|data|metric|result|reference|testimonial|quote|achievement|award|story|client|project|roi|experience|campaign|win)|"
    r"\b(fake|made.?up|invented|fictional|fictitious|bogus)\b.{0,20}\b(case|stud|number|figure|stat|data|reference|testimonial|quote|achievement|award|client|review)|"
    r"\b(inflate|exaggerate|pad|fudge|massage)\b.{0,30}\b(cv|resume|result|number|figure|achievement|metric|title|team size|roi)|\bi never (did|led|ran|managed).{0,40}\b(write|say|put|claim)",
    _I,
)
# The same in other words, by what is meant: nothing real behind it, a claim about oneself that is untrue, figures turned round.
INVENT: dict[str, re.Pattern[str]] = {
    "nothing real behind it": re.compile(
        r"(?<!怎么)(?<!如何)(编(?!辑|制|排|码|程|导|剧|外|号|预算)|捏造|虚构|伪造|杜撰|瞎编|假造|臆造|胡诌|凭空(写|想|造)|现编|(?<!创)(?<!打)(?<!制)(?<!改)(?<!塑)(?<!建)(?<!营)造(?=[一两几三些个句条份段]|假)).{0,18}(好评|评论|语录|引言|金句|名言|采访|访谈|研究|结论|论文|白皮书|调查|问卷|文献|引用|证书|证明|奖项|头衔|学历|背书|推荐语|ROI|规模|份额|笔记|截图|理由和数据|口碑|话|信)|"
        r"(没有?(的话)?|找不到|查不到)(就|的话|那就)?.{0,6}(编|造|杜撰)(一?[个句条份段组些]|假)|(帮|替|给)我?.{0,6}(编|造)(一?[个句条份段组些]|点|几[个句条份])(?!.{0,6}(口号|广告语|slogan|故事线|团队|制|辑))(?!.{0,4}预算)|(你|就|帮我|给我|替我)(先|随便)?(瞎|随便|胡)编(?!吧)|"
        r"(不用|不必|不需要|无需|不一定要?)(是|得|要)?(真的?|真实|存在|核实|属实)|(写|做|弄|编|看起来|看着)得?(要|得)?(跟|和|像)真(的|事)(一样|似的)?|(看|听)(起来|着|上去)(要)?像(真的?|那么回事|回事)|不会(有人)?(去)?(查证?|核实)的?|没人(会|去)?(查|核|较真|核实)|"
        r"随便(给|编|写|填|来|凑|报|找|弄)(我)?.{0,12}(数字|数据|数|比例|份额|规模|ROI|增长率|来源|出处|研究|案例|名字)|(数据|数字|结果|报告)(还)?没(有|出来|跑出来|拿到|做完?).{0,10}(先|你)?.{0,6}(凑|编|填|造)|"
        r"\b(give|need|want|put|use|fill in|make|add|throw in|insert|drop in)\b.{0,40}\b(plausible|believable|convincing|realistic[- ](looking|sounding)|credible[- ](looking|sounding)|legit[- ](looking|sounding)|official[- ](looking|sounding))\b.{0,30}\b(numbers?|figures?|stat\w*|share|data|roi|results?|quotes?|backstory|source|stud(y|ies)|testimonials?|review|for the (board|deck|slide|report|ceo|investors?|client))\b|\b(plausible|believable|convincing|made[- ]up|invented) (backstory|back story|excuse|testimonial|quote|source|citation|stat|statistic|survey)s?\b(?=.{0,60}\b(i|me|my|we|our|for)\b)|"
        r"\b(doesn'?t|does not|don'?t|do not|needn'?t|need not) (need |have )?(to )?(be (real|true|accurate|genuine|factual)|exist|actually exist)\b|\b(make|have) (it|them|him|her|this) (sound|look|seem|read) (real|true|legit|genuine|official|authentic)\b|\bany (old )?(source|number|figure|study|stat) (will|would|is|works)\b|\b(nobody|no one|noone|they|he|she|the client|the board|investors) (ever |really |actually |will |would |won'?t |wont |never |don'?t |doesn'?t |isn'?t going to )+(ever |really |actually |even )?(check|checks|click|verify|verifies|look it up|fact[- ]?check|google|audit|know the difference)\b|"
        r"\bif (there (isn'?t|is no|is not|aren'?t)|it doesn'?t exist|you (can'?t|don'?t) find|none exist|not)\b.{0,12}\b(create|make|invent|write|fabricate|just) (one|some|it|up|something)\b|\b(just imagine|invent|think up|dream up|conjure|spin up|whip up|cook up|concoct|fabricate|make up) (one|some|it|them|something|anything|a few|a couple|a |an |\d+ )(?!.{0,12}\b(scenario|exercise|team|slogan|tagline|name for (the|our)|new (product|idea))s?\b)(?=.{0,60}\b(story|stories|case|client|customer|quote|stat|number|figure|source|study|testimonial|review|award|result|reference|experience|backstory|survey|sound|look|degree|certificat|data)|\W*$)|\b(come up with|give me|find me|cite|quote) (a |any |some )(source|citation|study|reference)\b.{0,40}\b(any|even if|won'?t|wont|doesn'?t|not real|whatever|exist)",
        _I,
    ),
    "untrue about oneself or others": re.compile(
        r"(没有?|从没|从来没|并没有?|不曾|没怎么)(真的|真正|实际)?(做|带|干|管|拿|参与|操盘|负责|用|上|读|考|经历|主导|获)过?.{0,20}(写成|说成|包装成|写进|加进|编进|放进|加到|写到|写上|加上|放到|说我(做|带|管|有))|(把|将)没(有)?(做|带|用|拿|管|参与)过的?.{0,20}(写|加|放|编|说)(进|到|上|成|得)|(写|说|加|包装|就说|声称|改成?)(成|上|是)?(我|他|她)?.{0,4}(带过?|做过|管过|负责|主导|操盘|拿过|获得?过?|毕业|是|当过).{0,24}(其实|实际上?|但|虽然|当时)(我|他|她|当时)*.{0,6}(只(有|是)|没有?|并没|不是|没(做|带|拿))|(推荐信|履历|简历|故事|经历|案例).{0,40}(其实|实际上?)(我|他|她|当时|根本|并|都)*(没有?|不是|只是|没)|"
        r"(假装|装作|装成|谎称|假称|冒充|佯装)(我|我们|自己|你)?.{0,4}(用|买|做|带|体验|试|是|有|来自|顾客|用户|客户|消费者|采访|记者)过?.{0,20}|(写|发|刷|弄|来).{0,8}(假|水军|刷)(的)?(好评|评论|评价|笔记|粉丝|口碑)|(帮|替|给)我?.{0,4}刷(好评|评论|单|量|数据|赞|粉)|(开|做|弄|P|造|搞)(一?[张份个])?假(的)?.{0,6}(证明|证|发票|流水|章|学历|合同|截图)|(日期|时间|落款)(往|向)?(前|后|早|晚)(写|改|倒签|推)|倒签|(好评|评价|评论|笔记|晒单|感谢信)[^。!！?？]{0,12}(买家|顾客|用户|客户|消费者|素人|粉丝)的?(口吻|身份|语气|名义)|(帮|教|替)我.{0,8}(撒谎|说谎|骗|圆谎|蒙)|"
        r"\b(put|add|say|write|list|claim|include|state|mention|insert|make it (look|sound))\b.{0,60}\b(i (never|don'?t|dont|didn'?t|did not|do not|wasn'?t|haven'?t|havent|have not|only|wasnt)|even though (i|she|he|we)|although i|not true|isn'?t true)\b.{0,40}(?<!lie)$|\b(i|we) (never|didn'?t|haven'?t|have never|was never|wasn'?t|did not)\b.{0,60}\b(but|so|and|,) ?(please |pls |can you |could you |just )*(put|add|say|write|list|claim|include|make it (look|sound)|pretend|tell them)\b(?! (my|a|an|the) (honest|real|true))|\b(recommendation|reference|endorsement|letter)\b.{0,100}\b(she|he|they) (didn'?t|did not|never|wasn'?t|hasn'?t|only|wasnt)\b|\b(backstory|story|achievement|experience|project)s?\b.{0,60}\bi (was never|never was|wasn'?t|didn'?t|never)\b|"
        r"\b(help me|teach me to|show me how to|how (do|can|could|should|to) (i )?|ways? to|want to|let me) (lie|fib|bluff|cheat|fake|bullshit|bs)\b(?! (detect|free))|\b(pretend|imagine|act as if|say) (that )?(we|i) (already |actually )?(ran|did|had|led|won|got|used|bought|have|hired|surveyed|interviewed|tested|launched)\b.{0,80}\b(write|results?|report|testimonial|review|case|numbers?|findings)|\b(write|post|draft|leave|create|generate|do)\b.{0,30}\b(reviews?|testimonials?|comments?|ratings?|feedback)\b.{0,30}\b(as if|as though|as a|like (a|you)|pretending|posing|from (fake|imaginary|happy) )|\bpretend(ing)? (you'?re|you are|to be) (a |an |one of )?(happy |satisfied |real |our )*(customer|client|user|buyer|journalist)s?\b.{0,40}\b(review|write|post|testimonial)|\b(skills?|certifications?|degrees?|awards?|qualifications?|courses?|languages|jobs?|title)\b.{0,24}\b(i (don'?t|dont|do not|never) (actually |really )?(have|had|earned?|got|finished|took|take|did|held|completed?)|i (haven'?t|havent|didn'?t) (actually |really )?(got|earned?|have|finish\w*|done|tak\w+|complet\w+))\b|\b(backdate|back-date|forge|falsify|doctor|photoshop)\b.{0,40}\b(letter|contract|certificate|invoice|date|screenshot|document|report|number|figure|result|record|signature)s?\b|\b(he|she|ceo|cfo|they|customer|client) (hasn'?t|haven'?t|didn'?t|never|did not) (approved?|said|say|agreed?|sign\w*) (it|that|this|anything|any of)\b",
        _I,
    ),
    "figures turned round": re.compile(
        r"(下滑|下降|亏损|亏|减少|跌|流失|负|没达标|未达标|没完成)[^,，。怎如]{0,10}(写成|改成|说成|变成|改为|写为|报成|包装成)[^,，。]{0,6}(增长|上升|盈利|增加|涨|达标|正|完成|超额)|(帮我|给我)?把.{0,12}(数字|数据|业绩|指标|结果|ROI|转化率).{0,4}(改|调|写|做|P)(大|高|好看|漂亮|成)|"
        r"\b(change|rewrite|edit|flip|swap|alter|adjust|turn|tweak|present|report|show)\b.{0,24}\b(declin\w*|drop|loss(es)?|fall|decrease|dip|negative|miss(ed)?|shortfall|minus)\b.{0,24}\b(to|into|as|with)\b.{0,12}\b(growth|gain|increase|profit|rise|positive|win|beat|plus)\b(?=.{0,40}(\d|\b(report|slide|deck|text|chart|figure|table|spreadsheet|memo)s?\b))(?<!how to)",
        _I,
    ),
}
# Somebody else wants it and it is to be refused, or it is to be told from the real; or only what is true is to be worded.
HONEST = re.compile(
    r"^(?!.*(编|造|凑|虚构)).*(怎么|怎样|如何|该|想)[^,，。？?]{0,8}(老实|如实|诚实|坦白)|\b(instead of|rather than|without) (just )?(inventing|making (it|one|them|things|something|anything|numbers)? ?up|faking|lying|fudging)\b|"
    r"真实(做过|发生|经历|的(业绩|成绩|结果|项目|数据|推荐语?|评价|反馈|案例|经历))|(我|我们)(真的?|确实)做过|\b(my|our|the) (real|actual|true|own) (results?|numbers?|figures?|work|project|achievements?)\b|\b(real|genuine|honest) (testimonial|review|quote|reference|recommendation)s?\b|"
    r"(让|叫|逼|要求|要|指使|暗示|希望)(我|我们|团队|下属).{0,24}(怎么|如何|该|能)[^,，。]{0,8}(拒绝|回绝|推|应对|处理|办|说不|顶|回应|劝|回)|(怎么|如何|怎样)[^,，。]{0,6}(判断|识别|辨别|分辨|鉴别|看出|知道|核实|验证|查|拒绝|避免|防止)[^,，。]{0,24}(编|造|假|虚|真)|(?<!没有)(?<![没像当用是])(真实|真的|实际)(做|带|完成|发生|的?(项目|成绩|经历|数据|业绩|案例|推荐|评价))(?![^。？?]{0,14}(写成?|改成|报成)\d)|不(要|想|会)?(夸大|夸张|编|造假|注水|撒谎)|(不|别)编(?!了.{0,6}就)|非(要|让)我|(编|造假?|瞒|糊弄)(着|过去)?还是|(编|造假?|瞒|糊弄)(?!.*(帮|替|给)我)[^。]{0,24}(行不行?|行吗|可以吗|没事吧|没关系吧|好吗|合适吗|算不算|碰不得|使不得|要不得)|(要不要|该不该|能不能|是不是|还是)(?!.*(帮|替|给)我)[^,，。]{0,12}(编|造假|瞒着|糊弄)|^(你|您)(们)?(会|是不是|会不会|能不能保证).{0,4}(编|造|瞎编)|机器瞎编|占位|(数字|名字|公司).{0,6}(用|以|留)(XX|空|占位|某)|"
    r"\b(wants?|asked|asks|asking|told|tells|pressur\w*|expects?|forc\w*) (me|us|my team|the team) to\b.{0,80}\b(how (do|can|should|to)|what (do|should)|push back|refuse|say no|resist|report|respond)|\bhow (can|do|could|would|to|should) (i|we|you|one)? ?(tell|know|spot|verify|check|judge|detect|see|refuse|decline|push back|say no|stop|avoid|prevent)\b|\b(my|our) (real|actual|true|own) (result|number|achievement|project|experience|figure|story|data)s?\b|\bwithout (lying|making|exaggerat\w*|inflat\w*|invent\w*|fabricat\w*|fak\w*|overstat\w*)|\bhonest(ly)?\b|\bplaceholders?\b|^(do|did|will|would|are) you (ever |just )?(mak(e|ing)|invent\w*|fabricat\w*)\b(?!.*\bfor me\b)|\b(which|what|that|parts|things|elements|components|pillars)\b.{0,20}\bmake up (the|a|our)\b|\bfeel(ing)? like (a|an) (fake|fraud)\b|\b(is|would it be) (fine|ok|okay|wrong|bad|cheating)\b|\bdid i imagine\b",
    _I,
)
# Somebody tells of a lie, of their own or of others, and wants none: what others made up, what they were told to, what they put right.
REPORTED = re.compile(
    r"(不想|不愿意?|不肯)(签|署名|干|做|虚构|造|编|写|改|报|背|配合|照做|吹|撒谎|这么|这样)|我(拒绝?了|没答应|没同意)|想(照实|如实|重做|重测|撤|删掉|更正|改回|澄清|公开|换掉|纠正)|"
    r"(更正|澄清|道歉|下架|撤回|重建|婉拒)|要核实|确认一下|差点(写|念|用|发|信)|先告诉|被(降权|穿小鞋|质疑)|"
    r"^(我|我们)?的?(前任|前老板|代理商?|乙方|电商代运营|代运营|供应商|下属|同事|竞品|对手|同行|店长|达人|博主|ChatGPT|AI|聊天机器人|实习生|分析师|广告公司|外包)[^。]{0,24}(编|造假|假|虚构|注水|夸大|吹|刷)|"
    r"(案例|数据|报告|数字|评价|统计|论文|奖)[^，。]{0,12}(是|全是|都是|八成是)(编|造|假|虚构)的|^(刚)?(发现|查出|接手|面了)|"
    r"\bi('m| am)? (not comfortable|uneasy|furious|refused?|said no|declined|uncomfortable)\b|\band i (can'?t|won'?t)\b|\bi (don'?t|do not) (trust|want to (lie|invent|fake|inflate))\b|\b(called out|accus\w+)\b|\bhow (can|do|should) (i|we) (retire|correct|fix|raise|bring|open)\b|"
    r"\bshould (he|she|they|i) (hear|know|tell|correct)\b|\bdon'?t (add|invent|use) any\b|\bwithout pretending\b|"
    r"^(the |my |our |an? |some |one of (my|our) |last )?(freelancer|agency|vendor|predecessor|analyst|intern|colleague|competitor|boss|vp|ceo|cfo|founder|sales( team| director)?|dealer council|chatbot|chatgpt|ai|consultant|influencer|candidate)\b.{0,50}\b(made up|invented|inflated?|faked?|fabricated|padded|fudged?|doctored|cooked|i make up|exists?)\b|\b(cites?|quotes?) .{0,40}\b(doesn'?t|does not) exist\b|"
    r"\b(predecessor|someone|agency|analyst) (made up|invented|faked)\b|\b(isn'?t|is not|aren'?t) (quite |really |entirely )?true\b",
    _I,
)
# ... unless the coach is asked to write something, or how it is to look real.
ASKED = re.compile(
    r"(帮|替|给|为|帮忙)(我|咱|一下|忙)(?!.{0,4}(编|造|写|改)了)|帮(写|做|弄|编|改|想)|(请|麻烦|能不能|可以)(你|您|帮)|你(来|就|帮|给|替|直接|随便)|(怎么|如何|怎样|咋)[^，。]{0,4}(编|造|改|凑|圆|瞒|包装|掩|写得?|做得|说得|糊弄|显得)|不(被|让|要被)[^，。]{0,6}(发现|看出|知道|看穿)|别(让|被)|看不出|编(一|两|三|几|个|点|些|份|段|套|得|成)[^，。]{0,16}$|随便|就行|就好|"
    r"\b(help me|for me|can you|could you|would you|write|give me|draft|you (could|can|should|need)|i need (a|an|some|you|it)|make (me|it|my)|how to word|leave the impression|come up with|create|generate|put in|just (say|add|put|use|make)|add|change|turn|let'?s|so (that )?(nobody|no one|they|it)|believable|convincing|realistic|plausible)\b",
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
# Whether one may: asked by somebody who has not made up their mind, and asks for nothing to be written.
LEAVE = re.compile(
    r"^(?!.*(帮|替|给)(我|忙|写)).*((能不能|可不可以|可否|是否可以|该不该|敢不敢|要不要)|(行不行|行吗|能行吗|可以吗|合适吗|妥吗|妥不妥|稳吗|稳不稳|没问题吧|没毛病吧|碰不得)[^\w]*$)|"
    r"^(?!.*\b(please|for me|can you|could you|would you|will you)\b).*\b(((can|could|may|should) (i|we)\b|am i allowed to\b|is it (ok|okay|fine|safe|wrong) to\b)|(ok|okay|fine|safe|allowed|wise)\W*$)",
    _I,
)
FIGURES = re.compile(
    r"\d|领英|IDC|猴子|Monkey|LinkedIn|百分|数字|数据|figure|number|stat|预测|prediction|案例|case|没核|未核|unverified|restate",
    _I,
)
GENERAL = re.compile(
    r"^(给我?|说说|讲讲|来)?(一些|一点|点)?(一般|通用|常规)(性)?的?(建议|经验)|按(一般|常规|你的)经验(说|讲|来)|(不|没有)资料也(行|可以).{0,6}(说|讲)|^(please )?(give me )?(some )?general advice|outside (of )?(the|your) library",
    _I,
)
# Whatever follows a thank-you or a goodbye, if it asks for something.
_MORE = (
    r"(?!.*(什么|啥|怎么|怎样|如何|咋|哪|多少|为何|吗|呢|区别|请问|再(讲|说|问|给|帮)|讲讲|说说|展开|继续|信|模板|话术|"
    r"\b(what|how|why|which|who|whose|when|where|should|could|can|explain|tell|list|give|but|note|letter|template|e-?mail)\b))"
)
SMALL: tuple[tuple[SmallTalk, re.Pattern[str]], ...] = (
    (
        "safe",
        re.compile(
            r"^"
            + _MORE
            + r"(?!.*(想问|问下|问一下|不行|骂|批评|说我|\?|？))(?:"
            + r"(我)?(现在)?(已经)?(没事|好多|安全|缓过来)了|.{0,20}(老公|老婆|先生|太太|爱人|爸妈?|妈妈?|朋友|家人|姐姐?|妹妹?|哥哥?|弟弟?|室友|她|他|他们)(正)?(在)?(陪着?我|赶过来|过来了|在我(身边|旁边))|"
            + r"(thanks?( you)?[,. ]*)?i('m| am)( \w+)? (fine|ok|okay|safe|better|alright) now\b|.{0,40}\b(she|he|they|my \w+)('s| is|'re| are) (here with me|with me( now)?\W*$|coming over|driving over|on (her|his|their) way)|i('ve| have)? (called|rang|texted|spoke to|talked to) (my|a) (sister|brother|mum|mom|dad|wife|husband|partner|friend|doctor|therapist)\b)",
            _I,
        ),
    ),
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
    r"\b(make|write|draft|build|give|create) me (a|an|my) .{0,24}\b(plan|roadmap|goals?|idp)\b|\bwhat are my (strengths|weaknesses|gaps)\b|\breview my (quarter|year|plan|progress)\W*$|"
    r"^\W*(i )?(don'?t|do not) (manage|lead|run) (people|anyone|a team)\W+(and|but) (i )?(don'?t|do not|never) (want|wish|plan|intend)( to)?\W*$",
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
            r"|\b(draft|make|write|build|give|create|need|want|now)\b.{0,24}\b(plan|roadmap|idp)\b|^(ok|okay|then|so|now|please|and|fine|right)?[ ,]*(a |the |my )?plan\b(?! (for|to) (a|the) (company|team|brand|launch))(?! (shows?|is|was|has|had|only|covers?|says|contains?|lists?|looks?)\b)|\bplan (it|me)\b",
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
    r"(?<!没)(?<!没有)(?<!有点)(?<!当)什么(?![都也])|啥(?![都也])|怎么(?![都也])|怎样|如何|咋|哪(?!怕)|多少|吗|呢($|[,，])|[?？]|为何|凭什么|谁(?![都也])|(?:能不能|该不该|会不会|要不要|值不值(?=$|[?？])|算不算|是不是|行不行)|来着|不[啊呀]?$|第几|几(级|层|根|步|成|句|拨|路|条|本|年啊)|讲讲|说说|展开(讲|说)|推荐[一几个下点本]|(^|[,，。.;；!！])(那就?|就)?(请|帮我|帮忙|给我|替我|麻烦)"
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
    r"(照|按)(着)?(上面|那|它|前面|刚才|里面|文(中|里))|照(做|办)|执行(吧|它|上面)?|\b(do|follow|execute|carry out) (what|as|that|it|the)\b|\bas (it|the text) says\b|^(yes|yeah|ok(ay)?|sure|please)\W{0,3}(do|go on|continue|keep going|go ahead)\W*$|^(好|可以|嗯|行)\W{0,3}(继续|接着(说|贴|来))",
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
    r"某(家|个|互联网|快消|美妆|汽车|奢侈|母婴|企业|品牌)|匿名|未具名|没有?点名|未点名|\bunnamed\b|\banonymous\b|\bnot named\b|\bdoes not name\b|\bwithout (company|brand|any) names?\b",
    _I,
)
# What is not the coach's field, whatever words it shares with the library.
OUTSIDE = re.compile(
    r"天气|下雨|股票|炒股|基金(定投|推荐|净值)|彩票|比特币|星座|塔罗|菜谱|(红烧|清蒸|炒)\w|(药|头孢|阿莫西林|布洛芬|退烧)[^,，。]{0,8}(喝酒|饮酒)|怎么(做菜|煮|炖)|(感冒|发烧|头疼|血压|血糖|癌症|怀孕|药量|吃什么药|(流感|新冠|肺炎|糖尿病|胃病|过敏|中暑|贫血|抑郁症).{0,8}症状)|得(的)?(什么|啥)病|"
    r"首都|(球拍|羽毛球|足球|篮球).{0,6}(买|选|推荐|比分|谁赢)|房东|押金|离婚|(个税|个人所得税|退税|报税)|签证|机票|(订|预订|预定|住)(一?个|一?家|了)?.{0,4}酒店(?!集团|业|行业|品牌|公司)|酒店(推荐|预订|预定|多少钱|哪家|退款|取消)|旅游攻略|报错|代码(怎么|帮)|写(个|一段)(代码|脚本|程序)|"
    r"聊天记录.{0,6}(删|找回|恢复)|手机(坏|黑屏)|电脑(蓝屏|坏)|(作文|数学题|物理题|化学题)|"
    r"\bweather\b(?! (the|this|report|fore))|\bstock (tips?|price|pick)|\bbitcoin\b|\bhoroscope|\brecipe\b|\blandlord\b|\bsmall claims\b|\bdivorce\b|\btax (return|refund|deduct)|\bcapital of\b|"
    r"\b(ibuprofen|antibiotic dose|blood pressure|rash)\w*|\bsymptoms? (of|for) (an? |the )?(flu|cold|covid|cancer|diabet|infection|pneumonia|migraine|allerg|measles|stroke|heart)|\bdiagnos\w* .{0,20}\b(disease|cancer|illness|infection|adhd|diabetes|depression|rash|pain)|\bvisa application\b|\bflight to\b|\b(python|javascript|java|css|excel) (error|code|script|formula)|\bdebug\b|"
    r"\bwho won\b(?!['’])|\bin the wild\b|\bunclog (a|the|my) (sink|toilet|drain|shower)\b|\b(sink|toilet|drain|faucet|dishwasher) (is )?(clogged|leaking|blocked)\b|\bconvert \d[\d.,]* ?\w+ (to|into) \w+\W*$|\b(do|for) (my|his|her|the) homework\b|\b(maths?|physics|chemistry|biology|school|english|history|kid'?s|son'?s|daughter'?s|child'?s) homework\b|\bhomework (help|answers?|problems?)\b|\bpoem\b",
    _I,
)
# A plan, a test or a reminder for private life, not for the people of the field: what the words are about decides, not "plan".
PRIVATE = re.compile(
    r"^(?!.*(品牌|营销|推广|客户|用户|会员|公司|行业|职业|岗位|晋升|CMO|CEO)).*("
    r"(减肥|减脂|减重|增肌|健身|跑步|马拉松|饮食|食谱|膳食|三餐|旅游|旅行|出游|自驾|婚礼|备孕|装修|理财|存钱|相亲|护肤|养生|学(吉他|钢琴|画画|开车|车|游泳|做饭|日语|法语|韩语)|练(吉他|钢琴|字|琴)|(高考|中考|考研|考公|期末|雅思|托福)(的)?(复习|备考)?)[^。？?]{0,8}(计划|方案|安排|日程|规划|攻略|怎么排)|"
    r"(规划|安排|计划)(一下)?[^,，。？?]{0,8}(理财|婚礼|旅游|旅行|出游|装修|相亲)|(评估|测评|测一?下|测试)[^,，。？?]{0,6}(英语|口语|身体|智商|体质)|(减|瘦)(掉|下)?[\d一二两三四五六七八九十]+ ?(斤|公斤|kg))|"
    r"^(请|麻烦你?|帮我)?(到时候?|明天|后天|晚上|今晚|下午|早上)?提醒(我|一下我)(?!.*(复盘|计划|目标|打卡|检查|汇报|check|KPI|告别|遗|结束|最后|死))|"
    r"^(please |can you |could you )?remind me to\b(?!.*\b(review|plan|goals?|check|report|goodbye|farewell|end|die|last)\b)|"
    r"^(?!.*\b(brand|customers?|clients?|campaigns?|marketing|launch|career|cmo|ceo|promot\w+|product|company)\b).*("
    r"\b(workout|exercise|fitness|gym|diet|meal|weight[- ]loss|marathon|trip|travel|holiday|vacation|wedding|birthday|revision|gardening|skin ?care)s? (plan|schedule|routine|itinerary|programme|program)\b|"
    r"\bplan (me )?(my|our|a|an|the|his|her) ([\w'’-]+ ){0,3}(trip|holiday|vacation|wedding|birthday|honeymoon|garden|diet|workouts?|meals?)\b|"
    r"\b(lose|drop) \d+ ?(kg|kilos?|pounds?|lbs?)\b|\b(teach me|learn|learning) (to play |the )*(piano|guitar|violin|french|spanish|japanese|korean|swimming|cooking)\b|\b(golf|tennis|squash) (swing|serve|backhand|handicap)\b|"
    r"\b(assess|test|check|rate) my (english|pronunciation|accent|iq|health|fitness|singing)\b)",
    _I,
)
ASKING = re.compile(
    r"[?？]|什么|啥|怎么|怎样|如何|咋|哪|多少|几|吗|呢|为何|为什么|告诉我|说说|讲讲|解释|区别|列(出|一下)|介绍|看什么|"
    r"\b(what|how|why|which|who|whose|when|where|should|could|can|does|do|is|are|explain|tell|describe|list|compare|name|give)\b",
    _I,
)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
