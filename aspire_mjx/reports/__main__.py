"""Plot pass rates of trace files, or write the report of a run: ``python -m aspire_mjx.reports KIND FILE...``.

python -m aspire_mjx.reports html RUN_DIR                                    RUN_DIR/report.html, for people
python -m aspire_mjx.reports tasks run/traces/*.msgpack --out=tasks.png      by task and program, with intervals
python -m aspire_mjx.reports dose sweep.msgpack --factor=noise --out=d.svg   against the dose of a factor
python -m aspire_mjx.reports seeds run/traces/*.msgpack --out=seeds.png      seed by seed, a heat map
python -m aspire_mjx.reports pairs first/traces second/traces --out=p.pdf    two programs in the same worlds

A folder stands for its trace files. The numbers of a plot are written beside it, under its name with .csv.
"""

from __future__ import annotations

import sys

from absl import flags
from rich.console import Console

from aspire_mjx.command import Command, Options
from aspire_mjx.errors import TraceError, UnknownNameError
from aspire_mjx.files import check_writable
from aspire_mjx.traces.columns import VERDICTS, concatenate
from aspire_mjx.traces.store import read_any

_PAGE = "html"
KINDS = ("dose", "tasks", "seeds", "pairs")


def define_flags(fv: flags.FlagValues) -> None:
    """The flags of this command."""
    flags.DEFINE_string("factor", "", "of dose: the perturbation factor along the horizontal axis", flag_values=fv)
    flags.DEFINE_string(
        "out", "", "file to write: .png, .svg or .pdf; empty: KIND.png, of html the run's report.html", flag_values=fv
    )
    flags.DEFINE_string("verdict", VERDICTS[0], f"whose passes count: {' or '.join(VERDICTS)}", flag_values=fv)


def _main(options: Options, arguments: list[str], console: Console) -> None:
    if len(arguments) < 2:
        raise TraceError(
            f"give a kind of plot ({', '.join(KINDS)}) and trace files (.msgpack) or a run's traces/ folder, or "
            f"{_PAGE} and a run directory"
        )
    kind, *files = arguments
    if kind == _PAGE:
        _write_page(options, files)
        return
    if kind not in KINDS:
        raise UnknownNameError("plot", kind, (*KINDS, _PAGE))
    if (kind == "dose") != bool(options["factor"]):
        raise TraceError("--factor=NAME belongs to dose, which needs it.")
    if kind == "pairs" and len(files) != 2:
        raise TraceError(f"pairs compares two programs: give two trace files or folders, not {len(files)}.")
    from aspire_mjx.reports import plots
    from aspire_mjx.reports.comparison import compare

    batches, verdict = [read_any(file) for file in files], options["verdict"]
    if kind == "pairs":
        figure = plots.plot_pairs(compare(*batches, verdict=verdict))
    elif kind == "dose":
        figure = plots.plot_dose(concatenate(batches), options["factor"], verdict=verdict)
    else:
        figure = (plots.plot_tasks if kind == "tasks" else plots.plot_seeds)(concatenate(batches), verdict=verdict)
    path = check_writable(options["out"] or f"{kind}.png")
    check_writable(str(path.with_suffix(".csv")))
    table = plots.save_plot(figure, path)
    print(f"wrote {path}: {sum(map(len, batches))} rollouts; numbers: {table}")


def _write_page(options: Options, folders: list[str]) -> None:
    from aspire_mjx.reports.page.render import write_report

    if len(folders) > 1 or "verdict" in options.given:
        raise TraceError("html takes one run directory and --out; its rates are the benchmark's verdict.")
    path = write_report(folders[0], check_writable(options["out"]) if options["out"] else None)
    print(f"wrote {path}: {path.stat().st_size / 1e6:.1f} MB, needs no network")


main = Command(_main, define_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
