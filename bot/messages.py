"""Every text of the bot that people read, in Vietnamese. Nothing else in `bot/` holds a sentence for them.

Short and polite, thầy/cô throughout, nothing that sounds like a ruling, no word of the trade of programming. Prompts of the
nomination form stand with the form (`forms/fields.py`), the wording of an answer with the answer (`bot/answers.py`).
"""

from __future__ import annotations

from forms.model import STATES, State

# --- roles and commands ----------------------------------------------------------------------------------------------

ROLE = {
    "teacher": "giáo viên, cán bộ",
    "unit_head": "trưởng đơn vị",
    "secretariat": "thư ký thi đua",
    "admin": "quản trị",
}

COMMANDS = {
    "start": "Bắt đầu, chọn đơn vị",
    "dieukien": "Xem các tiêu chí",
    "decu": "Đề cử điển hình",
    "hoso": "Hồ sơ đã gửi và bản nháp",
    "mau": "Bảng mẫu để điền",
    "huy": "Dừng việc đang làm",
    "hangcho": "Hồ sơ chờ xử lý",
    "dot": "Các đợt đề cử",
    "tonghop": "Danh sách tổng hợp",
    "cauhoi": "Câu hỏi đang chờ trả lời",
    "daumoi": "Đặt đầu mối liên hệ",
    "moi": "Mời người dùng",
    "nguoidung": "Người dùng và vai trò",
    "kehoach": "Các kế hoạch đang dùng",
    "donvi": "Các đơn vị",
    "nhatky": "Nhật ký",
    "tinhtrang": "Tình trạng bot",
    "suco": "Nhật ký sự cố dữ liệu",
    "tamdung": "Tạm dừng hoặc chạy lại",
    "dinhchinh": "Đính chính câu trả lời",
    "dulieu": "Dữ liệu của tôi",
    "trogiup": "Hướng dẫn",
}

MENU = {
    "teacher": ("dieukien",),
    "unit_head": ("dieukien", "decu", "hoso", "mau"),
    "secretariat": ("hangcho", "dot", "tonghop", "cauhoi", "decu", "hoso", "daumoi"),
    "admin": ("kehoach", "moi", "nguoidung", "donvi", "dinhchinh", "tamdung", "nhatky", "tinhtrang", "suco"),
}
MENU_ALWAYS = ("start", "huy", "dulieu", "trogiup")

# --- first contact ---------------------------------------------------------------------------------------------------

HELLO = "Chào thầy/cô, đây là Gương Sáng, trợ lý thi đua, khen thưởng."
WHICH_INSTITUTION = "Thầy/cô công tác ở đơn vị nào? Xin gõ vài chữ trong tên đơn vị, hoặc chọn:"
WHICH_INSTITUTION_TYPED = "Thầy/cô công tác ở đơn vị nào? Xin gõ vài chữ trong tên đơn vị."
NO_INSTITUTION_YET = "Hiện chưa có đơn vị nào trong hệ thống. Xin liên hệ người quản trị."
CHOOSE_FOUND = "Xin chọn đơn vị của thầy/cô:"
ASK_FOR_INSTITUTION = "Đơn vị tôi chưa có"
OTHER_INSTITUTION = "Đổi đơn vị"
INSTITUTION_WISHED = "Đã báo người quản trị. Khi có đơn vị trong hệ thống, thầy/cô gõ /start để chọn."
WHAT_I_DO = (
    "• Trả lời câu hỏi bằng nguyên văn kế hoạch của đơn vị, có ghi số kế hoạch và mục.\n"
    "• Giúp đề cử điển hình tiên tiến theo đúng mẫu và gửi tới thư ký.\n"
    "• Kế hoạch không nói thì xin thưa là chưa tìm thấy, và chuyển câu hỏi tới thư ký nếu thầy/cô muốn."
)
TRY_ASKING = "Thầy/cô cứ gõ câu hỏi, hoặc chọn thử:"
JUST_ASK = "Thầy/cô cứ gõ câu hỏi."
NO_PLAN_YET = "Đơn vị chưa có kế hoạch nào trong hệ thống. Xin hỏi thư ký thi đua của đơn vị."

EXAMPLE_INDIVIDUAL = "Tiêu chí chọn cá nhân điển hình tiên tiến là gì?"
EXAMPLE_COLLECTIVE = "Tập thể điển hình cần đạt tiêu chí nào?"
EXAMPLE_DOSSIER = "Hồ sơ đề cử gồm những gì?"
EXAMPLE_DUTY = "Bộ phận nào làm đầu mối?"
EXAMPLE_WHEN = "Báo cáo gửi về đâu, khi nào?"
EXAMPLE_AIM = "Mục đích của kế hoạch là gì?"


def no_such_institution(text: str) -> str:
    return f"Chưa có đơn vị nào khớp với “{text}”. Xin gõ lại vài chữ khác trong tên, hoặc bấm nút dưới đây."


def institution_chosen(name: str) -> str:
    return f"Đã ghi nhận: {name}."


def answered_from_parent(name: str, parent: str) -> str:
    return f"{name} chưa có kế hoạch riêng trong hệ thống; câu trả lời lấy từ kế hoạch của {parent}."


def institution_wish(person: str, text: str) -> str:
    return f"{person} cần thêm đơn vị: “{text}”. Xem /donvi."


# --- invites and roles -----------------------------------------------------------------------------------------------

INVITE_REFUSED = {
    "unknown": "Mã mời này không đúng. Xin kiểm tra lại hoặc xin mã mới từ người quản trị.",
    "used": "Mã mời này đã được dùng. Xin mã mới từ người quản trị.",
    "expired": "Mã mời này đã hết hạn. Xin mã mới từ người quản trị.",
}
REFUSED = "Việc này cần vai trò mà thầy/cô hiện không có ở đơn vị này. Nếu cần, xin mã mời từ người quản trị."
START_CODE_UNKNOWN = "Mã đi kèm không đúng hoặc bị cắt mất một phần. Xin mở lại đúng đường dẫn, hoặc xin người quản trị mã mới."
INVITE_WHICH_ROLE = "Mời vào vai trò nào?"
INVITE_WHICH_UNIT = "Trưởng đơn vị nào? Xin gõ tên đơn vị (ví dụ: Tổ Toán), hoặc bấm Bỏ qua."
INVITE_WHICH_INSTITUTION = "Ở đơn vị nào?"
SKIP = "Bỏ qua"


def role_given(role: str, place: str | None, unit: str | None) -> str:
    where = ", ".join(part for part in (unit, place) if part)
    return f"Thầy/cô đã nhận vai trò {ROLE[role]}{f' ({where})' if where else ''}."


def role_taken(name: str, role: str) -> str:
    return f"{name} vừa nhận vai trò {ROLE[role]} bằng mã mời."


def invite_made(role: str, place: str | None, unit: str | None, token: str, link: str | None, until: str) -> str:
    where = ", ".join(part for part in (unit, place) if part)
    how = f"Liên kết: {link}" if link else f"Người được mời gõ với bot: /start {token}"
    return f"Mã mời {ROLE[role]}{f' ({where})' if where else ''}, dùng một lần, đến {until}.\n{how}"


PEOPLE = "Người dùng và vai trò. Bấm một dòng để thu hồi:"


def holder(name: str, role: str, org: str | None, unit: str | None) -> str:
    where = ", ".join(part for part in (unit, org) if part)
    return f"{name}: {ROLE[role]}{f' ({where})' if where else ''}"


NOBODY_YET = "Chưa có ai nhận vai trò."
REVOKE_SURE = "Thu hồi"
NOT_REVOKED = "Không thu hồi được: vai trò đã được thu hồi, hoặc đây là quản trị viên cuối cùng."


def revoke_question(name: str, role: str) -> str:
    return f"Thu hồi vai trò {ROLE[role]} của {name}?"


def revoked(name: str, role: str) -> str:
    return f"Đã thu hồi vai trò {ROLE[role]} của {name}, có hiệu lực ngay."


# --- answers ---------------------------------------------------------------------------------------------------------

BUTTON_SECTION = "Xem cả mục"
BUTTON_NEXT = "Đoạn liền kề"
BUTTON_PAGE = "Ảnh trang gốc"
PAGE_NOT_DRAWN = "Không dựng được ảnh của trang này."
BUTTON_GOOD = "👍"
BUTTON_BAD = "👎"
BUTTON_PASS_ON = "Hỏi thư ký"
BUTTON_SEND = "Gửi"
BUTTON_NO = "Không"
THANKS = "Cảm ơn thầy/cô."
THANKS_BAD = "Cảm ơn thầy/cô đã báo. Nếu cần, thầy/cô bấm “Hỏi thư ký”."
LET_BE = "Vâng, câu hỏi không được gửi đi."
PLAN_CHANGED = "Kế hoạch đã thay đổi sau câu trả lời này. Xin thầy/cô hỏi lại để có bản đang dùng."
NOTHING_MORE = "Không còn đoạn liền kề nào."
TOO_LONG = "Câu hỏi dài quá. Xin rút gọn trong khoảng 1.000 chữ cái."
ONLY_TEXT = "Tôi chỉ đọc được chữ và tệp văn bản. Xin thầy/cô gõ nội dung giúp; những gì đã nhập vẫn còn nguyên."
NO_IDENTITY_CARDS = (
    "Không nhận ảnh căn cước, chứng minh nhân dân, hộ chiếu: hồ sơ đề cử không cần loại giấy này. Tệp chưa được thêm vào hồ sơ; "
    "thầy/cô nên xóa tin đó khỏi cuộc trò chuyện. Nếu đây là giấy tờ khác, xin hỏi thư ký."
)
NOT_NOW_A_FILE = "Hiện chưa cần tệp nào. Muốn gửi kèm minh chứng, xin mở hồ sơ bằng /hoso hoặc bắt đầu đề cử bằng /decu."
UNKNOWN_COMMAND = "Không có lệnh này. Gõ /trogiup để xem những gì có thể làm."
EDITED = "Tin nhắn đã sửa không làm thay đổi nội dung đã ghi. Muốn đổi, xin gửi tin mới hoặc bấm nút sửa."
OLD_BUTTON = "Nút này đã cũ, việc đã được xử lý."
PAUSED = "Bot đang tạm dừng để kiểm tra. Xin thầy/cô quay lại sau; nếu gấp, xin liên hệ thư ký thi đua."
HELP_HEAD = "Thầy/cô cứ gõ câu hỏi như khi nhắn tin. Các việc khác:"


def answer_number(number: str) -> str:
    return f"Trả lời số {number}"


PASS_ON_QUESTION = "Gửi câu hỏi kèm họ tên thầy/cô cho thư ký?"


def pass_on_sure(question: str) -> str:
    return f"“{question}”\n{PASS_ON_QUESTION}"


def replied_before(question: str, reply: str) -> str:
    return (
        f"Thư ký thi đua đã trả lời một câu tương tự, “{question}”:\n{reply}\n"
        "Đây là lời của thư ký, không phải nguyên văn kế hoạch."
    )



def page_caption(number: str | None, page: int) -> str:
    return f"Kế hoạch số {number}, trang {page}" if number else f"Trang {page}"


def asked(question: str) -> str:
    return f"“{question}”"


def excerpt_place(number: str | None, place: str, *, digest: bool) -> str:
    where = ", ".join(part for part in (f"Kế hoạch số {number}" if number else "", place) if part)
    return f"(theo bản tóm lược, không phải nguyên văn; {where})" if digest else f"({where})"


def excerpt_expired(period: str | None) -> str:
    return (
        f"⚠ Kế hoạch này dành cho {period or 'thời gian trước'}, nay đã qua; "
        "đơn vị và căn cứ nêu trong đó có thể đã thay đổi."
    )


def passed_on(number: str, where: str) -> str:
    return f"Đã gửi câu hỏi {number} kèm họ tên thầy/cô tới {where}. Khi có trả lời, tôi sẽ báo tại đây."


def passed_on_already(number: str) -> str:
    return f"Câu hỏi này đã được gửi (số {number}). Khi có trả lời, tôi sẽ báo tại đây."


NO_SECRETARIAT = "Đơn vị chưa có thư ký nào dùng bot. Câu hỏi đã được lưu lại và sẽ được chuyển khi có thư ký."


def inquiry_card(number: str, name: str, question: str, reply: str, at: str) -> str:
    return f"Câu hỏi {number}, {at}\nNgười hỏi: {name}\n“{question}”\n\nBot đã trả lời:\n{reply}"


BUTTON_REPLY = "Trả lời"


def reply_wanted(number: str) -> str:
    return f"Xin gõ câu trả lời cho {number}. Gõ /huy để thôi."


def reply_sent(number: str) -> str:
    return f"Đã gửi câu trả lời cho {number}."


def reply_arrived(question: str, reply: str, place: str) -> str:
    return (
        f"Thư ký thi đua {place} trả lời câu hỏi “{question}”:\n\n{reply}\n\n"
        "Đây là lời của thư ký, không phải nguyên văn kế hoạch."
    )


REPLIED_ALREADY = "Câu hỏi này đã có người trả lời."
REPLY_KEEP = "Giữ để dùng lại"
REPLY_APPROVE = "Đồng ý cho dùng lại"
REPLY_KEPT = "Đã ghi. Cần một người khác trong ban thư ký đồng ý thì mới được dùng lại."
REPLY_KEPT_ALONE = "Đã ghi. Hiện ban thư ký chỉ có một người dùng bot; khi có người thứ hai đồng ý (/cauhoi) thì mới được dùng lại."
REPLY_APPROVED = "Câu trả lời được dùng lại từ nay, ghi rõ là lời của thư ký, đến khi kế hoạch hết thời gian áp dụng."
REPLY_DROP = "Thôi dùng lại"
REPLY_DROPPED = "Câu trả lời này không còn được dùng lại."
REPLY_NO_PLAN = "Chưa có kế hoạch để gắn câu trả lời này."


def reply_to_approve(question: str, reply: str, author: str) -> str:
    return f"{author} đề nghị dùng lại câu trả lời này:\n“{question}”\n→ {reply}"


NO_INQUIRIES = "Không có câu hỏi nào đang chờ."


NOBODY = "người đã xóa dữ liệu"


def secretariat_of(place: str) -> str:
    return f"thư ký thi đua {place}"


def gap(question: str, times: int) -> str:
    return f"• {question}" + (f" ({times} lần)" if times > 1 else "")


def gaps(lines: list[str]) -> str:
    return "Điều được hỏi mà kế hoạch chưa nói (không ghi tên người hỏi):\n" + "\n".join(lines)


# --- criteria --------------------------------------------------------------------------------------------------------

CRITERIA_FOR_WHOM = "Xem tiêu chí cho ai?"
CRITERIA_NONE = "Chưa tìm thấy tiêu chí nào trong kế hoạch của đơn vị."
CRITERIA_TICK = "Bấm số của những điều thầy/cô có thể nêu, rồi bấm Xong:"
CRITERIA_DONE = "Xong"
DIGEST = "Theo bản tóm lược, không phải nguyên văn."
NO_VERDICT = "Đây không phải kết luận đạt hay không đạt."
LOGIC = {
    "all_of": "cần đủ các điều",
    "one_of": "cần một trong các điều",
    "unstated": "kế hoạch không ghi rõ cần đủ hay chỉ cần một",
}


def criteria_label(target: str, number: str | None) -> str:
    name = "Cá nhân" if target == "individual" else "Tập thể"
    return f"{name} (KH {number})" if number else name


def criteria_group(place: str, whom: tuple[str, ...], logic: str, *, general: bool) -> str:
    head = f"{place[:1].upper()}{place[1:]}"
    parts = ("tiêu chí chung" if general else "", ", ".join(whom), LOGIC[logic])
    return f"\n{head} ({'; '.join(part for part in parts if part)}):"


def criteria_stated(stated: list[str], unstated: list[str]) -> str:
    return f"Thầy/cô có nêu: {', '.join(stated) or 'chưa nêu điều nào'}.\nChưa thấy nêu: {', '.join(unstated) or 'không còn'}."


def criteria_rule(place: str, logic: str, requires: list[str]) -> str:
    besides = f", cùng với {', '.join(requires)}" if requires else ""
    return f"• {place}: {LOGIC[logic]}{besides}."


def criteria_judges(judges: list[str], votes: list[str]) -> str:
    named = f"Nơi xét: {', '.join(judges)}." if judges else "Nơi xét: chưa thấy kế hoạch ghi."
    return named + (f" Có tiêu chí cần biểu quyết ({', '.join(votes)})." if votes else "")


# --- nominations -----------------------------------------------------------------------------------------------------

NOMINATE_WHICH_PLAN = "Đề cử theo kế hoạch nào?"
NOMINATE_WHICH_INSTITUTION = "Đề cử ở đơn vị nào?"
NOTHING_TO_STOP = "Không có việc gì đang dở."
STOPPED = "Đã thôi. Những gì đã lưu vẫn còn."
NO_NOMINATIONS = "Chưa có hồ sơ hay bản nháp nào. Gõ /decu để bắt đầu đề cử."
DRAFT_THERE = "Thầy/cô đang có bản nháp chưa gửi."
BUTTON_CONTINUE = "Điền tiếp"
BUTTON_NEW = "Đề cử người khác"
BUTTON_NEXT_PERSON = "Đề cử người tiếp theo"
BUTTON_UNIT_PACK = "Tải danh sách để ký"
BUTTON_WITHDRAW = "Rút hồ sơ"
BUTTON_WITHDRAW_SURE = "Đúng, rút hồ sơ"
BUTTON_OPEN = "Mở hồ sơ đó"
BUTTON_OTHER_PERSON = "Đây là người khác"
BUTTON_MEND = "Sửa"
BUTTON_ASK_BACK = "Hỏi lại"
BUTTON_ACCEPT = "Tiếp nhận"
BUTTON_RETURN = "Trả lại"
BUTTON_EVIDENCE = "Minh chứng"
BUTTON_DETAILS = "Xem hồ sơ"
DONE_ALREADY = "Việc này đã được xử lý."
NO_EVIDENCE = "Hồ sơ này chưa có tệp minh chứng."
RETURN_WHICH = "Trả lại để bổ sung mục nào?"
RETURN_MORE = "Thêm mục cần bổ sung"
PAST_ROUND_NEEDED = (
    "Kế hoạch này đã hết thời gian áp dụng. Chỉ nhận đề cử khi thư ký mở đợt cho kế hoạch đó. Xin liên hệ thư ký thi đua."
)
BLANK_TABLE_CAPTION = "Bảng mẫu để điền. Điền xong, thầy/cô gửi lại tệp này vào đây."
BLANK_WHICH_PLAN = "Bảng mẫu của kế hoạch nào?"
TABLE_WHICH_PLAN = "Bảng này để đề cử theo kế hoạch nào?"
TABLE_AGAIN = "Bot vừa khởi động lại khi đang đọc bảng. Xin thầy/cô gửi lại tệp."
BLANK_AS_WORD = "Lấy mẫu Word"
BLANK_AS_EXCEL = "Lấy mẫu Excel"
BUTTON_HAND_OVER = "Giao người khác"
NOBODY_TO_HAND_TO = "Hiện chưa có ai khác của đơn vị dùng bot. Xin người quản trị mời thêm người của đơn vị."


def hand_to_whom(name: str) -> str:
    return f"Giao bản nháp {name or '(chưa ghi tên)'} cho ai? Người nhận sẽ điền tiếp và gửi."


def draft_handed(name: str, to: str) -> str:
    return f"Đã giao bản nháp {name or '(chưa ghi tên)'} cho {to}. Nội dung đã nhập giữ nguyên."


def draft_arrived(name: str, sender: str) -> str:
    return f"{sender} giao thầy/cô bản nháp đề cử: {name or '(chưa ghi tên)'}."


def draft_left(name: str) -> str:
    return f"Bản nháp đang dở ({name}) vẫn còn trong /hoso."


def next_draft(name: str, count: int) -> str:
    return f"Bản nháp tiếp theo: {name}" + (f" (còn {count})" if count > 1 else "")


def receipt(code: str, at: str, name: str, office: str) -> str:
    return (
        f"Đã nhận {code}, {at}: {name}. Chưa phải xác nhận hồ sơ hợp lệ và không thay bản giấy có chữ ký. "
        f"Tiếp theo: {office} kiểm tra."
    )


def card(code: str, at: str, unit: str, sender: str, state: str, *, again: bool) -> str:
    heads = {
        "submitted": "Hồ sơ mới",
        "accepted": "Hồ sơ đã tiếp nhận",
        "returned": "Hồ sơ đang bổ sung",
        "approved": "Hồ sơ hội đồng đồng ý",
        "declined": "Hồ sơ hội đồng không đồng ý",
        "forwarded": "Hồ sơ đã chuyển theo danh sách",
        "withdrawn": "Hồ sơ đã rút",
    }
    head = "Hồ sơ đã bổ sung" if again else heads.get(state, "Hồ sơ")
    return f"{head} {code}, {at}\nĐơn vị gửi: {unit or 'chưa ghi'}\nNgười gửi: {sender or 'không còn dùng bot'}"


def card_council(result: str) -> str:
    return f"Hội đồng: {result}"


def changed(field: str, before: str, after: str) -> str:
    return f"{field}: “{before or 'trống'}” → “{after or 'trống'}”"


def possible_duplicate(code: str, other: str, difference: str) -> str:
    return f"Có thể trùng: {code} và {other}, {difference}. Chưa gộp."


def own_duplicate(other: str) -> str:
    return f"Đơn vị đã có {other} trùng họ tên."


def round_wished(name: str, unit: str | None, plan: str) -> str:
    who = f"{name} ({unit})" if unit else name
    return f"{who} muốn đề cử theo {plan}, kế hoạch đã hết thời gian áp dụng. Chỉ nhận được khi thư ký mở đợt."


def round_over(name: str) -> str:
    return f"{name} đã hết hạn nhận. Nội dung đã nhập vẫn còn; xin liên hệ thư ký thi đua."


NO_SECRETARIAT_FOR_CARD = "Đơn vị chưa có thư ký nào dùng bot; hồ sơ được giữ và sẽ hiện khi có thư ký."


def draft_label(name: str) -> str:
    return f"Bản nháp: {name or 'chưa ghi tên'}"


def nomination_label(code: str, name: str, state: State) -> str:
    said = STATES[state]
    return f"{code} {name}: {said}" if name else f"{code}: {said}"


def mine(drafts: int, filed: int) -> str:
    return f"{drafts} bản nháp, {filed} hồ sơ. Bấm để mở:"


def ask_back_wanted(code: str) -> str:
    return f"Thầy/cô muốn hỏi thư ký điều gì về {code}? Xin gõ câu hỏi. Gõ /huy để thôi."


def asked_back(code: str, name: str, text: str) -> str:
    return f"{name} hỏi về {code}:\n“{text}”"


def ask_back_sent(code: str) -> str:
    return f"Đã gửi câu hỏi về {code} tới thư ký."


def back_wanted(code: str) -> str:
    return f"Xin gõ lời nhắn tới người gửi {code}. Gõ /huy để thôi."


def back_arrived(code: str, text: str) -> str:
    return f"Thư ký thi đua nhắn về {code}:\n“{text}”"


def back_sent(code: str) -> str:
    return f"Đã gửi lời nhắn về {code}."


def next_waiting(code: str, count: int) -> str:
    return f"Hồ sơ tiếp theo: {code}" + (f" (còn {count})" if count > 1 else "")


def accepted_for_secretariat(code: str, by: str) -> str:
    return f"{code}: đã tiếp nhận ({by})."


def accepted_for_unit(code: str, name: str, office: str) -> str:
    return f"{code} ({name}) đã được {office} tiếp nhận. Đây chưa phải kết quả xét."


def return_reason_wanted(code: str, field: str) -> str:
    return f"Lý do trả lại mục “{field}” của {code}? Xin gõ một câu, người đề cử sẽ đọc được."


def returned_for_unit(code: str, field: str, person: str, office: str, reason: str) -> str:
    return f"{code} cần bổ sung: {field}. Lý do ({person}, {office}): “{reason}”. Các mục khác giữ nguyên."


def returned_for_secretariat(code: str, field: str) -> str:
    return f"Đã trả lại {code} để bổ sung: {field}."


def withdraw_sure(code: str) -> str:
    return f"Rút {code}? Hồ sơ sẽ không còn trong danh sách."


def withdrawn(code: str) -> str:
    return f"Đã rút {code}."


def withdrawn_for_secretariat(code: str) -> str:
    return f"{code} vừa được đơn vị rút."


BUTTON_EVIDENCE_ZIP = "Tải minh chứng (zip)"
BUTTON_ALL_EVIDENCE = "Minh chứng của tất cả (zip)"
EVIDENCE_COLLECTING = "Đang gom các tệp minh chứng…"
NO_EVIDENCE_AT_ALL = "Chưa có tệp minh chứng nào."
FILE_EVIDENCE = "minh chứng"


def evidence_zip(count: int) -> str:
    return f"Minh chứng của {count} hồ sơ, mỗi hồ sơ một thư mục."


def evidence_absent(names: list[str]) -> str:
    shown = "\n".join(f"• {name}" for name in names[:20]) + ("\n…" if len(names) > 20 else "")
    return f"Không lấy được từ Telegram (tệp trên 20 MB hoặc không còn), xin mở bằng nút Minh chứng:\n{shown}"


def album_attached(names: list[str]) -> str:
    return f"Đã đính kèm {len(names)} tệp: {', '.join(names)}."[:1500]


# an edited list, a signed scan

LIST_SAME = "Tệp này không khác danh sách đang giữ."
LIST_CHANGES = "Tệp này khác danh sách đang giữ ở các chỗ sau. Chưa có gì thay đổi:"
LIST_TAKE = "Ghi các thay đổi"
LIST_LEAVE = "Bỏ tệp này"
SCAN_LOCK = "Đúng, khoá danh sách"
SCAN_OTHER = "Không phải"
UNSEAL = "Mở lại danh sách"
FILE_SIGNED = "danh sách đã ký"


def list_change(code: str, field: str, before: str, after: str) -> str:
    return f"• {code}, {field}: “{before or 'trống'}” → “{after or 'trống'}”"


def list_unknown(names: list[str]) -> str:
    return f"Không khớp hồ sơ nào, bỏ qua: {', '.join(names[:20])}"


def list_missing(codes: list[str]) -> str:
    return f"Không có trong tệp, giữ nguyên: {', '.join(codes[:20])}"


def more_lines(count: int) -> str:
    return f"… và {count} chỗ khác"


def list_outdated(code: str) -> str:
    return f"{code} vừa được thay đổi sau khi so tệp, nên chưa ghi gì. Xin gửi lại tệp."


def list_taken(codes: list[str]) -> str:
    return f"Đã ghi thay đổi của {len(codes)} hồ sơ: {', '.join(codes[:20])}."


def list_correct_of(name: str) -> str:
    return f"{LIST_CORRECT} ({name})"


def amended_for_unit(code: str, parts: list[str]) -> str:
    return "\n".join([f"Thư ký đã sửa {code} khi tổng hợp:", *(f"• {part}" for part in parts)])


def scan_question(unit: str, count: int) -> str:
    return f"Đây là bản danh sách đã ký của {unit or 'đơn vị'} ({count} hồ sơ)? Khi khoá, hồ sơ giữ nguyên như bản ký."


def sealed(unit: str, count: int) -> str:
    return f"Đã khoá danh sách của {unit or 'đơn vị'} theo bản ký: {count} hồ sơ. Bản ký đã gửi tới thư ký."


def sealed_for_secretariat(unit: str, name: str, codes: list[str]) -> str:
    return f"{name} gửi bản ký của {unit or 'đơn vị'}; danh sách đã khoá: {', '.join(codes[:40])}."


def sealed_already(unit: str) -> str:
    return f"Danh sách của {unit or 'đơn vị'} đã khoá theo bản ký. Muốn thay đổi, xin nhờ thư ký mở lại."


def unsealed(unit: str) -> str:
    return f"Đã mở lại danh sách của {unit or 'đơn vị'}. Đơn vị cần gửi lại bản ký sau khi sửa."


def unsealed_for_unit(unit: str) -> str:
    return f"Thư ký đã mở lại danh sách của {unit or 'đơn vị'}. Sửa xong, xin gửi lại bản ký."


def left_out_of_papers(codes: list[str]) -> str:
    return f"Không có trong các dự thảo: {', '.join(codes)}. Lĩnh vực này do tổ chức Đảng xét, xin lập theo mẫu văn bản của Đảng."


# the queue's filters, duplicates

QUEUE_BY_UNIT = "Theo đơn vị…"
QUEUE_BY_ROUND = "Theo đợt…"
QUEUE_EVERY_UNIT = "Mọi đơn vị"
QUEUE_EVERY_ROUND = "Mọi đợt"
QUEUE_WHICH_UNIT = "Xem hồ sơ của đơn vị nào?"
QUEUE_WHICH_ROUND = "Xem hồ sơ của đợt nào?"
QUEUE_DUPLICATES = "Hồ sơ có thể trùng"
NO_UNIT = "chưa ghi đơn vị"
NO_DUPLICATES = "Không thấy hồ sơ nào có thể trùng."
MERGE_SURE = "Đúng, gộp"


def merge_button(code: str, into: str) -> str:
    return f"Gộp {code} vào {into}"


def open_button(code: str) -> str:
    return f"Mở {code}"


def merge_question(code: str, into: str) -> str:
    return f"Gộp {code} vào {into}? {into} giữ nguyên nội dung; {code} được rút."


def merged(code: str, into: str) -> str:
    return f"Đã gộp {code} vào {into}."


def merged_for_unit(code: str, name: str, into: str) -> str:
    return f"Thư ký đã gộp {code} ({name}) vào {into}, vì cùng một trường hợp. {into} vẫn được xét."


# the council's record

BUTTON_VOTE = "Ghi kết quả hội đồng"
BUTTON_VOTE_AGAIN = "Sửa kết quả hội đồng"
VOTE_RECORD = "Ghi kết quả"
VOTE_AGAIN = "Nhập lại"


def vote_wanted(code: str, name: str, example: str) -> str:
    return (
        f"Kết quả bỏ phiếu của hội đồng về {code} ({name})? Xin gõ, ví dụ: {example}.\n"
        "Ai không tham gia bỏ phiếu thì thêm mỗi người một dòng: họ tên: lý do. Gõ /huy để thôi."
    )


def vote_outcome(yes: int, members: int, needed: int, *, enough: bool) -> str:
    verdict = "đủ" if enough else "chưa đủ"
    return f"{yes}/{members} thành viên đồng ý, {verdict} hai phần ba (cần ít nhất {needed})"


def vote_shown(code: str, outcome: str, excluded: list[tuple[str, str]]) -> str:
    aside = [f"• Không tham gia: {name} ({reason})" for name, reason in excluded]
    return "\n".join([f"{code}: {outcome}.", *aside, "Ghi vào hồ sơ?"])


def vote_recorded(code: str, outcome: str) -> str:
    return f"Đã ghi kết quả hội đồng về {code}: {outcome}."


def vote_for_unit(code: str, name: str, outcome: str) -> str:
    return f"Hội đồng đã bỏ phiếu về {code} ({name}): {outcome}."


# the council's conclusion where the plan asks for no vote

BUTTON_DECISION = "Ghi kết luận hội đồng"
BUTTON_DECISION_AGAIN = "Sửa kết luận hội đồng"
DECISION_YES = "Đồng ý đề nghị"
DECISION_NO = "Không đồng ý"
DECISION_NO_MINUTES = "Ghi số biên bản sau"


def decision_wanted(code: str, name: str) -> str:
    return f"Hội đồng kết luận thế nào về {code} ({name})? Hồ sơ không có tiêu chí cần bỏ phiếu; ghi theo biên bản họp."


def decision_minutes_wanted(code: str) -> str:
    return f"Theo biên bản nào? Xin gõ số và ngày, ví dụ: Biên bản số 05 ngày 20/11/2026. Gõ /huy để thôi việc ghi {code}."


def decision(*, approved: bool) -> str:
    return "đồng ý đề nghị" if approved else "không đồng ý"


def decision_recorded(code: str, outcome: str, minutes: str) -> str:
    return f"Đã ghi kết luận hội đồng về {code}: {outcome}" + (f" ({minutes})." if minutes else ", chưa ghi số biên bản.")


def decision_for_unit(code: str, name: str, outcome: str) -> str:
    return f"Hội đồng đã xét {code} ({name}): {outcome}."


# the numbered list of a round

LIST_GET = "Tải danh sách"
LIST_CORRECT = "Lập bản thay thế"
LISTS_RECEIVED = "Danh sách các đơn vị trực thuộc đã chuyển tới. Bấm để tải:"


def list_head(name: str, number: int, label: str, count: int) -> str:
    return f"{name}: danh sách số {number}, {label[:1].lower()}{label[1:]}, {count} hồ sơ."


def list_without(codes: list[str]) -> str:
    shown = ", ".join(codes[:20]) + ("…" if len(codes) > 20 else "")
    return f"Chưa vào danh sách: {shown} (chưa tiếp nhận, hoặc còn chờ hội đồng bỏ phiếu)."


def list_forward(parent: str) -> str:
    return f"Chuyển tới {parent}"


def list_sent_up(number: int, label: str, parent: str) -> str:
    return f"Đã chuyển danh sách số {number} ({label[:1].lower()}{label[1:]}) tới {parent}."


def list_arrived(place: str, number: int, label: str, count: int) -> str:
    return f"{place} chuyển tới danh sách số {number} ({label[:1].lower()}{label[1:]}): {count} hồ sơ."


def list_of(place: str, name: str) -> str:
    return f"{place}: {name}"


def no_secretariat_above(parent: str) -> str:
    return f"{parent} chưa có thư ký nào dùng bot, nên chưa chuyển được. Xin gửi tệp danh sách theo cách khác."


def forwarded_for_unit(code: str, name: str, number: int) -> str:
    return f"{code} ({name}) đã được chuyển theo danh sách tổng hợp số {number}."


def queue(count: int, chosen: str) -> str:
    return f"{chosen}: {count} hồ sơ. Bấm để mở:"


def evidence_caption(code: str, name: str, criterion: str | None) -> str:
    return f"{code}: {name}" + (f"\nTiêu chí: {criterion}" if criterion else "")


def mend_this(field: str) -> str:
    return f"Sửa {field.lower()}"


QUEUE_EMPTY = "Không có hồ sơ nào đang chờ."


def queue_empty(chosen: str) -> str:
    return f"{chosen}: không có hồ sơ nào."


FILTER = {"submitted": "Chờ xử lý", "returned": "Đang bổ sung", "accepted": "Đã tiếp nhận", "all": "Tất cả"}


def compiled(count: int, place: str, waiting: int) -> str:
    rest = f", trong đó {waiting} hồ sơ chưa tiếp nhận" if waiting else ""
    return f"Danh sách tổng hợp của {place}: {count} hồ sơ{rest}. Số, ngày và chữ ký để trống cho đơn vị điền."


def unit_list(unit: str, count: int) -> str:
    return (
        f"Danh sách của {unit or 'đơn vị'}: {count} hồ sơ, kèm dự thảo tờ trình và biên bản. "
        "Số, ngày, phiếu và chữ ký để trống cho đơn vị điền."
    )


def table_reading(done: int, total: int) -> str:
    return f"Đang đọc bảng… {done}/{total} dòng"


def table_under(plan: str) -> str:
    return f"Bảng này ghi theo {plan}."


def table_repeated(count: int) -> str:
    return f"{count} dòng đã có từ trước (bản nháp hoặc hồ sơ), không tạo thêm."


def table_next(count: int, shown: int) -> str:
    rest = f" Dưới đây là {shown} bản đầu, các bản khác có trong /hoso." if count > shown else ""
    return f"Mỗi dòng hợp lệ đã thành một bản nháp.{rest} Bấm để điền nốt và gửi:"


def cell_problem(place: str, what: str) -> str:
    return f"• {place}: {what}"


ONLY_ACCEPTED = "Chỉ hồ sơ đã tiếp nhận"
FILE_COMPILED = "danh sách tổng hợp"
COMPILED_TITLE = "DANH SÁCH TỔNG HỢP"
COMPILED_BY = "NGƯỜI LẬP"
COMPILED_HEAD = "THỦ TRƯỞNG ĐƠN VỊ"
FILE_BLANK = {"individual": "mẫu đề cử cá nhân", "collective": "mẫu đề cử tập thể"}
FILE_MARKED = "các dòng cần sửa"
COMPILE_EMPTY = "Chưa có hồ sơ nào để tổng hợp."


GROUP_ON = "Từ nay hồ sơ mới được báo tại nhóm này, không kèm thông tin cá nhân. Gõ /nhom lần nữa để thôi."
GROUP_OFF = "Nhóm này không còn được báo hồ sơ mới."


def group_card(code: str, unit: str) -> str:
    return f"Có hồ sơ {code} từ {unit or 'một đơn vị'}. Mở trong cuộc trò chuyện riêng với bot: /hangcho"


def unreachable(name: str) -> str:
    return f"Không nhắn tới được {name}: người này đã chặn bot hoặc xóa tài khoản. Tin đang được giữ lại."


# --- rounds ----------------------------------------------------------------------------------------------------------

ROUND_OPEN = "Mở đợt mới"
ROUND_CLOSE = "Đóng đợt"
ROUND_NOBODY = "Đơn vị không đề cử"
ROUND_WHICH_PLAN = "Mở đợt theo kế hoạch nào?"
ROUND_PAST = "Kế hoạch này đã hết thời gian áp dụng. Vẫn mở đợt?"
ROUND_PAST_SURE = "Vẫn mở"
ROUND_CLOSES = "Ngày đóng đợt? Xin gõ theo dạng 30/11/2026, hoặc bấm Bỏ qua nếu không đặt hạn."
ROUND_UNITS = "Những đơn vị nào cần gửi? Mỗi dòng một tên, hoặc bấm Bỏ qua."
ROUND_DATE_WRONG = "Chưa hiểu ngày này. Xin gõ theo dạng 30/11/2026, từ hôm nay trở đi."
ROUNDS_HEAD = "Cần mở thêm đợt khác?"
NO_ROUNDS = "Chưa có đợt nào đang mở."
ROUND_CLOSED_ALREADY = "Đợt này đã đóng."


def round_name(number: int) -> str:
    return f"Đợt đề cử {number}"


def round_open_now(name: str, closes: str | None) -> str:
    return f"{name} đang mở{f', nhận đến hết {closes}' if closes else ''}."


def round_opened(name: str, closes: str | None) -> str:
    until = f" Hạn {closes} do thư ký đặt, không phải ngày trong kế hoạch." if closes else " Không đặt hạn."
    return f"Đã mở {name}.{until}"


def round_opened_for_units(name: str, place: str, closes: str | None) -> str:
    until = f", nhận đến hết {closes}" if closes else ""
    return f"{place} mở {name}{until}. Gõ /decu để đề cử."


def round_status(name: str, closes: str | None, filed: list[str], waiting: list[str], nobody: list[str]) -> str:
    lines = [f"{name}{f', hạn {closes} (thư ký đặt)' if closes else ''}"]
    lines.append(f"Đã gửi: {', '.join(filed) or 'chưa có'}")
    if waiting:
        lines.append(f"Chưa gửi: {', '.join(waiting)}")
    if nobody:
        lines.append(f"Không đề cử: {', '.join(nobody)}")
    return "\n".join(lines)


def round_closed(name: str) -> str:
    return f"Đã đóng {name}. Danh sách được giữ cố định; thay đổi về sau sẽ thành bản mới."


def nobody_noted(unit: str, name: str) -> str:
    return f"Đã ghi: {unit} không đề cử trong {name}."


# --- in the morning --------------------------------------------------------------------------------------------------


def morning(place: str, waiting: int, questions: int, fresh: int) -> str:
    return (
        f"Chào buổi sáng. {place} có {fresh} việc mới từ hôm qua.\n"
        f"• Hồ sơ chờ kiểm tra: {waiting} (/hangcho)\n• Câu hỏi chờ trả lời: {questions} (/cauhoi)"
    )


def round_closing(name: str, day: str) -> str:
    return f"{name} nhận đề cử đến hết {day} (ngày do thư ký đặt). Gõ /decu để đề cử, hoặc /dot để báo không đề cử."


def plan_day(day: str, place: str) -> str:
    return f"Kế hoạch có nêu một mốc vào ngày {day} ({place}). Thầy/cô có thể hỏi tôi để xem nguyên văn."


# --- administration --------------------------------------------------------------------------------------------------

CONTACT_WANTED = (
    "Đầu mối hiện nay là ai? Xin gõ như sẽ hiện cho người hỏi, ví dụ: cô Lan, Phòng Tổ chức, phòng 105. Gõ “xóa” để bỏ."
)
CONTACT_SET = "Đã ghi đầu mối hiện nay."
CONTACT_GONE = "Đã bỏ đầu mối."
PLAN_READING = "Đang đọc tệp…"
PLAN_READ_AGAIN = "Bot vừa khởi động lại khi đang đọc tệp. Xin thầy/cô bấm lại để đọc tiếp:"
PLAN_WHICH_INSTITUTION = "Kế hoạch này của đơn vị nào?"
PLAN_CONFIRM = "Đưa vào sử dụng"
PLAN_DISCARD = "Bỏ tệp này"
PLAN_DISCARDED = "Đã bỏ. Không có gì thay đổi."
PLAN_INDEXING = "Đã lưu. Đang chuẩn bị để trả lời; trong lúc này bot vẫn trả lời theo bản trước."
PLAN_UNDO = "Hoàn tác"
PLAN_UNDONE = "Đã hoàn tác: trở lại như trước khi thêm tệp này."
PLAN_UNCHANGED = "Tệp này trùng hệt với bản đang dùng. Không có gì thay đổi."
PLAN_GONE = "Không còn giữ tệp này. Xin gửi lại."
FILE_TOO_LARGE = "Tệp lớn hơn 20 MB, không nhận qua Telegram được. Xin gửi tệp nhỏ hơn hoặc chia thành phần."
INSTITUTIONS_HEAD = "Các đơn vị:"
INSTITUTIONS_HOW = "Thêm hoặc đổi tên: /donvi mã tên đầy đủ. Nhập một đơn vị vào đơn vị khác: /nhapdonvi mã vào_mã."
MERGE_HOW = "Cách dùng: /nhapdonvi mã vào_mã, ví dụ: /nhapdonvi pgd-cu so-moi"
MERGE_ORGS_SURE = "Đúng, nhập"
PLANS_HEAD = "Các kế hoạch. Gửi tệp vào đây để thêm; bấm một dòng để ngừng dùng hoặc dùng lại:"
NO_PLANS = "Chưa có kế hoạch nào. Gửi tệp kế hoạch vào đây để thêm."
RETIRE = "Ngừng dùng"
RESTORE = "Dùng lại"
PAUSE_ON = "Bot đã tạm dừng: mọi người nhận lời báo tạm dừng. Gõ /tamdung lần nữa để chạy lại."
PAUSE_OFF = "Bot đã chạy lại."
CORRECT_HOW = "Cách dùng: /dinhchinh TL-0012 (số của câu trả lời sai)."
CORRECT_NO_ANSWER = "Không có câu trả lời mang số này."
CORRECT_SEND = "Gửi đính chính"
CORRECT_LEAVE = "Không gửi"
CORRECT_LEFT = "Vâng, lời đính chính không được gửi đi."
NO_AUDIT = "Nhật ký chưa có gì."


def plan_reading(done: int, total: int) -> str:
    return f"Đang đọc tệp… trang {done}/{total}"


def plan_understood(source: str, lines: list[str], warnings: list[str]) -> str:
    text = f"Đã đọc “{source}”:\n" + "\n".join(f"• {line}" for line in lines)
    if warnings:
        text += "\n\nCần xem lại:\n" + "\n".join(f"⚠ {warning}" for warning in warnings)
    return text


def plan_difference(new: int, gone: int, kept: int, version: int) -> str:
    return f"So với bản {version} đang dùng: {kept} đoạn giữ nguyên, {new} đoạn mới, {gone} đoạn không còn."


def plan_ready(title: str, version: int) -> str:
    return f"Đang dùng: {title} (bản {version})."


def plan_head(number: str | None, period: str | None, signer: str | None) -> str:
    parts = (
        f"số {number}" if number else "không thấy ghi số",
        period or "không thấy ghi thời gian",
        f"người ký: {signer}" if signer else "không thấy người ký",
    )
    return ", ".join(parts)


def plan_counts(clauses: int, criteria: int, deadlines: int, dossier: int, columns: int) -> str:
    table = f"{columns} cột trong bảng mẫu" if columns else "không có bảng mẫu"
    return f"{clauses} đoạn, {criteria} nhóm tiêu chí, {deadlines} mốc thời gian, {dossier} thành phần hồ sơ, {table}"


def institution_line(slug: str, name: str, parent: str | None) -> str:
    return f"• {slug}: {name}" + (f" (thuộc {parent})" if parent else "")


def merge_orgs_question(gone: str, stays: str, plans: int, filed: int) -> str:
    return (
        f"Nhập {gone} vào {stays}? Người dùng, vai trò, {plans} kế hoạch và {filed} hồ sơ của {gone} sẽ thuộc {stays}. "
        "Việc này không hoàn tác được."
    )


def orgs_merged(slug: str, stays: str, renumbered: int) -> str:
    more = f" {renumbered} hồ sơ được đổi số vì trùng; người gửi đã được báo." if renumbered else ""
    return f"Đã nhập {slug} vào {stays}.{more}"


def renumbered(before: str, after: str, name: str, place: str) -> str:
    return f"{before} ({name}) nay mang số {after}, do đơn vị đã nhập vào {place}."


def institution_stored(slug: str, name: str) -> str:
    return f"Đã lưu: {slug}, {name}."


DONE = {
    "breach": "ghi sự cố dữ liệu",
    "data_expired": "hết hạn lưu, đã xóa dữ liệu",
    "consent": "xác nhận sự đồng ý",
    "draft_handed_over": "giao bản nháp cho người khác",
    "group_set": "đặt nhóm nhận báo",
    "accept": "tiếp nhận",
    "amend": "thư ký sửa",
    "close_round": "đóng đợt",
    "contact_set": "đặt đầu mối",
    "corrected": "đính chính",
    "data_deleted": "xóa dữ liệu của mình",
    "data_exported": "tải dữ liệu của mình",
    "evidence": "thêm minh chứng",
    "forward": "chuyển theo danh sách",
    "inquiry": "gửi câu hỏi tới thư ký",
    "inquiry_replied": "trả lời câu hỏi",
    "institution_added": "thêm đơn vị",
    "institution_chosen": "chọn đơn vị",
    "institution_merged": "nhập đơn vị",
    "institution_renamed": "đổi tên đơn vị",
    "institution_wished": "xin thêm đơn vị",
    "invite_accepted": "nhận lời mời",
    "invite_made": "tạo mã mời",
    "invite_refused": "mã mời bị từ chối",
    "list_made": "lập danh sách",
    "nominate_nobody": "báo không đề cử",
    "open_round": "mở đợt",
    "paused": "tạm dừng bot",
    "plan_added": "thêm kế hoạch",
    "plan_restored": "dùng lại kế hoạch",
    "plan_retired": "ngừng dùng kế hoạch",
    "plan_undone": "hoàn tác kế hoạch",
    "refused": "bị từ chối vì thiếu vai trò",
    "reply_approved": "đồng ý câu trả lời dùng lại",
    "resubmit": "gửi lại",
    "resumed": "cho bot chạy lại",
    "return": "trả lại",
    "role_revoked": "thu hồi vai trò",
    "submit": "gửi đề cử",
    "withdraw": "rút hồ sơ",
    "data_requested": "đề nghị về dữ liệu của mình",
    "consent_withdrawn": "rút sự đồng ý",
    "evidence_zip": "tải minh chứng",
    "seal": "khoá danh sách theo bản ký",
    "unseal": "mở lại danh sách đã ký",
    "vote": "ghi kết quả hội đồng",
    "correct_list": "lập bản danh sách thay thế",
    "list_sent_up": "chuyển danh sách lên cấp trên",
    "reply_kept": "đề nghị dùng lại câu trả lời",
    "reply_dropped": "thôi dùng lại câu trả lời",
    "decide": "ghi kết quả xét",
    "merge": "gộp hồ sơ trùng",
    "moved": "chuyển hồ sơ theo đơn vị",
    "postpone": "đổi ngày đóng đợt",
}
NEEDED = {
    "nominate": "đề cử",
    "view": "xem hồ sơ",
    "change": "sửa hoặc rút hồ sơ",
    "review": "kiểm tra hồ sơ",
    "compile": "lập danh sách",
    "round": "mở, đóng đợt",
    "reply": "trả lời câu hỏi",
    "contact": "đặt đầu mối",
    "plans": "thêm, ngừng kế hoạch",
    "institutions": "thêm, đổi tên đơn vị",
    "invite": "mời người dùng",
    "revoke": "thu hồi vai trò",
    "audit": "xem nhật ký, tình trạng",
    "pause": "tạm dừng bot",
    "correct": "đính chính",
}
AUDIT_HEAD = "Việc gần đây, mới nhất ở trên. Xem riêng một hồ sơ hay kế hoạch: /nhatky ĐC-0012"
OTHER_DEED = "việc khác"
A_DRAFT = "một bản nháp"


def audit_about(subject: str) -> str:
    return f"Nhật ký của {subject}, mới nhất ở trên:"


def audit_list(number: str) -> str:
    return f"danh sách số {number}"


def audit_plan(name: str) -> str:
    return f"kế hoạch {name}"


def audit_role(role: str, unit: str | None, name: str) -> str:
    return f"{ROLE[role]}{f' ({unit})' if unit else ''} của {name}"


def audit_line(at: str, name: str | None, role: str | None, action: str, subject: str, place: str | None) -> str:
    """ "09:42 ngày 20/11/2026 · Lê Thu Hà, thư ký thi đua · tiếp nhận ĐC-0012 · Trường A"."""
    who = ", ".join(part for part in (name or "", ROLE.get(role or "", "")) if part)
    done = f"{DONE.get(action, OTHER_DEED)}{f': {subject}' if subject else ''}"
    return "• " + " · ".join(part for part in (at, who, done, place or "") if part)


def plan_ended(plan_id: str, live: bool) -> str:
    return f"{plan_id}: {'đang dùng lại' if live else 'đã ngừng dùng'}, có hiệu lực ngay."


def correction_wanted(number: str, count: int, text: str) -> str:
    return f"{number} đã tới {count} người:\n\n{text}\n\nXin gõ lời đính chính. Gõ /huy để thôi."


def correction(numbers: str, question: str, text: str) -> str:
    asked = f" cho câu hỏi “{question}”" if question else ""
    return f"Đính chính câu trả lời {numbers}{asked}:\n\n{text}"


def correction_shown(sample: str, count: int) -> str:
    return f"Sẽ gửi tới {count} người, mỗi người kèm câu đã hỏi, như sau:\n\n{sample}\n\nMuốn đổi, xin gõ lại lời đính chính."


def correction_sent(count: int) -> str:
    return f"Đã gửi đính chính tới {count} người."


def health(plans: int, people: int, unreachable: int, waiting: int, paused: bool) -> str:
    return (
        f"Kế hoạch đang dùng: {plans}\nNgười dùng: {people}, không nhắn tới được: {unreachable}\n"
        f"Tin chờ gửi: {waiting}\nTạm dừng: {'có' if paused else 'không'}"
    )


# --- one's own data --------------------------------------------------------------------------------------------------

DATA_EXPORT = "Tải về"
DATA_DELETE = "Xóa"
DATA_CORRECT = "Sửa"
DATA_WITHDRAW = "Rút sự đồng ý"
DATA_WITHDRAW_SURE = "Đúng, rút và xóa"
DATA_NOMINEE = "Tôi là người được đề cử"
DATA_NOTICE = "Dữ liệu đi qua Telegram (nền tảng nước ngoài) và được lưu trên máy chủ của bot."
DATA_CORRECT_HOW = (
    "Tên lấy theo Telegram, đổi ở đó thì đổi theo. Đơn vị đổi bằng nút dưới đây, hồ sơ đã gửi sửa bằng /hoso. "
    "Điều khác cần sửa, xin gõ ra: lời này và họ tên thầy/cô sẽ gửi tới thư ký. Gõ /huy để thôi."
)
DATA_WITHDRAW_HOW = "Rút sự đồng ý cho hồ sơ nào? Hồ sơ đã chuyển theo danh sách thì xin nhắn thư ký."
DATA_NOMINEE_HOW = "Xin gõ đề nghị của thầy/cô: lời này và họ tên thầy/cô sẽ gửi tới thư ký. Gõ /huy để thôi."
DATA_REQUEST_SENT = "Đã gửi đề nghị kèm họ tên thầy/cô."
NO_SECRETARIAT_FOR_DATA = "Chưa có ai nhận được đề nghị qua bot. Xin liên hệ trực tiếp thư ký thi đua."
DATA_DELETE_SURE = "Đúng, xóa dữ liệu của tôi"
DATA_SURE = (
    "Xóa tên, đơn vị, vai trò, bản nháp và các câu hỏi của thầy/cô? Hồ sơ đề cử đã gửi thuộc về đơn vị, muốn rút xin dùng /hoso."
)
DATA_DELETED = "Đã xóa dữ liệu của thầy/cô. Muốn dùng lại, thầy/cô gõ /start."
DATA_KEPT_LAST_ADMIN = "Thầy/cô là quản trị viên cuối cùng, nên chưa xóa được. Xin mời một quản trị viên khác trước."


def own_data(name: str, place: str | None, roles: list[str], answers: int, drafts: int, nominations: int) -> str:
    return (
        f"Dữ liệu đang giữ về thầy/cô:\n• Tên trên Telegram: {name}\n• Đơn vị: {place or 'chưa chọn'}\n"
        f"• Vai trò: {', '.join(roles) or 'không có'}\n• Câu hỏi đã hỏi: {answers}\n"
        f"• Bản nháp: {drafts}; hồ sơ đã gửi: {nominations}\n"
        f"{DATA_NOTICE}"
    )


def data_notice(version: str) -> str:
    return f"(Mã của lời báo này: {version}.)"


def data_request(name: str, text: str, *, withdraw: bool) -> str:
    what = "rút lại sự đồng ý về dữ liệu của mình" if withdraw else "sửa dữ liệu về mình"
    return f"{name} đề nghị {what}:\n“{text}”"


def data_withdraw_of(code: str, name: str) -> str:
    return f"{code} {name}"


def consent_line(code: str, at: str, version: str) -> str:
    return f"• {code}: đồng ý lúc {at}, theo lời báo bản {version}" if at else f"• {code}: không thấy ghi sự đồng ý"


def data_withdraw_sure(code: str) -> str:
    return f"Rút sự đồng ý cho {code}? Hồ sơ được rút; họ tên, thành tích, điện thoại, email và minh chứng bị xóa, không lấy lại được."


def data_withdrawn(code: str) -> str:
    return f"Đã rút {code} và xóa dữ liệu cá nhân trong đó."


def data_withdrawn_for_secretariat(code: str) -> str:
    return f"{code}: sự đồng ý đã được rút, dữ liệu cá nhân trong hồ sơ đã xóa. Xin bỏ các tệp đã tải về."


# --- failure ---------------------------------------------------------------------------------------------------------


OFFICE = "thư ký thi đua"

RETRY = "Gửi lại"


def failure_of(action: str, code: str, office: str) -> str:
    """Said only when nothing was changed."""
    return (
        f"Lỗi hệ thống: thao tác “{action}” CHƯA hoàn tất. Nội dung đã nhập vẫn còn. "
        f"Bấm “{RETRY}” để thử lại; nếu vẫn lỗi, xin báo {office} mã {code}."
    )


def failure_after(action: str, code: str, office: str) -> str:
    """Said when the change was stored and only what follows it failed."""
    return f"Thao tác “{action}” đã được ghi lại, nhưng bước sau đó bị lỗi. Xin báo {office} mã {code}."


def sent_again(number: int) -> str:
    """The end of a message that may have arrived before."""
    return f"(gửi lại #{number}: có thể trùng với tin trước)"


A_MESSAGE = "tin nhắn vừa gửi"
A_BUTTON = "nút vừa bấm"
RETRIED = "Đang thử lại…"
RETRY_GONE = "Thao tác này đã được xử lý hoặc không còn được giữ. Xin làm lại từ đầu."


def long_stop(hours: int) -> str:
    """After a stop that was longer than Telegram keeps messages."""
    return (
        f"Bot vừa ngừng khoảng {hours} giờ. Telegram chỉ giữ tin chưa nhận trong 24 giờ, "
        "nên tin thầy/cô gửi trong lúc đó có thể đã mất. Xin mở /hoso xem bản nháp có đủ nội dung đã gửi hay chưa."
    )


NOT_STORED = (
    "Hệ thống tạm thời chưa lưu được tin này (máy chủ hết chỗ hoặc lỗi ổ đĩa). Tin vẫn được giữ và sẽ được xử lý khi máy chủ ổn; "
    "thầy/cô chưa cần gửi lại."
)


# --- the demo in the terminal ------------------------------------------------------------------------------------------

DEMO_UNIT = "Tổ Toán"
DEMO_ROUND = "Đợt đề cử thử"
DEMO_EDITED = "(đã sửa) "
DEMO_BUTTONS = "(các nút vừa đổi)"


def demo_head(place: str, role: str) -> str:
    return (
        f"Bản thử Gương Sáng: {place}, trong vai {role}. Dữ liệu tạm, không cần Telegram.\n"
        "Gõ câu hỏi, /decu để đề cử, #2 hoặc #tên_nút để bấm nút, @secretariat để nói trong vai thư ký "
        "(@teacher, @unit_head, @admin), +đường_dẫn để gửi tệp."
    )


def demo_no_person(name: str, known: list[str]) -> str:
    return f"Không có vai “{name}”: hiện có {', '.join('@' + one for one in known)}"


def demo_no_button(wanted: str, labels: list[str]) -> str:
    there = "   ".join(f"[{number}] {label}" for number, label in enumerate(labels, 1))
    return f"Không có nút “{wanted}”. Hiện có: {there or 'chưa có nút nào'}"


def demo_news(role: str, count: int, first: str) -> str:
    return f"({role}: {count} tin mới, “{first}”; gõ @{role} để xem)"


def demo_file(name: str, size: int, path: str) -> str:
    return f"📎 {name} ({max(1, size // 1024)} KB), lưu tại {path}"


# --- the demo in the browser -------------------------------------------------------------------------------------------

WEB = {
    "roles": {"teacher": "Giáo viên", "unit_head": "Trưởng đơn vị", "secretariat": "Thư ký", "admin": "Quản trị"},
    "tabs": {"teacher": "Giáo viên", "unit_head": "Đơn vị", "secretariat": "Thư ký", "admin": "Quản trị"},
    "scenes": {"ask": "Hỏi kế hoạch", "nominate": "Đề cử một người", "accept": "Tiếp nhận, lập danh sách"},
    "hint": "Gõ câu hỏi hoặc lệnh",
    "send": "Gửi",
    "file": "Gửi tệp",
}
SCENE_QUESTIONS = ("Hồ sơ đề cử gồm những gì?", "Tiêu chí chọn cá nhân là gì?", "Mức thưởng bằng tiền là bao nhiêu?")
SCENE_CRITERIA = "tất cả"
SCENE_NAME = "Nguyễn Thị Mai"
SCENE_SENIORITY = "12 năm"
SCENE_SUMMARY = "Ba năm liền là giáo viên giỏi, có hai sáng kiến được công nhận."
SCENE_PHONE = "0912 345 678"
SCENE_EMAIL = "mai.nt@truong.edu.vn"


def web_ready(port: int) -> str:
    return f"Mở http://127.0.0.1:{port} bằng trình duyệt. Ctrl+C để dừng."


# --- the breach log --------------------------------------------------------------------------------------------------

NO_BREACHES = "Chưa ghi sự cố dữ liệu nào."
BREACH_HOW = "Ghi một sự cố: /suco rồi nêu điều đã xảy ra, dữ liệu nào, của ai, đã làm gì. Không nêu lại chính dữ liệu đó."


def breach_line(at: str, what: str) -> str:
    return f"{at}: {what}"


def breach_logged(what: str, at: str, until: str) -> str:
    return (
        f"Đã ghi sự cố lúc {at}: {what}\n"
        f"Theo luật về bảo vệ dữ liệu cá nhân, sự cố có thể phải báo cơ quan chuyên trách trong 72 giờ kể từ khi phát hiện "
        f"(tính từ lúc ghi: trước {until}). Xin hỏi bộ phận pháp chế."
    )


def breach_told(name: str, text: str) -> str:
    return f"{name} vừa ghi một sự cố dữ liệu. {text}"
