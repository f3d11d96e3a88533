"""Makes aspire_mjx/sensing/data/wordnet.json: the words of WordNet near those of the detector's vocabulary.

Run as ``python scripts/extract_wordnet.py FOLDER``, with the folder of WordNet 3.0's database files: Debian's package
``wordnet-base`` has them in ``/usr/share/wordnet``. The senses below were chosen by hand; the words come from WordNet.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_OUT = Path(__file__).parents[1] / "aspire_mjx" / "sensing" / "data" / "wordnet.json"

#: Words of the vocabulary for shapes and uses of things, and their senses: more special words are near them too.
_KINDS = (
    "can.1 tin.3 carton.2 bottle.1 bowl.3 mug.4 cup.1 book.1 book.2 cabinet.1 box.1 basket.1 plate.4 saucer.2 "
    "ramekin.2 pan.1 pot.1 tray.1 rack.5 shelf.1 stove.1 microwave.2 bin.1 package.2"
)
#: Words for what is in a package. Another kind of soup is another soup: only more general words are near them.
_CONTENTS = "soup.1 sauce.1 ketchup.1 dressing.1 cheese.1 butter.1 pudding.3 milk.1 juice.1 cookie.1 wine.1"
#: Too general to tell one thing from another.
_TOO_GENERAL = (
    "artifact instrumentality instrumentation whole unit entity matter substance foodstuff area structure device "
    "product creation support solid fluid liquid agent ingredient drug course sweet implement production furnishing "
    "cooker article artefact construction flat nutrient receptacle drink food dish"
)
_UP, _DOWN, _SYNONYM = (0.9, 0.8, 0.7), (0.85, 0.75), 1.0  # how near, by the number of steps
_SISTERS, _SISTER, _FAMILY = 4, 0.65, 4  # words of a family so small are near each other
#: Adjectives and what they mean: their synonyms, and what WordNet calls similar to them.
_ADJECTIVES = {
    "shape": "round.1 square.1 rectangular.1 cylindrical.1 oval.1 triangular.1 curved.1 conical.1 flat.2",
    "size": "large.1 small.1 tall.1 short.3 long.2 wide.1 narrow.1 thick.1 thin.1 deep.3 shallow.1",
}
#: Nouns for materials, and how many steps down their special kinds are taken.
_MATERIALS = {
    "wicker": ("wicker.1 wicker.2 rattan.2", 0),
    "wood": ("wood.1", 1),
    "metal": ("metal.2 steel.1 iron.1 aluminum.1 copper.1 tin.1 brass.1 bronze.1 pewter.1 chromium.1", 0),
    "ceramic": ("ceramic.1 porcelain.1 pottery.1 china.2 earthenware.1 stoneware.1", 0),
    "glass": ("glass.1", 1),
    "plastic": ("plastic.1", 1),
    "paper": ("paper.1 cardboard.1", 0),
    "fabric": ("fabric.1 cotton.2 wool.1 linen.1 denim.2", 0),
    "leather": ("leather.1", 0),
    "rubber": ("rubber.1", 0),
    "stone": ("stone.2 marble.1 granite.1", 0),
}
_COLOURS = "red.1 orange.2 yellow.1 green.1 blue.1 purple.1 pink.1 brown.1 gray.2 black.1 white.2"


@dataclass(frozen=True)
class _Words:
    """One part of speech: a synset's words and pointers (kind, synset, part of speech), and the synsets of a word."""

    words: dict[str, tuple[str, ...]]
    pointers: dict[str, list[tuple[str, str, str]]]
    senses: dict[str, list[str]]

    def sense(self, name: str) -> str:
        """The synset of ``word.number``."""
        word, number = name.split(".")
        return self.senses[word][int(number) - 1]

    def linked(self, synsets: Iterable[str], *kinds: str) -> list[str]:
        """What any of the synsets points at."""
        return [to for synset in synsets for kind, to, _ in self.pointers[synset] if kind in kinds]

    def plain(self, synsets: Iterable[str]) -> Iterator[str]:
        """Their single words, without names."""
        return (word for synset in synsets for word in self.words[synset] if word.isalpha() and word.islower())


def _read(folder: Path, part: str) -> _Words:
    words, pointers, senses = {}, {}, {}
    for line in (folder / f"data.{part}").read_text(encoding="latin-1").splitlines():
        if not line.startswith("  "):
            synset, _, _, count, *rest = line.partition("|")[0].split()
            end = 2 * int(count, 16)
            words[synset] = tuple(word.partition("(")[0] for word in rest[:end:2])
            at = range(end + 1, end + 1 + 4 * int(rest[end]), 4)
            pointers[synset] = [(rest[k], rest[k + 1], rest[k + 2]) for k in at]
    for line in (folder / f"index.{part}").read_text(encoding="latin-1").splitlines():
        if not line.startswith("  "):
            word, _, count, *rest = line.split()
            senses[word] = rest[-int(count) :]
    return _Words(words, pointers, senses)


def _near(nouns: _Words) -> dict[str, dict[str, float]]:
    """Each noun's nearness, 0 to 1, to the words of the vocabulary."""
    found: dict[str, dict[str, float]] = defaultdict(dict)

    def add(words: Iterable[str], anchor: str, grade: float) -> None:
        for word in words:
            if word not in _TOO_GENERAL.split() and word != anchor:
                found[word][anchor] = max(grade, found[word].get(anchor, 0.0))

    for sense in f"{_KINDS} {_CONTENTS}".split():
        anchor, start = sense.split(".")[0], [nouns.sense(sense)]
        add(nouns.plain(start), anchor, _SYNONYM)
        above = start
        for grade in _UP:
            above = nouns.linked(above, "@")
            add(nouns.plain(above), anchor, grade)
        if sense in _CONTENTS.split():
            continue
        below = start
        for grade in _DOWN:
            below = nouns.linked(below, "~")
            add(nouns.plain(below), anchor, grade)
        for parent in nouns.linked(start, "@"):
            family = nouns.linked([parent], "~")
            if len(family) <= _FAMILY:
                add(nouns.plain(family), anchor, _SISTER)
    return {word: dict(sorted(found[word].items())) for word in sorted(found)}


def _below(nouns: _Words, senses: Iterable[str], steps: int) -> list[str]:
    found = level = [nouns.sense(sense) for sense in senses]
    for _ in range(steps):
        level = nouns.linked(level, "~")
        found = found + level
    return found


def _properties(nouns: _Words, adjectives: _Words) -> dict[str, dict[str, str]]:
    """By kind of property: its words, and the plain word that each of them means."""
    found: dict[str, dict[str, str]] = {"colour": {}, "material": {}, "shape": {}, "size": {}}
    for kind, senses in _ADJECTIVES.items():
        for sense in senses.split():
            start, plain = [adjectives.sense(sense)], sense.split(".")[0]
            for word in (plain, *adjectives.plain([*start, *adjectives.linked(start, "&")])):
                found[kind].setdefault(word, plain)
    for material, (senses, steps) in _MATERIALS.items():
        synsets = _below(nouns, senses.split(), steps)
        made = [a for a, own in adjectives.pointers.items() if any(k == "\\" and to in synsets for k, to, _ in own)]
        for word in (material, *nouns.plain(synsets), *adjectives.plain(made)):
            found["material"].setdefault(word, material)
    chromatic = adjectives.linked(map(adjectives.sense, ("chromatic.3", "achromatic.1")), "&")
    for sense in _COLOURS.split():
        plain, synsets = sense.split(".")[0], set(_below(nouns, [sense], 2))
        first = (word for word in nouns.plain(synsets) if nouns.senses[word][0] in synsets)  # not chocolate, not lime
        like = [a for a in chromatic if plain in adjectives.words[a]]
        for word in (plain, *first, *adjectives.plain(like)):
            found["colour"].setdefault(word, plain)
    return {kind: dict(sorted(words.items())) for kind, words in found.items()}


def main() -> None:
    """Reads the database and writes the extract."""
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "data.noun").exists():
        sys.exit("give the folder of WordNet 3.0's files, e.g. /usr/share/wordnet of Debian's package wordnet-base")
    nouns, adjectives = (_read(Path(sys.argv[1]), part) for part in ("noun", "adj"))
    extract = {"near": _near(nouns), "properties": _properties(nouns, adjectives)}
    lines = [
        f'  "{group}": {{\n'
        + ",\n".join(f"    {json.dumps(word)}: {json.dumps(value)}" for word, value in sorted(extract[group].items()))
        + "\n  }"
        for group in extract
    ]
    notice = (
        "Derived from WordNet 3.0, Copyright 2006 by Princeton University; see NOTICE and scripts/extract_wordnet.py"
    )
    _OUT.write_text(f'{{\n  "notice": "{notice}",\n' + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
