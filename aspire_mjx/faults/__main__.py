"""Why rollouts failed: ``python -m aspire_mjx.faults FILE``.

python -m aspire_mjx.faults FILE                    fault groups, how far rollouts came, the lines to look at
python -m aspire_mjx.faults FILE --forks            also runs failed rollouts again, each with one thing changed, and
                                                    says which change turns them: the cause, and a repair
python -m aspire_mjx.faults FILE --against=OTHER    what OTHER, another program in the same worlds, gained and lost

FILE may be a folder, such as a run's traces/. Forks drive edits, so they use failed rollouts of debug seeds (51-65).
"""

from __future__ import annotations

import sys

from absl import flags
from rich.console import Console

from aspire_mjx.command import Command, Options, define_number
from aspire_mjx.errors import TraceError, UnknownNameError
from aspire_mjx.traces.columns import VERDICTS

_MOST = 100_000


def define_flags(fv: flags.FlagValues) -> None:
    """The flags of this command."""
    flags.DEFINE_boolean("forks", False, "run failed rollouts again, each with one thing changed", flag_values=fv)
    define_number("budget", 600, "with --forks: edits of each program to try", low=1, high=_MOST, flag_values=fv)
    flags.DEFINE_string("against", "", "traces of another program in the same worlds", flag_values=fv)
    flags.DEFINE_string("verdict", VERDICTS[0], f"whose failures: {' or '.join(VERDICTS)}", flag_values=fv)


def _main(options: Options, arguments: list[str], console: Console) -> None:
    if len(arguments) != 1:
        raise TraceError("give a trace file (.msgpack) of a run's traces/ folder, or the folder for all of them")
    verdict = options["verdict"]
    if verdict not in VERDICTS:
        raise UnknownNameError("verdict", verdict, VERDICTS)
    if "budget" in options.given and not options["forks"]:
        raise TraceError("--budget bounds what --forks tries; add --forks")
    if options["against"] and options["forks"]:
        raise TraceError("--against compares and --forks runs again; give one of them")
    from aspire_mjx.faults.diagnosis import diagnose
    from aspire_mjx.faults.report import analyse
    from aspire_mjx.reports.comparison import compare
    from aspire_mjx.traces.store import read_any

    batch = read_any(arguments[0])
    if options["against"]:
        console.print(compare(batch, read_any(options["against"]), verdict=verdict).table())
        return
    with console.status("forks") as status:
        found = diagnose(
            batch,
            verdict=verdict,
            forks=options["forks"],
            budget=options["budget"],
            told=lambda words: status.update(f"forks: {words}"),
        )
    print(analyse(batch, verdict=verdict).text(found))


main = Command(_main, define_flags, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
