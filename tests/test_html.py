"""Tables show themselves in notebooks, and nothing that a program says is taken for HTML."""

from __future__ import annotations

from aspire_mjx.faults.report import analyse
from aspire_mjx.html import html_table
from aspire_mjx.language.program import Program
from aspire_mjx.reports.comparison import compare
from aspire_mjx.rollout.simulator import Job


def test_text_stays_text():
    shown = html_table("a < b", ["<th>"], [["<script>x</script>\x1b[31m"], ["one\ntwo"]])
    assert "<script>" not in shown and "&lt;script&gt;" in shown and "\x1b" not in shown
    assert "<td>one<br>two</td>" in shown and "<caption>a &lt; b</caption>" in shown


def test_batches_reports_and_comparisons_show_themselves(toy):
    jobs = [Job(toy.FIRST, toy.TASK, seed) for seed in range(51, 66)]
    batch = toy.ToyRuns()(jobs, "t")
    shown = batch._repr_html_()
    assert f"<td>{int(batch.passes().sum())}/15</td>" in shown and toy.TASK.key in shown and "15 rollouts" in shown
    report = analyse(batch)
    assert report.programs[0].groups[0].signature.key in report._repr_html_()
    other = toy.ToyRuns()([Job(Program(toy.FIRST.text + "# b", "<b>.py"), toy.TASK, job.seed) for job in jobs], "t")
    table = compare(batch, other)._repr_html_()
    assert "first.py" in table and "&lt;b&gt;.py" in table and "<b>" not in table
