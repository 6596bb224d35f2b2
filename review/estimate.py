"""How long an import will still take, from how long its parts have taken so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.queue import Progress

# An estimate from less than this is a guess that jumps about.
LEAST_SECONDS = 3.0
_PARTS = ("read", "recognise", "index")


@dataclass(slots=True)
class _Part:
    """One kind of work that goes on beside the others: when the first piece was seen done, and how many were done then."""

    since: float | None = None
    done_then: int = 0

    def seconds_left(self, now: float, done: int, total: int) -> float | None:
        """None while the pace is not known; 0 when nothing is left."""
        if done >= total:
            return 0.0
        if self.since is None:
            self.since, self.done_then = now, done
            return None
        passed, made = now - self.since, done - self.done_then
        return (total - done) * passed / made if passed >= LEAST_SECONDS and made > 0 else None


@dataclass(slots=True)
class Estimate:
    """Fed with progress as time passes; reading, recognition and indexing go on side by side, so the slowest one counts."""

    _parts: dict[str, _Part] = field(default_factory=lambda: {name: _Part() for name in _PARTS})

    def seconds_left(self, now: float, progress: Progress) -> float | None:
        """Seconds until all is done, None while that cannot be said. now : of a clock that never goes back, in seconds."""
        if progress.finished:
            return 0.0
        # A page that still waits for recognition has been read.
        read = progress.pages_done + progress.to_recognise - progress.recognised
        known = [
            self._parts["read"].seconds_left(now, read, progress.pages),
            self._parts["recognise"].seconds_left(now, progress.recognised, progress.to_recognise),
            self._parts["index"].seconds_left(now, progress.passages_done, self._passages(progress)),
        ]
        told = [seconds for seconds in known if seconds is not None]
        return max(told) if any(told) else None

    @staticmethod
    def _passages(progress: Progress) -> int:
        """Passages in the end: those of the pages still to come are reckoned like those of the pages that are done."""
        if not progress.pages_done:
            return progress.passages
        return max(progress.passages, round(progress.passages * progress.pages / progress.pages_done))


def in_words(seconds: float | None) -> str:
    """约 2 分钟 … , "" when nothing is known."""
    if seconds is None:
        return ""
    if seconds < 60:
        return "约需不到 1 分钟"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"约需 {minutes} 分钟"
    return f"约需 {minutes // 60} 小时 {minutes % 60} 分钟" if minutes % 60 else f"约需 {minutes // 60} 小时"
