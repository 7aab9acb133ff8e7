"""rules/api: Fourier transforms, short-time transforms, windows, against torch."""

import numpy as np
import pytest
import torch
from rules.api import torch_fft, torch_signal

from tests.rules.compare import assert_rule, assert_same, to_jax
from tests.rules.gradients import assert_gradient

X = torch.from_numpy(np.random.default_rng(0).normal(size=(2, 6, 8)).astype("float32"))
Z = torch.complex(X, X.flip(-1))
SIGNAL = torch.from_numpy(np.random.default_rng(1).normal(size=(2, 40)).astype("float32"))
HANN = torch.hann_window(16)

ONE_AXIS = ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"]
SEVERAL_AXES = [name + suffix for name in ("fft", "ifft", "rfft", "irfft") for suffix in ("2", "n")]
HERMITIAN = ["hfft2", "hfftn", "ihfft2", "ihfftn"]


def same(rule, function, *args, **kwargs):
    """As `assert_rule`, with the tolerance of a sum of many terms."""
    actual = rule(*to_jax(list(args)), **to_jax(kwargs))
    assert_same(actual, function(*args, **kwargs), rtol=1e-4, atol=3e-5)


@pytest.mark.parametrize("name", ONE_AXIS)
@pytest.mark.parametrize(
    "options", [{}, {"n": 5, "dim": 1, "norm": "ortho"}, {"n": 10, "norm": "forward"}]
)
def test_one_axis(name, options):
    x = X if name in ("rfft", "ihfft") else Z
    same(getattr(torch_fft, name), getattr(torch.fft, name), x, **options)


@pytest.mark.parametrize("name", SEVERAL_AXES + HERMITIAN)
@pytest.mark.parametrize(
    "options", [{}, {"s": (4, 6), "dim": (0, 2)}, {"dim": (1, 2), "norm": "ortho"}]
)
def test_several_axes(name, options):
    x = X if name.startswith(("rfft", "ihfft")) else Z
    same(getattr(torch_fft, name), getattr(torch.fft, name), x, **options)


@pytest.mark.parametrize("name", ["fft", "ifft", "rfft", "irfft", "fft2", "rfftn", "irfft2"])
def test_gradients(name):
    assert_gradient(getattr(torch_fft, name), getattr(torch.fft, name), X, atol=1e-4)


@pytest.mark.parametrize("name", ["fftfreq", "rfftfreq"])
def test_frequencies(name):
    assert_rule(getattr(torch_fft, name), getattr(torch.fft, name), 7, 0.5)


@pytest.mark.parametrize("name", ["fftshift", "ifftshift"])
@pytest.mark.parametrize("options", [{}, {"dim": 1}, {"dim": (0, 2)}])
def test_shifts(name, options):
    assert_rule(getattr(torch_fft, name), getattr(torch.fft, name), X[:, :5], **options)


@pytest.mark.parametrize(
    "options",
    [
        {"window": HANN},
        {"window": HANN[:11], "win_length": 11, "hop_length": 3, "normalized": True},
        {"window": HANN, "center": False, "onesided": False},
        {"window": HANN, "pad_mode": "constant"},
        {"window": HANN, "pad_mode": "replicate"},
    ],
)
def test_short_time_transform(options):
    same(torch_signal.stft, torch.stft, SIGNAL, 16, **options, return_complex=True)


def test_short_time_transform_in_real_numbers():
    same(torch_signal.stft, torch.stft, SIGNAL, 16, window=HANN, return_complex=False)


@pytest.mark.parametrize(
    "options",
    [
        {"window": HANN},
        {"window": HANN, "length": 37},
        {"window": HANN, "length": 44},
        {"window": torch.ones(16), "center": False, "normalized": True},
    ],
)
def test_inverse_short_time_transform(options):
    spectrum = torch.stft(SIGNAL, 16, window=HANN, return_complex=True)
    same(torch_signal.istft, torch.istft, spectrum, 16, **options)


def test_short_time_gradient():
    options = {"n_fft": 16, "window": HANN, "return_complex": True}
    assert_gradient(torch_signal.stft, torch.stft, SIGNAL, **options, atol=1e-4)


@pytest.mark.parametrize("name", ["hann", "hamming", "blackman", "bartlett", "kaiser"])
@pytest.mark.parametrize("length", [1, 2, 9])
@pytest.mark.parametrize("periodic", [True, False])
def test_windows(name, length, periodic):
    rule, function = (getattr(m, f"{name}_window") for m in (torch_signal, torch))
    assert_rule(rule, function, length, periodic)


def test_hamming_window_with_other_coefficients():
    assert_rule(torch_signal.hamming_window, torch.hamming_window, 6, False, 0.6, 0.4)
