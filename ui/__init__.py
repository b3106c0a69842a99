"""The web chat: a Gradio page over the coach. Calls `coach`, never the other way round."""
