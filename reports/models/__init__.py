"""What is kept of the reports: rolled up figures, closed years, restatements, drawn charts."""

from reports.models.rollup import Chart, ClosedFigure, Restatement, RollupFigure, RollupYear

__all__ = ["Chart", "ClosedFigure", "Restatement", "RollupFigure", "RollupYear"]
