"""What pictures of a run are drawn from: extremes, histograms and losses, as JSON in the hub."""

from parityhub.hub.records import Record


class CurveRecord(Record, frozen=True, kw_only=True):
    """The loss of one side, epoch by epoch."""

    side: str
    """the baseline"""
    file: str
    """where the program wrote it"""
    losses: tuple[float | None, ...]
    """one an epoch; None: not finite"""


class GridRecord(Record, frozen=True, kw_only=True):
    """The first patches of an array that one side left: what a grid of them shows."""

    side: str
    name: str
    """of the artifact in the plan"""
    shows: str
    file: str
    """the array: (n, H, W), real or complex; its magnitudes are shown"""
    shape: tuple[int, ...]
    shown: int
    """how many patches, from the first"""
    least: float | None
    """of the finite magnitudes shown; None: there are none"""
    greatest: float | None
    not_finite: int


class PlaneRecord(Record, frozen=True, kw_only=True):
    """An image that a check computed and kept."""

    name: str
    """`left_amplitude`, `difference_phase`: the file without its ending"""
    file: str
    """(H, W), real; NaN where nothing was compared"""
    shape: tuple[int, ...]
    least: float | None
    greatest: float | None
    not_finite: int


class HistogramRecord(Record, frozen=True, kw_only=True):
    """How many elements of a difference have which magnitude, in bins between powers of 2."""

    name: str
    """what differs: an output, `amplitude`, `phase`"""
    unit: str
    """`rad`, or empty"""
    files: tuple[str, ...]
    """the differences, or the two arrays that differ"""
    elements: int
    zeros: int
    """elements that are equal"""
    not_finite: int
    below: int
    """elements that are not equal and differ by less than the first edge"""
    edges: tuple[float, ...]
    """powers of 2, one more than counts; each bin holds its lower edge. Beyond float64 the last is
    its greatest number, which that bin holds too"""
    counts: tuple[int, ...]
    greatest: float | None


class CheckFigures(Record, frozen=True, kw_only=True):
    """What the pictures of one check show."""

    check: str
    planes: tuple[PlaneRecord, ...] = ()
    histograms: tuple[HistogramRecord, ...] = ()


class FiguresRecord(Record, frozen=True, kw_only=True):
    """What the pictures of one run of a phase show; each number was computed when it ran."""

    phase: str
    run: int
    curves: tuple[CurveRecord, ...] = ()
    curve_differences: tuple[float | None, ...] = ()
    """second less first curve, epoch by epoch, where there are two of one length; else empty"""
    grids: tuple[GridRecord, ...] = ()
    checks: tuple[CheckFigures, ...] = ()
