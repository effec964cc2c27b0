"""What a run is going to do, told before it does it."""

from collections.abc import Sequence

from parityhub.plan.model import Phase
from parityhub.plan.situation import resolve_situations
from parityhub.run.moment import RUNNING, WAITING, Expected, Mark, Moment
from parityhub.run.setting import Setting


def announce_phases(phases: Sequence[Phase], expected: Expected, mark: Mark) -> None:
    """Tell which phases are to run."""
    for phase in phases:
        took = expected.get((phase.id,))
        mark(Moment(part=(phase.id,), status=WAITING, title=phase.title, expected=took))


def announce_parts(setting: Setting) -> None:
    """Tell that a phase begins, and of which parts it is: its gate, its rungs, its checks."""
    phase, mark = setting.phase, setting.mark
    mark(Moment(part=(phase.id,), status=RUNNING))
    if phase.gate:
        part = (phase.id, "gate")
        mark(Moment(part=part, status=WAITING, expected=setting.expected.get(part)))
    for run in phase.runs:
        side = (phase.id, f"run:{run.baseline}")
        title = setting.plan.baselines[run.baseline].title
        mark(Moment(part=side, status=WAITING, title=title))
        for rung in resolve_situations(setting.plan, phase, run):
            mark(Moment(part=(*side, rung.rung), status=WAITING, title=rung.title))
    for check in phase.checks:
        part = (phase.id, f"check:{check.id}")
        mark(Moment(part=part, status=WAITING, title=check.title))
