"""Feishu as a channel: events by webhook, answers as cards that are updated in place."""

from coach.channels.feishu.run import Feishu

__all__ = ["Feishu"]
