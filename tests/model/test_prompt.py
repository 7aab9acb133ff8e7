"""What a prompt tells, what it leaves out, and that it is the same for the same input."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojax.model.errors import PromptTooLong
from tojax.model.evidence import Evidence
from tojax.model.lint import suspicions
from tojax.model.packing import Part, pack
from tojax.model.prompt import Augmentation, History, Prompt, build_prompt
from tojax.model.retrieval import Failure, ranked_bugs
from tojax.model.task import Task
from tojax.model.tokens import estimate_tokens
from tojax.nouns import Evidence as Climbed
from tojax.nouns import Rung, Verdict
from tojax.rules.bugs import load_bugs
from tojax.translate import translate

SOURCE = """\
import torch
import torch.nn as nn


class Norm(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.norm = nn.BatchNorm1d(size, momentum=0.1)

    def forward(self, x):
        return torch.no_such_function(self.norm(x)).detach()
"""
DRAFT = """\
from flax import nnx


class Norm(nnx.Module):
    def __init__(self, size, *, rngs):
        self.norm = nnx.BatchNorm(size, momentum=0.1, rngs=rngs)

    def __call__(self, x):
        return self.norm(x)
"""
VERDICT = Verdict(
    target="Norm",
    status="differs",
    rung=Rung.OUTPUTS,
    evidence=(Climbed(rung=Rung.GRADIENTS, outcome="failed"),),
    message="gradients match: gradient of input [0]: PyTorch gives 0.5, JAX 0.25 at [1]",
    failing_input="seed 0: float32[3]",
)


def task() -> Task:
    return Task(SOURCE, translate(SOURCE))


def user(prompt: Prompt) -> str:
    return prompt.messages[-1].content


def failed(code: str = DRAFT, verdict: Verdict = VERDICT) -> Evidence:
    return Evidence(code, suspicions=tuple(suspicions(code, load_bugs())), verdict=verdict)


def test_the_first_prompt_tells_all_that_is_known() -> None:
    prompt = build_prompt(task(), 32_768)
    text = user(prompt)
    assert SOURCE in text
    assert translate(SOURCE).code.strip() in text and "no rule for torch.no_such_function" in text
    assert "# What torch.Tensor.detach does, in JAX" in text
    assert "TJ110" in prompt.bugs and "Momentum of batch norm" in text
    assert "unresolved" in prompt.messages[0].content and prompt.messages[0].role == "system"
    assert prompt.left_out == () and prompt.num_ctx == 16_384


def test_a_repair_tells_the_evidence() -> None:
    worse = failed(DRAFT.replace("momentum=0.1", "momentum=0.5"))
    prompt = build_prompt(task(), 32_768, history=History(failed(), worse))
    text = user(prompt)
    assert DRAFT in text
    assert "PyTorch gives 0.5, JAX 0.25 at [1]" in text and "seed 0: float32[3]" in text
    assert "line 6, flax.nnx.BatchNorm: Momentum of batch norm" in text
    assert "+        self.norm = nnx.BatchNorm(size, momentum=0.5, rngs=rngs)" in text
    assert prompt.bugs[0] in ("TJ110", "TJ111")


def test_a_repair_of_an_answer_without_code() -> None:
    history = History(Evidence(bad_answer="the answer is empty"))
    assert "could not be used: the answer is empty" in user(
        build_prompt(task(), 32_768, history=history)
    )


def test_the_plain_instruction_tells_the_source_only() -> None:
    prompt = build_prompt(task(), 32_768, augmentation=Augmentation("none", rules=False))
    assert user(prompt).startswith("# PyTorch file") and prompt.bugs == ()
    assert "in JAX" not in user(prompt) and "fixed rules" not in user(prompt)


def test_fixed_bugs_as_json() -> None:
    prompt = build_prompt(task(), 10**6, augmentation=Augmentation("json", rules=False))
    assert list(prompt.bugs) == [b.code for b in load_bugs() if b.code in prompt.bugs]
    assert len(prompt.bugs) > 20
    section = user(prompt).split("\n\n", 2)[1]
    assert json.loads(section)["LLM_fixed_output"] == load_bugs()[0].fixed_jax


@pytest.mark.parametrize("context", [4_000, 6_000, 8_000, 12_000])
def test_what_does_not_fit_is_left_out_and_said(context: int) -> None:
    whole = build_prompt(task(), 32_768)
    prompt = build_prompt(task(), context, history=None)
    assert prompt.num_ctx == context
    assert sum(estimate_tokens(message.content) for message in prompt.messages) <= prompt.tokens
    assert prompt.tokens + 1024 + 2 * estimate_tokens(SOURCE) <= context
    assert SOURCE in user(prompt)
    titles = [line[2:] for line in user(whole).splitlines() if line.startswith("# ")]
    for title in prompt.left_out:
        assert title in titles and f"# {title}\n" not in user(prompt)
        assert title in str(prompt)
    assert len(prompt.left_out) + user(prompt).count("\n# ") == user(whole).count("\n# ")


def test_the_best_bugs_go_before_the_rules_of_single_names() -> None:
    prompt = build_prompt(task(), 5_000)
    assert prompt.left_out
    assert any(title.startswith("What ") for title in prompt.left_out)
    assert prompt.bugs[0] == build_prompt(task(), 32_768).bugs[0]


def test_a_long_source_asks_for_a_long_context() -> None:
    source = SOURCE + "".join(f"\n\ndef f{n}(x):\n    return torch.relu(x)\n" for n in range(300))
    prompt = build_prompt(Task(source, translate(source)), 131_072)
    assert prompt.num_ctx > 16_384 and prompt.num_ctx % 4096 == 0
    with pytest.raises(PromptTooLong, match="longer context"):
        build_prompt(Task(source, translate(source)), 8_192)


def test_the_same_input_gives_the_same_prompt_in_another_process() -> None:
    program = (
        "from tests.model.test_prompt import *\n"
        "print(build_prompt(task(), 16_384, history=History(failed())))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONPATH": "server:.", "PYTHONHASHSEED": seed, "HOME": "/tmp"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1 and SOURCE in texts.pop()


def test_bugs_that_are_left_out_are_not_told() -> None:
    bugs = tuple(bug for bug in load_bugs() if bug.code != "TJ110")
    assert "TJ110" not in build_prompt(Task(SOURCE, translate(SOURCE), bugs), 32_768).bugs


def test_how_a_draft_failed_counts_for_what_is_told() -> None:
    source = "import torch\n\n\ndef f(x):\n    return x\n"
    plain = Task(source, translate(source))
    assert ranked_bugs(plain) == []
    code = "import jax.numpy as jnp\n\n\ndef f(x):\n    return jnp.std(x)\n"
    best = ranked_bugs(plain, Failure(code, "differs"))[0]
    assert best.slug == "unbiased-standard-deviation"


PARTS = st.lists(
    st.builds(Part, st.text(max_size=9), st.text(max_size=99), st.integers(0, 3)), max_size=8
)


@given(PARTS, st.integers(0, 400))
def test_packing_keeps_the_budget_and_the_order(parts: list[Part], budget: int) -> None:
    try:
        kept, left_out = pack(parts, budget)
    except PromptTooLong:
        assert sum(part.tokens for part in parts if part.priority == 0) > budget
        return
    assert estimate_tokens("\n".join(map(str, kept))) <= sum(part.tokens for part in kept) <= budget
    assert all(part.priority > 0 for part in left_out)
    remaining = iter(parts)
    assert all(any(part is one for part in remaining) for one in kept)
    assert len(kept) + len(left_out) == len(parts)
