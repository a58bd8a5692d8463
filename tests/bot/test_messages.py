"""The bot's words: Vietnamese, polite, without the trade's jargon, within Telegram's limits."""

from __future__ import annotations

import ast
import inspect
import re
import unicodedata
from pathlib import Path

from bot import handlers, messages
from bot.access import Role
from bot.audit import Audit
from forms.texts import FormTexts

JARGON = re.compile(
    r"\b(callback|database|server|token|json|sql|update|index|offset|exception|traceback|null|none|user|admin|chunk|embedding|session)\b",
    re.IGNORECASE,
)
RELIED_ON = ("Cá nhân", "Tập thể", "Bỏ qua", "Quay lại", "Xong", "Đã đồng ý", "Gửi", "Huỷ")


def sentences() -> list[str]:
    """Every text literal of the messages, the docstrings left out."""
    tree = ast.parse(inspect.getsource(messages))
    documented = {id(node.body[0].value) for node in ast.walk(tree) if hasattr(node, "body") and _has_docstring(node)}
    found = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in documented]
    return [node.value for node in found if re.search(r"[^\W\d_]", node.value)]


def _has_docstring(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    return isinstance(body, list) and bool(body) and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)


def test_texts_are_nfc_and_without_jargon() -> None:
    commands = set(messages.COMMANDS) | {name for menu in messages.MENU.values() for name in menu}
    for text in sentences():
        assert text == unicodedata.normalize("NFC", text)
        if text in messages.ROLE or text in commands or text in messages.DONE or "@" in text:
            continue
        assert not JARGON.search(text), text


def test_commands_of_every_menu_are_named_and_handled() -> None:
    assert set(messages.MENU) == {role.value for role in Role}
    for name in {name for menu in messages.MENU.values() for name in menu} | set(messages.MENU_ALWAYS):
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
        assert 3 <= len(messages.COMMANDS[name]) <= 256
        assert name in {*handlers.COMMANDS, *handlers.ASKING_COMMANDS}


def test_what_the_trail_records_has_a_name() -> None:
    """Every action that handlers put into the audit trail is shown in words."""
    folder = Path(handlers.__file__).parent
    source = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    recorded = set(re.findall(r'turn\.audit\(\s*"([a-z_]+)"', source)) | set(re.findall(r'"([a-z]+_[a-z]+)" if \w+ else', source))
    assert recorded
    assert recorded <= set(messages.DONE), recorded - set(messages.DONE)
    assert inspect.isclass(Audit)


def test_labels_that_scripts_rely_on_stay() -> None:
    labels = {FormTexts.INDIVIDUAL, FormTexts.COLLECTIVE, FormTexts.SKIP, FormTexts.BACK}
    labels |= {FormTexts.DONE, FormTexts.AGREED, FormTexts.SEND, FormTexts.CANCEL}
    assert labels == set(RELIED_ON)
    assert (messages.SKIP, messages.BUTTON_SEND) == ("Bỏ qua", "Gửi")


def test_texts_only_in_messages() -> None:
    """No handler holds a Vietnamese sentence of its own."""
    for path in [*Path(handlers.__file__).parent.glob("*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documented = {id(node.body[0].value) for node in ast.walk(tree) if hasattr(node, "body") and _has_docstring(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
                words = re.findall(r"[à-ỹđ]\w*", node.value.lower())
                assert len(words) <= 1, f"{path.name}:{node.lineno}: {node.value!r}"
