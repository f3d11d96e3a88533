"""The report of a run for people: what it says is what the traces say, and nothing in it is HTML but its own."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest

from aspire_mjx.errors import RunDirectoryError
from aspire_mjx.printable import printable
from aspire_mjx.reports.__main__ import main
from aspire_mjx.reports.page.build import build
from aspire_mjx.reports.page.content import Rate
from aspire_mjx.reports.page.history import difference
from aspire_mjx.reports.page.rates import in_words
from aspire_mjx.reports.page.render import PAGE, render, write_report
from aspire_mjx.reports.page.run_folder import read_run
from tests.support.attacked import ATTACK, attacked
from tests.support.small_run import small_run
from tests.support.toy_job import toy_job


class Page(HTMLParser):
    """Tags with their attributes, and the text outside of style and script."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self._within = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._within.append(tag)

    def handle_endtag(self, tag):
        if tag in self._within:
            del self._within[len(self._within) - 1 - self._within[::-1].index(tag) :]

    def handle_data(self, data):
        if not {"script", "style"} & set(self._within):
            self.texts.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    """The folder of a search in the toy world."""
    path = tmp_path_factory.mktemp("runs") / "toy"
    toy_job(path)
    write_report(path)
    return path


@pytest.fixture(scope="module")
def missed(tmp_path_factory):
    """The folder of one real rollout that fails."""
    return small_run(tmp_path_factory.mktemp("missed"))


@pytest.fixture(scope="module")
def reports(searched, missed):
    """What is said of both."""
    return {folder: build(read_run(folder)) for folder in (searched, missed)}


def test_it_repeats_byte_for_byte(searched, tmp_path):
    written = (searched / PAGE).read_bytes()
    assert write_report(searched, tmp_path / "again.html").read_bytes() == written
    assert 20_000 < len(written) < 5_000_000


def test_its_numbers_are_those_of_the_traces(searched, reports):
    run = read_run(searched)
    report, batch = reports[searched], run.rollouts
    program = run.config["first_program"]
    first = [i for i, r in enumerate(batch.rollouts["program"]) if batch.programs[r].hash == program]
    first = [i for i in first if not batch.tunables(i)]
    failed = [i for i in first if not batch.rollouts["benchmark"][i]]
    shown = report.maps[0]
    assert (shown.trials, shown.failed) == (len(first), len(failed)) == (60, len(failed)) and failed
    assert sum(cell.count for row in shown.rows for cell in row.cells) == len(failed)
    assert [row.share.passes for row in shown.rows] == sorted((row.share.passes for row in shown.rows), reverse=True)
    empty = sum(
        "EMPTY_GRASP" in [row.status for row in cell.worst[0].calls]
        for row in shown.rows
        for cell in row.cells
        if cell.count and row.words == "close_gripper answers EMPTY_GRASP"
    )
    assert empty == 1
    most = max(row.share.passes for row in shown.rows)
    assert f"({most} of {len(failed)} failures)" in report.headline
    rates = {(group.role, label): rate for group in report.rates for label, rate in group.rates}
    totals = run.summary["totals"]
    for role in ("debug", "validation", "heldout"):
        for which, label in (("first", "first programs"), ("learned", "chosen programs")):
            score = totals[which][role]
            assert rates[role, label] == Rate(
                score["passes"], score["trials"], score["interval_low"], score["interval_high"]
            )
    rounds = [rate for (role, label), rate in rates.items() if role == "debug" and "round" in label]
    assert rounds and all(rate.trials == 30 for rate in rounds)
    assert rounds[-1].passes >= rates["debug", "first programs"].passes


def test_of_held_out_seeds_it_shows_rates_only(searched, reports):
    run = read_run(searched)
    assert set(run.rollouts.rollouts["seed"].tolist()) == set(range(51, 81))
    worst = [r for m in reports[searched].maps for row in m.rows for cell in row.cells for r in cell.worst]
    assert worst and all(51 <= rollout.seed <= 80 for rollout in worst)
    assert all(rollout.file.endswith(".msgpack") and (searched / "traces" / rollout.file).exists() for rollout in worst)


def test_skills_differences_and_descent_are_those_of_the_run(searched, reports):
    run = read_run(searched)
    report = reports[searched]
    assert {skill.name for skill in report.admitted} == set(run.summary["totals"]["skills_admitted"]) != set()
    assert all("McNemar p" in skill.evidence and skill.what for skill in report.admitted)
    for task, shown in zip(run.summary["tasks"], report.histories, strict=True):
        nodes, line = list(shown.tree), []
        while nodes:
            line += [node := nodes.pop()]
            nodes += node.children
        programs = {
            (each["program"], json.dumps(each["tunables"])) for r in task["rounds"] for each in r["candidates"]
        } | {(task["first"]["program"], "{}")}
        assert len(line) == len(programs) and sum(node.chosen for node in line) == 1
        added = [each.text for change in shown.changes for each in change.lines if each.kind == "added"]
        chosen, first = (run.text_of(each["program"]).splitlines() for each in (task, task["first"]))
        assert {f"+{each}" for each in chosen if each not in first} <= set(added)


def test_a_difference_is_cut_where_it_is_long():
    lines = difference("", "\n".join(f"x = {number}" for number in range(1000)))
    assert len(lines) < 300 and lines[-1].text.startswith("... ") and lines[-1].text.endswith(" more lines")
    assert difference("a\n", "a\n") == ()


def test_a_rollout_is_shown_with_its_judge_and_its_picture(missed, reports):
    report = reports[missed]
    rollout = report.typical
    assert rollout is not None and [call.status for call in rollout.calls] == ["OK", "OK", "EMPTY_GRASP"]
    assert [call.blamed for call in rollout.calls] == [False, False, True]
    assert any("alphabet_soup_1" in words for words in rollout.calls[1].judged)
    assert rollout.keyframe is not None and len(rollout.keyframe.pictures) == 2
    assert "fingertip point" in dict((text, colour) for colour, text in rollout.keyframe.legend)
    assert all(each.uri.startswith("data:image/webp;base64,") for each in rollout.keyframe.pictures)
    assert "EMPTY_GRASP" in report.headline and not report.histories
    ((_, benchmark), (_, strict)) = report.rates[0].rates
    assert (benchmark.passes, benchmark.trials) == (strict.passes, strict.trials) == (0, 1)


def test_no_text_becomes_html(reports):
    for report in reports.values():
        plain, page = Page(render(report)), Page(render(attacked(report)))
        kinds = [{(tag, *sorted(attributes)) for tag, attributes in each.tags} for each in (page, plain)]
        assert kinds[0] == kinds[1] and len(page.all("script")) == len(page.all("style")) == 1
        shown = "".join(page.texts)
        assert printable(ATTACK) in shown and "\x1b" not in shown and "\u202e" not in shown


def test_it_asks_nothing_of_a_network(missed, reports):
    page = Page(render(reports[missed]))
    addresses = [
        each.get(name) for _, each in page.tags for name in ("src", "href", "action", "srcset") if name in each
    ]
    assert addresses and all(str(each).startswith(("#", "data:")) for each in addresses)
    (policy,) = [each["content"] for each in page.all("meta") if each.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-") and "unsafe" not in policy
    assert not any("style" in each or any(name.startswith("on") for name in each) for _, each in page.tags)


def test_every_picture_cell_and_table_has_words(searched):
    page = Page((searched / PAGE).read_text(encoding="utf-8"))
    assert all(each.get("alt") for each in page.all("img"))
    cells = [each for each in page.all("a") if str(each.get("class", "")).startswith("cell")]
    assert cells and all("failed rollouts" in str(each["aria-label"]) for each in cells)
    names = {each["id"] for _, each in page.tags if "id" in each}
    assert all(str(each["href"])[1:] in names for each in cells)
    assert len(page.all("caption")) == len(page.all("table")) and page.all("html") == [{"lang": "en"}]


def test_the_command_writes_it_again(missed, tmp_path, capsys):
    out = tmp_path / "other.html"
    assert main(["reports", "html", str(missed)]) == 0 and main(["reports", "html", str(missed), f"--out={out}"]) == 0
    assert (missed / PAGE).read_bytes() == out.read_bytes() and "needs no network" in capsys.readouterr().out
    (tmp_path / "empty").mkdir()
    for folder, said in ((tmp_path / "empty", "config.json"), (tmp_path / "gone", "config.json")):
        assert main(["reports", "html", str(folder)]) == 2
        assert said in capsys.readouterr().err
    assert main(["reports", "html", str(missed), str(missed)]) == 2


def test_a_report_that_cannot_be_written_says_where_else(missed, tmp_path):
    (tmp_path / PAGE).mkdir()
    with pytest.raises(RunDirectoryError, match="cannot be written .*--out=FILE"):
        write_report(missed, tmp_path / PAGE)
    assert [each.name for each in tmp_path.iterdir()] == [PAGE]


def test_a_damaged_folder_is_refused(tmp_path):
    toy_job(tmp_path / "run", tasks=1)
    for name, content, said in (
        ("events.jsonl", "{", "is not JSON"),
        ("summary.json", "[]", "no map"),
        ("config.json", "\x00", "cannot be read"),
    ):
        kept = (tmp_path / "run" / name).read_text()
        (tmp_path / "run" / name).write_text(content)
        with pytest.raises(RunDirectoryError, match=said):
            write_report(tmp_path / "run")
        (tmp_path / "run" / name).write_text(kept)


def test_rates_are_said_with_their_interval():
    assert in_words(Rate(7, 30, 0.118, 0.409)) == "7 of 30 (23 %, 95 % interval 12–41 %)"
    assert in_words(Rate(0, 0, 0.0, 1.0)) == "0 of 0"
