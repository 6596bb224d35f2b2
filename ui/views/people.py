"""账号: who may sign in, as what and for which districts; made, changed and disabled here by an administrator."""

from __future__ import annotations

import streamlit as st

from review.accounts import Account, accounts, add_account, change_account, disable_account, set_password
from review.errors import ReviewError
from review.passwords import RULE
from review.people import ACCOUNT_ROLES, ROLE_WORDS, AccountRole
from review.rights import RIGHTS
from ui.session import workspace
from ui.words import badge, html, plain

DONE = "people-done"


def main() -> None:
    """The accounts, the form for a new one, the form for changes, the table of rights."""
    st.title("账号", anchor=False)
    if told := st.session_state.pop(DONE, ""):
        st.success(plain(told))
    listed = accounts(workspace())
    if listed:
        _table(listed)
    else:
        st.info(
            "还没有账号：程序由本机一个人使用。建了第一个账号，打开页面就要登录；请先建管理员。", icon=":material/info:"
        )
    left, right = st.columns(2, gap="large")
    with left:
        _new()
    with right:
        if listed:
            _change(listed)
    with st.expander("权限表"):
        _rights()


def _table(listed: list[Account]) -> None:
    rows = "".join(
        f"<tr><td>{html(one.name)}</td><td>{ROLE_WORDS[one.role]}</td><td>{html('、'.join(one.districts) or '全部')}</td>"
        f"<td>{html(one.external or '—')}</td>"
        f"<td>{badge('启用', 'green') if one.state == 'active' else badge('停用', 'gray')}</td></tr>"
        for one in listed
    )
    head = "<tr><th>姓名</th><th>角色</th><th>区县</th><th>统一身份认证</th><th>状态</th></tr>"
    st.html(f'<table class="er-table"><thead>{head}</thead><tbody>{rows}</tbody></table>')


def _role_of(key: str, chosen: AccountRole = "district") -> AccountRole:
    return st.selectbox(
        "角色", ACCOUNT_ROLES, index=ACCOUNT_ROLES.index(chosen), format_func=ROLE_WORDS.__getitem__, key=key
    )


def _new() -> None:
    st.subheader("新建", anchor=False)
    with st.form("people-new", clear_on_submit=False):
        name = st.text_input("姓名", key="people-name", max_chars=30)
        role = _role_of("people-role")
        districts = st.text_input("负责的区县（用顿号隔开；市督导办和管理员不填）", key="people-districts")
        password = st.text_input("密码", type="password", key="people-password", help=RULE, max_chars=300)
        external = st.text_input("统一身份认证里的账号（没有就不填）", key="people-external", max_chars=200)
        if st.form_submit_button("新建账号", type="primary", key="people-add"):
            try:
                made = add_account(workspace(), name, role, password, districts=_split(districts), external=external)
            except ReviewError as exc:
                st.error(plain(str(exc)))
            else:
                _done(f"已新建账号“{made.name}”。")


def _change(listed: list[Account]) -> None:
    st.subheader("更改", anchor=False)
    name = st.selectbox("账号", [one.name for one in listed], key="people-which")
    one = next(account for account in listed if account.name == name)
    with st.form(f"people-change-{one.number}"):
        role = _role_of(f"people-new-role-{one.number}", one.role)
        districts = st.text_input(
            "负责的区县", value="、".join(one.districts), key=f"people-new-districts-{one.number}"
        )
        password = st.text_input(
            "新的密码（不改就不填）", type="password", key=f"people-new-password-{one.number}", help=RULE, max_chars=300
        )
        enable = st.checkbox("启用", value=one.state == "active", key=f"people-active-{one.number}")
        st.caption("保存后，这个账号现有的登录随即失效。")
        if st.form_submit_button("保存", key=f"people-save-{one.number}"):
            try:
                _save(one, role, _split(districts), password, enable=enable)
            except ReviewError as exc:
                st.error(plain(str(exc)))
            else:
                _done(f"已更改“{one.name}”。")


def _save(one: Account, role: AccountRole, districts: list[str], password: str, *, enable: bool) -> None:
    """Only what differs is done, so that the log of acts tells what was changed."""
    is_active = one.state == "active"
    if (role, sorted(districts)) != (one.role, sorted(one.districts)) or (enable and not is_active):
        change_account(workspace(), one.name, role=role, districts=districts, enable=enable and not is_active)
    if password:
        set_password(workspace(), one.name, password)
    if is_active and not enable:
        disable_account(workspace(), one.name)


def _done(told: str) -> None:
    st.session_state[DONE] = told
    st.rerun()


def _split(districts: str) -> list[str]:
    for mark in "，,；; \u3000":
        districts = districts.replace(mark, "、")
    return [part for part in districts.split("、") if part]


def _rights() -> None:
    roles = [role for role in ROLE_WORDS if role != "nobody"]
    head = "".join(f"<th>{ROLE_WORDS[role]}</th>" for role in roles)
    marks = {True: "<td>✓</td>", False: "<td></td>"}
    rows = "".join(
        f"<tr><td>{entry.words}</td>{''.join(marks[role in entry.roles] for role in roles)}</tr>"
        for entry in RIGHTS.values()
    )
    st.html(f'<table class="er-table"><thead><tr><th>权限</th>{head}</tr></thead><tbody>{rows}</tbody></table>')


if __name__ == "__main__":
    main()
