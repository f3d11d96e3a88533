"""The agents by the name of their model's maker, and the one that repeats a transcript."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aspire_mjx.agents.equipment import Equipment
from aspire_mjx.agents.llm.anthropic_model import DEFAULT, KEYS, AnthropicModel
from aspire_mjx.agents.llm.chat_model import KEY, ChatModel
from aspire_mjx.agents.llm.language_agent import LanguageAgent
from aspire_mjx.agents.llm.model import Model, PatientModel, Tokens
from aspire_mjx.agents.llm.spending import Limits, Spending, read_price
from aspire_mjx.agents.llm.transcript import RecordedModel, Transcript
from aspire_mjx.agents.protocol import Agent
from aspire_mjx.errors import AspireError

FILE = "transcript.jsonl"  #: in the run directory
#: What a round usually takes; for the estimate alone.
_QUESTIONS = 8  # of critic and actor together
_TOKENS = Tokens(fresh=2_000, written=3_000, recalled=12_000, output=2_500)  # of a question


class _LiveAgent(LanguageAgent):
    """An agent that asks a model where the run's transcript holds no answer."""

    @classmethod
    def equipped(cls, equipment: Equipment) -> Agent:
        """See :class:`Agent`."""
        return _shared(equipment, lambda: _live(cls._model_of(equipment.options), equipment))

    @classmethod
    def check(cls, options: Mapping[str, Any]) -> None:
        """See :class:`Agent`."""
        _check(cls._model_of(options), options)

    @staticmethod
    def _model_of(options: Mapping[str, Any]) -> Model:
        raise NotImplementedError


class ClaudeAgent(_LiveAgent):
    """``--agent=claude``: Anthropic's models through their own package."""

    @staticmethod
    def _model_of(options: Mapping[str, Any]) -> Model:
        return AnthropicModel(options.get("model") or DEFAULT)


class OpenAIAgent(_LiveAgent):
    """``--agent=openai``: any model behind an OpenAI-compatible chat endpoint."""

    @staticmethod
    def _model_of(options: Mapping[str, Any]) -> Model:
        return ChatModel(options.get("model") or "")


class ReplayAgent(LanguageAgent):
    """``--agent=replay --transcript=FILE``: a search again, bit for bit, without a model."""

    @classmethod
    def equipped(cls, equipment: Equipment) -> Agent:
        """See :class:`Agent`."""
        return _shared(equipment, lambda: _recorded(equipment.options))

    @classmethod
    def check(cls, options: Mapping[str, Any]) -> None:
        """See :class:`Agent`."""
        _recorded(options)


def _shared(equipment: Equipment, make: Callable[[], RecordedModel]) -> Agent:
    """An agent that asks the one model of its run."""
    if "model" not in equipment.shared:
        equipment.shared["model"] = make()
    return LanguageAgent(equipment.shared["model"], equipment)


def _recorded(options: Mapping[str, Any]) -> RecordedModel:
    """What a transcript holds, and nobody to ask for more."""
    file = options.get("transcript") or ""
    if not file:
        raise AspireError("--agent=replay needs --transcript=FILE, the transcript.jsonl of a run.")
    transcript = Transcript(Path(file), read_only=True)
    return RecordedModel(transcript, Spending(read_price(transcript.model, options.get("prices") or "")), None)


def _live(model: Model, equipment: Equipment) -> RecordedModel:
    """A model, and before it what the run's own transcript, or a given one, holds."""
    options, path = equipment.options, equipment.folder / FILE
    if options.get("transcript") and not path.exists():
        given = Transcript(Path(options["transcript"]), read_only=True)
        shutil.copyfile(given.path, path)
    spending = _spending(model, options)
    print(estimate(model.name, spending, options, tasks=len(equipment.tasks)))
    secrets = tuple(os.environ.get(name, "") for name in (*KEYS, KEY))
    return RecordedModel(Transcript(path), spending, PatientModel(model), secrets=secrets)


def _check(model: Model, options: Mapping[str, Any]) -> None:
    _spending(model, options)
    if options.get("transcript"):
        Transcript(Path(options["transcript"]), read_only=True)


def _spending(model: Model, options: Mapping[str, Any]) -> Spending:
    limits = Limits(options.get("max_usd"), options.get("max_tokens"), options.get("max_calls"))
    return Spending(read_price(model.name, options.get("prices") or ""), limits)


def estimate(name: str, spending: Spending, options: Mapping[str, Any], *, tasks: int) -> str:
    """What a run may take, in a sentence, from what rounds usually take."""
    questions = tasks * int(options.get("rounds") or 1) * _QUESTIONS
    tokens = Tokens(*(questions * count for count in vars(_TOKENS).values()))
    cost = f"some ${spending.price.of(tokens):.2f}" if spending.price else "at a price that the table does not hold"
    limits = [f"--max_{key}={value:g}" for key, value in vars(spending.limits).items() if value is not None]
    bounds = f"it ends at {', '.join(limits)}" if limits else "nothing bounds it: --max_usd, --max_tokens, --max_calls"
    return (
        f"{name}: if every round is used, some {questions} questions and {tokens.total / 1e6:.1f} M tokens "
        f"({tokens.recalled / 1e6:.1f} M of them kept ready), {cost}; {bounds}."
    )
