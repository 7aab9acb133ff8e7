"""Texts with the statements of other texts in them: before and after."""

from __future__ import annotations

import pytest

from tojax.lsp.merging import without_idle_imports


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            "import torch\nimport torch.nn as nn\n\nx = nn.Linear(torch.ones(1))\n",
            "import torch\nimport torch.nn as nn\nimport jax\n\nx = jax.f(1)\n",
            "import jax\n\nx = jax.f(1)\n",
            id="all-are-idle",
        ),
        pytest.param(
            "import torch\nfrom torch import nn\nx = nn.A\ny = torch.b\n",
            "import torch\nfrom torch import nn\nx = 1\ny = torch.b\n",
            "import torch\nx = 1\ny = torch.b\n",
            id="one-is-still-used",
        ),
        pytest.param(
            "from torch.nn import (\n    Linear,\n    Conv2d,\n)\nx = Linear, Conv2d\n",
            "from torch.nn import (\n    Linear,\n    Conv2d,\n)\nx = Conv2d\n",
            "from torch.nn import (\n    Linear,\n    Conv2d,\n)\nx = Conv2d\n",
            id="half-a-statement-stays",
        ),
        pytest.param(
            "from torch import nn\n__all__ = ['nn']\nx = nn.A\n",
            "from torch import nn\n__all__ = ['nn']\nx = 1\n",
            "from torch import nn\n__all__ = ['nn']\nx = 1\n",
            id="exported",
        ),
        pytest.param(
            "from torch import nn\nimport os\nx = 1\n",
            "from torch import nn\nimport os\nx = 2\n",
            "from torch import nn\nimport os\nx = 2\n",
            id="never-used-here",
        ),
        pytest.param(
            "import numpy as np\nx = np.ones\n",
            "import numpy as np\nx = 1\n",
            "import numpy as np\nx = 1\n",
            id="not-pytorch",
        ),
    ],
)
def test_pytorch_imports_go_with_their_last_use(before: str, after: str, expected: str) -> None:
    assert without_idle_imports(after, before=before) == expected
