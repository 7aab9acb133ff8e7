"""Two tiny cases, and a model that writes them in ways that tell the arms apart."""

from __future__ import annotations

import json
from pathlib import Path

from tests.model.ollama_double import Answer, ChatRequest

WRITER, JUDGE = "qwen2.5-coder:7b", "codellama:7b"

CASES = {
    # The rules translate all of it; models forget that PyTorch divides by n - 1.
    "deviation": """\
import torch


# tojax: inputs=(float32[4, 3],)
def deviation(x):
    return x.std(0) * 2
""",
    # There is no rule for torch.testing.
    "shifted": """\
import torch


# tojax: inputs=(float32[4, 3],)
def shifted(x):
    return x + torch.testing.make_tensor((), dtype=x.dtype, device="cpu", low=2, high=2.001) * 0
""",
    "helper": "import torch\n\n\ndef unused(x):\n    return x\n",
}
DEVIATION = (
    "import jax.numpy as jnp\n\n\ndef deviation(x):\n    return jnp.std(x, axis=0, ddof=1) * 2\n"
)
BIASED = DEVIATION.replace(", ddof=1", "")
SHIFTED = "import jax.numpy as jnp\n\n\ndef shifted(x):\n    return jnp.asarray(x)\n"
CRASHING = SHIFTED.replace("jnp.asarray(x)", "jnp.no_such_function(x)")


def write_cases(folder: Path) -> Path:
    """The cases in a folder, with a reference for the one that the rules leave open."""
    (folder / "reference").mkdir(parents=True)
    for name, source in CASES.items():
        (folder / f"{name}.py").write_text(source)
    (folder / "reference" / "shifted.py").write_text(SHIFTED)
    return folder


def script(request: ChatRequest) -> Answer:
    """Drafts for the writer, opinions of the judge."""
    if request.model == WRITER and "# PyTorch file" in request.prompt:
        text = _draft(request)
    else:
        text = _opinion(request.prompt)
    return Answer(text, pieces=[text])


def _draft(request: ChatRequest) -> str:
    """Without the fixes: wrong at first, and no code at all in the second sample of ``shifted``.

    With the fixes as JSON: right in the first sample of ``deviation`` only. With what applies:
    right.
    """
    seed, prompt = int(request.options["seed"]), request.prompt
    is_deviation, sample = "deviation" in prompt.partition("# PyTorch file")[2], seed // 100_000
    knows_rules, repairs = "# Draft by fixed rules" in prompt, "# What is wrong with it" in prompt
    right, wrong = (DEVIATION, BIASED) if is_deviation else (SHIFTED, CRASHING)
    if knows_rules or repairs or ("LLM_weak_output" in prompt and is_deviation and sample == 1):
        code = right
    elif "LLM_weak_output" not in prompt and not is_deviation and sample == 2:
        return "I would rather not."
    else:
        code = wrong
    return json.dumps({"code": code, "assumptions": [], "unresolved": []})


def _opinion(prompt: str) -> str:
    """Knows of ``ddof``; always prefers the first of two otherwise, and cannot count fixes."""
    first, _, second = prompt.partition("# JAX version 2")
    if '{"winner"' in prompt:
        winner = "1"
        if "ddof" in prompt:
            winner = (
                "tie" if "ddof" in first and "ddof" in second else "1" if "ddof" in first else "2"
            )
        return json.dumps({"winner": winner, "reason": "it is better"})
    if '{"fixes"' in prompt:
        if "no_such_function" in prompt:
            return "two or three"
        fix = {"kind": "other", "description": "n - 1"}
        return json.dumps({"fixes": [fix] if "std" in prompt and "ddof" not in prompt else []})
    return json.dumps({"score": 4 if "ddof" in prompt or "asarray" in prompt else 1, "reason": ""})
