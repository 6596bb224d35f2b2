"""What every page shares: the opened workspace, the chosen district and year, results kept until the evidence changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from sqlalchemy.exc import DBAPIError

from ingest.errors import IngestError
from ingest.faults import fault_of
from retrieval.errors import RetrievalError
from review.completeness import Completeness, completeness
from review.drafting import Draft, draft_district
from review.errors import ReviewError
from review.feedback import Feedback, feedback_points
from review.material import MaterialReport, material_report
from review.people import NOBODY, Person
from review.record_state import record_state
from review.rights import require
from review.workspace import Settings, Workspace
from scoring_rules.errors import ScoringError
from ui.words import plain

# Results of this many districts and years are kept in memory.
KEPT = 8


@st.cache_resource(show_spinner=False)
def _open(home: str, database_url: str | None, embedding_model: str | None, _settings: Settings) -> Workspace:
    return Workspace(_settings)


def start(settings: Settings) -> Workspace:
    """The workspace of these settings, opened once for all sessions, as somebody has it who has not signed in."""
    opened = _open(str(settings.home), settings.database_url, settings.embedding_model, settings)
    return opened.acting_as(NOBODY)


def act_for(opened: Workspace, person: Person) -> None:
    """The pages of this run act for this person, and for nobody else."""
    st.session_state["workspace"] = opened.acting_as(person)


def workspace() -> Workspace:
    """The workspace of this run, for the person who acts."""
    return st.session_state["workspace"]


@contextmanager
def errors_shown() -> Iterator[None]:
    """Shows the packages' own errors as a sentence; anything else is a bug and stays loud."""
    try:
        yield
    except (ReviewError, IngestError, RetrievalError, ScoringError) as exc:
        st.error(plain(str(exc)))
    except (DBAPIError, OSError) as exc:
        fault = fault_of(exc)
        if fault is None:
            raise
        st.error(plain(str(fault)))


def choose_district() -> None:
    """The choice of district and year in the sidebar; nothing to choose while no evidence is stored."""
    stored = workspace().districts()
    wanted = st.session_state.pop("go_to", None)
    with st.sidebar:
        if not stored:
            st.session_state["chosen"] = None
            st.caption("还没有任何区县的材料")
            return
        if wanted in stored:
            st.session_state["district"], st.session_state["cycle"] = wanted
        districts = sorted({district for district, _ in stored})
        district = st.selectbox("区县", districts, key="district")
        cycles = [year for name, year in stored if name == district]
        if st.session_state.get("cycle") not in cycles:
            st.session_state["cycle"] = cycles[0]
        cycle = st.selectbox("评价年度", cycles, format_func=lambda year: f"{year} 年度", key="cycle")
        st.caption(f"数据年度：{cycle - 1} 年")
        st.session_state["chosen"] = (district, cycle)


def chosen() -> tuple[str, int] | None:
    """(district, evaluation year) chosen in the sidebar, None while no evidence is stored."""
    return st.session_state.get("chosen")


def go_to(district: str, cycle: int) -> None:
    """Choose this district and year on the next run."""
    st.session_state["go_to"] = (district, cycle)


def nothing_stored() -> None:
    """What to do when there is no evidence yet."""
    st.info(
        "还没有导入任何材料。请打开左侧的“导入材料”，填写区县和评价年度，选择文件后开始导入。", icon=":material/info:"
    )


def evidence_version(district: str, cycle: int) -> str:
    """Changes whenever something of the district does that a kept result rests on."""
    return record_state(workspace(), district, cycle)


@st.cache_data(show_spinner="正在逐项核对材料……", max_entries=KEPT)
def _completeness(district: str, cycle: int, version: str, _workspace: Workspace) -> Completeness:
    return completeness(_workspace, district, cycle)


@st.cache_data(show_spinner="正在按规则起草初评分……", max_entries=KEPT)
def _draft(district: str, cycle: int, version: str, _workspace: Workspace) -> Draft:
    return draft_district(_workspace, district, cycle)


@st.cache_data(show_spinner="正在起草反馈意见……", max_entries=KEPT)
def _feedback(district: str, cycle: int, version: str, _workspace: Workspace) -> Feedback:
    return feedback_points(_workspace, district, cycle)


@st.cache_data(show_spinner="正在查找重复和可疑之处……", max_entries=KEPT)
def _material(district: str, cycle: int, version: str, _workspace: Workspace) -> MaterialReport:
    return material_report(_workspace, district, cycle)


def current_completeness(district: str, cycle: int) -> Completeness:
    """The completeness list of the evidence as it is now."""
    require(workspace().actor, "read_evidence", district)  # what is kept was made for somebody else
    return _completeness(district, cycle, evidence_version(district, cycle), workspace())


def current_material(district: str, cycle: int) -> MaterialReport:
    """Findings and copies of the evidence as it is now."""
    require(workspace().actor, "read_evidence", district)
    return _material(district, cycle, evidence_version(district, cycle), workspace())


def current_draft(district: str, cycle: int) -> Draft:
    """The draft points of the evidence as it is now."""
    require(workspace().actor, "read_evidence", district)
    return _draft(district, cycle, evidence_version(district, cycle), workspace())


def current_feedback(district: str, cycle: int) -> Feedback:
    """The feedback letter's content for the evidence as it is now."""
    require(workspace().actor, "write_feedback", district)
    return _feedback(district, cycle, evidence_version(district, cycle), workspace())
