"""Which names and fields share memory in PyTorch, where JAX makes values of their own."""
