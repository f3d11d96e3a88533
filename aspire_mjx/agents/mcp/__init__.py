"""The tools of :mod:`aspire_mjx.agents.tools` for any coding agent, through the Model Context Protocol."""
