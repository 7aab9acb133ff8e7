"""What a model is told: the task, what is known about it, and what was wrong with its last draft.

The same input always gives the same prompt.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from tojax.explain import rule_source
from tojax.model.evidence import Evidence, difference
from tojax.model.messages import Message
from tojax.model.packing import Part, pack
from tojax.model.retrieval import ranked_bugs
from tojax.model.task import Task
from tojax.model.tokens import estimate_tokens
from tojax.rules.bugs import Bug
from tojax.rules.index import rule_index

_INSTRUCTION = """\
You translate PyTorch code to JAX with Flax NNX and optax. Answer with JSON:
{"code": the whole JAX file, "assumptions": [what you took for granted], "unresolved": [what you \
could not translate]}

The JAX file
- defines every public class and function of the PyTorch file, with the same names and parameters;
- imports jax, flax (nnx), optax, numpy and harmless parts of the standard library only, never
  torch; it opens no files and uses no network, no callbacks to the host, no eval;
- makes of each nn.Module an nnx.Module whose forward becomes __call__, with the same names of
  attributes and the same array layouts, so that PyTorch's state dict fits by name; a constructor
  that needs random numbers takes a keyword-only `rngs: nnx.Rngs`;
- keeps PyTorch's meaning exactly: layout (NCHW), promotion of dtypes, integer division, epsilons,
  default arguments, train and eval mode;
- works under jax.jit and jax.grad.

Both versions are run on the same weights and on many inputs, and compared: outputs, gradients,
compiled outputs, a training step. Compute results; stored answers do not pass."""

_LARGEST_RULE = 60  # lines; longer ones are classes that are better read as the rules' draft
USUAL_CONTEXT = 16_384
_STEP = 4_096
_FEWEST_ANSWER_TOKENS = 1_024
_TOKENS_AROUND_MESSAGES = 32

# Which parts go first when not everything fits; 0 has to be there.
_REQUIRED, _RULES_DRAFT, _FIRST_BUGS, _DIFFERENCE, _OTHER_BUGS, _API = 0, 1, 2, 3, 4, 5
_FIRST = 3


@dataclass(frozen=True)
class Augmentation:
    """What is told beyond the source.

    Args:
        bugs: ``retrieved``: the fixed bugs that fit the task and the failure; ``json``: the library
            in its own order, as JSON objects (Phan et al., T2J, arXiv 2510.09898); ``none``.
        rules: whether the rules' own translation and the API rules are told.
        most_bugs: how many bugs to retrieve.
    """

    bugs: Literal["retrieved", "json", "none"] = "retrieved"
    rules: bool = True
    most_bugs: int = 8


OURS = Augmentation()


@dataclass(frozen=True)
class Prompt:
    """A prompt, ready to be sent.

    Args:
        messages: the chat.
        num_ctx: the context that it needs, answer included, in tokens.
        tokens: at most how many tokens the messages take.
        bugs: the codes of the fixed bugs that it tells.
        left_out: the titles of the parts for which there was no room.
    """

    messages: tuple[Message, ...]
    num_ctx: int
    tokens: int
    bugs: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = "\n\n".join(f"[{m.role}]\n{m.content}" for m in self.messages)
        left_out = "".join(f"\n- {title}" for title in self.left_out)
        note = f"\n\n[left out for want of room]{left_out}" if left_out else ""
        return f"{shown}\n\n[about {self.tokens} tokens of {self.num_ctx}]{note}\n"


@dataclass(frozen=True)
class History:
    """The draft to repair and, where a repair of it did not help, that one."""

    best: Evidence
    worse: Evidence | None = None


def build_prompt(
    task: Task,
    context_length: int,
    *,
    history: History | None = None,
    augmentation: Augmentation = OURS,
) -> Prompt:
    """The prompt for a first draft or for a repair.

    Args:
        task: what is translated.
        context_length: the longest context of the model, in tokens.
        history: what was tried, for a repair.
        augmentation: what is told beyond the source.

    Raises:
        PromptTooLong: the context is too short for what has to be said.
    """
    told = _Told(task, history, augmentation)
    parts = list(told.parts())
    instruction = estimate_tokens(_INSTRUCTION) + _TOKENS_AROUND_MESSAGES
    answer = _FEWEST_ANSWER_TOKENS + 2 * estimate_tokens(task.source)
    required = instruction + answer + sum(part.tokens for part in parts if part.priority == 0)
    num_ctx = min(context_length, max(USUAL_CONTEXT, -(-required // _STEP) * _STEP))
    kept, left_out = pack(parts, num_ctx - instruction - answer)
    messages = (
        Message("system", _INSTRUCTION),
        Message("user", "\n".join(map(str, kept))),
    )
    return Prompt(
        messages,
        num_ctx,
        instruction + sum(part.tokens for part in kept),
        tuple(told.bugs[part.title] for part in kept if part.title in told.bugs),
        tuple(part.title for part in left_out),
    )


@dataclass
class _Told:
    """The parts of one prompt, in its order; ``bugs`` maps the title of a part to the bug."""

    task: Task
    history: History | None
    augmentation: Augmentation
    bugs: dict[str, str] = field(default_factory=dict)

    def parts(self) -> Iterator[Part]:
        """Knowledge first, then the task, then what is to be done."""
        yield from self._bugs()
        if self.augmentation.rules:
            yield from self._api_rules()
        yield Part("PyTorch file", _fenced(self.task.source), _REQUIRED)
        if self.augmentation.rules:
            yield from self._rules_draft()
        yield from (
            self._repair() if self.history else [Part("To do", "Write the JAX file.", _REQUIRED)]
        )

    def _bugs(self) -> Iterator[Part]:
        if self.augmentation.bugs == "json":
            for bug in self.task.bugs:
                yield self._bug(bug, json.dumps(_as_t2j(bug), indent=1), _OTHER_BUGS)
        elif self.augmentation.bugs == "retrieved":
            failure = self.history.best.failure if self.history else None
            ranked = ranked_bugs(self.task, failure)[: self.augmentation.most_bugs]
            for place, bug in enumerate(ranked):
                yield self._bug(bug, _lesson(bug), _FIRST_BUGS if place < _FIRST else _OTHER_BUGS)

    def _bug(self, bug: Bug, text: str, priority: int) -> Part:
        title = f"Known bug {bug.code}: {bug.title}"
        self.bugs[title] = bug.code
        return Part(title, text, priority)

    def _api_rules(self) -> Iterator[Part]:
        index, seen = rule_index(), set()
        for name in self.task.torch_names:
            rule = index.rule(name)
            if rule is None or rule in seen:
                continue
            seen.add(rule)
            text = rule_source(rule)
            if text.count("\n") < _LARGEST_RULE:
                yield Part(f"What {name} does, in JAX", _fenced(text), _API)

    def _rules_draft(self) -> Iterator[Part]:
        translation = self.task.translation
        text = _fenced(translation.code)
        if translation.unresolved:
            text += "\nLeft open, and marked there:\n"
            text += "\n".join(f"- {u.name}: {u.reason}" for u in translation.unresolved)
        yield Part("Draft by fixed rules; correct where it is not marked", text, _RULES_DRAFT)

    def _repair(self) -> Iterator[Part]:
        assert self.history is not None
        best, worse = self.history.best, self.history.worse
        if best.code:
            yield Part("Your last JAX file", _fenced(best.code), _REQUIRED)
        yield Part("What is wrong with it", str(best), _REQUIRED)
        if worse is not None:
            text = f"```diff\n{difference(best.code, worse.code)}\n```\n{worse}"
            yield Part("A change to it that did not help", text, _DIFFERENCE)
        yield Part("To do", "Correct the JAX file, and give the whole of it.", _REQUIRED)


def _fenced(code: str) -> str:
    return f"```python\n{code.strip()}\n```"


def _lesson(bug: Bug) -> str:
    return (
        f"{bug.why}\n\nPyTorch:\n{_fenced(bug.pytorch)}\nWrong in JAX:\n{_fenced(bug.broken_jax)}\n"
        f"Right in JAX:\n{_fenced(bug.fixed_jax)}"
    )


def _as_t2j(bug: Bug) -> dict[str, str]:
    return {
        "Input_Code": bug.pytorch,
        "LLM_weak_output": bug.broken_jax,
        "Error": bug.title if bug.broken == "differs" else f"{bug.broken}: {bug.title}",
        "Fix_info": bug.message,
        "LLM_fixed_output": bug.fixed_jax,
    }
