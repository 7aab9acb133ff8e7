"""The token estimate: never low on code, deterministic, and well-behaved when texts are joined.

The real numbers were counted with public tokenizers: Qwen's (qwen.tiktoken of dashscope 2.0.2),
GPT-4's (cl100k, gpt-tokenizer 4.0.0) and Code Llama's (llama-tokenizer-js 1.2.2).
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojax.model.tokens import estimate_tokens

MODULE = """\
class Attention(nn.Module):
    def __init__(self, dim: int, num_heads: int = 8, qkv_bias: bool = False) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.scale = (dim // num_heads) ** -0.5
        self.qkv = nn.Linear(dim, dim * 3, bias=qkv_bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        B, N, C = x.shape
        qkv = self.qkv(x).reshape(B, N, 3, self.num_heads, C // self.num_heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        attn = F.softmax((q @ k.transpose(-2, -1)) * self.scale, dim=-1)
        return (attn @ v).transpose(1, 2).reshape(B, N, C)
"""
TRACEBACK = """\
Traceback (most recent call last):
  File "draft.py", line 17, in __call__
    return jax.lax.conv_general_dilated(x, self.kernel, (2, 2), "SAME")
TypeError: conv_general_dilated requires arguments to have dtypes float32, got int32 and float32.
"""
ARRAY = """\
[[ 0.12573022 -0.13210486  0.64042264]
 [-0.53566937  0.36159505  1.30400005]
 [ 0.94708096 -0.70373524 -1.26542147]]
"""
FOREIGN = """\
# Der Mittelwert läuft über die Stapelachse — nicht über die Kanäle. 平均值沿批次轴计算。
"""

CODE_LIKE = st.text(st.sampled_from("ab Z_x9 (),.\n\t=é平🚀"), max_size=60) | st.text(max_size=60)


@pytest.mark.parametrize(
    ("text", "qwen", "gpt4", "code_llama"),
    [
        (MODULE, 210, 210, 273),
        (TRACEBACK, 72, 68, 89),
        (ARRAY, 107, 62, 107),
        (FOREIGN, 30, 36, 42),
    ],
    ids=["module", "traceback", "array", "foreign"],
)
def test_the_estimate_is_not_below_real_tokenizers(
    text: str, qwen: int, gpt4: int, code_llama: int
) -> None:
    most = max(qwen, gpt4, code_llama)
    assert most <= estimate_tokens(text) <= 2 * most


@given(CODE_LIKE)
def test_the_same_text_takes_the_same(text: str) -> None:
    assert estimate_tokens(text) == estimate_tokens(text)
    assert 0 <= estimate_tokens(text) <= 2 * len(text.encode("utf-8", "surrogatepass"))


@given(CODE_LIKE, CODE_LIKE)
def test_a_longer_text_takes_no_fewer(text: str, more: str) -> None:
    assert estimate_tokens(text + more) >= estimate_tokens(text)


@given(CODE_LIKE, CODE_LIKE)
def test_joined_texts_take_little_more_than_each_alone(first: str, second: str) -> None:
    together = estimate_tokens(first + second)
    assert together <= estimate_tokens(first) + estimate_tokens(second) + 2


def test_a_large_file_is_counted_quickly() -> None:
    assert estimate_tokens(MODULE * 500) >= 500 * 200
