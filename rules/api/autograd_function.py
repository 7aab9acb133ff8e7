"""torch.autograd.Function: functions with a gradient of their own, by `jax.custom_vjp`."""

from collections.abc import Sequence

import jax
import numpy as np
from jax import Array

from tojax.rules.api import torch_api


@jax.tree_util.register_pytree_node_class
class Context:
    """What a function keeps for its gradient: arrays are traced, anything else is constant."""

    saved_tensors: tuple = ()
    needs_input_grad: tuple = ()

    def save_for_backward(self, *tensors: Array | None) -> None:
        """Keep arrays."""
        self.saved_tensors = tensors

    def mark_non_differentiable(self, *outputs: Array) -> None:
        """Nothing to do: the gradient function does not look at their cotangents."""

    def set_materialize_grads(self, value: bool) -> None:
        """Nothing to do: cotangents are always arrays."""

    def tree_flatten(self):
        """Arrays as children, names and constants beside them."""
        kept = {name: jax.tree.flatten(value) for name, value in vars(self).items()}
        leaves = [leaf for found, _ in kept.values() for leaf in found]
        arrays = [leaf for leaf in leaves if is_array(leaf)]
        constants = tuple(None if is_array(leaf) else leaf for leaf in leaves)
        flags = tuple(is_array(leaf) for leaf in leaves)
        shape = tuple((name, tree) for name, (_, tree) in kept.items())
        return arrays, (shape, constants, flags)

    @classmethod
    def tree_unflatten(cls, kept, arrays):
        """The context again."""
        shape, constants, flags = kept
        found = iter(arrays)
        leaves = iter(
            [next(found) if flag else leaf for leaf, flag in zip(constants, flags, strict=True)]
        )
        self = cls()
        for name, tree in shape:
            value = jax.tree.unflatten(tree, [next(leaves) for _ in range(tree.num_leaves)])
            setattr(self, name, value)
        return self


def is_array(value: object) -> bool:
    """Whether a value is traced rather than constant."""
    return isinstance(value, (jax.Array, np.ndarray))


@torch_api("torch.autograd.Function", "torch.autograd.function.Function")
class Function:
    """A function whose subclass defines `forward` and its gradient, `backward`."""

    @classmethod
    def apply(cls, *args):
        """The value of `forward`, differentiated by `backward`."""
        traced = [is_array(arg) for arg in args]

        def complete(arrays: Sequence[Array]) -> list:
            found = iter(arrays)
            return [next(found) if flag else arg for arg, flag in zip(args, traced, strict=True)]

        def run(*arrays):
            ctx = Context()
            ctx.needs_input_grad = tuple(traced)
            inputs = complete(arrays)
            if hasattr(cls, "setup_context"):
                output = cls.forward(*inputs)
                cls.setup_context(ctx, tuple(inputs), output)
            else:
                output = cls.forward(ctx, *inputs)
            return output, ctx

        def gradients(ctx, cotangent):
            given = cotangent if isinstance(cotangent, tuple) else (cotangent,)
            found = cls.backward(ctx, *given)
            found = found if isinstance(found, tuple) else (found,)
            return tuple(grad for grad, flag in zip(found, traced, strict=False) if flag)

        function = jax.custom_vjp(lambda *arrays: run(*arrays)[0])
        function.defvjp(run, gradients)
        return function(*(arg for arg, flag in zip(args, traced, strict=True) if flag))


@torch_api("torch.autograd.function.once_differentiable")
def once_differentiable(fn):
    """A function as it is."""
    return fn
