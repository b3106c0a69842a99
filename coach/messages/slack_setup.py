"""What is said to whoever sets Slack up: the app's own words in its manifest, and the report of `coach slack doctor`.

Menus are named as api.slack.com names them, which is English for everybody.
"""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {
    # the app as Slack shows it
    "slack_app_description": {
        "zh": "{people}的AI职业教练：依据资料回答并注明出处，陪你评估、做计划、复盘。",
        "en": "AI career coach for {people}: answers with sources, and helps to assess, plan and review.",
    },
    "slack_app_long": {
        "zh": "这是一个AI职业教练，不是真人，服务对象是{people}。私信它，或者在频道里提到它，就可以提问：它只依据资料库回答，每个要点都注明出处，点一下能看到原文；资料里没有的，它会直说没有。它还能逐题评估你的能力、据此定一份发展计划、每周花一分钟跟进、每季度复盘。你的评估、计划和复盘只在私信里出现，或者只有你自己看得见；要不要给别人看，由你决定。频道的创建者可以设定它在频道里何时回答、用哪种语言、用哪部分资料，也可以让它不再回答。不满意的回答可以当场标出来，会有人处理；不想要的提醒随时可以停掉。",
        "en": "This is an AI career coach for {people}, not a human being. Write to it directly or mention it in a channel: it answers from its library alone and names the source of every point, and a button shows the exact words; what the library does not hold, it says it does not know. It also assesses your abilities question by question, makes a development plan of the result, checks in for a minute a week and reviews each quarter. Your assessment, plan and reviews appear in direct messages only, or where nobody but you sees them, and it is you who decides to share them. Whoever created a channel sets when it answers there, in which language and from which part of the library, or turns it off. A bad answer can be marked on the spot and goes to a person; a reminder nobody wants is stopped at once.",
    },
    "slack_agent_description": {
        "zh": "依据资料回答{people}的职业问题，每个要点都有出处；也能评估、做发展计划、跟进和复盘。和你个人有关的内容只给你看。",
        "en": "Answers career questions of {people} from a library, with a source for every point; assesses, plans, checks in and reviews. What is about you is shown to you alone.",
    },
    "slack_command_description": {
        "zh": "提问、评估、看计划、复盘、搜资料",
        "en": "Ask, assess yourself, see your plan, review, search the library",
    },
    "slack_command_usage": {
        "zh": "ask 问题 | assess | plan | review | search 关键词 | help",
        "en": "ask QUESTION | assess | plan | review | search WORDS | help",
    },
    # what each permission is for
    "slack_scope_mentions": {"zh": "在频道里被提到时听得见", "en": "hear it when it is mentioned in a channel"},
    "slack_scope_assistant": {"zh": "显示正在处理的状态和建议的问题", "en": "show that it is at work, and suggest questions"},
    "slack_scope_channels": {
        "zh": "在自己参与的消息列里，不用再提到它也能接着答，并看懂前文",
        "en": "go on in its threads without a new mention, knowing what was said before",
    },
    "slack_scope_channel_info": {
        "zh": "知道公开频道是谁建的，只有那个人能改频道设置",
        "en": "know who created a public channel, for only they change its settings",
    },
    "slack_scope_chat": {"zh": "发送回答", "en": "send its answers"},
    "slack_scope_commands": {"zh": "使用/coach命令", "en": "the command /coach"},
    "slack_scope_files_read": {"zh": "读你发给它的文件", "en": "read the files you send it"},
    "slack_scope_files_write": {"zh": "把计划作为Word文档发给你", "en": "send you your plan as a Word document"},
    "slack_scope_groups": {"zh": "在私有频道里同样接着答", "en": "the same in private channels"},
    "slack_scope_group_info": {"zh": "知道私有频道是谁建的", "en": "know who created a private channel"},
    "slack_scope_direct": {"zh": "读你发给它的私信", "en": "read the direct messages you send it"},
    "slack_scope_open_direct": {
        "zh": "把只该你看的内容和提醒用私信发给你",
        "en": "write to you directly: what is for you alone, and reminders",
    },
    "slack_scope_group_direct": {
        "zh": "在多人私信里被提到时听得见，也能接着答",
        "en": "hear it when it is mentioned in a group direct message, and go on there",
    },
    "slack_scope_group_direct_info": {
        "zh": "知道多人私信是谁开的，只有那个人能改那里的设置",
        "en": "know who began a group direct message, for only they change its settings",
    },
    "slack_scope_users": {
        "zh": "知道称呼、语言和时区，以及谁是工作区管理员",
        "en": "know names, languages and time zones, and who is an admin of the workspace",
    },
    # coach slack manifest
    "slack_manifest_next": {
        "zh": "上面是{how}的清单。接下来：\n"
        "  1. 打开 https://api.slack.com/apps → Create New App → From a manifest，选工作区，贴上清单，创建。\n"
        "  2. Install App → Install to Workspace，把 Bot User OAuth Token 填进 COACH_SLACK_BOT_TOKEN。\n"
        "  3. {third}\n"
        "  4. 重启 coach serve，再运行：coach slack doctor",
        "en": "That is the manifest for {how}. Next:\n"
        "  1. Open https://api.slack.com/apps → Create New App → From a manifest, choose the workspace, paste it, create.\n"
        "  2. Install App → Install to Workspace; set COACH_SLACK_BOT_TOKEN to the Bot User OAuth Token.\n"
        "  3. {third}\n"
        "  4. Restart coach serve, then run: coach slack doctor",
    },
    "slack_manifest_socket": {"zh": "Socket Mode（不需要公网地址）", "en": "Socket Mode, which needs no public address"},
    "slack_manifest_http": {"zh": "HTTP（Slack会访问{url}）", "en": "HTTP: Slack posts to {url}"},
    "slack_manifest_socket_third": {
        "zh": "Basic Information → App-Level Tokens → Generate，加上 connections:write，把令牌填进 COACH_SLACK_APP_TOKEN。",
        "en": "Basic Information → App-Level Tokens → Generate, with connections:write; set COACH_SLACK_APP_TOKEN to it.",
    },
    "slack_manifest_http_third": {
        "zh": "Basic Information → App Credentials → Signing Secret，填进 COACH_SLACK_SIGNING_SECRET；COACH_PUBLIC_URL 设为 {url}。启动 coach serve 后到 Event Subscriptions → Request URL 点 Retry，直到显示 Verified。",
        "en": "Basic Information → App Credentials → Signing Secret: set COACH_SLACK_SIGNING_SECRET to it, and COACH_PUBLIC_URL to {url}. With coach serve running: Event Subscriptions → Request URL → Retry, until it says Verified.",
    },
    "slack_manifest_long": {
        "zh": "名字有{n}个字符，Slack最多显示{limit}个。",
        "en": "The name has {n} characters; Slack takes {limit} at most.",
    },
    "slack_manifest_no_name": {"zh": "名字是空的。", "en": "The name is empty."},
    "slack_manifest_bad_url": {
        "zh": "“{url}”不能用：Slack只访问https地址，且后面不带路径。",
        "en": "“{url}” cannot be used: Slack posts only to https addresses, and this is one without a path.",
    },
    "slack_manifest_bad_url_mend": {
        "zh": "例如：--http https://coach.example.com",
        "en": "For example: --http https://coach.example.com",
    },
    # coach slack link-code
    "slack_link_code": {
        "zh": "在Slack里输入（{minutes}分钟内有效，只能用一次）：",
        "en": "Type this in Slack within {minutes} minutes; it works once:",
    },
    # coach slack doctor: the settings
    "slack_doctor_off": {"zh": "Slack还没有设置。", "en": "Slack is not set up."},
    "slack_doctor_off_mend": {
        "zh": "运行 coach slack manifest，照着做；Socket Mode要设 COACH_SLACK_BOT_TOKEN 和 COACH_SLACK_APP_TOKEN。",
        "en": "Run coach slack manifest and follow it; Socket Mode takes COACH_SLACK_BOT_TOKEN and COACH_SLACK_APP_TOKEN.",
    },
    "slack_doctor_mode_socket": {
        "zh": "方式：Socket Mode，由我们连到Slack，不需要公网地址。",
        "en": "Socket Mode: we connect to Slack, no public address needed.",
    },
    "slack_doctor_mode_http": {"zh": "方式：HTTP，由Slack访问我们的公网地址。", "en": "HTTP: Slack posts to our public address."},
    "slack_doctor_shape": {"zh": "{setting} 已设置：{value}", "en": "{setting} is set: {value}"},
    "slack_doctor_missing": {"zh": "{setting} 没有设置。", "en": "{setting} is not set."},
    "slack_doctor_swapped": {
        "zh": "{setting} 里放的是 {other} 的值（{value}）。",
        "en": "{setting} holds what belongs in {other} ({value}).",
    },
    "slack_doctor_around": {
        "zh": "{setting} 的值两头有空格或引号。",
        "en": "The value of {setting} has spaces or quotation marks around it.",
    },
    "slack_shape_bot_token": {
        "zh": "{setting} 不是机器人令牌：应以xoxb-开头，现在是{value}（{n}个字符）。",
        "en": "{setting} is no bot token: those begin with xoxb-; this is {value} ({n} characters).",
    },
    "slack_shape_app_token": {
        "zh": "{setting} 不是应用级令牌：应以xapp-开头，现在是{value}（{n}个字符）。",
        "en": "{setting} is no app-level token: those begin with xapp-; this is {value} ({n} characters).",
    },
    "slack_shape_signing_secret": {
        "zh": "{setting} 不是签名密钥：应是32位的0-9和a-f，现在是{value}（{n}个字符）。",
        "en": "{setting} is no signing secret: those are 32 characters of 0-9 and a-f; this is {value} ({n} characters).",
    },
    "slack_shape_client_id": {
        "zh": "{setting} 不是客户端ID：应是两段数字，中间一个点。",
        "en": "{setting} is no client id: those are two numbers with a point between them.",
    },
    "slack_shape_client_secret": {
        "zh": "{setting} 不是客户端密钥：应是32位的0-9和a-f。",
        "en": "{setting} is no client secret: those are 32 characters of 0-9 and a-f.",
    },
    "slack_unneeded_bot_token": {
        "zh": "{setting} 没有设置，也不需要：每个工作区安装时会得到自己的令牌。",
        "en": "{setting} is not set, nor needed: each workspace gets its own token when it installs the app.",
    },
    "slack_unneeded_app_token": {
        "zh": "{setting} 没有设置；HTTP方式不需要。",
        "en": "{setting} is not set; HTTP does not need it.",
    },
    "slack_unneeded_signing_secret": {
        "zh": "{setting} 没有设置；Socket Mode不需要。",
        "en": "{setting} is not set; Socket Mode does not need it.",
    },
    "slack_mend_bot_token": {
        "zh": "api.slack.com/apps → 选应用 → OAuth & Permissions → 复制 Bot User OAuth Token（xoxb-…），填进 {setting}；没有就先点 Install to Workspace。",
        "en": "api.slack.com/apps → your app → OAuth & Permissions → copy the Bot User OAuth Token (xoxb-…) into {setting}; if there is none, Install to Workspace first.",
    },
    "slack_mend_app_token": {
        "zh": "api.slack.com/apps → 选应用 → Basic Information → App-Level Tokens → Generate Token and Scopes，加上 connections:write，把令牌（xapp-…）填进 {setting}。",
        "en": "api.slack.com/apps → your app → Basic Information → App-Level Tokens → Generate Token and Scopes, add connections:write, and put the token (xapp-…) into {setting}.",
    },
    "slack_mend_signing_secret": {
        "zh": "api.slack.com/apps → 选应用 → Basic Information → App Credentials → Signing Secret → Show，填进 {setting}，再重启 coach serve。",
        "en": "api.slack.com/apps → your app → Basic Information → App Credentials → Signing Secret → Show; put it into {setting} and restart coach serve.",
    },
    # the Web API
    "slack_doctor_api": {
        "zh": "Slack认得这个令牌：工作区“{team}”，机器人“{bot}”。",
        "en": "Slack knows the bot token: workspace “{team}”, bot “{bot}”.",
    },
    "slack_doctor_by_oauth": {
        "zh": "没有可试的机器人令牌：每个工作区的令牌在安装时得到。",
        "en": "No bot token to try: each workspace's comes with its installation.",
    },
    "slack_doctor_untried": {"zh": "没有检查{what}：先改好上面的问题。", "en": "Not tried: {what}. Mend the above first."},
    "slack_doctor_what_api": {"zh": "Slack的Web API", "en": "Slack's Web API"},
    "slack_doctor_what_scopes": {"zh": "权限", "en": "permissions"},
    "slack_doctor_what_socket": {"zh": "Socket Mode连接", "en": "the connection of Socket Mode"},
    "slack_doctor_what_events": {"zh": "Slack能不能访问到我们", "en": "whether Slack reaches us"},
    "slack_doctor_invalid": {
        "zh": "Slack不认{setting}（{value}）：{code}",
        "en": "Slack does not know {setting} ({value}): {code}",
    },
    "slack_doctor_inactive": {
        "zh": "{setting}（{value}）属于已停用的机器人或工作区：{code}。应用可能被卸载了，需要重新安装。",
        "en": "{setting} ({value}) belongs to a bot or workspace that is no longer active: {code}. The app may have been removed; install it again.",
    },
    "slack_doctor_revoked": {
        "zh": "{setting}（{value}）已被撤销：{code}。需要新的令牌。",
        "en": "{setting} ({value}) was revoked: {code}. A new token is needed.",
    },
    "slack_doctor_expired": {
        "zh": "{setting}（{value}）已过期：{code}。请在 OAuth & Permissions 里关掉令牌轮换后重新安装。",
        "en": "{setting} ({value}) has expired: {code}. Turn token rotation off in OAuth & Permissions and install the app again.",
    },
    "slack_doctor_wrong_kind": {
        "zh": "{setting}（{value}）不是这里要的那种令牌：{code}",
        "en": "{setting} ({value}) is not the kind of token that is needed here: {code}",
    },
    "slack_doctor_network": {"zh": "连不上{host}：{why}", "en": "{host} cannot be reached: {why}"},
    "slack_doctor_odd": {
        "zh": "{host} 的回应（HTTP {status}）不是Slack的。",
        "en": "What {host} answers (HTTP {status}) is not Slack's.",
    },
    "slack_doctor_network_mend": {
        "zh": "让这台机器能访问 {host}（防火墙、DNS；有代理就设 HTTPS_PROXY），并核对 COACH_SLACK_API_URL。",
        "en": "Let this machine reach {host} (firewall, DNS; behind a proxy set HTTPS_PROXY), and check COACH_SLACK_API_URL.",
    },
    "slack_doctor_limited": {"zh": "Slack暂时限流，要等{wait}秒。", "en": "Slack asks to wait {wait} seconds: too many calls."},
    "slack_doctor_limited_mend": {
        "zh": "{wait}秒后再运行：coach slack doctor",
        "en": "In {wait} seconds run again: coach slack doctor",
    },
    "slack_doctor_other": {"zh": "{method} 返回错误：{code}", "en": "{method} fails: {code}"},
    "slack_doctor_other_mend": {
        "zh": "在 https://docs.slack.dev/reference/methods/{method} 查 {code}；如果是Slack自身的故障，看 https://slack-status.com，稍后再试。",
        "en": "Look {code} up at https://docs.slack.dev/reference/methods/{method}; if it is Slack's own trouble, see https://slack-status.com and try later.",
    },
    # permissions
    "slack_doctor_scopes": {"zh": "需要的{n}项权限都有。", "en": "All {n} permissions that are needed are granted."},
    "slack_doctor_scopes_missing": {"zh": "缺少权限：{listed}", "en": "Permissions are missing:{listed}"},
    "slack_doctor_scopes_mend": {
        "zh": "api.slack.com/apps → 选应用 → OAuth & Permissions → Scopes → Bot Token Scopes，加上它们（或在 App Manifest 里贴上 coach slack manifest 的内容），然后点页面顶部的 reinstall your app，重新安装后权限才生效。",
        "en": "api.slack.com/apps → your app → OAuth & Permissions → Scopes → Bot Token Scopes: add them (or paste coach slack manifest at App Manifest), then click “reinstall your app” at the top; permissions count from the reinstall on.",
    },
    # Socket Mode
    "slack_doctor_socket": {
        "zh": "Socket Mode连接正常（连同这一次，共{n}个连接）。",
        "en": "Socket Mode connects ({n} open, this one included).",
    },
    "slack_doctor_connections": {
        "zh": "{setting} 没有 connections:write 权限。",
        "en": "{setting} lacks the permission connections:write.",
    },
    "slack_doctor_socket_off": {"zh": "这个应用没有打开Socket Mode。", "en": "Socket Mode is off for this app."},
    "slack_doctor_socket_mend": {
        "zh": "api.slack.com/apps → 选应用 → Settings → Socket Mode → 打开 Enable Socket Mode；令牌要有 connections:write（Basic Information → App-Level Tokens）。",
        "en": "api.slack.com/apps → your app → Settings → Socket Mode → turn on Enable Socket Mode; the token needs connections:write (Basic Information → App-Level Tokens).",
    },
    "slack_doctor_websocket": {"zh": "到{host}的WebSocket连不上：{why}", "en": "No WebSocket to {host}: {why}"},
    "slack_doctor_websocket_mend": {
        "zh": "让防火墙或代理放行到 {host} 的WebSocket；放行不了就用HTTP方式：coach slack manifest --http https://…",
        "en": "Let the firewall or proxy pass WebSockets to {host}, or use HTTP: coach slack manifest --http https://…",
    },
    # HTTP
    "slack_doctor_url": {"zh": "公网地址：{url}", "en": "Public address: {url}"},
    "slack_doctor_no_url": {
        "zh": "COACH_PUBLIC_URL 没有设置，Slack不知道访问哪里。",
        "en": "COACH_PUBLIC_URL is not set; Slack has nowhere to post to.",
    },
    "slack_doctor_not_https": {
        "zh": "{url} 不是https地址，Slack不会访问。",
        "en": "{url} is not https, and Slack posts to nothing else.",
    },
    "slack_doctor_url_mend": {
        "zh": "把 COACH_PUBLIC_URL 设成从互联网能打开的https地址，例如 https://coach.example.com；没有就改用Socket Mode：设 COACH_SLACK_APP_TOKEN。",
        "en": "Set COACH_PUBLIC_URL to an https address the internet can open, such as https://coach.example.com, or use Socket Mode: set COACH_SLACK_APP_TOKEN.",
    },
    "slack_doctor_events": {
        "zh": "{url} 能访问，签名对得上，用了{seconds}秒，时钟相差{off}秒。",
        "en": "{url} answers in {seconds} s, the signature fits, the clocks differ by {off} s.",
    },
    "slack_doctor_unreachable": {"zh": "{url} 访问不到：{why}", "en": "{url} cannot be reached: {why}"},
    "slack_doctor_unreachable_mend": {
        "zh": "启动 coach serve；让反向代理把 {url} 转给它，证书要有效；再看它的日志。",
        "en": "Start coach serve; let the reverse proxy pass {url} to it, with a valid certificate; then look at its log.",
    },
    "slack_doctor_status": {"zh": "{url} 回应HTTP {status}。", "en": "{url} answers HTTP {status}."},
    "slack_doctor_signature": {
        "zh": "{url} 不接受我们的签名：正在运行的服务用的是另一个签名密钥。",
        "en": "{url} refuses our signature: the service that runs there has another signing secret.",
    },
    "slack_doctor_not_found": {"zh": "{url} 不存在（HTTP 404）。", "en": "There is nothing at {url} (HTTP 404)."},
    "slack_doctor_stranger": {
        "zh": "{url} 有回应，但不是教练的回应。",
        "en": "Something else than the coach answers at {url}.",
    },
    "slack_doctor_not_found_mend": {
        "zh": "用现在的Slack设置重启 coach serve；让反向代理把 {url} 原样转给它，不要先要求登录。",
        "en": "Restart coach serve with these Slack settings; let the reverse proxy pass {url} to it unchanged, without a log-in before it.",
    },
    "slack_doctor_redirect": {
        "zh": "{url} 转到了别处（{to}），Slack不会跟过去。",
        "en": "{url} redirects to {to}, and Slack does not follow.",
    },
    "slack_doctor_unsigned": {
        "zh": "{url} 接受了签名错误的请求：任何人都能冒充Slack。",
        "en": "{url} takes a request with a wrong signature: anybody could pose as Slack.",
    },
    "slack_doctor_unsigned_mend": {
        "zh": "让 {url} 直接到 coach serve，不要由别的程序代答；签名由它核对。",
        "en": "Let {url} reach coach serve itself, which checks signatures, and let no other program answer for it.",
    },
    "slack_doctor_slow": {
        "zh": "{url} 用了{seconds}秒才回应，Slack只等3秒，之后会重发。",
        "en": "{url} took {seconds} s; Slack waits for 3 and then sends again.",
    },
    "slack_doctor_slow_mend": {
        "zh": "看看机器和反向代理是不是太忙，再运行：coach slack doctor",
        "en": "See whether the machine or the reverse proxy is overloaded, then run again: coach slack doctor",
    },
    "slack_doctor_clock_ahead": {
        "zh": "这台机器的时钟快了{seconds}秒；差到300秒，签名就会被拒。",
        "en": "This machine's clock is {seconds} s ahead; from 300 on, signatures are refused.",
    },
    "slack_doctor_clock_behind": {
        "zh": "这台机器的时钟慢了{seconds}秒；差到300秒，签名就会被拒。",
        "en": "This machine's clock is {seconds} s behind; from 300 on, signatures are refused.",
    },
    "slack_doctor_clock_mend": {
        "zh": "校准时钟，例如：sudo timedatectl set-ntp true",
        "en": "Set the clock, for example: sudo timedatectl set-ntp true",
    },
    # several workspaces
    "slack_doctor_no_oauth": {
        "zh": "只装在一个工作区；要装到多个，设 COACH_SLACK_CLIENT_ID 和 COACH_SLACK_CLIENT_SECRET。",
        "en": "One workspace only; for several set COACH_SLACK_CLIENT_ID and COACH_SLACK_CLIENT_SECRET.",
    },
    "slack_doctor_oauth": {
        "zh": "可以装到多个工作区：管理员打开 {install} 安装，之后回到 {url}",
        "en": "Several workspaces can install the app: an admin opens {install} and comes back to {url}",
    },
    "slack_doctor_oauth_mend": {
        "zh": "api.slack.com/apps → 选应用 → Basic Information → App Credentials：把 Client ID 填进 COACH_SLACK_CLIENT_ID，Client Secret 填进 COACH_SLACK_CLIENT_SECRET；两个都要，或者都不要。",
        "en": "api.slack.com/apps → your app → Basic Information → App Credentials: Client ID into COACH_SLACK_CLIENT_ID, Client Secret into COACH_SLACK_CLIENT_SECRET; both or neither.",
    },
    "slack_doctor_same": {
        "zh": "COACH_SLACK_CLIENT_SECRET 和 COACH_SLACK_SIGNING_SECRET 是同一个值，有一个贴错了。",
        "en": "COACH_SLACK_CLIENT_SECRET and COACH_SLACK_SIGNING_SECRET are the same; one of them was pasted twice.",
    },
    "slack_doctor_oauth_url": {
        "zh": "装到多个工作区需要https的公网地址：安装的人要从Slack回到我们这里。",
        "en": "For several workspaces there must be a public https address: whoever installs comes back to it from Slack.",
    },
    "slack_doctor_all_well": {
        "zh": "都正常。去Slack里私信它一句话试试。",
        "en": "All is well. Write it a direct message in Slack.",
    },
    "slack_doctor_failed": {"zh": "有{n}处要改。", "en": "{n} to be mended."},
}
