"""A run as one HTML page that needs nothing else: verdict, scores with their intervals, timings, every case.

Owns the page and its words in both languages. Scores nothing: what was not run is a dash, what is missing is said, neither counts
as a pass.
"""
