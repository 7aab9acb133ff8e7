from abc import ABC

import jax
from rotary_embedding_torch import RotaryEmbedding  # TODO(tojax): TJ205 rotary_embedding_torch is built on PyTorch
from torchvision import transforms  # TODO(tojax): TJ205 torchvision is built on PyTorch
from zoo.models import PretrainedModel

crop = transforms.CenterCrop(8)


class Encoder(PretrainedModel):  # TODO(tojax): TJ205 its base PretrainedModel is not among the files that are translated
    def forward(self, x: jax.Array):
        return jax.nn.relu(x)


class Wide(Encoder):
    def forward(self, x: jax.Array):
        return jax.nn.relu(x) * 2


class Plan(ABC):
    def forward(self, x: jax.Array):
        return jax.nn.relu(x)
