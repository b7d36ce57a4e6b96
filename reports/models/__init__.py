"""What is kept of the reports: rolled up figures, closed years, restatements, drawn charts."""

from reports.models.rollup import (
    Basis,
    Chart,
    ClosedFigure,
    Dimension,
    Restatement,
    RollupFigure,
    RollupYear,
)

__all__ = ["Basis", "Chart", "ClosedFigure", "Dimension", "Restatement", "RollupFigure", "RollupYear"]
