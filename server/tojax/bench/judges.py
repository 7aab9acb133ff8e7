"""Models as judges of first answers, after T2J (arXiv 2510.09898).

The paper has three judged metrics: T2J_CodeTrans_Score (how good a translation is, 0 to 4),
T2J_FixCost_Score (an estimate of the effort to fix it) and T2J_Comparison_Score (which of two
translations is better). The wording of the questions is ours, and so is that each pair is shown in
both orders. A judge sees the code alone: no verdict, no arm, no model. What cannot be read as an
answer counts as such and stands for nothing.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tojax.bench.records import Judgement, Metric, Sample
from tojax.model.errors import BadAnswer, PromptTooLong, TimedOut
from tojax.model.loop import Chat
from tojax.model.messages import Message
from tojax.model.tokens import estimate_tokens

FIX_KINDS = ("import", "api", "shape", "dtype", "randomness", "state", "control flow", "other")
_ANSWER_TOKENS = 1_024
_TOKENS_AROUND_MESSAGES = 64
_STEP = 4_096
_NO_ANSWER = (BadAnswer, PromptTooLong, TimedOut)

_TASK = "You judge translations of PyTorch code to JAX with Flax NNX. Answer with JSON."
_QUESTIONS: dict[Metric, str] = {
    "codetrans": """\
How good is the JAX version? {"score": 0 to 4, "reason": one sentence}
4: does the same as the PyTorch version, in idiomatic JAX
3: does the same but for a detail
2: has the right parts; needs several corrections
1: little of it can be used
0: cannot be used""",
    "fixcost": """\
Which corrections does the JAX version still need to do the same as the PyTorch version?
{"fixes": [{"kind": the kind of correction, "description": one sentence}, ...]}
An empty list says that it needs none.""",
    "comparison": """\
Which JAX version is the better translation: correct first, then idiomatic?
{"winner": "1", "2" or "tie", "reason": one sentence}""",
}


class _Answer(BaseModel):
    model_config = ConfigDict(strict=True)


class _CodeTrans(_Answer):
    score: Annotated[int, Field(ge=0, le=4)]
    reason: str

    @property
    def value(self) -> int:
        return self.score


class _Fix(_Answer):
    kind: Literal["import", "api", "shape", "dtype", "randomness", "state", "control flow", "other"]
    description: str


class _FixCost(_Answer):
    fixes: list[_Fix]

    @property
    def value(self) -> tuple[str, ...]:
        return tuple(fix.kind for fix in self.fixes)


class _Comparison(_Answer):
    winner: Literal["1", "2", "tie"]
    reason: str

    @property
    def value(self) -> int:
        return {"1": 1, "2": 2, "tie": 0}[self.winner]


_ANSWERS: dict[Metric, type[_CodeTrans] | type[_FixCost] | type[_Comparison]] = {
    "codetrans": _CodeTrans,
    "fixcost": _FixCost,
    "comparison": _Comparison,
}


def schema_of(metric: Metric) -> dict[str, Any]:
    """The JSON schema that an answer has to follow."""
    return _ANSWERS[metric].model_json_schema()


def read_answer(metric: Metric, answer: str) -> int | tuple[str, ...]:
    """The value of an answer.

    Raises:
        ValueError: it is not exactly what was asked for; says why.
    """
    try:
        return _ANSWERS[metric].model_validate_json(answer.strip()).value
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"{where}: {first['msg']}" if where else first["msg"]) from None


def judge(
    metric: Metric,
    source: str,
    sample: Sample,
    chat: Chat,
    name: str,
    *,
    other: Sample | None = None,
    swapped: bool = False,
    seed: int = 0,
) -> Judgement:
    """Ask a judge about the first answer of a sample.

    Args:
        metric: what is asked.
        source: the PyTorch file.
        sample: what is judged.
        chat: the judge.
        name: its name.
        other: for a comparison, the other sample.
        swapped: whether the other one is shown first.
        seed: for an answer that can be had again.

    Raises:
        ModelError: the judge's server cannot be asked.
    """
    versions = [sample] if other is None else [other, sample] if swapped else [sample, other]
    messages = _messages(metric, source, [each.first.code for each in versions])
    answer, value, problem = "", None, ""
    try:
        answer = _ask(chat, metric, messages, seed)
        value = read_answer(metric, answer)
    except _NO_ANSWER as error:
        problem = error.message
    except ValueError as error:
        problem = str(error)
    return Judgement(
        metric=metric,
        judge=name,
        case=sample.case,
        model=sample.model,
        arm=sample.arm,
        number=sample.number,
        against=other.arm if other is not None else "",
        swapped=swapped,
        answer=answer,
        value=value,
        problem=problem,
    )


def _ask(chat: Chat, metric: Metric, messages: list[Message], seed: int) -> str:
    tokens = sum(estimate_tokens(message.content) for message in messages)
    needed = tokens + _TOKENS_AROUND_MESSAGES + _ANSWER_TOKENS
    num_ctx = min(chat.context_length(), -(-needed // _STEP) * _STEP)
    reply = chat.chat(
        messages, schema=schema_of(metric), num_ctx=num_ctx, seed=seed, temperature=0.0
    )
    return reply.text


def _messages(metric: Metric, source: str, versions: list[str]) -> list[Message]:
    titles = ["JAX version"] if len(versions) == 1 else ["JAX version 1", "JAX version 2"]
    blocks = [("PyTorch version", source), *zip(titles, versions, strict=True)]
    code = "\n\n".join(f"# {title}\n\n```python\n{text.strip()}\n```" for title, text in blocks)
    question = _QUESTIONS[metric]
    if metric == "fixcost":
        question += f"\nKinds: {', '.join(FIX_KINDS)}."
    return [Message("system", _TASK), Message("user", f"{code}\n\n# Question\n\n{question}")]
