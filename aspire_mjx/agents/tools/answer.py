"""What a tool answers: plain values, and pictures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What a tool answers.

    Attributes:
        data: plain values by name; text that somebody else wrote is quoted in them.
        pictures: PNG files.
    """

    data: dict[str, Any]
    pictures: tuple[bytes, ...] = ()

    @property
    def text(self) -> str:
        """The values for a reader: what is text as it stands, the rest as JSON."""
        texts = {name: value for name, value in self.data.items() if isinstance(value, str) and "\n" in value}
        rest = {name: value for name, value in self.data.items() if name not in texts}
        parts = [json.dumps(rest)] if rest else []
        return "\n".join([*parts, *(f"{name}:\n{value}" for name, value in texts.items())])
