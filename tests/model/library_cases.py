"""The fixed-bug library as tasks: a model that makes each bug, and corrects it only if told how."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass

from tests.model.ollama_double import Answer, ChatRequest
from tojax.model.task import Task
from tojax.rules.bugs import Bug
from tojax.translate import translate

_EVIDENCE = re.compile(
    r"PyTorch gives .*, JAX "  # both values
    r"|\b[A-Z]\w+(Error|Exception)\b: "  # what was raised
    r"|the structure differs|was not run|draws cannot be replayed|line \d+, [\w.*\[\]-]+: "
)


def task_of(bug: Bug, bugs: tuple[Bug, ...]) -> Task:
    """The PyTorch block, with its ``inputs()`` as the inputs of the function that it is about."""
    names = [node.name for node in ast.parse(bug.pytorch).body if isinstance(node, ast.FunctionDef)]
    target = [name for name in names if name != "inputs"][-1]
    source = re.sub(
        rf"^(?=(@.*\n)*def {target}\()", "# tojax: inputs=inputs()\n", bug.pytorch, flags=re.M
    )
    return Task(source, translate(source), bugs)


@dataclass
class Learner:
    """Answers with Broken JAX; with Fixed JAX only if the prompt holds it (beside the source), and
    evidence against the last draft."""

    bug: Bug
    source: str

    def __call__(self, request: ChatRequest) -> Answer:
        knows = self.bug.fixed_jax.strip() in request.prompt.replace(self.source.strip(), "")
        evidence = request.prompt.partition("# What is wrong with it")[2]
        is_right = knows and _EVIDENCE.search(evidence) is not None
        code = self.bug.fixed_jax if is_right else self.bug.broken_jax
        answer = {"code": code, "assumptions": [], "unresolved": []}
        return Answer(json.dumps(answer), pieces=[json.dumps(answer)])
