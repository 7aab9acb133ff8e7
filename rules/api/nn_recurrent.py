"""torch.nn: recurrent layers and cells."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array, lax

from tojax.rules.api import torch_api

from .nn_initial import uniform_by
from .nn_rnn_utils import PackedSequence


class _Recurrent(nnx.Module):
    """Layers of a recurrence over time, in one or two directions.

    Subclasses say how many gates a cell has and how it updates its states.
    """

    gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        *,
        param_init: Callable[[int], nnx.Initializer] = uniform_by,
        rngs: nnx.Rngs,
    ):
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = dropout
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        self.between = nnx.Dropout(dropout, rngs=rngs)
        width = self.gates * hidden_size
        init = param_init(hidden_size)
        output_size = proj_size or hidden_size
        for layer in range(num_layers):
            for suffix in self._suffixes():
                size = input_size if layer == 0 else output_size * len(self._suffixes())
                shapes = {"weight_ih": (width, size), "weight_hh": (width, output_size)}
                if bias:
                    shapes |= {"bias_ih": (width,), "bias_hh": (width,)}
                if proj_size:
                    shapes |= {"weight_hr": (proj_size, hidden_size)}
                for name, shape in shapes.items():
                    value = init(rngs.params(), shape)
                    setattr(self, f"{name}_l{layer}{suffix}", nnx.Param(value))

    def _suffixes(self) -> tuple[str, ...]:
        return ("", "_reverse") if self.bidirectional else ("",)

    def _state_sizes(self) -> tuple[int, ...]:
        return (self.hidden_size,)

    def _run(self, x: Array | PackedSequence, states: tuple[Array, ...] | None):
        """The outputs of the last layer, and the final states of all of them."""
        if isinstance(x, PackedSequence):
            padding = jnp.arange(x.padded.shape[0])[:, None] >= x.lengths
            outputs, states = self._layers(x.padded, states, padding[..., None])
            return x._replace(padded=outputs), states
        if x.ndim == 2:
            states = states and tuple(state[:, None] for state in states)
            outputs, states = self._layers(x[:, None], states)
            return outputs[:, 0], tuple(state[:, 0] for state in states)
        if self.batch_first:
            outputs, states = self._layers(jnp.swapaxes(x, 0, 1), states)
            return jnp.swapaxes(outputs, 0, 1), states
        return self._layers(x, states)

    def _layers(
        self, x: Array, states: tuple[Array, ...] | None, padding: Array | None = None
    ) -> tuple[Array, tuple[Array, ...]]:
        """All layers over a (time, batch, feature) array."""
        if states is None:
            count = self.num_layers * len(self._suffixes())
            shapes = [(count, x.shape[1], size) for size in self._state_sizes()]
            states = tuple(jnp.zeros(shape, x.dtype) for shape in shapes)
        finals = []
        for layer in range(self.num_layers):
            outputs = []
            for suffix in self._suffixes():
                start = tuple(state[len(finals)] for state in states)
                output, final = self._scan(x, start, f"l{layer}{suffix}", padding)
                outputs.append(output)
                finals.append(final)
            x = jnp.concatenate(outputs, axis=-1)
            if layer < self.num_layers - 1:
                x = self.between(x)
        return x, tuple(jnp.stack(state) for state in zip(*finals, strict=True))

    def _scan(self, x: Array, states: tuple[Array, ...], name: str, padding: Array | None):
        """One direction of one layer."""
        inputs = x @ getattr(self, f"weight_ih_{name}")[...].T
        weight = getattr(self, f"weight_hh_{name}")[...]
        bias = 0.0
        if self.bias:
            inputs = inputs + getattr(self, f"bias_ih_{name}")[...]
            bias = getattr(self, f"bias_hh_{name}")[...]

        def step(states, now):
            inputs, padded = now
            new = self.cell(inputs, states[0] @ weight.T + bias, states)
            if self.proj_size:
                new = (new[0] @ getattr(self, f"weight_hr_{name}")[...].T, *new[1:])
            if padded is None:
                return new, new[0]
            # Padding leaves the states as they are.
            kept = tuple(jnp.where(padded, *pair) for pair in zip(states, new, strict=True))
            return kept, jnp.where(padded, 0.0, new[0])

        final, outputs = lax.scan(
            step, states, (inputs, padding), reverse=name.endswith("_reverse")
        )
        return outputs, final


@torch_api("torch.nn.RNN")
class RNN(_Recurrent):
    """``h = tanh(W_ih x + b_ih + W_hh h + b_hh)``, or with relu, over time."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        param_init: Callable[[int], nnx.Initializer] = uniform_by,
        rngs: nnx.Rngs,
    ):
        super().__init__(
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            rngs=rngs,
        )
        self.nonlinearity = nonlinearity

    def cell(self, inputs: Array, recurrent: Array, states: tuple[Array]) -> tuple[Array]:
        return (_rnn_cell(inputs, recurrent, self.nonlinearity),)

    def __call__(self, x: Array, hx: Array | None = None) -> tuple[Array, Array]:
        outputs, (h,) = self._run(x, None if hx is None else (hx,))
        return outputs, h


@torch_api("torch.nn.LSTM")
class LSTM(_Recurrent):
    """Long short-term memory over time."""

    gates = 4

    def _state_sizes(self) -> tuple[int, int]:
        return (self.proj_size or self.hidden_size, self.hidden_size)

    def cell(
        self, inputs: Array, recurrent: Array, states: tuple[Array, Array]
    ) -> tuple[Array, Array]:
        return _lstm_cell(inputs + recurrent, states[1])

    def __call__(
        self, x: Array, hx: tuple[Array, Array] | None = None
    ) -> tuple[Array, tuple[Array, Array]]:
        return self._run(x, None if hx is None else tuple(hx))


@torch_api("torch.nn.GRU")
class GRU(_Recurrent):
    """Gated recurrent units over time."""

    gates = 3

    def cell(self, inputs: Array, recurrent: Array, states: tuple[Array]) -> tuple[Array]:
        return (_gru_cell(inputs, recurrent, states[0]),)

    def __call__(self, x: Array, hx: Array | None = None) -> tuple[Array, Array]:
        outputs, (h,) = self._run(x, None if hx is None else (hx,))
        return outputs, h


@torch_api(
    "torch.nn.RNN.flatten_parameters",
    "torch.nn.LSTM.flatten_parameters",
    "torch.nn.GRU.flatten_parameters",
)
def flatten_parameters(self) -> None:
    """Nothing to do: it only moves memory in PyTorch."""
    return None


class _Cell(nnx.Module):
    """The weights of one step of a recurrence."""

    gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        *,
        param_init: Callable[[int], nnx.Initializer] = uniform_by,
        rngs: nnx.Rngs,
    ):
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        width = self.gates * hidden_size
        init = param_init(hidden_size)
        self.weight_ih = nnx.Param(init(rngs.params(), (width, input_size)))
        self.weight_hh = nnx.Param(init(rngs.params(), (width, hidden_size)))
        self.bias_ih = nnx.Param(init(rngs.params(), (width,))) if bias else None
        self.bias_hh = nnx.Param(init(rngs.params(), (width,))) if bias else None

    def _products(self, x: Array, h: Array) -> tuple[Array, Array]:
        inputs, recurrent = x @ self.weight_ih[...].T, h @ self.weight_hh[...].T
        if not self.bias:
            return inputs, recurrent
        return inputs + self.bias_ih[...], recurrent + self.bias_hh[...]

    def _zeros(self, x: Array) -> Array:
        return jnp.zeros((*x.shape[:-1], self.hidden_size))


@torch_api("torch.nn.RNNCell")
class RNNCell(_Cell):
    """One step of a plain recurrence."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        *,
        param_init: Callable[[int], nnx.Initializer] = uniform_by,
        rngs: nnx.Rngs,
    ):
        super().__init__(input_size, hidden_size, bias, param_init=param_init, rngs=rngs)
        self.nonlinearity = nonlinearity

    def __call__(self, x: Array, hx: Array | None = None) -> Array:
        inputs, recurrent = self._products(x, self._zeros(x) if hx is None else hx)
        return _rnn_cell(inputs, recurrent, self.nonlinearity)


@torch_api("torch.nn.LSTMCell")
class LSTMCell(_Cell):
    """One step of a long short-term memory."""

    gates = 4

    def __call__(self, x: Array, hx: tuple[Array, Array] | None = None) -> tuple[Array, Array]:
        h, c = (self._zeros(x), self._zeros(x)) if hx is None else hx
        inputs, recurrent = self._products(x, h)
        return _lstm_cell(inputs + recurrent, c)


@torch_api("torch.nn.GRUCell")
class GRUCell(_Cell):
    """One step of a gated recurrent unit."""

    gates = 3

    def __call__(self, x: Array, hx: Array | None = None) -> Array:
        h = self._zeros(x) if hx is None else hx
        return _gru_cell(*self._products(x, h), h)


def _rnn_cell(inputs: Array, recurrent: Array, nonlinearity: str) -> Array:
    function = jnp.tanh if nonlinearity == "tanh" else jax.nn.relu
    return function(inputs + recurrent)


def _lstm_cell(gates: Array, c: Array) -> tuple[Array, Array]:
    """The new hidden state and cell state."""
    i, f, g, o = jnp.split(gates, 4, axis=-1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    return jax.nn.sigmoid(o) * jnp.tanh(c), c


def _gru_cell(inputs: Array, recurrent: Array, h: Array) -> Array:
    """The new hidden state."""
    reset, update, new = jnp.split(inputs, 3, axis=-1)
    h_reset, h_update, h_new = jnp.split(recurrent, 3, axis=-1)
    update = jax.nn.sigmoid(update + h_update)
    new = jnp.tanh(new + jax.nn.sigmoid(reset + h_reset) * h_new)
    return (1 - update) * new + update * h
