"""What the web pages say around their content: navigation, keeping, asking first."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {
    "web_months": {
        "zh": "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
        "en": "January February March April May June July August September October November December",
    },
    "web_date": {"zh": "{year}年{month}{day}日", "en": "{day} {month} {year}"},
    "web_day": {"zh": "{month}{day}日", "en": "{day} {month}"},
    "web_month": {"zh": "{year}年{month}", "en": "{month} {year}"},
    "web_nav": {"zh": "页面", "en": "Pages"},
    "web_nav_chat": {"zh": "问教练", "en": "Ask"},
    "web_nav_me": {"zh": "我的现状", "en": "Where I stand"},
    "web_nav_plan": {"zh": "发展计划", "en": "My plan"},
    "web_nav_library": {"zh": "资料库", "en": "Library"},
    "web_skip": {"zh": "跳到正文", "en": "Skip to the content"},
    "web_account": {"zh": "账号：{name}", "en": "Account: {name}"},
    "web_my_data": {"zh": "我的数据", "en": "My data"},
    "web_log_out": {"zh": "退出登录", "en": "Log out"},
    "web_yes": {"zh": "确定", "en": "Yes, do it"},
    "web_no": {"zh": "取消", "en": "Cancel"},
    "web_sent": {"zh": "已上传。", "en": "Uploaded."},
    "web_too_big": {"zh": "文件超过 50 MB，请拆小后再传。", "en": "The file is over 50 MB; please split it and try again."},
    "web_keeping": {"zh": "正在保存…", "en": "Saving…"},
    "web_kept": {"zh": "已保存", "en": "Saved"},
    "web_not_kept": {"zh": "没有保存，请看提示", "en": "Not saved, see the note"},
}
