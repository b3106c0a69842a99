"""Looking after the library: documents, passages, search test, bad answers, what people ask."""
