"""From a message to a checked reply: what kind of turn it is, whether there is evidence, how it is worded and checked."""
