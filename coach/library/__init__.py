"""What the coach knows: documents, passages, vectors, words, and the one search over them."""
