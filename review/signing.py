"""Under whose name an act of the evaluation year is kept: somebody always has to be named."""

from __future__ import annotations

from review.errors import RefusedRecordError
from review.rights import signer
from review.workspace import Workspace


def named_signer(workspace: Workspace, by: str = "") -> str:
    """The name an act is kept under (see review.rights.signer). RefusedRecordError when nobody is named."""
    name = signer(workspace.actor, by)
    if not name:
        raise RefusedRecordError("要写明是谁办理的（--by 姓名）")
    return name
