from flax import nnx


def start(model: nnx.Module) -> None:
    """Prepares a model."""
    print("first")

    # kept in place
    print("then")


def stop() -> None:
    pass


print("last")
