# A comment about the imports.
import sys  # for the path

import torch  # not used at all
import numpy as np

print(sys.path, np.pi)
