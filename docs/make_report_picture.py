"""Draws docs/report.png: the first screen of a run's report, in a wide window and on a phone.

python docs/make_report_picture.py RUN_DIR

RUN_DIR is a run directory with its report.html. Needs Chromium on the path (Debian's package chromium).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from rich.console import Console

from aspire_mjx.command import Command, Options
from aspire_mjx.errors import AspireError
from aspire_mjx.reports.page.render import PAGE

_WIDE, _PHONE = (1180, 1240), (500, 1240)  # pixels; Chromium opens no narrower window
_GAP = 20
_COLOURS = 256  # of the picture's palette: it stays below 200 kB
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars")
_OFFLINE = ("--disable-background-networking", "--disable-component-update", "--disable-sync")


def shot(browser: str, address: str, size: tuple[int, int]) -> Image.Image:
    """What a window of a size shows of a page.

    Raises:
        AspireError: the browser draws nothing.
    """
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "shot.png"
        window = (f"--user-data-dir={folder}/profile", f"--screenshot={picture}", f"--window-size={size[0]},{size[1]}")
        done = subprocess.run([browser, *_FLAGS, *_OFFLINE, *window, address], capture_output=True, timeout=120)
        if not picture.exists():
            raise AspireError(f"{browser} drew nothing: {done.stderr.decode(errors='replace')[-300:]}")
        with Image.open(picture) as image:
            return image.convert("RGB")


def _main(options: Options, arguments: list[str], console: Console) -> None:
    if len(arguments) != 1 or not (page := Path(arguments[0]) / PAGE).is_file():
        raise AspireError(f"name the directory of a run that has a {PAGE}.")
    browser = shutil.which("chromium")
    if browser is None:
        raise AspireError("no chromium on the path; install Debian's package chromium.")
    wide, phone = (shot(browser, page.resolve().as_uri(), size) for size in (_WIDE, _PHONE))
    sheet = Image.new("RGB", (wide.width + _GAP + phone.width, wide.height), "white")
    sheet.paste(wide, (0, 0))
    sheet.paste(phone, (wide.width + _GAP, 0))
    path = Path(__file__).with_name("report.png")
    sheet.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"wrote {path}: {path.stat().st_size / 1000:.0f} kB")


main = Command(_main, lambda flags: None, usage=__doc__)

if __name__ == "__main__":
    sys.exit(main())
