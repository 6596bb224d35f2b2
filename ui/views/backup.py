"""备份: the administrator makes one, sees those there are, checks one, takes one along. Restoring is a command."""

from __future__ import annotations

from functools import partial

import streamlit as st

from review.errors import ReviewError
from review.kept_backups import FOLDER, MOST_TAKEN_ALONG, KeptBackup, backup_bytes, backups, check_kept, keep_backup
from ui.forms import done, told
from ui.session import workspace
from ui.words import html, plain

CHECKED = "backup-checked"
RESTORE = "edureview restore {name} --check\nedureview restore {name} --replace"


def main() -> None:
    """The button, then the backups there are."""
    st.title("备份", anchor=False)
    st.caption(
        "备份包括数据库、原件、改写的句子、训练的对应模型和操作记录的链头，别人正在使用也可以做；向量不在里面，恢复时重建。"
        "备份里有全部区县的材料，请妥善保管。"
    )
    told()
    if st.button("现在备份", type="primary", icon=":material/backup:", key="backup-make"):
        _make()
    st.html(
        '<div class="er-caution">备份放在数据文件夹里，硬盘坏了会一起丢。做完请下载，或把'
        f" {FOLDER} 文件夹拷到别的盘，并记下 SHA-256。</div>"
    )
    found = backups(workspace())
    st.subheader(f"已有的备份（{len(found)}）", anchor=False)
    if not found:
        st.caption("还没有备份。")
    for one in found:
        _backup(one)
    with st.expander("怎样恢复"):
        st.markdown("恢复会换掉全部数据，所以只能由管理员在命令行做，做之前请所有人退出并关闭程序：")
        st.code(RESTORE.format(name="备份文件.zip"), language="bash")
        st.caption("第一行只核对，什么也不动；第二行把现有的数据移到一边（不删除）再恢复。恢复后所有登录失效。")


def _make() -> None:
    try:
        with st.spinner("正在备份，并从头核对一遍……"):
            made = keep_backup(workspace())
    except ReviewError as exc:
        st.error(plain(str(exc)))
        return
    manifest = made.manifest
    assert manifest is not None  # it was read again just now
    damaged = f"有 {len(manifest.damaged)} 份原件的内容与散列不符，请核对。" if manifest.damaged else ""
    done(f"已备份：{made.name}，{len(manifest.files)} 个文件，材料 {manifest.rows['documents']} 份。{damaged}")


def _backup(one: KeptBackup) -> None:
    with st.container(border=True, key=f"backup-{one.name}"):
        if one.manifest is None:
            st.html(f'<div class="er-title">{html(one.name)}</div><div class="er-caution">{html(one.fault)}</div>')
            return
        manifest = one.manifest
        st.html(
            f'<div class="er-title">{html(manifest.made_at[:16].replace("T", " "))}（UTC）　{html(manifest.by)}</div>'
            f'<div class="er-text">{html(one.name)}　{html(size_words(one.size))}　材料 {manifest.rows["documents"]} 份，'
            f"操作记录 {manifest.head[0]} 步，{len(manifest.files)} 个文件</div>"
        )
        if manifest.damaged:
            st.html(f'<div class="er-caution">备份时有 {len(manifest.damaged)} 份原件的内容与散列不符。</div>')
        with st.container(horizontal=True):
            if st.button("核对", key=f"backup-check-{one.name}", icon=":material/verified:"):
                _check(one.name)
            if one.size <= MOST_TAKEN_ALONG:
                st.download_button(
                    "下载", partial(backup_bytes, workspace(), one.name), file_name=one.name, mime="application/zip",
                    on_click="ignore", key=f"backup-take-{one.name}", icon=":material/download:",
                )  # fmt: skip
        if sentence := st.session_state.get(f"{CHECKED}-{one.name}"):
            st.html(f'<div class="er-text">{html(sentence)}</div>')


def _check(name: str) -> None:
    try:
        with st.spinner("正在逐个核对……"):
            manifest, sha256 = check_kept(workspace(), name)
    except ReviewError as exc:
        st.session_state.pop(f"{CHECKED}-{name}", None)
        st.error(plain(str(exc)))
        return
    st.session_state[f"{CHECKED}-{name}"] = f"备份完好：{len(manifest.files)} 个文件都与清单相符。SHA-256 {sha256}"


def size_words(size: int) -> str:
    """Bytes as people read them: 820 KB, 12.4 MB, 3.1 GB."""
    for unit, scale in (("GB", 1 << 30), ("MB", 1 << 20)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}"
    return f"{max(1, size >> 10)} KB"


if __name__ == "__main__":
    main()
