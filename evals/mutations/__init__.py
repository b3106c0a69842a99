"""Deliberate faults in product and library: the faults by area, and what finds out which gate notices each."""
