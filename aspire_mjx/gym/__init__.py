"""Policies that act step by step: one task as an environment of gymnasium."""
