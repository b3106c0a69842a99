"""The coach in Slack."""
