"""How numbers are written, what they are called, and what they count."""

import re
from decimal import Decimal, InvalidOperation

DIGITS = (
    r"[-+−]?(?:\d{1,3}(?:,\d{3}){1,6}(?!\d)(?:\.\d{1,40})?|\d{1,40}(?:\.\d{1,40})?|\.\d{1,40})"
    r"(?:[eE][-+−]?\d{1,4}|[ ]?[×·][ ]?10(?:\^[-−]?\d{1,3}|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))?"
)
UNITS = (
    r"bytes?|[kKMGT]i?B|B|ms|µs|us|ns|s|sec(?:onds?|s)?|min(?:utes?)?|h(?:ours?)?|%|px|pixels?"
    r"|ULPs?|ulps?|[kMG]?Hz|GFLOPS|TFLOPS"
)
NUMBER = re.compile(
    rf"(?<![\w.$#@\\])(?<![^\d\s]/)(?<![A-Za-z]-)(?<![\d.][-+])(?P<value>{DIGITS}|[-+]?(?:inf|nan"
    rf"|NaN)\b)"
    rf"(?:(?P<gap>[ ]?)(?P<unit>{UNITS})(?![\w/]))?(?!\w)(?!\.\d)"
)
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
IDENTIFIER = r"[A-Za-z_][\w.]{0,80}"
METRICS = frozenset(
    re.findall(
        r"\S+",
        "mean std min max median sum norm variance var var_zero_mean scale loss ratio delta"
        " difference error mae mse rmse psnr ssim frc accuracy precision recall correlation"
        " amplitude phase intensity gridsize batch batch_size seed threads epochs epoch lr"
        " learning_rate n_images n_groups nepochs neighbor_count duration time seconds exit_code"
        " tolerance threshold rtol atol size count total average maximum minimum range shape"
        " batches groups images patches n_patches nphotons photons attempt step option run rung"
        " offset stride deviation pearson cosine",
    )
)
"""words that name a quantity when they stand right before a number"""
COUNTED = frozenset(
    re.findall(
        r"\S+",
        "epochs epoch images image groups group batches batch patches patch files file steps step"
        " points samples sample positions tests test checks check attempts attempt rungs rung"
        " phases phase gpus runs run iterations parameters params layers weights artifacts artifact"
        " claims findings entries lines rows columns records blockers workers threads photons"
        " pixels bytes members scan passed failed skipped errors error warnings warning xfailed"
        " deselected selected items modes cores neighbors iteration commits seeds tensors outputs"
        " inputs arrays channels logged logs plots pictures tables",
    )
)
"""words that say, right behind a number, what it counts"""
RESULTS = frozenset(
    re.findall(
        r"\S+",
        "passed failed skipped errors error xfailed xpassed warnings warning",
    )
)
FILLERS = frozenset(
    re.findall(
        r"\S+",
        "is was of at are were equals to from around about approximately be the value reached gave"
        " gives with against only just roughly nearly by as under above below over fell"
        " rose dropped went decreased increased converged",
    )
)


def parse_number(text: str) -> Decimal | None:
    """The value of a number as a report writes it: `8.97e9`, `5,188,101.0`, `1.5×10⁻⁵`, `−3`.

    Returns:
        Nothing where it isn't one; NaN and infinities as they are.
    """
    plain = text.strip().replace(",", "").replace("−", "-").replace(" ", "")
    plain = re.sub(r"[×·]10\^?", "e", plain).translate(SUPERSCRIPTS)
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None
