"""Task files on disk: LIBERO's subset of BDDL, read as data."""

from aspire_mjx.worlds.bddl.reader import load_bddl, parse_bddl

__all__ = ["load_bddl", "parse_bddl"]
