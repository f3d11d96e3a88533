"""Files that users name: checked before they are read or written, with errors that say what is wrong with them."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from aspire_mjx.errors import AspireError


def why(error: OSError | ValueError) -> str:
    """What an operating system's error says, with the file that it is about."""
    if not isinstance(error, OSError):
        return str(error)
    return ": ".join(str(part) for part in (error.filename, error.strerror or error) if part)


def check_regular_file(
    path: str | Path, what: str, *, most: int | None = None, error: type[Exception] = AspireError
) -> None:
    """Checks what is about to be read: a device or a pipe might never end.

    Args:
        path: of the file.
        what: names it in the message, such as ``"trace 'x.msgpack'"``.
        most: bytes that it may have.
        error: class of what is raised.

    Raises:
        AspireError: no such file, none that may be read, not a regular file, or a larger one.
    """
    try:
        status = os.stat(path)
    except (OSError, ValueError) as found:
        reason = found.strerror if isinstance(found, OSError) else str(found)
        raise error(f"{what} cannot be read ({reason}); name a file that is there.") from None
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "a device or a pipe"
        raise error(f"{what} cannot be read ({kind}); name a file.")
    if most is not None and status.st_size > most:
        raise error(f"{what} has {status.st_size} bytes, more than the {most} that are read; name a smaller one.")


def whole_lines(path: Path, *, read_only: bool = False) -> list[str]:
    """The lines of a file to which whole lines are appended; none where there is no such file.

    A last one without its end was cut short as it was written, or added by somebody else: it is dropped from the file,
    and standard error says so. ``read_only`` passes over it.
    """
    if not path.exists():
        return []
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) != len(content) and not read_only:
        with path.open("r+b") as file:
            file.truncate(len(whole))
        excerpt = ascii(content[len(whole) :][:60].decode("utf-8", "replace"))
        print(f"{path}: its last line was cut short ({excerpt}) and is dropped.", file=sys.stderr)
    return whole.decode("utf-8", "replace").splitlines()


def write_whole(path: Path, text: str, *, errors: str = "strict") -> None:
    """Writes a file whole or not at all, in place of one that is there; ``errors`` is that of :func:`str.encode`."""
    temporary = path.with_name(f".{path.name}.new")
    try:
        temporary.write_text(text, encoding="utf-8", errors=errors)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def check_writable(name: str, flag: str = "out") -> Path:
    """The path of a file that is to be written, checked before the work that fills it begins. Nothing is left there.

    Raises:
        AspireError: a folder, a place that is not there, or one that may not be written to.
    """
    path = Path(name)
    try:
        if not path.parent.is_dir():
            raise AspireError(f"--{flag}={name}: {path.parent} is not a folder to write to; make it, or name another.")
        try:
            mode = os.stat(path).st_mode
        except FileNotFoundError:
            with tempfile.TemporaryFile(dir=path.parent):
                return path
        if not (stat.S_ISREG(mode) or stat.S_ISCHR(mode)):
            raise AspireError(f"--{flag}={name}: {path} is {'a folder' if path.is_dir() else 'no file'}; name a file.")
        with path.open("ab"):
            return path
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise AspireError(f"--{flag}={name} cannot be written ({reason}); name a file that can.") from None
