"""Who is using the page: signed in, alone on his own computer, or playing a part in the demo; and the way in and out.

A session is a row of the record; the browser keeps only its token, in a cookie that a reload brings back. Streamlit can read
cookies but not set them, so a script of our own sets it; it cannot be hidden from other scripts of the page (HttpOnly), and there
are none: what people upload is never drawn as HTML.
"""

from __future__ import annotations

import hashlib
import ipaddress
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st

from review.accounts import has_accounts
from review.demo import DISTRICT
from review.errors import ReviewError, SignInError
from review.passwords import RULE
from review.people import LOCAL, ROLE_WORDS, Person
from review.sign_in import LONGEST, SignedIn, change_own_password, person_of, sign_in, sign_in_external, sign_out
from review.workspace import Workspace
from ui.words import html, plain

TOKEN, FORGET = "token", "forget-cookie"
ALONE = "单人使用：还没有账号，在这台电脑上打开程序的人有全部权限。多人使用前，请先用 edureview user add 建立账号。"
DEMO = "演示：材料和人员均为虚构，程序只在这台电脑上打开。左侧可以换一个身份，看各种角色能做什么。"
NOT_HERE = (
    "还没有账号，而程序不只在本机打开，因此不能使用。请先在服务器上用 edureview user add 建立账号，再打开这个页面。"
)
# Parts to play in the demo; the first is what one person on his own computer is.
PARTS: Mapping[str, Person] = {
    f"{ROLE_WORDS['local']}（全部权限）": LOCAL,
    f"{ROLE_WORDS['district']}（{DISTRICT}）": Person("演示填报员", "district", frozenset({DISTRICT}), session="演示"),
    ROLE_WORDS["expert"]: Person("演示专家", "expert", frozenset({DISTRICT}), session="演示"),
    ROLE_WORDS["office"]: Person("演示督导办", "office", session="演示"),
    ROLE_WORDS["admin"]: Person("演示管理员", "admin", session="演示"),
}


def signed_in(nobody: Workspace) -> Person | None:
    """Who acts in this run; None when somebody has to sign in first, which is drawn then.

    nobody : the workspace as whoever looks at the sign-in page has it.
    """
    if not has_accounts(nobody):
        return _alone()
    token = st.session_state.get(TOKEN) or _brought(nobody)
    person = person_of(nobody, token) if token else None
    if person is None:
        person, token = _from_provider(nobody)
    if person is None:
        _forget(nobody)
        _form(nobody)
        return None
    _keep(nobody, str(token))
    with st.sidebar:
        st.caption(plain(f"{person.name}　{ROLE_WORDS[person.role]}"))
        st.button("退出", key="sign-out", icon=":material/logout:", on_click=leave, args=(nobody, token))
        with st.popover("改密码", icon=":material/key:"):
            _change_password(nobody.acting_as(person))
    return person


def _change_password(workspace: Workspace) -> None:
    with st.form("change-password", clear_on_submit=True, border=False):
        old = st.text_input("现在的密码", type="password", key="password-old", max_chars=300)
        new = st.text_input("新的密码", type="password", key="password-new", max_chars=300, help=RULE)
        again = st.text_input("再输一遍", type="password", key="password-again", max_chars=300)
        wanted = st.form_submit_button("更改", key="password-go")
    if not wanted:
        return
    if new != again:
        st.error("两次输入的新密码不同，请重新输入。")
        return
    try:
        done = change_own_password(workspace, old, new)
    except ReviewError as exc:
        st.error(plain(str(exc)))
        return
    st.session_state[TOKEN] = done.token
    _run_script(_cookie(workspace, done.token, round(LONGEST.total_seconds())))
    st.success("密码已更改，别处的登录已经失效。")


def leave(nobody: Workspace, token: str) -> None:
    """Ends the session in every window, and forgets everything this one has seen."""
    sign_out(nobody, token)
    st.session_state.clear()
    st.session_state[FORGET] = True
    if _provider() and st.user.is_logged_in:
        st.logout()


def cookie_name(workspace: Workspace) -> str:
    """Of this data folder: cookies do not tell ports apart, and two programs on one computer shall not sign each other out."""
    place = f"{workspace.settings.home}|{workspace.settings.database_url}"
    return f"edureview_{hashlib.sha256(place.encode()).hexdigest()[:8]}"


def _brought(workspace: Workspace) -> str | None:
    """The token that the browser brought when it opened the page."""
    token = st.context.cookies.get(cookie_name(workspace))
    return token if isinstance(token, str) else None  # without a browser, as under AppTest, it is no text


def _alone() -> Person | None:
    if not only_here(st.get_option("server.address"), st.context.headers):
        st.error(NOT_HERE)
        return None
    is_demo = "--demo" in sys.argv
    st.html(f'<div class="er-caution">{html(DEMO if is_demo else ALONE)}</div>')
    if not is_demo:
        return LOCAL
    with st.sidebar:
        return PARTS[st.selectbox("演示身份", list(PARTS), key="part", on_change=_forget_what_was_seen)]


def _forget_what_was_seen() -> None:
    for key in [key for key in st.session_state if key != "part"]:
        del st.session_state[key]


def only_here(address: str | None, headers: Mapping[str, str]) -> bool:
    """Whether the page can be opened on this computer only: the server listens here, and nobody passed the request on."""
    if not address or not _is_here(address):
        return False
    if any(name in headers for name in ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-Ip")):
        return False
    host = headers.get("Host")
    return host is None or _is_here(urlsplit(f"//{host}").hostname or "")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _provider() -> bool:
    """Whether an identity provider is configured in .streamlit/secrets.toml."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def _from_provider(nobody: Workspace) -> tuple[Person | None, str | None]:
    """(person, token) of whom the identity provider has signed in and an account exists for."""
    if not _provider() or not st.user.is_logged_in or st.session_state.get(FORGET):
        return None, None
    email = st.user.get("email")
    if not isinstance(email, str) or st.user.get("email_verified") is False:
        st.error("统一身份认证没有给出可用的邮箱，请联系管理员。")
        return None, None
    try:
        done = sign_in_external(nobody, email)
    except SignInError:
        st.error(plain(f"“{email}”还没有可用的账号，请联系管理员。"))
        return None, None
    st.session_state[TOKEN] = done.token
    return done.person, done.token


def _form(nobody: Workspace) -> None:
    _, middle, _ = st.columns([1, 1.2, 1])
    with middle:
        st.title("登录", anchor=False)
        with st.form("sign-in", clear_on_submit=False):
            name = st.text_input("姓名", key="sign-in-name", max_chars=60, autocomplete="username")
            password = st.text_input(
                "密码", type="password", key="sign-in-password", max_chars=300, autocomplete="current-password"
            )
            wanted = st.form_submit_button("登录", type="primary", key="sign-in-go")
        if wanted:
            try:
                _begin(sign_in(nobody, name, password))
            except ReviewError as exc:
                st.error(plain(str(exc)))
        if _provider():
            st.button("用统一身份认证登录", key="sign-in-provider", on_click=_to_provider)


def _to_provider() -> None:
    st.session_state.pop(FORGET, None)
    st.login()


def _begin(done: SignedIn) -> None:
    st.session_state.clear()
    st.session_state[TOKEN] = done.token
    st.rerun()


def _keep(workspace: Workspace, token: str) -> None:
    """Lets the browser keep a token that it did not bring itself."""
    if TOKEN in st.session_state and _brought(workspace) != token:
        _run_script(_cookie(workspace, token, round(LONGEST.total_seconds())))


def _forget(workspace: Workspace) -> None:
    if st.session_state.get(FORGET) or _brought(workspace):
        _run_script(_cookie(workspace, "", 0))


def _cookie(workspace: Workspace, token: str, seconds: int) -> str:
    # Both parts are of our own making: letters, digits, "-" and "_".
    kept = f"{cookie_name(workspace)}={token}; path=/; max-age={seconds}; samesite=strict"
    return f'document.cookie = "{kept}" + (location.protocol === "https:" ? "; secure" : "");'


def _run_script(script: str) -> None:
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
