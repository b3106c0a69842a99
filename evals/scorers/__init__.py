"""How one reply is scored: pure functions from a case and a record to numbers. Run nothing, average nothing.

What is missing is wrong: an empty answer, a reply that never came and a refusal score nothing and are never left out.
"""
