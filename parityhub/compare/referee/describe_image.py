"""The numbers of an output whose last two axes are an image's height and width."""

from msgspec import structs

from parityhub.compare.image_region import Incomparable
from parityhub.compare.metrics.images import ImageMeasures, Layout, measure_images
from parityhub.compare.referee.describe import Numbers
from parityhub.compare.referee.distance import Array
from parityhub.hub.parity_records import OutputRecord

LAYOUTS: dict[int, Layout] = {2: "HW", 3: "NHW", 4: "NCHW"}


def add_image_metrics(record: OutputRecord, left: Array, right: Array) -> OutputRecord:
    """Add SSIM, PSNR and Fourier ring correlation; of complex images those of the amplitude.

    Args:
        record: of the output.
        left: (..., height, width), real or complex.
        right: the reference, of the same shape.

    Returns:
        the record; why there is no such number is its metric `image_refused`.
    """
    if left.ndim > len("NCHW"):
        left, right = (array.reshape(-1, *array.shape[-2:]) for array in (left, right))
    if left.ndim not in LAYOUTS:
        return _refuse(record, f"no height and width in shape {left.shape}")
    found = measure_images(left, right, LAYOUTS[left.ndim])
    if isinstance(found, Incomparable):
        return _refuse(record, found.reason)
    values = found.values or found.amplitude
    return structs.replace(
        record,
        ssim=values.ssim if values else None,
        psnr=values.psnr if values else None,
        metrics=record.metrics | _describe(found),
    )


def _describe(found: ImageMeasures) -> Numbers:
    described: Numbers = {
        "images": found.images,
        "images_skipped": len(found.skipped),
        "frc_resolution": found.resolution,
        "frc_agree_to_nyquist": found.agree_to_nyquist,
    }
    if found.phase is not None:
        described |= {
            "global_phase": max(found.global_phases, key=abs),
            "phase_mae": found.phase.mae,
            "phase_ssim": found.phase.ssim,
        }
    return described


def _refuse(record: OutputRecord, why: str) -> OutputRecord:
    return structs.replace(record, metrics={**record.metrics, "image_refused": why})
