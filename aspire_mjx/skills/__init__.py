"""Validated repairs: their format, library, retrieval and admission."""
