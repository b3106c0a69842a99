"""What the coach says in Feishu about its working there: status, private answers, what it cannot read, refused requests."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {
    "feishu_working": {"zh": "正在查资料…", "en": "Looking it up…"},
    "feishu_nothing": {
        "zh": "这次没有写出回答，请再问一次。",
        "en": "No reply came about this time; please ask again.",
    },
    "feishu_privately": {
        "zh": "这一条只和提问的人有关，已经私信回复。",
        "en": "This one concerns only the person who asked; I have answered in a direct message.",
    },
    "feishu_unreachable": {
        "zh": "这一条只能私信回复，可是我没法给提问的人发私信。请先私信我一次；还是不行的话，请管理员检查应用的可用范围。",
        "en": "I answer this in a direct message only, and cannot send one to the person who asked. Please write to me directly "
        "first; if that fails, an administrator should check whom the app is available to.",
    },
    "feishu_only_text": {
        "zh": "在飞书里我只读文字消息，图片、文件和语音读不了。",
        "en": "In Feishu I read text only, no pictures, files or voice messages.",
    },
    "feishu_only_text_mend": {
        "zh": "请把问题写成文字；文件可以在网页上添加。",
        "en": "Please write your question as text; files can be added on the web page.",
    },
    "feishu_vote_up": {"zh": "收到，谢谢。", "en": "Noted, thank you."},
    "feishu_vote_down": {
        "zh": "记下了。想说明哪里不好，请直接回复。",
        "en": "Noted. To tell what was wrong, just reply.",
    },
    "feishu_vote_lost": {
        "zh": "这条回答已经不在了，没法评价。",
        "en": "This answer is no longer kept, so it cannot be judged.",
    },
    # requests that are refused, as Feishu's developer console shows them
    "http_feishu_signature": {
        "zh": "签名不对：请求不是飞书发的，或者 COACH_FEISHU_ENCRYPT_KEY 和开发者后台“加密策略”里的不一样。",
        "en": "The signature is wrong: the request is not from Feishu, or COACH_FEISHU_ENCRYPT_KEY differs from the one under "
        "“Encryption strategy” in the developer console.",
    },
    "http_feishu_token": {
        "zh": "Verification Token 不对：和 COACH_FEISHU_VERIFICATION_TOKEN 不一样。",
        "en": "The verification token is wrong: it differs from COACH_FEISHU_VERIFICATION_TOKEN.",
    },
    "http_feishu_stale": {
        "zh": "请求的时间戳和本机时间相差超过 5 分钟。如果确实是飞书发的，请校准本机时钟。",
        "en": "The request's timestamp is more than five minutes off. If Feishu did send it, set this machine's clock right.",
    },
    "http_feishu_unreadable": {
        "zh": "读不懂这个请求：不是飞书的事件，或者是用别的 Encrypt Key 加密的。",
        "en": "The request cannot be read: it is no event of Feishu's, or it was encrypted with another key.",
    },
}
