"""What is known of an initiative when its reports are read; each empty for a foreign hub."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ReportContext:
    """Names of the plan that a report may use, if there is a plan."""

    phases: tuple[str, ...] = ()
    """ids: `A`, `B3`, `GS1`"""
    baselines: tuple[str, ...] = ()
    """names: `torch`, `tensorflow`"""
    metrics: tuple[str, ...] = ()
    """names: `patch_amplitude.var_zero_mean`"""
