"""Aten operations by how they round: those that are exact, that round once, that are functions."""


def _read(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Every element of the result is an element of an operand, its negative, or a whole number.
EXACT = _read(
    """
    view _unsafe_view reshape _reshape_alias permute transpose t squeeze unsqueeze clone alias
    detach lift_fresh contiguous as_strided expand expand_as flatten movedim slice select split
    split_with_sizes unsafe_split unsafe_split_with_sizes chunk unbind narrow diagonal cat stack
    repeat repeat_interleave flip roll index gather index_select take masked_select masked_fill
    where tril triu constant_pad_nd reflection_pad1d reflection_pad2d reflection_pad3d
    replication_pad1d replication_pad2d replication_pad3d pad im2col unfold pixel_shuffle
    pixel_unshuffle channel_shuffle upsample_nearest1d upsample_nearest2d upsample_nearest3d
    _upsample_nearest_exact1d _upsample_nearest_exact2d _upsample_nearest_exact3d
    relu relu6 hardtanh clamp clamp_min clamp_max threshold abs neg sign sgn floor ceil round trunc
    maximum minimum max min amax amin argmax argmin fmax fmin aminmax sort topk argsort cummax
    cummin max_pool2d_with_indices max_pool3d_with_indices max_pool1d_with_indices
    adaptive_max_pool2d adaptive_max_pool3d embedding one_hot scatter index_put _index_put_impl
    index_copy index_fill copy fill zero zeros ones empty full_like zeros_like ones_like empty_like
    new_zeros new_ones new_empty new_empty_strided empty_strided arange eye eq ne lt le gt ge
    logical_and logical_or logical_not logical_xor bitwise_and bitwise_or bitwise_not bitwise_xor
    isnan isinf isfinite any all nonzero complex view_as_complex view_as_real real imag _conj
    conj_physical resolve_conj resolve_neg _neg_view _local_scalar_dense is_same_size
    _assert_async _to_copy bernoulli native_dropout rand randn rand_like randn_like randint
    max_pool2d_with_indices_backward max_pool3d_with_indices_backward threshold_backward
    hardtanh_backward slice_backward select_backward masked_fill_ unfold_backward view_copy
    index_put_impl value_selecting_reduction_backward new_full
    """
)

# One rounding of the result: each of these is rounded correctly, in IEEE arithmetic.
ROUNDED = _read(
    """
    add sub rsub mul div true_divide reciprocal square leaky_relu leaky_relu_backward prelu
    _prelu_kernel _prelu_kernel_backward fmod remainder lerp linspace full scalar_tensor hypot
    """
)

# Functions whose error in ULP is measured; under the names that `ulps` has.
FUNCTIONS = _read(
    """
    tanh sigmoid erf erfc exp exp2 expm1 log log1p log2 log10 sqrt rsqrt sin cos tan silu softplus
    atan atan2 sinh cosh asin acos asinh acosh atanh pow angle
    """
)
DEFAULT_ULP = 2.0
"""of a function that nobody measured"""

# Sums of neighbours with weights.
INTERPOLATIONS = _read(
    """
    upsample_linear1d upsample_bilinear2d upsample_trilinear3d upsample_bicubic2d
    _upsample_bilinear2d_aa _upsample_bicubic2d_aa grid_sampler_2d grid_sampler_3d
    upsample_linear1d_backward upsample_bilinear2d_backward upsample_trilinear3d_backward
    upsample_bicubic2d_backward
    """
)

PRODUCTS = _read(
    "mm bmm addmm baddbmm mv addmv dot vdot linear convolution convolution_backward addbmm"
)
SUMS = _read(
    """
    sum mean cumsum avg_pool1d avg_pool2d avg_pool3d _adaptive_avg_pool2d _adaptive_avg_pool3d
    adaptive_avg_pool1d nansum
    """
)
SCATTERED = _read(
    """
    embedding_dense_backward index_add scatter_add scatter_reduce avg_pool2d_backward
    avg_pool3d_backward _adaptive_avg_pool2d_backward upsample_nearest1d_backward
    upsample_nearest2d_backward upsample_nearest3d_backward
    """
)
TRANSFORMS = frozenset(("_fft_c2c", "_fft_r2c", "_fft_c2r"))
