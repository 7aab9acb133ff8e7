"""What model-written code may do: checked on its syntax tree before anything is executed.

Everything that is not known to be harmless is refused. The sandbox of `tojax.verify` stands behind
this check; the two do not know of each other.
"""

from __future__ import annotations

from tojax.model.allow_list.check import Refusal, refusals

__all__ = ["Refusal", "refusals"]
