"""The page itself: the content of a report laid out by its template, style and script in one file."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from aspire_mjx.errors import RunDirectoryError
from aspire_mjx.files import why, write_whole
from aspire_mjx.printable import printable
from aspire_mjx.reports.page.build import build
from aspire_mjx.reports.page.content import Report
from aspire_mjx.reports.page.run_folder import read_run

PAGE = "report.html"  #: its name in a run directory
_FOLDER = Path(__file__).parent


def write_report(run: str | Path, path: str | Path | None = None) -> Path:
    """Writes the report of a finished run, whole or not at all; returns its file.

    Args:
        run: the run directory.
        path: file to write; by default ``report.html`` in the run directory.

    Raises:
        RunDirectoryError: not the directory of a run, or of one that has not ended; the file cannot be written.
        TraceError: a trace file that is gone or damaged.
    """
    path = Path(run) / PAGE if path is None else Path(path)
    page = render(build(read_run(run)))
    try:
        write_whole(path, page)
    except OSError as error:
        raise RunDirectoryError(
            f"the report cannot be written ({why(error)}); the run is finished: python -m aspire_mjx.reports html "
            f"{run} --out=FILE writes it elsewhere."
        ) from None
    return path


def render(report: Report) -> str:
    """The page as one text that asks nothing of a network; its policy allows the page's own style and script alone."""
    environment = Environment(
        loader=PackageLoader("aspire_mjx.reports.page", "."),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = ((_FOLDER / f"report.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    template = environment.get_template("report.html")
    return template.render(
        report=report,
        style=Markup(style),
        script=Markup(script),
        policy=f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'",
    )


def _hash(text: str) -> str:
    """What a content security policy knows an inline style or script by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _shown(value: Any) -> Any:
    """Control characters of texts are written out; the template's engine escapes the rest."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
