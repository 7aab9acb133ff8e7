#!/usr/bin/env python
# -*- coding: utf-8 -*-
# What this file is about.

import torch  # the library

# --- functions ---------------------------------------------------------------


def f(x: torch.Tensor,   # the input
      scale = 2.0,
      ) -> torch.Tensor:
    # scaled
    y = torch.exp( x )*scale    # grows

    # done
    return y
# the end
