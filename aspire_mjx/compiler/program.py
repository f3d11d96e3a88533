"""A program: the text an agent or a person wrote in the robot API."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """Program text and a name for messages. Two programs with the same text have the same ``hash``."""

    text: str
    name: str = "program"

    @cached_property
    def hash(self) -> str:
        """The first 12 hexadecimal digits of the SHA-256 of the text."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    @classmethod
    def read(cls, path: str | Path) -> Program:
        """Read a program from a UTF-8 file; the file name becomes its name."""
        return cls(Path(path).read_text(encoding="utf-8"), name=Path(path).name)
