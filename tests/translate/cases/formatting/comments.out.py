#!/usr/bin/env python
# -*- coding: utf-8 -*-
# What this file is about.

import jax
import jax.numpy as jnp  # the library

# --- functions ---------------------------------------------------------------


def f(x: jax.Array,   # the input
      scale = 2.0,
      ) -> jax.Array:
    # scaled
    y = jnp.exp(x)*scale    # grows

    # done
    return y
# the end
