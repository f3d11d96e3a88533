"""Flags of the agents that ask a language model: which one, what it may cost, and what is already answered."""

from __future__ import annotations

from typing import Any

from absl import flags

from aspire_mjx.command import Options, define_number
from aspire_mjx.errors import AspireError

_NAMES = ("model", "transcript", "prices", "max_usd", "max_tokens", "max_calls")


def define_model_flags(fv: flags.FlagValues) -> None:
    """``--model``, ``--transcript`` and ``--prices``; ``--max_usd``, ``--max_tokens`` and ``--max_calls``."""
    about = "language model of --agent=claude or --agent=openai; empty: the agent's default"
    flags.DEFINE_string("model", "", about, flag_values=fv)
    about = "transcript.jsonl of a run: what --agent=replay repeats, and what --agent=claude asks nobody again"
    flags.DEFINE_string("transcript", "", about, flag_values=fv)
    about = "table of prices (JSON) in place of the package's, agents/llm/prices.json"
    flags.DEFINE_string("prices", "", about, flag_values=fv)
    define_number("max_usd", None, "US dollars that a run may cost", low=0.0, high=1e6, flag_values=fv)
    define_number("max_tokens", None, "tokens that a run may use", low=0, high=10**12, flag_values=fv)
    define_number("max_calls", None, "questions that a run may ask a model", low=0, high=10**9, flag_values=fv)


def model_options(options: Options) -> dict[str, Any]:
    """Those flags by name.

    Raises:
        AspireError: one of them, given to the agent that asks nobody.
    """
    given = sorted(options.given & set(_NAMES))
    if given and options["agent"] == "scripted":
        raise AspireError(
            f"--{given[0]} is for agents that ask a language model; add --agent=claude, openai or replay, or leave it "
            "out."
        )
    return {name: options[name] for name in _NAMES}
