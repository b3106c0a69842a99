"""What is said about accounts: logging in, passwords, roles and tokens, over HTTP, on the log-in page and in a terminal."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {
    # names, passwords, roles
    "acc_name": {"zh": "“{name}”不能用作登录名。", "en": "“{name}” cannot be used as a log-in name."},
    "acc_name_hint": {
        "zh": "登录名用1到64个文字、字母或数字，也可以带 . _ @ + -，不能有空格。",
        "en": "Use 1 to 64 letters, digits or . _ @ + - without spaces.",
    },
    "acc_name_taken": {"zh": "登录名“{name}”已经有人用了。", "en": "The log-in name “{name}” is taken."},
    "acc_local_taken": {
        "zh": "没有账号时保存的记录，已经归到另一个账号名下了，“{name}”没有创建。",
        "en": "The records from the time without accounts belong to another account already; “{name}” was not made.",
    },
    "acc_unknown": {"zh": "没有名为“{name}”的账号。", "en": "There is no account named “{name}”."},
    "acc_unknown_hint": {"zh": "查看所有账号：coach user list", "en": "See all accounts: coach user list"},
    "acc_none": {"zh": "这个人还没有账号。", "en": "This person has no account."},
    "acc_password_short": {
        "zh": "密码太短，至少要{limit}个字符。",
        "en": "The password is too short; it needs at least {limit} characters.",
    },
    "acc_password_long": {
        "zh": "密码太长，最多{limit}个字符。",
        "en": "The password is too long; {limit} characters at most.",
    },
    "acc_password_name": {
        "zh": "密码不能就是登录名或显示名。",
        "en": "The password must not be the log-in name or the display name.",
    },
    "acc_password_common": {
        "zh": "这个密码太常见，很容易被猜到。",
        "en": "This password is one that many people use; it is easily guessed.",
    },
    "acc_password_hint": {
        "zh": "不妨把几个互不相干的词连在一起，好记又难猜。",
        "en": "A few unrelated words in a row are easy to keep in mind and hard to guess.",
    },
    "acc_role": {"zh": "没有“{role}”这个角色，可选：{roles}。", "en": "“{role}” is no role; use one of {roles}."},
    "acc_last_admin": {
        "zh": "这是最后一个能用的管理员账号，改掉之后就没人能管理账号了。",
        "en": "This is the last admin who can log in; nobody would be left to look after the accounts.",
    },
    "acc_last_admin_hint": {
        "zh": "先把另一个账号设为管理员：coach user role NAME admin",
        "en": "Make somebody else an admin first: coach user role NAME admin",
    },
    "acc_token_days": {
        "zh": "令牌的有效期是1到{limit}天。",
        "en": "A token is good for 1 to {limit} days.",
    },
    "acc_token_unknown": {"zh": "没有这个令牌，可能已经作废。", "en": "There is no such token; it may have been revoked."},
    # over HTTP
    "http_login": {"zh": "请先登录。", "en": "Please log in first."},
    "http_login_hint": {
        "zh": "在浏览器里打开 /login；程序请带上请求头 Authorization: Bearer 令牌",
        "en": "Open /login in a browser; programs send the header Authorization: Bearer TOKEN",
    },
    "http_token": {
        "zh": "这个令牌无效，可能已经过期或作废。",
        "en": "This token is not valid; it may have expired or been revoked.",
    },
    "http_token_hint": {"zh": "生成新令牌：coach user token NAME", "en": "Make a new one: coach user token NAME"},
    "http_login_failed": {"zh": "登录名或密码不对。", "en": "The name or the password is wrong."},
    "http_login_disabled": {
        "zh": "这个账号已经停用，请联系管理员。",
        "en": "This account is disabled; please ask an admin.",
    },
    "http_login_wait": {
        "zh": "登录失败次数太多，请过{seconds}秒再试。",
        "en": "Too many failed log-ins; please try again in {seconds} seconds.",
    },
    "http_old_password": {"zh": "原来的密码不对，没有修改。", "en": "The old password is wrong; nothing was changed."},
    "http_no_accounts": {
        "zh": "这里还没有账号，不需要登录。",
        "en": "There are no accounts here, so there is no logging in.",
    },
    "http_no_accounts_hint": {
        "zh": "创建第一个账号：coach user add NAME --role admin",
        "en": "Make the first one: coach user add NAME --role admin",
    },
    "http_role": {"zh": "你的账号没有做这件事的权限。", "en": "Your account may not do this."},
    "http_role_hint": {"zh": "需要的话，请管理员调整你的角色。", "en": "Ask an admin for another role if you need it."},
    "http_session_needed": {
        "zh": "令牌不能用来生成新的令牌，请登录后再操作。",
        "en": "A token cannot make another token; log in to do this.",
    },
    "http_origin": {
        "zh": "这个请求来自别的网站，没有执行。",
        "en": "This request comes from another site and was not carried out.",
    },
    "http_origin_missing": {
        "zh": "看不出这个请求来自哪个页面，没有执行。",
        "en": "This request does not say which page it comes from, so it was not carried out.",
    },
    "http_origin_missing_hint": {
        "zh": "浏览器会自动带上 Origin；程序请改用令牌：Authorization: Bearer 令牌",
        "en": "Browsers send Origin by themselves; programs use a token: Authorization: Bearer TOKEN",
    },
    "http_host_name": {
        "zh": "这个服务不用请求里的这个地址。",
        "en": "This service does not go by the address in this request.",
    },
    "http_host_name_hint": {
        "zh": "请管理员把大家使用的地址写进 COACH_PUBLIC_URL，例如 https://coach.example.com",
        "en": "Set COACH_PUBLIC_URL to the address that people use, such as https://coach.example.com",
    },
    # the log-in page
    "acc_page_title": {"zh": "登录", "en": "Log in"},
    "acc_page_lead": {
        "zh": "你的资料、测评和规划，其他用户都看不到。",
        "en": "Nobody else who uses this service sees your profile, your assessments or your plans.",
    },
    "acc_page_name": {"zh": "登录名", "en": "Name"},
    "acc_page_password": {"zh": "密码", "en": "Password"},
    "acc_page_show": {"zh": "显示密码", "en": "Show the password"},
    "acc_page_submit": {"zh": "登录", "en": "Log in"},
    "acc_page_busy": {"zh": "正在登录…", "en": "Logging in…"},
    "acc_page_empty": {"zh": "请填写登录名和密码。", "en": "Please fill in name and password."},
    "acc_page_offline": {
        "zh": "连不上服务，请检查网络后再试。",
        "en": "The service cannot be reached; please check the connection and try again.",
    },
    "acc_page_help": {
        "zh": "没有账号，或者忘了密码？请找管理这个服务的人。",
        "en": "No account, or the password is gone? Ask whoever looks after this service.",
    },
    "acc_page_script": {
        "zh": "登录要用到JavaScript，请在浏览器里打开它，然后刷新本页。",
        "en": "Logging in needs JavaScript; please switch it on in your browser and reload this page.",
    },
    # in a terminal
    "acc_cli_password": {"zh": "密码（输入时不显示）", "en": "Password (not shown)"},
    "acc_cli_again": {"zh": "再输一次", "en": "Once more"},
    "acc_cli_differ": {"zh": "两次输入的密码不一样，没有保存。", "en": "The two passwords differ; nothing was saved."},
    "acc_cli_added": {
        "zh": "账号“{name}”已创建，角色是{role}。从现在起，打开网页要先登录。",
        "en": "The account “{name}” has been made with the role {role}. From now on the page asks to log in.",
    },
    "acc_cli_no_accounts": {
        "zh": "还没有账号；本机打开网页不需要登录。",
        "en": "There are no accounts; on this machine nobody has to log in.",
    },
    "acc_cli_disabled": {"zh": "已停用", "en": "disabled"},
    "acc_cli_done": {"zh": "账号“{name}”已更新。", "en": "The account “{name}” has been changed."},
    "acc_cli_remove_sure": {
        "zh": "删除账号“{name}”，连同这个人的全部记录？删除后无法恢复。",
        "en": "Remove the account “{name}” and everything kept of this person? This cannot be undone.",
    },
    "acc_cli_removed": {
        "zh": "账号“{name}”和这个人的全部记录都已删除。",
        "en": "The account “{name}” and everything kept of this person are gone.",
    },
    "acc_cli_kept": {"zh": "没有删除。", "en": "Nothing was removed."},
    "acc_cli_token": {
        "zh": "令牌只显示这一次，请保存好：",
        "en": "The token is shown this once; keep it safe:",
    },
    "acc_cli_token_use": {
        "zh": "在终端里这样用：COACH_TOKEN=令牌 coach plan",
        "en": "In a terminal: COACH_TOKEN=TOKEN coach plan",
    },
    "acc_cli_no_tokens": {"zh": "“{name}”没有令牌。", "en": "“{name}” has no tokens."},
    "acc_cli_unused": {"zh": "没用过", "en": "never used"},
    "acc_cli_used": {"zh": "上次使用：{when}", "en": "last used {when}"},
    "acc_cli_expires": {"zh": "有效期至{when}", "en": "good until {when}"},
    "acc_cli_revoked": {"zh": "令牌已作废。", "en": "The token has been revoked."},
    "acc_cli_who": {
        "zh": "这里有账号，要先说明你是谁。",
        "en": "There are accounts here, so the command has to know who you are.",
    },
    "acc_cli_who_hint": {
        "zh": "运行 coach user token NAME 生成令牌，再设置 COACH_TOKEN=令牌",
        "en": "Make a token with coach user token NAME, and set COACH_TOKEN to it.",
    },
    "acc_cli_bad_token": {
        "zh": "COACH_TOKEN里的令牌无效，可能已经过期或作废。",
        "en": "The token in COACH_TOKEN is not valid; it may have expired or been revoked.",
    },
}
