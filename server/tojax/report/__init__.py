"""Findings in the formats that people and other programs read."""

from __future__ import annotations

from tojax.report.findings import FindingFormat, render_findings

__all__ = ["FindingFormat", "render_findings"]
