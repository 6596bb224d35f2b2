"""Commands on accounts and on the log of acts."""

from __future__ import annotations

from pathlib import Path

import click

from review.commands.base import State, as_json, print_json

_ROLES = "district 区县填报员、expert 专家、office 市督导办、admin 管理员"
_PASSWORD_FILE = click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="从文件（- 为标准输入）的第一行读密码；不写则在终端里询问两遍，不显示。",
)


@click.group("user", help="账号：新建、列出、更改、停用、重设密码。没有账号时，程序是本机一个人用的。")
def user() -> None:
    """The group of account commands."""


@user.command("add", help="新建账号。角色：" + _ROLES + "。")
@click.argument("name", metavar="NAME")
@click.option("--role", required=True, help="角色。")
@click.option("--district", "districts", multiple=True, help="负责的区县，可写多次；区县填报员和专家必须写。")
@click.option("--external", default="", help="统一身份认证（OIDC）里的账号，一般是邮箱；写了可以不设密码。")
@click.option("--no-password", is_flag=True, help="不设密码，只能经统一身份认证登录。")
@_PASSWORD_FILE
@as_json
@click.pass_obj
def add(
    state: State, name: str, role: str, districts: tuple[str, ...], external: str, no_password: bool,
    password_file: Path | None, json_: bool,
) -> None:  # fmt: skip
    """Make an account."""
    from review.accounts import add_account

    password = "" if no_password else _password(password_file)
    made = add_account(state.workspace, name, role, password, districts=districts, external=external)
    if json_:
        print_json(made.to_json())
        return
    click.echo(f"已新建账号：{_told(made.to_json())}")


@user.command("list", help="全部账号：姓名、角色、负责的区县、是否停用。")
@as_json
@click.pass_obj
def list_users(state: State, json_: bool) -> None:
    """List the accounts."""
    from review.accounts import accounts

    rows = [account.to_json() for account in accounts(state.workspace)]
    if json_:
        print_json(rows)
        return
    for row in rows:
        click.echo(_told(row))
    if not rows:
        click.echo("还没有账号：程序由本机一个人使用，打开即有全部权限。")


@user.command("change", help="更改角色或负责的区县，或重新启用；该账号现有的登录随即失效。")
@click.argument("name", metavar="NAME")
@click.option("--role", help="新的角色。")
@click.option("--district", "districts", multiple=True, help="负责的区县（替换原来的），可写多次。")
@click.option("--enable", is_flag=True, help="重新启用已停用的账号。")
@click.pass_obj
def change(state: State, name: str, role: str | None, districts: tuple[str, ...], enable: bool) -> None:
    """Change an account."""
    from review.accounts import change_account

    changed = change_account(state.workspace, name, role=role, districts=districts or None, enable=enable)
    click.echo(f"已更改：{_told(changed.to_json())}")


@user.command("disable", help="停用账号：不能再登录，现有的登录随即失效；做过的事仍留着姓名。")
@click.argument("name", metavar="NAME")
@click.pass_obj
def disable(state: State, name: str) -> None:
    """Disable an account."""
    from review.accounts import disable_account

    click.echo(f"已停用：{_told(disable_account(state.workspace, name).to_json())}")


@user.command("password", help="重设密码；该账号现有的登录随即失效。")
@click.argument("name", metavar="NAME")
@_PASSWORD_FILE
@click.pass_obj
def password(state: State, name: str, password_file: Path | None) -> None:
    """Set a password."""
    from review.accounts import set_password

    set_password(state.workspace, name, _password(password_file))
    click.echo(f"已重设“{name}”的密码。")


@user.command("rights", help="权限表：每一项权限哪些角色有。")
@as_json
def rights(json_: bool) -> None:
    """Print the table of rights."""
    from review.people import ROLE_WORDS
    from review.rights import RIGHTS

    if json_:
        print_json([{"right": r, "words": entry.words, "roles": sorted(entry.roles)} for r, entry in RIGHTS.items()])
        return
    for entry in RIGHTS.values():
        click.echo(f"{entry.words}：{'、'.join(words for role, words in ROLE_WORDS.items() if role in entry.roles)}")


def _password(file: Path | None) -> str:
    from review.passwords import RULE

    if file is not None:
        with click.open_file(str(file), encoding="utf-8") as lines:
            return lines.readline().rstrip("\r\n")
    click.echo(f"{RULE}。", err=True)
    asked: str = click.prompt("密码", hide_input=True, confirmation_prompt="再输一遍", err=True)
    return asked


def _told(row: dict[str, object]) -> str:
    from review.people import ROLE_WORDS

    words = {str(role): told for role, told in ROLE_WORDS.items()}
    own = row["districts"]
    where = f"　{'、'.join(own)}" if isinstance(own, list) and own else ""
    external = f"　统一身份认证 {row['external']}" if row["external"] else ""
    state = "" if row["state"] == "active" else "　已停用"
    return f"{row['name']}　{words[str(row['role'])]}{where}{external}{state}"


@click.group("audit", help="操作记录：只增不改，前后用散列连成一串。核对、查看、导出一个区县的。")
def audit() -> None:
    """The group of commands on the log of acts."""


@audit.command("verify", help="核对操作记录是否被改、删、换过次序；有问题逐条列出，退出码 1。")
@click.option(
    "--head", "heads", multiple=True, metavar="NUMBER:HASH", help="另行记下的链头（见 audit head），可写多次。"
)
@click.option(
    "--export", "exported", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="不核对数据库，只核对这份导出的区县操作记录。",
)  # fmt: skip
@as_json
@click.pass_obj
def verify(state: State, heads: tuple[str, ...], exported: Path | None, json_: bool) -> None:
    """Check the log."""
    from review.audit_check import check_export
    from review.audit_check import verify as check

    if exported is not None:
        checked = check_export(exported.read_bytes())
    else:
        checked = check(state.workspace, [_head(given) for given in heads])
    if json_:
        print_json(checked.to_json())
    else:
        for note in checked.notes:
            click.echo(f"提示：{note}")
        if not checked.faults:
            click.echo(f"操作记录 {checked.rows} 步，首尾相连，没有发现改动。末尾 {checked.rows}:{checked.head}")
    checked.refuse_faults()


def _head(given: str) -> tuple[int, str]:
    number, _, chain = given.partition(":")
    if not number.isdigit() or len(chain) < 8:
        raise click.BadParameter("应写成“57:a1b2c3d4…”，散列至少 8 位", param_hint="--head")
    return int(number), chain


@audit.command("head", help="现在的链头（步数与散列）。写进会议纪要或附在签字旁，日后用 audit verify --head 核对。")
@click.pass_obj
def head(state: State) -> None:
    """Print the head of the log."""
    from review.audit import head as newest

    number, chain = newest(state.workspace)
    click.echo(f"{number}:{chain}")


@audit.command("list", help="操作记录：谁、什么时候、做了什么、之前和之后、以什么身份登录。")
@click.option("--district", help="只看一个区县的。")
@click.option("--cycle", type=int, help="只看一个评价年度的（及不分年度的）。")
@click.option("--person", help="只看一个人的。")
@click.option("--last", default=50, show_default=True, type=click.IntRange(1), help="最后多少步。")
@as_json
@click.pass_obj
def list_acts(
    state: State, district: str | None, cycle: int | None, person: str | None, last: int, json_: bool
) -> None:
    """List acts."""
    from review.audit import ACT_WORDS, acts

    rows = acts(state.workspace, district, cycle, person=person, last=last)
    if json_:
        print_json([row.to_json() for row in rows])
        return
    for row in rows:
        where = f"　{row.district}" if row.district else ""
        year = f" {row.cycle} 年度" if row.cycle else ""
        click.echo(
            f"{row.number}　{row.at[:19]}　{row.person}（{row.session}）　{ACT_WORDS[row.act]}{where}{year}　{row.subject}"
        )
    if not rows:
        click.echo("没有操作记录。")


@audit.command("export", help="导出一个区县的操作记录（JSON 行），不含别的区县的任何内容，可单独核对。")
@click.option("--district", required=True, help="区县名称。")
@click.option("-o", "output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="写到哪个文件。")
@click.pass_obj
def export(state: State, district: str, output: Path) -> None:
    """Export one district's acts."""
    from review.audit_check import export_district

    data = export_district(state.workspace, district)
    output.write_bytes(data)
    click.echo(f"已写入 {output}：{len(data.splitlines())} 步。")
