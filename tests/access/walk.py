"""Every address of the site with its mark, found from the URL configuration itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# Views of libraries and of operators that carry no mark of ours; each has a reason.
UNMARKED = {
    "account": "sign-in, sign-up and second factor belong to the library",
    "mfa": "sign-in, sign-up and second factor belong to the library",
}


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    view: Callable[..., Any]
    parameters: tuple[str, ...]

    @property
    def mark(self) -> str:
        """What opens the view: "public", "signed in", or the permissions."""
        allow = getattr(self.view, "allow", None)
        if allow is None or isinstance(allow, str):
            return allow or ""
        return " | ".join(sorted(str(perm) for perm in allow))

    @property
    def of_a_library(self) -> bool:
        return self.name.partition("_")[0] in UNMARKED


def addresses(
    patterns: list[Any] | None = None, space: str = "", before: tuple[str, ...] = ()
) -> Iterator[Address]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        names = (*before, *pattern.pattern.regex.groupindex, *getattr(pattern.pattern, "converters", {}))
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, inner, names)
        elif isinstance(pattern, URLPattern):
            name = f"{space}{pattern.name}" if pattern.name else str(pattern.pattern)
            yield Address(name, pattern.callback, tuple(dict.fromkeys(names)))
