"""The chat: asking, and the conversations that stay."""
