"""What stands before and after a passage on its page, for reading it in its place. Never cited with it."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from ingest.tables import Passage


def neighbours(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Passage id → (text of the passage before, text of the passage after) on the same page; "" at the page's ends."""
    wanted = aliased(Passage)
    pages = select(wanted.page_id).where(wanted.id.in_(list(ids)))
    query = select(Passage.id, Passage.page_id, Passage.text).where(Passage.page_id.in_(pages))
    rows = session.execute(query.order_by(Passage.page_id, Passage.start)).all()
    before: dict[int, str] = {}
    after: dict[int, str] = {}
    for (id_, page, text), (next_id, next_page, next_text) in pairwise(rows):
        if page == next_page:
            after[id_], before[next_id] = next_text, text
    return {id_: (before.get(id_, ""), after.get(id_, "")) for id_ in ids}
