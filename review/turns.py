"""One after the other: whoever reads what he is about to change, and changes it, has his turn until his transaction ends."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session


def take_turn(session: Session, subject: str, cycle: int) -> None:
    """Waits until nobody else is changing the same thing of the same cycle, and keeps others waiting until the transaction ends.

    subject : the district, or "" for the year itself. SQLite lets only one writer in anyway (`Store.write`); a server database
    would let two read the same state and both write.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtext(:subject), :cycle)"), {"subject": subject, "cycle": cycle}
        )
