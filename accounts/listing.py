"""Every list page: search, filters, sort, paging and export over one queryset.

    page = listing(request, Loan.objects.all(), columns=[...], filterset=LoanFilter, filename="loans")
    return page if isinstance(page, HttpResponseBase) else render(request, "loans/loans.html", page)

The page fetches one row more than it shows, so that "next" costs no COUNT over a huge table; the total is
counted only up to `COUNTED`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django_filters import FilterSet

from accounts import searching
from accounts.exports import export

COUNTED = 1_000
PAGE_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is called, where its value comes from, how it sorts and shows.

    `accessor` is a dotted path over attributes (methods are called) or a callable of the row; `sort` the name
    to order by, if it sorts; `template` renders a value that no plain kind covers (it gets `value` and `row`).
    """

    label: str | Promise
    accessor: str | Callable[[Any], Any]
    sort: str = ""
    numeric: bool = False
    link: Callable[[Any], str] | None = None
    template: str = ""
    exported: bool = True

    def value(self, row: Any) -> Any:
        if callable(self.accessor):
            return self.accessor(row)
        for name in self.accessor.split("."):
            row = getattr(row, name, None)
            if callable(row):
                row = row()
        return row


@dataclass(frozen=True, slots=True)
class Cell:
    column: Column
    value: Any
    url: str


@dataclass(frozen=True, slots=True)
class Head:
    """A column's heading; `order` is ascending, descending or empty, `url` sorts by it (the other way round)."""

    column: Column
    order: str
    url: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of rows that knows its neighbours but not its total."""

    number: int
    per_page: int
    has_previous: bool
    has_next: bool
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class Listing:
    heads: list[Head]
    rows: list[list[Cell]]
    page: Page
    total: int
    more_than_total: bool
    filter_form: Any
    has_search: bool
    query: str
    sort: str
    filtered: bool
    csv_url: str
    xlsx_url: str


def listing(
    request: HttpRequest,
    queryset: QuerySet[Any],
    *,
    columns: Sequence[Column],
    filterset: type[FilterSet] | None,
    filename: str,
    per_page: int = 50,
    search: Sequence[str] = (),
) -> HttpResponseBase | dict[str, Any]:
    """The context of a list page (`listing`), or the export that was asked for (`?export=csv` or `xlsx`)."""
    query = request.GET.get("q", "").strip()[:100]
    form = None
    if filterset is not None:
        chosen = filterset(request.GET, queryset=queryset, request=request)
        queryset, form = chosen.qs, chosen.form
    rows = searching.found(queryset, query, search)
    rows, sort = _ordered(rows, request.GET.get("sort", ""), columns)
    if (kind := request.GET.get("export", "")) in {"csv", "xlsx"}:
        return export(rows, columns=columns, filename=filename, kind=kind)
    number = _page_number(request.GET.get("page", ""))
    start = (number - 1) * per_page
    fetched = list(rows[start : start + per_page + 1])
    total = rows.order_by()[: COUNTED + 1].count()
    page = Page(
        number=number,
        per_page=per_page,
        has_previous=number > 1,
        has_next=len(fetched) > per_page,
        previous_url=_url(request, page=number - 1),
        next_url=_url(request, page=number + 1),
    )
    found = Listing(
        heads=[_head(request, column, sort) for column in columns],
        rows=[_cells(row, columns) for row in fetched[:per_page]],
        page=page,
        total=min(total, COUNTED),
        more_than_total=total > COUNTED,
        filter_form=form,
        has_search=bool(search),
        query=query,
        sort=sort,
        filtered=bool(query) or bool(form is not None and form.has_changed()),
        csv_url=_url(request, export="csv", page=None),
        xlsx_url=_url(request, export="xlsx", page=None),
    )
    return {"listing": found, "page": page, "filter_form": form}


def _ordered(queryset: QuerySet[Any], wanted: str, columns: Sequence[Column]) -> tuple[QuerySet[Any], str]:
    """In the order that was asked for, the key last so that pages never overlap."""
    name = wanted.removeprefix("-")
    if name and name in {column.sort for column in columns}:
        return queryset.order_by(wanted, "-pk" if wanted.startswith("-") else "pk"), wanted
    standing = [str(part) for part in queryset.query.order_by] or [
        str(part) for part in _model(queryset)._meta.ordering or ()
    ]
    return queryset.order_by(*standing, "pk" if standing else "-pk"), ""


def _model(queryset: QuerySet[Any]) -> type[Model]:
    return queryset.model


def _page_number(text: str) -> int:
    return min(max(int(text), 1), PAGE_MAX) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def _url(request: HttpRequest, **changes: Any) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}"


def _head(request: HttpRequest, column: Column, sort: str) -> Head:
    if not column.sort:
        return Head(column, "", "")
    order = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(sort, "")
    turned = f"-{column.sort}" if order == "ascending" else column.sort
    return Head(column, order, _url(request, sort=turned, page=None))


def _cells(row: Any, columns: Sequence[Column]) -> list[Cell]:
    return [Cell(column, column.value(row), column.link(row) if column.link else "") for column in columns]
