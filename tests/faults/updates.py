"""Updates as nobody would send them: every kind of message and button with odd arguments, fields missing or of another type."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from bot.handlers import ASKING_BUTTONS, ASKING_COMMANDS, BUTTONS, COMMANDS
from bot.stage import FIRST_ID

PEOPLE = [*range(FIRST_ID, FIRST_ID + 4), 555]
"""The four of the stage, and a stranger."""
GROUP = -1001234

ODD_TEXTS = [
    *("", " ", "\n\n", "0", "-1", "💐" * 50, "a" * 4096, "Nguyễn\u200bVăn\u202eA", "Huỳnh\x00 Thị\x07", "e\u0302\u0323" * 30),
    *(
        "=cmd|' /C calc'!A0",
        "<b>x</b> *y* _z_ `w` [u](v)",
        "'; DROP TABLE drafts; --",
        "{0} {name} %s %(x)s",
        "../../etc/passwd",
        "٣ năm",
        "½",
    ),
    *("Cá nhân", "Tập thể", "Bỏ qua", "Quay lại", "Xong", "Đã đồng ý", "Gửi", "Huỷ", "12 năm", "0912 345 678", "hoa@truong.edu.vn"),
    *("Nguyễn Thị Hoa", "Hồ sơ gồm những gì?", "đề cử cô Nguyễn Thị Hoa, 12 năm, 0912 345 678", "Tổ Toán", "30/02/2027", "31/5"),
]
texts = st.one_of(
    st.sampled_from(ODD_TEXTS), st.text(max_size=60), st.text(st.characters(categories=["Cs", "Cc", "Cf", "Mn", "Lo"]), max_size=20)
)
arguments = st.one_of(
    st.sampled_from(
        ["1", "0", "-1", "truong-a", "truong-a-1", "truong-b", "truong-a.1", "truong-a.1.0", "admin", "unit_head", "docx", "accepted"]
    ),
    st.text(max_size=12),
    st.integers(-(2**70), 2**70).map(str),
)
data = st.one_of(
    st.builds(
        lambda verb, rest: ".".join([verb, *rest])[:64],
        st.sampled_from([*BUTTONS, *ASKING_BUTTONS, "retry"]),
        st.lists(arguments, max_size=4),
    ),
    st.builds(
        lambda draft, revision, action: f"{draft}:{revision}:{action}"[:64],
        st.integers(-1, 6) | st.text(max_size=5),
        st.integers(-1, 20) | st.text(max_size=5),
        st.sampled_from(["kind.individual", "next", "back", "done", "send", "skip", "none", "consent.yes", "on.1", "off.1", "cancel"])
        | st.text(max_size=12),
    ),
    st.text(max_size=64),
)
commands = st.builds(
    lambda name, rest: f"/{name}{' ' if rest else ''}{rest}", st.sampled_from([*COMMANDS, *ASKING_COMMANDS, "nhom", "suco", "x"]), texts
)
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False), texts),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
file_names = st.one_of(
    st.none(),
    texts,
    st.sampled_from(
        [
            "a.xlsx",
            "b.docx",
            "c.pdf",
            "d.txt",
            "../../etc/passwd.pdf",
            "C:\\x\\y.docx",
            "\u202exslx.exe",
            "a" * 300 + ".pdf",
            "cccd.jpg",
            ".",
            "..",
        ]
    ),
)


@st.composite
def messages(draw: st.DrawFn) -> dict[str, Any]:
    person = draw(st.sampled_from(PEOPLE))
    chat = draw(st.sampled_from([{"id": person, "type": "private"}] * 4 + [{"id": GROUP, "type": "supergroup", "title": "Nhóm"}]))
    message = {
        "message_id": draw(st.integers(1, 2**31)),
        "date": draw(st.sampled_from([0, 1_795_000_000, 2**31 - 1])),
        "from": {"id": person, "is_bot": False, "first_name": draw(texts) or "A"},
        "chat": chat,
    }
    return {**message, **draw(contents())}


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """What a message carries, as Telegram writes it."""
    kind = draw(st.sampled_from(["text", "text", "command", "document", "photo", "other"]))
    if kind == "text":
        return {"text": draw(texts)}
    if kind == "command":
        text = draw(commands)
        return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]}
    if kind == "document":
        about: dict[str, Any] = {"file_id": draw(st.sampled_from(FILES)), "file_unique_id": "u"}
        name, size = draw(file_names), draw(st.sampled_from([None, 0, 1, 25 * 2**20]))
        about |= ({"file_name": name} if name is not None else {}) | ({"file_size": size} if size is not None else {})
        album = draw(st.sampled_from([None, None, "album"]))
        return {"document": about, "caption": draw(texts)} | ({"media_group_id": album} if album else {})
    if kind == "photo":
        return {"photo": [{"file_id": draw(st.sampled_from(FILES)), "file_unique_id": "u", "width": 9, "height": 9}]}
    return draw(st.sampled_from(OTHERS))


FILES = [f"known-{number}" for number in range(8)]
"""What a fuzz run keeps in the emulator under these names."""

OTHERS: list[dict[str, Any]] = [
    {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}},
    {
        "sticker": {
            "file_id": "s",
            "file_unique_id": "s",
            "width": 1,
            "height": 1,
            "is_animated": False,
            "is_video": False,
            "type": "regular",
        }
    },
    {"location": {"latitude": 9.9, "longitude": 105.1}},
    {"contact": {"phone_number": "+84912345678", "first_name": "Hoa"}},
    {"dice": {"emoji": "🎲", "value": 6}},
    {
        "poll": {
            "id": "1",
            "question": "?",
            "options": [],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
        }
    },
    {"new_chat_members": [{"id": 1, "is_bot": True, "first_name": "bot"}]},
    {"left_chat_member": {"id": 1, "is_bot": True, "first_name": "bot"}},
    {"migrate_to_chat_id": -1009999},
    {"text": "chuyển tiếp", "forward_origin": {"type": "hidden_user", "date": 0, "sender_user_name": "x"}},
    {"text": "trả lời", "reply_to_message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}, "text": "x"}},
    {},
]


@st.composite
def presses(draw: st.DrawFn) -> dict[str, Any]:
    person = draw(st.sampled_from(PEOPLE))
    message: dict[str, Any] = {"message_id": draw(st.integers(1, 60)), "date": 1_795_000_000, "chat": {"id": person, "type": "private"}}
    query: dict[str, Any] = {
        "id": str(draw(st.integers(1, 10**9))),
        "from": {"id": person, "is_bot": False, "first_name": "A"},
        "chat_instance": "1",
    }
    query["message"] = draw(st.sampled_from([message, {**message, "text": "x"}, {**message, "date": 0}]))
    return {**query, "data": draw(data)}


sound = st.one_of(
    st.fixed_dictionaries({"message": messages()}),
    st.fixed_dictionaries({"callback_query": presses()}),
    st.fixed_dictionaries({"edited_message": messages()}),
)
"""Updates whose fields are all there and of the right type."""


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, Any]:
    """A sound update of which fields are missing or something else."""
    update = copy.deepcopy(draw(sound))
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(_places(update)))
        if draw(st.booleans()):
            holder.pop(key, None)
        else:
            holder[key] = draw(json_values)
    return update


def _places(value: Any) -> list[tuple[dict[str, Any], str]]:
    found: list[tuple[dict[str, Any], str]] = []
    if isinstance(value, dict):
        found = [(value, key) for key in value]
        for inner in value.values():
            found += _places(inner)
    return found or [({}, "")]


unknown = st.one_of(
    st.dictionaries(
        st.sampled_from(["my_chat_member", "poll", "inline_query", "channel_post", "message", "callback_query", "x"]),
        json_values,
        max_size=3,
    ),
    st.fixed_dictionaries({"my_chat_member": st.fixed_dictionaries({"chat": json_values, "from": json_values, "date": json_values})}),
)
odd = st.one_of(spoilt(), unknown)
