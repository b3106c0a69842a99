"""What the coach says in any channel (Slack, Feishu) about its being there: linking, places, limits, failures."""

from __future__ import annotations

from coach.types import Lang

SENTENCES: dict[str, dict[Lang, str]] = {
    "channel_code_wrong": {
        "zh": "这个关联码不对，或者已经过期、用过了。",
        "en": "This code is wrong, has expired or has been used.",
    },
    "channel_code_wrong_mend": {
        "zh": "在网页的“我的”里，或用 coach slack link-code 生成一个新的，10 分钟内有效。",
        "en": "Make a new one on the web page under “Me”, or with: coach slack link-code. It is good for ten minutes.",
    },
    "channel_off": {
        "zh": "这个频道里教练已经关闭。可以私信我，或者请频道负责人用 /coach settings on 打开。",
        "en": "The coach is off in this channel. Write to me directly, or ask its owner to turn me on: /coach settings on",
    },
    "channel_per_hour": {
        "zh": "你这一小时已经问了{limit}个问题，请过一会儿再问。",
        "en": "You have asked {limit} questions within the hour; please ask again later.",
    },
    "channel_under_way": {
        "zh": "上一条还没答完，这一条没能处理。等一等，再发一次。",
        "en": "The answer before this one is not finished, so this one could not be taken. Please send it again in a moment.",
    },
    "channel_disabled": {
        "zh": "你关联的账号已经停用，请联系管理员。",
        "en": "The account you have linked is disabled; please ask an admin.",
    },
    "channel_failed": {
        "zh": "这一条没能回答，是教练这边出了问题。你写的没有丢，请稍后再发一次；一直这样的话，请告诉管理员。",
        "en": "I could not answer this: something is wrong on my side. Your message is still there; please send it again later, "
        "and tell your administrator if it goes on.",
    },
    "channel_files_direct": {
        "zh": "文件我只在私信里读：里面可能有个人信息。请把它直接发给我。",
        "en": "I read files only in direct messages, since they may hold personal things. Please send it to me directly.",
    },
    "channel_file_question": {"zh": "这份文件讲了什么？", "en": "What is in this file?"},
    "channel_reported_by_other": {
        "zh": "（频道里另一位读者反馈）{reason}",
        "en": "(reported by another reader in the channel) {reason}",
    },
}
