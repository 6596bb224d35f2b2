"""The feedback letter of a district as a Word file, from its content alone: what the page offers for download."""

from __future__ import annotations

from review.cycles import Year
from review.feedback import Feedback
from review.papers.letter import letter_values
from review.papers.record import DistrictRecord
from review.papers.render import render


def feedback_docx(feedback: Feedback, record: DistrictRecord | None = None) -> bytes:
    """The DOCX file of the letter, marked 拟定稿. record : adds what people confirmed, the sample and the dates; without it nothing is."""
    nothing = DistrictRecord(
        feedback.district, feedback.cycle, feedback, None, None, (), (), {}, None, (),
        Year(feedback.cycle, None, (), {}), frozenset(),
    )  # fmt: skip
    return render("feedback", letter_values(record or nothing))
