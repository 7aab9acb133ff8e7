# A comment about the imports.
import sys  # for the path

import numpy as np

print(sys.path, np.pi)
