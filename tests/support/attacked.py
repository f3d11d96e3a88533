"""Reports in which every text is hostile."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from aspire_mjx.reports.page.content import Picture

#: HTML, ends of what texts stand in, a template, an event, and control characters that turn the direction of writing
ATTACK = (
    "</script></style></title></code><script>attacked=1</script><img id=attack src=x onerror=attacked=2>"
    "<a id=attack href=javascript:attacked=3>{{ 7 * 7 }}{% raw %}\" onfocus='attacked=4' autofocus=' "
    "&lt;b&gt;\x1b[31m\u202e"
)
KEPT = ("id", "kind", "role", "uri", "key")  # what the page's own code makes, or names a part of it by


def attacked(value: Any) -> Any:
    """The same with an attack behind every text; pictures keep their data, parts of the page their names."""
    if isinstance(value, str):
        return value + ATTACK if value else value
    if isinstance(value, tuple):
        return tuple(attacked(each) for each in value)
    if isinstance(value, Picture):
        return replace(value, title=value.title + ATTACK)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {each.name: getattr(value, each.name) for each in fields(value)}
        return replace(value, **{name: each if name in KEPT else attacked(each) for name, each in changes.items()})
    return value
