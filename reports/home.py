"""The public home page: what the fund does, who may apply, how it works, what it has achieved."""

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.clock import today
from accounts.permissions import public
from fund.models import Product
from reports.models import RollupFigure
from reports.models.rollup import Basis, Dimension


def headline() -> dict[str, object] | None:
    """The verified figures of the last year rolled up, from the fund's start (B-4); None before the first."""
    verified = RollupFigure.objects.filter(
        dimension=Dimension.FUND, basis=Basis.VERIFIED, indicator__headline=True
    )
    year = verified.aggregate(last=Max("year"))["last"]
    if year is None:
        return None
    figures = verified.filter(year=year, cumulative__gt=0).select_related("indicator")
    return {"year": year, "figures": list(figures.order_by("indicator__order")[:6])}


@public
def home(request: HttpRequest) -> HttpResponse:
    offered = Product.objects.in_force(today()).order_by("code")
    return render(request, "reports/home.html", {"results": headline(), "products": offered})
