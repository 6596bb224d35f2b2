"""导入材料: choose files, watch them being read, see what is stored and what could not be read."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from review.documents import STATE_WORDS, DocumentSummary, list_documents
from review.intake import IntakeResult, sentence, share_done
from review.workspace import FIRST_CYCLE
from ui.jobs import IntakeJob, finished_jobs, forget_jobs, resume_job, running_jobs, start_job
from ui.session import chosen, go_to, workspace
from ui.uploads import write_uploads
from ui.words import badge, html, plain

LATEST_CYCLE = 2100
MODES = {"files": "选择文件", "folder": "选择整个文件夹"}
STATE_COLOURS = {"failed": "red", "partly": "orange", "reading": "orange", "indexed": "green"}
STATE_ORDER = tuple(STATE_COLOURS)


def main() -> None:
    """Running imports, results of finished ones, the form, then the list of what is stored."""
    st.title("导入材料", anchor=False)
    resume_job(workspace())
    if running_jobs(workspace().actor):
        _running()
    finished = finished_jobs(workspace().actor)
    for job in finished:
        _finished(job)
    if finished:
        st.button("知道了", on_click=forget_jobs, args=(workspace().actor,), key="intake-forget")
    _form()
    place = chosen()
    if place is not None:
        _stored(*place)


def _form() -> None:
    place = chosen()
    left, right = st.columns([2, 1])
    own = sorted(workspace().actor.districts)
    if workspace().actor.is_bound:
        district = left.selectbox("区县名称", own, key="intake-own-district") or ""
    else:
        district = left.text_input(
            "区县名称", value=place[0] if place else "", placeholder="例如：云山区", key="intake-district", max_chars=30
        )
    cycle = right.number_input(
        "评价年度", min_value=FIRST_CYCLE, max_value=LATEST_CYCLE, value=place[1] if place else FIRST_CYCLE, step=1, key="intake-cycle",
        help="评价年度的数据年度是上一年：2019 年度评价看 2018 年的材料。",
    )  # fmt: skip
    mode = st.segmented_control(
        "方式",
        list(MODES),
        format_func=MODES.__getitem__,
        default="files",
        required=True,
        key="intake-mode",
        label_visibility="collapsed",
    )
    uploads = st.file_uploader(
        "PDF、Word、Excel、PPT、OFD、图片、文本、邮件或压缩包；扫描件自动识别文字；读不出的文件会逐一说明原因",
        accept_multiple_files="directory" if mode == "folder" else True,
        key=f"intake-uploads-{mode}",
    )
    ready = bool(district.strip()) and bool(uploads)
    if st.button("开始导入", type="primary", disabled=not ready, key="intake-start"):
        folder = tempfile.TemporaryDirectory(prefix="edureview-upload-")
        write_uploads(uploads, Path(folder.name), below_top=mode == "folder")
        start_job(workspace(), district.strip(), int(cycle), folder)
        st.rerun()
    if not ready:
        st.caption("填写区县名称并选择文件后，就可以开始导入。同一份文件重复导入不会重复保存。")


@st.fragment(run_every=1.0)
def _running() -> None:
    jobs = running_jobs(workspace().actor)
    if not jobs:
        latest = [job.places[0] for job in finished_jobs(workspace().actor) if job.result is not None]
        if latest:
            go_to(*latest[-1])
        st.rerun()
    for job in jobs:
        where = "、".join(f"{district} {cycle} 年度" for district, cycle in job.places)
        st.html(
            f'<div class="er-text">正在导入 {html(where)}的材料。可以先去看别的页面，也可以关闭浏览器，导入不会中断；已经读完的页现在就能检索。</div>'
        )
        if job.progress is None:
            st.progress(0.0, text="正在准备……")
        else:
            st.progress(share_done(job.progress), text=plain(sentence(job.progress)))


def _finished(job: IntakeJob) -> None:
    if job.fault is not None:
        forget_jobs(workspace().actor)
        raise job.fault
    if job.error:
        st.error(plain(job.error))
    elif job.result is not None:
        _result(job.result)


def _result(result: IntakeResult) -> None:
    known = len(result.files) - len(result.new) - len(result.skipped)
    counts = [
        f"新增 {len(result.new)} 份",
        f"已有 {known} 份",
        f"不能读取 {len(result.refused)} 份",
        f"跳过 {len(result.skipped)} 份",
    ]
    sentence = f"导入完成：共 {len(result.files)} 份，{'，'.join(counts)}；新建索引 {result.indexed} 段。"
    rows = [(entry.file, entry.reason) for entry in result.files if entry.reason]
    (st.warning if rows else st.success)(plain(sentence))
    if rows:
        body = "".join(f"<tr><td>{html(file)}</td><td>{html(reason)}</td></tr>" for file, reason in rows)
        st.html(
            f'<table class="er-table"><thead><tr><th>文件</th><th>说明</th></tr></thead><tbody>{body}</tbody></table>'
        )


def _stored(district: str, cycle: int) -> None:
    documents = sorted(list_documents(workspace(), district, cycle), key=lambda d: (STATE_ORDER.index(d.state), d.file))
    st.subheader(plain(f"{district} {cycle} 年度已有材料（{len(documents)} 份）"), anchor=False)
    body = "".join(_row(document) for document in documents)
    head = "<tr><th>文件</th><th>状态</th><th>类型</th><th>年度</th><th>页数</th><th>说明</th></tr>"
    st.html(f'<table class="er-table"><thead>{head}</thead><tbody>{body}</tbody></table>')


def _row(document: DocumentSummary) -> str:
    types = workspace().catalogue.types
    kind = types[document.type_code].name if document.type_code else "未识别"
    year = f"{document.data_year} 年" if document.data_year else "未识别"
    pages = [f"{page.label}：{page.reason}" for page in document.pages if page.reason]
    reason = document.reason or "；".join(pages)
    tight = (
        badge(STATE_WORDS[document.state], STATE_COLOURS[document.state]),
        html(kind),
        year,
        str(len(document.pages)),
    )
    cells = "".join(f'<td class="er-tight">{cell}</td>' for cell in tight)
    return f"<tr><td>{html(document.file)}</td>{cells}<td>{html(reason)}</td></tr>"


if __name__ == "__main__":
    main()
