"""What an experiment writes down: its plan, what it starts from, and each answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from tojax.bench.fixcost import FixCost
from tojax.nouns import Rung

Status = Literal["verified", "differs", "unverified", "error", "not run"]
Metric = Literal["codetrans", "fixcost", "comparison"]


Key = tuple[str, ...]


def start_key(case: str) -> Key:
    """The key of a `Start`."""
    return ("start", case)


def sample_key(model: str, arm: str, case: str, number: int) -> Key:
    """The key of a `Sample`."""
    return ("sample", model, arm, case, str(number))


def judgement_key(metric: Metric, judge: str, sample: Key, against: str, swapped: bool) -> Key:
    """The key of a `Judgement` of a sample, which has a key of its own."""
    return ("judgement", metric, judge, *sample, against, "swapped" if swapped else "")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Plan(_Record):
    """All that the answers depend on, but for the server.

    ``library`` is a digest of the fixed bugs, ``cases`` maps each name to one of its texts.
    ``samples`` are drawn of each case, model and arm; ``judges`` are models that judge them.
    """

    kind: Literal["plan"] = "plan"
    tojax: str
    library: str
    cases: dict[str, str]
    models: tuple[str, ...]
    arms: tuple[str, ...]
    judges: tuple[str, ...]
    samples: int = Field(ge=1)
    rounds: int
    temperature: float
    budget_seconds: float
    seed: int = 0


class Version(_Record):
    """A JAX version, and how it compared with PyTorch on inputs of its own."""

    code: str
    status: Status
    rung: Rung = Rung.NOTHING
    message: str = ""
    torch_seconds: float | None = None
    jax_seconds: float | None = None

    @property
    def passed(self) -> bool:
        """Whether it was verified, and confirmed."""
        return self.status == "verified"

    def reaches(self, rung: Rung) -> bool:
        """Whether it got at least so far; rungs that do not apply count as reached."""
        return self.passed or self.rung.height >= rung.height


class Start(_Record):
    """What is known of a case before any model is asked.

    ``runs`` is whether PyTorch gives something to compare with; where not, no model is asked.
    ``rules`` is the rules' own translation. ``reference`` is what CodeBLEU compares with: a given
    file, or the rules' translation where it is verified.
    """

    kind: Literal["start"] = "start"
    case: str
    runs: bool
    rules: Version
    unresolved: int
    reference: str | None
    origin: Literal["file", "rules", "none"]

    @property
    def key(self) -> Key:
        """What no two records share."""
        return start_key(self.case)


class Likeness(_Record):
    """CodeBLEU and its parts."""

    score: float
    ngrams: float
    keywords: float
    syntax: float
    dataflow: float | None


class Sample(_Record):
    """One answer, and what the loop made of it.

    ``first`` is the first answer as it came, ``final`` what corrections and repair led to.
    ``fix`` is the edit between them; None where no version was verified. ``asked`` counts the
    answers, ``told`` the fixed bugs in the first prompt, ``left_out`` its parts for which there
    was no room.
    """

    kind: Literal["sample"] = "sample"
    case: str
    model: str
    arm: str
    number: int
    first: Version
    final: Version
    codebleu: Likeness | None
    fix: FixCost | None
    asked: int
    told: int
    left_out: int
    ended: str
    prompt_tokens: int
    output_tokens: int
    model_seconds: float
    seconds: float

    @property
    def key(self) -> Key:
        """What no two records share."""
        return sample_key(self.model, self.arm, self.case, self.number)


class Judgement(_Record):
    """What a judge said of a first answer, word for word, and what it comes to.

    ``value``: a score for ``codetrans``; the kinds of fixes for ``fixcost``; for ``comparison``
    with the arm ``against`` the place of the winner, 1 or 2, or 0 for a tie: the arm stands first,
    or second if ``swapped``. It is None where the answer cannot be read; ``problem`` says why.
    """

    kind: Literal["judgement"] = "judgement"
    metric: Metric
    judge: str
    case: str
    model: str
    arm: str
    number: int
    against: str = ""
    swapped: bool = False
    answer: str
    value: int | tuple[str, ...] | None
    problem: str = ""

    @property
    def key(self) -> Key:
        """What no two records share."""
        sample = sample_key(self.model, self.arm, self.case, self.number)
        return judgement_key(self.metric, self.judge, sample, self.against, self.swapped)


Record = Annotated[Plan | Start | Sample | Judgement, Field(discriminator="kind")]
RECORDS: TypeAdapter[Plan | Start | Sample | Judgement] = TypeAdapter(Record)
