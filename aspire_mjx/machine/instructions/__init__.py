"""What each instruction does to a strand, and what it costs."""

from aspire_mjx.machine.instructions import calls, containers, core
from aspire_mjx.machine.instructions.handlers import HANDLERS

__all__ = ["HANDLERS", "calls", "containers", "core"]
