"""What questions cost: prices from a table that anybody may edit, spending by task and role, and its limits."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aspire_mjx.agents.llm.model import Request, Tokens
from aspire_mjx.agents.protocol import Usage
from aspire_mjx.errors import AspireError
from aspire_mjx.files import check_regular_file
from aspire_mjx.shipped import packaged_json

_CLASSES = ("fresh", "written", "recalled", "output")
_LETTERS = 3  # of a token, at least: an estimate that is rather too high
_PICTURE = 2_000  # tokens
_LARGEST = 1_000_000  # bytes of a table


class BudgetReached(Exception):
    """The next question might cost more than is left."""


@dataclass(frozen=True)
class Price:
    """US dollars a million tokens of each class of :class:`Tokens`."""

    fresh: float
    written: float
    recalled: float
    output: float

    def of(self, tokens: Tokens) -> float:
        """US dollars of some tokens."""
        return sum(getattr(self, name) * getattr(tokens, name) for name in _CLASSES) / 1e6


def read_price(model: str, path: str = "") -> Price | None:
    """The price of a model: of the longest key that its name begins with; None where the table has none.

    Args:
        model: its name.
        path: of a table; "" for the one of the package.

    Raises:
        AspireError: a file that is no table of prices.
    """
    if path:
        check_regular_file(path, f"price table {path!r}", most=_LARGEST)
    try:
        models = json.loads(Path(path).read_text(encoding="utf-8"))["models"] if path else _packaged()
        prices = {key: Price(**{name: float(row[name]) for name in _CLASSES}) for key, row in models.items()}
        wrong = [key for key, price in prices.items() if not all(0 <= value < 1e6 for value in vars(price).values())]
        if wrong:
            raise ValueError(f"{wrong[0]} has a price that is none")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise AspireError(
            f"price table {path!r} cannot be read ({type(error).__name__}: {error}); write "
            '{"models": {"NAME": {"fresh": 3, "written": 3.75, "recalled": 0.3, "output": 15}}}, in US dollars a '
            "million tokens."
        ) from None
    known = [key for key in prices if model.startswith(key)]
    return prices[max(known, key=len)] if known else None


def _packaged() -> Mapping[str, Mapping[str, float]]:
    return packaged_json("agents/llm/prices.json")["models"]


@dataclass(frozen=True)
class Limits:
    """What a run may spend; None for no limit.

    Attributes:
        usd: US dollars.
        tokens: of all classes together.
        calls: questions.
    """

    usd: float | None = None
    tokens: int | None = None
    calls: int | None = None


@dataclass
class Spending:
    """What was spent, and whether another question may be asked.

    Attributes:
        price: of the model; None where it is not known.
        limits: of the run.
        spent: by task and role.
        open: the most that questions which are being asked may take.
    """

    price: Price | None
    limits: Limits = Limits()
    spent: dict[tuple[str, str], Usage] = field(default_factory=dict)
    open: list[Tokens] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.limits.usd is not None and self.price is None:
            raise AspireError(
                "--max_usd needs the price of the model, which the table does not hold; give a table with --prices, or "
                "bound the run with --max_tokens or --max_calls."
            )

    @property
    def total(self) -> Usage:
        """Of all tasks and roles."""
        return sum(self.spent.values(), Usage())

    @contextmanager
    def asking(self, request: Request) -> Iterator[None]:
        """While a question is asked, the most that it may take is taken as spent.

        Raises:
            BudgetReached: that is more than is left.
        """
        most = Tokens(written=length_of(request), output=request.max_tokens)
        with self._lock:
            self._check(most)
            self.open.append(most)
        try:
            yield
        finally:
            with self._lock:
                self.open.remove(most)

    def _check(self, most: Tokens) -> None:
        limits, price = self.limits, self.price
        total = self.total + Usage(
            len(self.open), sum(each.total for each in self.open), price and sum(map(price.of, self.open))
        )
        if limits.calls is not None and total.calls + 1 > limits.calls:
            raise BudgetReached(f"{total.calls} calls of --max_calls={limits.calls} are made")
        if limits.tokens is not None and total.tokens + most.total > limits.tokens:
            raise BudgetReached(
                f"{total.tokens} of --max_tokens={limits.tokens} are used, and the next call may take {most.total}"
            )
        if limits.usd is not None and price is not None and (total.usd or 0.0) + price.of(most) > limits.usd:
            raise BudgetReached(
                f"${total.usd or 0.0:.2f} of --max_usd={limits.usd:g} are spent, and the next call may cost "
                f"${price.of(most):.2f}"
            )

    def enter(self, request: Request, tokens: Tokens) -> None:
        """Counts a question that was answered."""
        key = request.task, request.role
        usd = None if self.price is None else self.price.of(tokens)
        with self._lock:
            self.spent[key] = self.spent.get(key, Usage()) + Usage(1, tokens.total, usd)


def length_of(request: Request) -> int:
    """About how many tokens a question has, rather too many than too few."""
    texts = [*request.system, *(f"{tool.description}{json.dumps(tool.input_schema)}" for tool in request.tools)]
    pictures = 0
    for block in (block for message in request.messages for block in message["content"]):
        for part in (block, *(block.get("content") or ())):
            if part["type"] == "image":
                pictures += 1
            elif part["type"] != "tool_result":
                texts.append(str(part.get("text") or part.get("input") or part))
    return sum(map(len, texts)) // _LETTERS + pictures * _PICTURE
