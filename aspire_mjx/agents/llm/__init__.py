"""Agents that ask a language model: what is asked, of whom, what it costs, and what was answered."""
