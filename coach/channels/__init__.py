"""Where people work: the channels that carry the coach's conversations (Slack, Feishu), and what they share."""
