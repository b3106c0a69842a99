"""Chat and embedding models, and the weights they need."""
