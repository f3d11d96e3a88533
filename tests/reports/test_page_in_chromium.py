"""The report opens in a browser: cells show rollouts, keys work, nothing is asked for, nothing attacks."""

from __future__ import annotations

import pytest

from aspire_mjx.printable import printable
from aspire_mjx.reports.page.build import build
from aspire_mjx.reports.page.render import render
from aspire_mjx.reports.page.run_folder import read_run
from tests.support.attacked import ATTACK, attacked
from tests.support.chromium import BROWSER, DRIVER, MISSING, chromium
from tests.support.small_run import small_run
from tests.support.toy_job import toy_job

pytestmark = pytest.mark.skipif(not (BROWSER and DRIVER), reason=MISSING)

_SHOWN = "return [...document.querySelectorAll('.panel')].filter((each) => each.offsetParent).map((each) => each.id)"
_SQUEEZED = """return [...document.querySelectorAll("caption, h1, h2, h3, p, li, dd, summary, tbody th")]
  .filter((each) => each.offsetParent && !each.matches(".unseen"))
  .filter((each) => each.offsetWidth < 80 && each.innerText.length > 20)
  .map((each) => each.innerText)"""
_TEXT = "return document.querySelector('.panel:target').innerText"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Pages of a search in the toy world and of a real rollout, each as it is and with hostile texts."""
    folder, written = tmp_path_factory.mktemp("pages"), {}
    toy_job(folder / "toy", tasks=1)
    (folder / "small").mkdir()
    for name, run in (("toy", folder / "toy"), ("small", small_run(folder / "small"))):
        report = build(read_run(run))
        for kind, shown in ((name, report), (f"hostile {name}", attacked(report))):
            written[kind] = folder / f"{kind}.html"
            written[kind].write_text(render(shown), encoding="utf-8")
    return written


def quiet(browser, page):
    """Nothing on the console, and no address but the page's own and its data."""
    console, asked = browser.told()
    return not console and all(url == page.as_uri() or url.startswith("data:") for url in asked)


def test_a_click_on_a_cell_shows_its_worst_rollout_call_by_call(browser, pages):
    browser.open(pages["toy"])
    assert browser.run(_SHOWN) == []
    browser.run("document.querySelector('a.cell.level-5').click()")
    (panel,) = browser.run(_SHOWN)
    assert browser.run("return document.activeElement.id") == panel
    text = browser.run(_TEXT)
    assert "seed" in text and "blamed" in text and "goto_pose" in text
    assert browser.run("return document.querySelector('.panel:target details').open") is True
    assert quiet(browser, pages["toy"])


def test_the_map_is_worked_by_keys_alone(browser, pages):
    from selenium.webdriver.common.keys import Keys

    browser.open(pages["toy"])
    browser.run("document.querySelector('a.cell').focus()")
    first = browser.run("return document.activeElement.hash")
    browser.press(Keys.ARROW_DOWN)
    second = browser.run("return document.activeElement.hash")
    assert first != second and second.startswith("#cell-first-1-")
    browser.press(Keys.ENTER)
    assert [f"#{name}" for name in browser.run(_SHOWN)] == [second]
    browser.press(Keys.ESCAPE)
    assert browser.run(_SHOWN) == [] and browser.run("return document.activeElement.hash") == second
    browser.run("document.getElementById('tab-first').focus()")
    browser.press(Keys.ARROW_RIGHT)
    assert browser.run("return document.querySelector('[data-map=chosen]').offsetParent !== null")
    assert browser.run("return document.querySelector('[data-map=first]').offsetParent === null")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["toy", "small", "hostile toy", "hostile small"])
def test_it_fits_a_phone_and_is_quiet(browser, pages, name, dark):
    browser.open(pages[name], width=360, height=740, dark=dark)
    browser.run("document.querySelectorAll('details').forEach((each) => each.open = true)")
    for cell in range(browser.run("return document.querySelectorAll('a.cell').length")):
        browser.run("document.querySelectorAll('a.cell')[arguments[0]].click()", cell)
        assert browser.run("return document.documentElement.scrollWidth") == 360
        assert browser.run(_SQUEEZED) == []
    assert quiet(browser, pages[name])


@pytest.mark.parametrize("dark", [False, True])
def test_text_stands_out_from_what_is_behind_it(browser, pages, dark):
    """4.5 to 1 at least, as the WCAG ask for."""
    browser.open(pages["toy"], dark=dark)
    browser.run("document.querySelectorAll('details').forEach((each) => each.open = true)")
    browser.run("document.querySelector('a.cell.level-5').click()")
    assert browser.run(_FAINT) == []


_FAINT = """
const parse = (text) => text.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
function behind(element) {
  for (let each = element; each; each = each.parentElement) {
    const colour = parse(getComputedStyle(each).backgroundColor);
    if (colour.length === 3 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
}
const faint = [];
for (const element of document.body.querySelectorAll("*")) {
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  if (!own || !element.offsetParent || element.tagName === "SCRIPT") continue;
  const [one, two] = [parse(getComputedStyle(element).color), behind(element)].map(light).sort((a, b) => b - a);
  if ((one + 0.05) / (two + 0.05) < 4.5) faint.push(`${element.tagName}.${element.className}: ${element.innerText}`);
}
return faint;
"""


def test_hostile_texts_are_shown_as_text_and_do_nothing(browser, pages):
    for name in ("hostile toy", "hostile small"):
        browser.open(pages[name])
        browser.run("document.querySelectorAll('details').forEach((each) => each.open = true)")
        browser.run("document.querySelector('a.cell').click()")
        assert browser.run("return typeof attacked") == "undefined"
        assert browser.run("return document.querySelectorAll('#attack, [onerror], [onfocus], script[src]').length") == 0
        assert printable(ATTACK) in browser.run(_TEXT) and quiet(browser, pages[name])


def test_a_picture_is_drawn(browser, pages):
    browser.open(pages["small"])
    widths = browser.run("return [...document.images].map((each) => each.complete && each.naturalWidth)")
    assert len(widths) >= 2 and min(widths) > 200
