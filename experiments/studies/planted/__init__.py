"""Faults planted in programs and worlds that pass, each with what an expert says of it: the measure of fault reports.

``README.md`` beside this file says what the data hold and how to add to them; ``planted_fault`` reads them, ``study``
runs them, and ``reading`` alone knows what the present fault report looks like.
"""
