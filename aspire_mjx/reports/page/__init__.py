"""The report of a run for people: one HTML file that needs no network."""
