"""What the coach says of gaps, a plan, its check and its reviews."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {
    "plan_level": {"zh": "{number}级（{name}）", "en": "level {number} ({name})"},
    "plan_list_joint": {"zh": "；", "en": "; "},
    # gaps and their reasons
    "gap_evidence": {
        "zh": "你写下的经历支持到{own}，{stage}要到{wanted}。",
        "en": "What you describe supports {own}; the stage {stage} asks for {wanted}.",
    },
    "gap_evidence_depth": {
        "zh": "你写下的经历支持到{own}，对{stage}已经够了；想做深，就往{wanted}走。",
        "en": "What you describe supports {own}, which is enough for the stage {stage}; going deeper means {wanted}.",
    },
    "gap_self_rating_depth": {
        "zh": "你给自己打的是{own}（自评，还没有经历佐证），对{stage}已经够了；想做深，就往{wanted}走。",
        "en": "You rate yourself at {own} (your own rating, no evidence yet), which is enough for the stage {stage}; going deeper means {wanted}.",
    },
    "gap_unproven": {
        "zh": "你写的还是评价或打算，不是做过的一件具体的事，所以证据不足；{stage}要到{wanted}。",
        "en": "What you wrote is an opinion or an intention rather than something specific you did, so there is not enough evidence; the stage {stage} asks for {wanted}.",
    },
    "gap_self_rating": {
        "zh": "你给自己打的是{own}（自评，还没有经历佐证），{stage}要到{wanted}。",
        "en": "You rate yourself at {own} (your own rating, no evidence yet); the stage {stage} asks for {wanted}.",
    },
    "gap_named": {
        "zh": "你自己点了这一项，还没有经历可以判断是几级；{stage}要到{wanted}。",
        "en": "You name this yourself, and there is no evidence of a level yet; the stage {stage} asks for {wanted}.",
    },
    "gap_unknown": {
        "zh": "这一项你还没有讲过经历，先按要补看；{stage}要到{wanted}。",
        "en": "You have not told me about this one yet, so it counts as open; the stage {stage} asks for {wanted}.",
    },
    "gap_weak": {"zh": "你的原话：“{words}”。", "en": "In your own words: “{words}”."},
    "gap_liked": {"zh": "你也说过兴趣在这里：“{words}”。", "en": "You also say your interest lies here: “{words}”."},
    "gap_weighs": {
        "zh": "按本教练的判断，这一项对{stage}分量重。",
        "en": "In this coach's own judgement it weighs heavily for the stage {stage}.",
    },
    # goals
    "goal_climb": {
        "zh": "走到“{stage}”这一步：以职责和门槛为准，不看头衔。",
        "en": "Reach the stage “{stage}”: by duties and conditions, not by title.",
    },
    "goal_stay": {
        "zh": "在“{stage}”这个位置上站稳、做好。",
        "en": "Stand firm at the stage “{stage}” and do it well.",
    },
    "goal_stay_towards": {
        "zh": "在“{stage}”这个位置上站稳、做好，方向照本人的话：“{words}”。",
        "en": "Stand firm at the stage “{stage}” and do it well, in the direction of their own words: “{words}”.",
    },
    "goal_climb_measure": {
        "zh": "到期时逐条对照，至少做到：{conditions}。",
        "en": "At the due date check one by one; at least these hold: {conditions}.",
    },
    "goal_climb_evidence": {
        "zh": "岗位说明、汇报关系、预算或指标文件各一份。",
        "en": "A job description, the reporting line, and a budget or target document.",
    },
    "goal_depth": {
        "zh": "不换位置，把“{pillar}”做深：{rubric}。",
        "en": "Stay where you are and go deep in “{pillar}”: {rubric}.",
    },
    "goal_depth_measure": {
        "zh": "至少两件经得起追问的证据：{indicators}。",
        "en": "At least two pieces of evidence that stand up to questions: {indicators}.",
    },
    "goal_gate": {"zh": "{name}：争取做到“{wanted}”。", "en": "{name}: get to “{wanted}”."},
    "goal_gate_measure": {
        "zh": "岗位说明、预算表、指标书或会议名单里写着这一条，上级确认过。",
        "en": "It stands in the job description, budget, targets or meeting list, and your boss has confirmed it.",
    },
    "goal_gate_evidence": {"zh": "那份文件或确认的邮件。", "en": "That document, or the mail that confirms it."},
    "goal_pillar": {"zh": "{pillar}到{level}：{rubric}。", "en": "{pillar} to {level}: {rubric}."},
    "goal_pillar_measure": {
        "zh": "至少两件能拿出来的证据，其中一件有前后对比的结果：{indicators}。",
        "en": "At least two pieces of evidence you can show, one with a result before and after: {indicators}.",
    },
    "goal_first": {
        "zh": "{pillar}先拿出一件证据：{indicator}。",
        "en": "{pillar}: one first piece of evidence: {indicator}.",
    },
    "goal_first_measure": {"zh": "做到这一条：{counts}。", "en": "This holds: {counts}."},
    "goal_evidence": {"zh": "对应行动留下的材料：{evidence}。", "en": "What its actions leave behind: {evidence}."},
    "goal_evidence_counts": {"zh": "能证明这一点的材料：{counts}。", "en": "Material that shows it: {counts}."},
    # the plan as a whole
    "plan_owner": {"zh": "本人", "en": "me"},
    "plan_skipped": {
        "zh": "这一版先做前面{n}项，每周{hours}小时排不下更多；季度复盘时再看。",
        "en": "This version works on the first {n}; {hours} hours a week hold no more. Look at it again in the quarterly review.",
    },
    "plan_no_action": {
        "zh": "行动库里没有合你条件的行动，等条件变了再排。",
        "en": "The action library holds none that fits your constraints; plan it when they change.",
    },
    "plan_no_kind": {
        "zh": "行动库里没有合你条件的“{kind}”类行动；想到合适的，自己加一条。",
        "en": "The action library has no action of the kind “{kind}” that fits; add one of your own if you know a good one.",
    },
    "plan_no_kind_needed": {
        "zh": "没有缺口要补，这一版没有排“{kind}”类的行动；有想做的，自己加一条。",
        "en": "There is no gap to close, so this version holds no action of the kind “{kind}”; add one of your own if you like.",
    },
    "remark_no_gaps": {
        "zh": "能力上，你写下的经历每一项都够得上“{stage}”的要求，没有缺口要补；级别也都到顶了，再往深做什么，由你定。",
        "en": "In ability, what you describe meets every level the stage {stage} asks for, so there is no gap to close. Every level is the highest there is, too; what to go deeper in is yours to say.",
    },
    "remark_no_gaps_depth": {
        "zh": "能力上，你写下的经历每一项都够得上“{stage}”的要求，没有缺口要补。这一版改为在“{pillar}”上再往深做一级；想换一项，告诉我。",
        "en": "In ability, what you describe meets every level the stage {stage} asks for, so there is no gap to close. This version goes one level deeper in “{pillar}” instead; tell me if you would rather take another.",
    },
    "remark_stay": {
        "zh": "你没说想往上走还是往深走，先按在“{stage}”站稳、做好来排；有别的想法，告诉我，我换一版。",
        "en": "You did not say whether you want to climb or go deep; this plan is about standing firm at “{stage}”. Tell me if you want something else and I will make another.",
    },
    "remark_hours_none": {
        "zh": "你说没有时间，先按每周{hours}小时的最小量排。",
        "en": "You say you have no time; I planned with the least there is, {hours} hour a week.",
    },
    "remark_hours_few": {
        "zh": "每周不到{hours}小时排不成计划，先按每周{hours}小时的最小量排。",
        "en": "Less than {hours} hour a week makes no plan, so I planned with the least there is, {hours} hour a week.",
    },
    "remark_hours_bare": {"zh": "每周最多排{hours}小时。", "en": "No week holds more than {hours} hours."},
    "remark_hours_assumed": {
        "zh": "你没说每周能拿出几小时，先按{hours}小时排。",
        "en": "You did not say how many hours a week you have; I planned with {hours}.",
    },
    "remark_hours": {
        "zh": "按你说的“{words}”，每周最多排{hours}小时。",
        "en": "By your “{words}”, no week holds more than {hours} hours.",
    },
    "remark_spend": {
        "zh": "按你说的“{words}”，没有排超出这个花费的行动。",
        "en": "By your “{words}”, no action costs more than that.",
    },
    "remark_travel": {
        "zh": "按你说的“{words}”，没有排要出差、外派或换城市的行动。",
        "en": "By your “{words}”, no action asks you to travel or relocate.",
    },
    "remark_family": {
        "zh": "你提到“{words}”，所以行动排得疏一些，同一时间最多两件。",
        "en": "You mention “{words}”, so no more than two actions run at a time.",
    },
    "remark_regulated": {
        "zh": "你在受监管的行业（“{words}”）：访谈、送礼、录音、对外发布之前，先问合规部门。",
        "en": "You work in a regulated field (“{words}”): ask compliance before interviews, gifts, recordings and publications.",
    },
    "remark_direction": {
        "zh": "你没说想往上走还是往深走，先按下一个阶段“{stage}”排；想往深走，告诉我，我换一版。",
        "en": "You did not say whether you want to climb or go deep; this plan heads for the next stage, “{stage}”. Tell me if you want depth and I will make another.",
    },
    "remark_far": {
        "zh": "你说的目标隔着不止一个阶段；缺口按“{target}”看，门槛先过“{next}”。",
        "en": "Your target is more than one stage away: gaps are measured against “{target}”, the first conditions to meet are those of “{next}”.",
    },
    "remark_no_promise": {
        "zh": "计划能让你准备好，不能保证任命：位置和时机不由计划决定。",
        "en": "A plan can get you ready; it cannot promise an appointment: openings and timing are not up to it.",
    },
    "remark_unknown_gates": {
        "zh": "这些门槛我还不知道，告诉我之后会更准：{questions}",
        "en": "I do not know these conditions yet; the plan gets better once you tell me: {questions}",
    },
    "remark_ignored": {
        "zh": "有一段内容像是写给程序的指令，我没有照做，也没有写进计划；它的开头是“{words}”。",
        "en": "One passage reads like an instruction to a program; I did not follow it and left it out of the plan. It begins “{words}”.",
    },
    "remark_ignored_more": {
        "zh": "有{n}段内容像是写给程序的指令，我没有照做，也没有写进计划；第一段的开头是“{words}”。",
        "en": "{n} passages read like instructions to a program; I did not follow them and left them out of the plan. The first begins “{words}”.",
    },
    "remark_pause": {
        "zh": "按你说的“{words}”，{first}到{last}不排任何行动。",
        "en": "By your “{words}”, no action runs from {first} to {last}.",
    },
    "remark_pause_open": {
        "zh": "你说“{words}”，但没说从哪天算起，这一版还没空出来；告诉我大概的日子，我把那段时间空出来。",
        "en": "You say “{words}”, but not from which day; this version does not keep it free yet. Tell me roughly when, and I will.",
    },
    "remark_rating_refused": {
        "zh": "自评“{rating}”不在1到{highest}之间，没有采用。",
        "en": "The self-rating “{rating}” is not between 1 and {highest} and was not used.",
    },
    "remark_pillar_unknown": {
        "zh": "没有叫“{name}”的能力支柱，这一项没有采用；可用的是：{known}。",
        "en": "There is no pillar called “{name}”, so this entry was not used; there are: {known}.",
    },
    # too little to go on
    "draft_clarify": {
        "zh": "现在的信息还不够排一份像样的计划。先回答这几问，一两句就行：",
        "en": "There is not enough to draft a plan worth having. A sentence or two on each of these will do:",
    },
    "draft_question_role": {
        "zh": "你现在的职位是什么，向谁汇报，带多少人？",
        "en": "What is your position, whom do you report to, and how many people do you lead?",
    },
    "draft_question_target": {
        "zh": "三到五年想走到哪里：往上走，还是在现在的位置上做深？",
        "en": "Where do you want to be in three to five years: higher up, or deeper in what you do?",
    },
    "draft_question_gaps": {
        "zh": "{pillars}，哪一项最弱？各举一件你做过的事更好。",
        "en": "{pillars}: which is weakest? Better still, name one thing you have done in each.",
    },
    "draft_question_hours": {
        "zh": "每周能为自己的发展拿出几小时，有没有预算、出差或家庭上的限制？",
        "en": "How many hours a week do you have for your own development, and are there limits of money, travel or family?",
    },
    # a profile that cannot be read
    "profile_too_long": {"zh": "“{field}”超过{limit}个字符。", "en": "“{field}” is longer than {limit} characters."},
    "profile_unknown_field": {"zh": "个人资料里没有“{field}”这一项。", "en": "A profile has no field “{field}”."},
    "profile_wrong_type": {"zh": "“{field}”的内容“{value}”读不了。", "en": "The value “{value}” of “{field}” cannot be read."},
    "profile_mend": {
        "zh": "各项都写成文字；strengths、weaknesses、constraints 写成列表；self_ratings 写成 {{支柱: 1到3}}。",
        "en": "Give text for every field, lists for strengths, weaknesses and constraints, and self_ratings as {{pillar: 1 to 3}}.",
    },
    # what a plan check says
    "fault_undated": {
        "zh": "{line}：日期不对，{start}开始、{due}到期。",
        "en": "{line}: the dates do not work, start {start}, due {due}.",
    },
    "fault_past": {"zh": "{line}：{date}早于计划日期{made}。", "en": "{line}: {date} lies before the date of the plan, {made}."},
    "fault_horizon": {
        "zh": "{line}：{due}到期，不在“{horizon}”之内（{first}至{last}）。",
        "en": "{line}: due {due}, outside “{horizon}” ({first} to {last}).",
    },
    "fault_unmeasured": {"zh": "{line}：没有写怎么衡量。", "en": "{line}: it does not say how it is measured."},
    "fault_unevidenced": {"zh": "{line}：没有写用什么证明做完了。", "en": "{line}: it does not say what shows that it is done."},
    "fault_unowned": {"zh": "{line}：没有写谁负责。", "en": "{line}: it has no owner."},
    "fault_uncited": {
        "zh": "{line}：没有出处，或者出处里没有引用的那句话。",
        "en": "{line}: it has no source, or the source does not hold the sentence quoted.",
    },
    "fault_wording": {
        "zh": "{line}：第一步的写法加了行动库和本人都没有说过的内容（“{words}”）。",
        "en": "{line}: its first step adds what neither the library nor the person said (“{words}”).",
    },
    "fault_review": {
        "zh": "{line}：复盘日{date}不在复盘日程里。",
        "en": "{line}: its review date {date} is not among the reviews.",
    },
    "fault_gap": {
        "zh": "缺口“{pillar}”没有安排，也没有写原因。",
        "en": "Nothing works on the gap “{pillar}”, and no reason is given.",
    },
    "fault_kind": {"zh": "没有“{kind}”类的行动。", "en": "There is no action of the kind “{kind}”."},
    "fault_actions": {
        "zh": "计划里一个行动都没有，光有目标动不起来。",
        "en": "The plan holds no action at all; goals alone set nothing going.",
    },
    "fault_pause": {
        "zh": "“{line}”落在{first}到{last}之间，那段时间说好什么都不排。",
        "en": "“{line}” runs between {first} and {last}, when nothing was to be planned.",
    },
    "fault_hours": {
        "zh": "{week}那一周排了{planned}小时，超过每周{hours}小时。",
        "en": "The week of {week} holds {planned} hours, more than {hours} a week.",
    },
    "fault_invented": {
        "zh": "“{words}”写成了本人的情况，可本人没有说过。",
        "en": "“{words}” is stated as a fact about the person, who never said it.",
    },
    "fault_number": {
        "zh": "{line}：数字{number}既不出自本人，也不出自框架或行动库。",
        "en": "{line}: the number {number} comes neither from the person nor from the framework or the action library.",
    },
    "fault_promise": {
        "zh": "{line}：这是承诺（“{words}”），计划不能承诺结果。",
        "en": "{line}: this is a promise (“{words}”); a plan cannot promise results.",
    },
    "fault_mend": {"zh": "改正后再存。", "en": "Correct it and save again."},
    # differences between versions
    "diff_added": {"zh": "新增：{text}（{due}到期）", "en": "Added: {text} (due {due})"},
    "diff_removed": {"zh": "去掉：{text}", "en": "Removed: {text}"},
    "diff_date": {"zh": "改期：{text}，{before}改到{after}", "en": "Moved: {text}, from {before} to {after}"},
    "diff_span": {
        "zh": "改期：{text}，{start}至{due}改到{new_start}至{new_due}",
        "en": "Moved: {text}, from {start} to {due}, now {new_start} to {new_due}",
    },
    "diff_start": {"zh": "改开始日：{text}，{before}改到{after}", "en": "New start: {text}, from {before} to {after}"},
    "diff_measure": {
        "zh": "改衡量办法：{text}，“{before}”改为“{after}”",
        "en": "New measure: {text}, “{before}” to “{after}”",
    },
    "diff_evidence": {
        "zh": "改完成的证据：{text}，“{before}”改为“{after}”",
        "en": "New evidence of done: {text}, “{before}” to “{after}”",
    },
    "diff_owner": {"zh": "改负责人：{text}，{before}改为{after}", "en": "New owner: {text}, {before} to {after}"},
    "diff_hours": {
        "zh": "改用时：{text}，{before}小时改为{after}小时",
        "en": "New effort: {text}, {before} to {after} hours",
    },
    "diff_text": {"zh": "改写：“{before}”改为“{after}”", "en": "Reworded: “{before}” to “{after}”"},
    "diff_status": {"zh": "状态：{text}，{before} → {after}", "en": "Status: {text}, {before} → {after}"},
    "diff_target": {"zh": "目标阶段：{before} → {after}", "en": "Target stage: {before} → {after}"},
    "diff_none": {"zh": "两版一样。", "en": "The two versions are the same."},
    # check-ins and reviews
    "change_done": {"zh": "完成了，证据收进材料夹，不用再做。", "en": "Done; keep the evidence, nothing more to do."},
    "change_done_bare": {
        "zh": "说做完了，还没有写证据：补上“{evidence}”再算数。",
        "en": "Reported done without evidence: add “{evidence}” and it counts.",
    },
    "change_on_track": {"zh": "照原计划，{due}到期。", "en": "As planned, due {due}."},
    "change_on_track_late": {"zh": "还在做，改到{due}到期。", "en": "Still under way; now due {due}."},
    "change_waits": {
        "zh": "和别的行动排在一起时间不够，顺延到{due}。",
        "en": "There is not enough time for it beside the other actions, so it moves to {due}.",
    },
    "change_replaced_on": {
        "zh": "换一件绕得开的：{action}，{start}开始，{due}到期。",
        "en": "Replaced by something that gets around it: {action}, from {start}, due {due}.",
    },
    "review_given_up": {
        "zh": "这一项的行动都不做了，行动库里也没有别的可换；要不要再补，下次复盘时定。",
        "en": "Every action on this was given up, and the library has no other to put in its place. Decide at the next review whether to take it up again.",
    },
    "change_replaced": {
        "zh": "卡在“{obstacle}”，换一件绕得开的：{action}。",
        "en": "Stuck on “{obstacle}”: replaced by something that gets around it: {action}.",
    },
    "change_stuck": {
        "zh": "卡在“{obstacle}”，先找能拍板的人谈一次，再顺延到{due}。",
        "en": "Stuck on “{obstacle}”: talk to whoever can decide, then moved to {due}.",
    },
    "change_dropped": {
        "zh": "不做了；如果缺口还在，下一版换别的行动补上。",
        "en": "Dropped; if the gap remains, the next version works on it with another action.",
    },
    "change_unreported": {
        "zh": "没有收到进展，先当没做，顺延到{due}。",
        "en": "Nothing was reported, so it counts as not done and moves to {due}.",
    },
    "change_goal_open": {"zh": "还没到期，继续。", "en": "Not due yet; go on."},
    "review_summary": {
        "zh": "到{on}一共看了{total}项：完成{done}项，进行中{running}项，卡住{stuck}项，不做{dropped}项，到期没有消息{silent}项，还没到期{waiting}项。",
        "en": "{total} lines were looked at on {on}: {done} done, {running} under way, {stuck} stuck, {dropped} dropped, {silent} overdue without news, {waiting} not due yet.",
    },
    "review_nothing": {"zh": "到{on}还没有要看的事项。", "en": "Nothing is due for a look by {on}."},
    "review_question_why": {
        "zh": "“{text}”没做成，真正的原因是时间、权限，还是它本来就不重要？",
        "en": "“{text}” did not happen: was it time, authority, or did it not matter in the first place?",
    },
    "review_question_evidence": {
        "zh": "“{text}”做完了，别人看得到的证据是什么？",
        "en": "“{text}” is done: what evidence can others see?",
    },
    "review_question_next": {
        "zh": "下个季度只能做成一件事，你选哪件？",
        "en": "If only one thing succeeds next quarter, which should it be?",
    },
    "review_question_direction": {
        "zh": "一年过去，三到五年的方向还是原来那个吗？",
        "en": "A year on, is the direction for the next three to five years still the same?",
    },
    "nudge_late": {
        "zh": "“{text}”原定{due}到期，过了{days}天。做完了、卡住了，还是不做了？",
        "en": "“{text}” was due on {due}, {days} days ago. Done, stuck or dropped?",
    },
    "nudge_soon": {"zh": "“{text}”{due}到期，还有{days}天。", "en": "“{text}” is due on {due}, in {days} days."},
    "nudge_review": {"zh": "{due}是{kind}的日子，还有{days}天。", "en": "Your {kind} is on {due}, in {days} days."},
    "status_open": {"zh": "未完成", "en": "open"},
    "status_done": {"zh": "完成", "en": "done"},
    "status_late": {"zh": "逾期", "en": "late"},
    "status_dropped": {"zh": "不做了", "en": "dropped"},
    "status_on_track": {"zh": "按计划进行", "en": "on track"},
    "status_stuck": {"zh": "卡住了", "en": "stuck"},
}
