"""The same program text in ordinary Python, on one robot."""
