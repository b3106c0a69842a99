"""Hand-written tellings: each group says the same thing three ways, and must get the same level and the same strength."""

from __future__ import annotations

# (pillar, level, strength, tellings). Level None: not enough evidence.
GROUPS = (
    (
        "data",
        1,
        "strong",
        (
            "我每周看GA4和CRM，发现信息流的线索成本比搜索高一倍，就停了两个计划，单条线索从420元降到300元。",
            "信息流单条线索420→300元：每周对GA4、CRM数据，停掉两个贵的计划，搜索便宜一半。",
            "Every week I checked GA4 against the CRM. Feed ads cost twice as much per lead as search, so I stopped two ad groups and cost per lead went from 420 to 300 yuan.",
        ),
    ),
    (
        "data",
        2,
        "strong",
        (
            "去年我和财务、销售一起定了归因规则，用分城市停投验证增量，据此把20%的预算从品牌词挪走，ROI从1.3升到1.7。",
            "分城市停投测增量，归因规则财务和销售都签了字，品牌词预算砍20%挪走，ROI 1.3→1.7，都是我牵头做的。",
            "Last year sales, finance and I agreed an attribution rule, checked it with a geo holdout test, moved 20% of the budget away from brand search, and ROI rose from 1.3 to 1.7.",
        ),
    ),
    (
        "data",
        2,
        "strong",
        (
            "我做了下一季需求预测，给区间，到期跟实际对账，误差从25%压到9%，公司按它备货。",
            "下季需求預測是我做的，給區間，到期和實際對帳，誤差從25%壓到9%，公司照著備貨。",
            "I forecast next-quarter demand with a range and compared it with actuals; the error came down from 25% to 9% and the company plans its stock by it.",
        ),
    ),
    (
        "data",
        3,
        "strong",
        (
            "当总经理以后，我让全公司统一了指标口径，各事业部奖金都按这一套数发，月度经营会对数的时间从半天减到半小时。",
            "全公司统一一套指标口径，各事业部的奖金都挂在上面——我当总经理后定的。经营会上对数从半天缩到30分钟。",
            "As general manager I unified the metrics across the whole company and tied every business unit's bonus to them; reconciling numbers in the monthly business review went from four hours to thirty minutes.",
        ),
    ),
    (
        "data",
        None,
        "weak",
        (
            "我数据意识很强，一直用数据驱动决策，大家都认可。",
            "一向重视数据，团队数据氛围很好，老板也很认可。",
            "I am very data-driven and have always taken data seriously; everybody appreciates it.",
        ),
    ),
    (
        "strategy",
        1,
        "strong",
        (
            "公司目标是华东收入翻番，我把它拆成每季度的线索目标分到三个小组，砍掉两场展会，全年合格线索从800条到1350条。",
            "把公司华东收入目标拆到季度、分给3个小组；砍2场展会。合格线索：800→1350/年。",
            "The company goal was to double revenue in the east. I broke it down into quarterly lead targets for three groups, dropped two trade shows, and qualified leads went from 800 to 1,350 a year.",
        ),
    ),
    (
        "strategy",
        2,
        "strong",
        (
            "我主笔了三年的市场战略，建议放弃零散小客户、聚焦连锁，CEO拍了板，一年半后CAC降了三成，LTV/CAC从1.9到3.2。",
            "市场战略（三年）我写的：放弃小散客户，只打连锁，CEO同意。18个月，CAC -30%，LTV/CAC 1.9→3.2。",
            "I wrote the three-year marketing strategy: give up small scattered customers and focus on chains. The CEO agreed. In 18 months CAC fell by 30% and LTV/CAC went from 1.9 to 3.2.",
        ),
    ),
    (
        "strategy",
        3,
        "strong",
        (
            "我接手事业部，对盈亏负责，向董事会提出卖掉亏损的代工线，两年后营业利润率从-3%到8%。",
            "管事业部，背P&L。说服董事会把亏钱的代工线卖了，两年营业利润率 -3%→8%。",
            "I ran the business unit with full P&L responsibility, got the board to sell the loss-making contract manufacturing line, and in two years the operating margin went from -3% to 8%.",
        ),
    ),
    (
        "strategy",
        None,
        "weak",
        (
            "我有很强的战略思维和商业敏感度，善于从全局看问题。",
            "战略思维强，商业嗅觉敏锐，格局大，善于把握全局。",
            "I have a strong strategic mindset and excellent business acumen and always see the big picture.",
        ),
    ),
    (
        "leadership",
        1,
        "strong",
        (
            "我带8个人的团队，每件事写清负责人和截止日期，上半年KPI完成率从76%升到104%。",
            "8人小组，任务表上每件事一个负责人、一个deadline，上半年KPI完成率76%→104%。",
            "I lead a team of 8. Every task got one owner and a due date, and our KPI completion rose from 76% to 104% in the first half.",
        ),
    ),
    (
        "leadership",
        2,
        "strong",
        (
            "我给四位主管写了发展计划，把五十万以内的决定权交给他们，一年后两位升了经理，主动离职从6人降到1人。",
            "50万以下放权给4个主管，每人一份发展计划；一年里2个升经理，主动离职6→1人。",
            "I wrote a development plan for each of four supervisors and let them decide up to 500,000 yuan alone. A year later two had been promoted to manager and resignations fell from six to one.",
        ),
    ),
    (
        "leadership",
        3,
        "strong",
        (
            "我当事业部总经理时重搭了组织，按客户群拆成三个小业务，请来两位外部高管，决策从三周缩到四天，我调走后照样运转。",
            "任事業部總經理，重搭組織：按客群拆成三個小業務，請來兩位外部高管。決策三周→四天，我調走後照常運轉。",
            "As general manager of the business unit I rebuilt the organisation into three small businesses by customer group and brought in two executives from outside; decisions went from three weeks to four days, and it still runs after I moved on.",
        ),
    ),
    (
        "leadership",
        None,
        "weak",
        (
            "我很重视团队建设，经常团建，氛围特别好，大家都很有干劲。",
            "团队氛围一直很好，我注重沟通，常组织聚餐，人人都很努力。",
            "I care deeply about my team. We often go on outings, the atmosphere is great and everyone is very motivated.",
        ),
    ),
    (
        "innovation",
        1,
        "strong",
        (
            "我从季度预算里拿两万试小红书，六周为限，合格线索成本从搜索的380元降到260元，后来写进了投放流程。",
            "拿2万试小红书，限6周：合格线索260元，搜索是380元，便宜了三成，已写进投放流程。",
            "I put 20,000 yuan of the quarter's budget into a six-week test of a new channel, Xiaohongshu; a qualified lead cost 260 yuan against 380 from search, down 30%, and it is now part of our process.",
        ),
    ),
    (
        "innovation",
        2,
        "strong",
        (
            "我牵头换了营销自动化系统，和IT、法务定好数据口径，关掉三个旧工具，一年省了80万，使用率从三成到九成。",
            "营销自动化选型、接通CRM、下线三个旧工具都是我带IT和法务一起做的，年费省80万，使用率30%→90%。",
            "I led the change to a new marketing automation system with IT and legal, retired three old tools, saved 800,000 yuan a year, and usage went from 30% to 90%.",
        ),
    ),
    (
        "innovation",
        3,
        "strong",
        (
            "我向董事会要了三千万另做订阅业务，独立核算，从老业务抽走十名骨干，第三年打平，收入占公司12%。",
            "订阅新业务：独立核算，董事会给3000万，老业务抽10个骨干过来。我负责，第三年打平，占公司收入从0到12%。",
            "I got 30 million yuan from the board to build a new subscription business with its own books, took ten key people out of the old business, and it broke even in year three, growing from 0 to 12% of company revenue.",
        ),
    ),
    (
        "innovation",
        None,
        "weak",
        (
            "我们拥抱变化，鼓励创新，打造了浓厚的创新氛围，走在行业前面。",
            "创新氛围浓厚，团队敢于尝试，一直引领行业，领导高度认可。",
            "We embrace change and encourage innovation; our culture of innovation is strong and we are always ahead of the industry.",
        ),
    ),
    (
        "communication",
        1,
        "strong",
        (
            "给总经理的周报我改成半页，先写结论再写三个数，月会从一小时缩到二十五分钟，之后每周都这样发。",
            "周报改半页：结论在前，三个数。总经理的月会60→25分钟，现在每周照发。",
            "I cut my weekly report to the general manager to half a page, conclusion first; the monthly meeting shrank from sixty to twenty-five minutes and I still send it every week.",
        ),
    ),
    (
        "communication",
        2,
        "strong",
        (
            "销售原来只跟进四成线索，我和销售总监谈定两天内跟进，自己让出线索总量这个指标，三个季度后跟进率到85%。",
            "跟销售总监约定：线索两天内必跟，我这边让出线索总量指标。跟进率40%→85%，用了三个季度。",
            "Sales followed up only 40% of leads. I agreed with the sales director on follow-up within two days and gave up my lead volume target; after three quarters follow-up went from 40% to 85%.",
        ),
    ),
    (
        "communication",
        3,
        "strong",
        (
            "产品质量出事那次我代表公司接受记者采访，公开道歉并召回两万件，九条承诺每季公布，客户信任度从31%升到55%。",
            "我是公司发言人。质量事故时对媒体公开道歉、召回2万件，九条承诺按季公布，信任度31%→55%。",
            "When our product failed I was the company's spokesperson: I apologised in public to journalists, recalled 20,000 units, published nine promises every quarter, and customer trust rose from 31% to 55%.",
        ),
    ),
    (
        "communication",
        None,
        "weak",
        (
            "我沟通能力很强，善于表达，跨部门关系一直很好。",
            "表达能力好，情商高，和各部门关系都不错，大家都信任我。",
            "I am an excellent communicator, get on very well with everyone and have always had good relationships across departments.",
        ),
    ),
    (
        "data",
        None,
        "fair",
        (
            "去年我和销售一起搭过归因模型，首触末触各记一半，效果没有再看。",
            "归因模型去年跟销售一块儿搭的，首触末触各一半，后来没细看效果。",
            "Last year sales and I built an attribution model, half for the first touch and half for the last; I did not check the effect.",
        ),
    ),
    (
        "leadership",
        None,
        "fair",
        (
            "去年我把会员项目交给副手，二十万以内他自己定，效果还在看。",
            "会员项目去年交给副手了，20万以内他说了算，结果还没出来。",
            "Last year I gave the membership project to my deputy, who decides alone up to 200,000 yuan; there is no result yet.",
        ),
    ),
)
