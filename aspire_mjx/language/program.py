"""A program: the text an agent or a person wrote in the robot API."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from aspire_mjx.checked import checked
from aspire_mjx.errors import AspireError
from aspire_mjx.files import check_regular_file
from aspire_mjx.language.limits import MAX_SOURCE
from aspire_mjx.printable import printable
from aspire_mjx.shipped import program_file


@checked
@dataclass(frozen=True)
class Program:
    """Program text and a name for messages. Two programs with the same text have the same ``hash``."""

    text: str
    name: str = "program"

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", printable(self.name))

    @cached_property
    def hash(self) -> str:
        """The first 12 hexadecimal digits of the SHA-256 of the text."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    @classmethod
    def read(cls, path: str | Path) -> Program:
        """Read a program from a UTF-8 file; the file name becomes its name.

        Raises:
            AspireError: no such file, no regular one, not text, or longer than a program may be.
        """
        check_regular_file(path, f"program {str(path)!r}")
        try:
            with Path(path).open(encoding="utf-8-sig") as file:
                text = file.read(MAX_SOURCE + 1)
        except (OSError, ValueError) as error:
            reason = f"{error.strerror}" if isinstance(error, OSError) else f"not UTF-8 text: {error}"
            raise AspireError(
                f"program {str(path)!r} cannot be read ({reason}); name a text file in the robot API."
            ) from None
        if len(text) > MAX_SOURCE:
            raise AspireError(f"program {str(path)!r} has more than {MAX_SOURCE} characters; name a shorter one.")
        return cls(text, name=Path(path).name)

    @classmethod
    def shipped(cls, name: str) -> Program:
        """A program that comes with the package, such as ``pick_and_place``.

        Raises:
            UnknownNameError: no such program; the shipped ones are listed.
        """
        return cls.read(program_file(name))
