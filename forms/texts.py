"""Every sentence that the form itself says, in Vietnamese. Braces are filled in with `str.format`."""

from __future__ import annotations


class FormTexts:
    """The form's words; labels that scripts rely on stand first and stay as they are."""

    INDIVIDUAL = "Cá nhân"
    COLLECTIVE = "Tập thể"
    SKIP = "Bỏ qua"
    BACK = "Quay lại"
    DONE = "Xong"
    AGREED = "Đã đồng ý"
    SEND = "Gửi"
    CANCEL = "Huỷ"

    KEEP = "Giữ nguyên"
    NONE = "Không có"
    LATER = "Chưa, lưu nháp"
    UNDO = "Khôi phục"
    RESUME = "Tiếp tục"
    EDIT = "Sửa"
    NEXT = "Đề cử người tiếp theo"

    SKIP_HINT = "Chưa có ngay thì bấm [Bỏ qua], điền sau ở bước xem lại."
    HELD = "Đang có: {value}"

    STALE = "Nút này đã xử lý rồi, xin dùng tin nhắn mới nhất."
    FIRST = "Đây là câu đầu tiên, chưa có gì để quay lại."
    CANCELLED = "Đã huỷ bản nháp. Nội dung đã nhập vẫn giữ, bấm [Khôi phục] nếu đổi ý."
    UNDONE = "Đã khôi phục bản nháp."
    PAUSED = "Đã lưu nháp. Mở lại lúc nào cũng được, trên máy nào cũng được."
    SENT_ALREADY = "Bản này đã gửi rồi, không gửi lần nữa."
    NOT_OPEN = "Bản nháp này đang đóng. Xin mở lại trước khi nhập tiếp."
    UNKNOWN_BUTTON = "Nút này không dùng được ở bước này, xin dùng tin nhắn mới nhất."
    NOT_APPLICABLE = "Mục này không có trong mẫu đang điền."
    REQUIRED = "Tạm để trống “{label}”. Mục này bắt buộc theo mẫu, xin điền ở bước xem lại trước khi gửi."
    HANDED_OVER = "Bản nháp đã chuyển cho người khác trong đơn vị."
    UNCHANGED = "Không có gì thay đổi."

    FILLED = "Đã điền từ tin nhắn: {parts}."
    ATTACHED = "Đã đính kèm {name}."
    ATTACHED_TO = "Đã đính kèm {name} cho tiêu chí {number}."
    ATTACHED_ALREADY = "{name} đã được đính kèm trước đó."
    TOO_MANY_FILES = "Mỗi hồ sơ nhận tối đa {limit} tệp. Tệp {name} chưa được nhận."

    PRESS = "Ở bước này xin bấm một nút dưới đây."
    PICK_FROM_LIST = "Không có lựa chọn {value} ở bước này."
    PICK_EXAMPLE = "bấm một nút, hoặc gõ “{label}”"
    NO_CRITERION = "Không có tiêu chí số {value}, danh sách có {count} tiêu chí."
    CRITERIA_TYPED = "Không hiểu {value} ở bước chọn tiêu chí."
    CRITERIA_EXAMPLE = "1, 3 hoặc: tất cả"

    CONSENT = (
        "Họ tên, đơn vị, thâm niên, thành tích, điện thoại, email của {name} sẽ gửi {office} để lập danh sách đề nghị; "
        "dữ liệu đi qua Telegram (nền tảng nước ngoài). {name} đã được báo và đồng ý chưa?"
    )
    CONSENT_GROUP = (
        "Tên tập thể, thành tích, người đại diện, điện thoại, email của {name} sẽ gửi {office} để lập danh sách đề nghị; "
        "dữ liệu đi qua Telegram (nền tảng nước ngoài). Người đại diện của {name} đã được báo và đồng ý chưa?"
    )
    OFFICE = "thư ký thi đua khen thưởng"
    CONSENT_NEEDED = "Cần xác nhận người được đề cử đã được báo và đồng ý trước khi gửi."
    CONSENT_AGAIN = "Họ tên đã đổi nên xin xác nhận lại sự đồng ý."

    OF_PLAN = "Theo Kế hoạch số {number}."
    OUR_TABLE = "Kế hoạch không kèm mẫu; đây là mẫu của hệ thống."
    OUR_TABLE_COLLECTIVE = "Mẫu của kế hoạch dành cho cá nhân; đây là mẫu của hệ thống cho tập thể."
    MISSING = "Chưa có {label}."
    NOT_GIVEN = "(chưa có)"
    RETURNED = "Cần bổ sung: {label}. Lý do: “{reason}”."


MAX_FILES = 30
