"""Messages as unit heads send them, everything in one, and what each says: for `test_free_text.py`.

Written as people write: in any order, without accents, over several lines, with labels or none, with abbreviations and slips. A value
is what the form should hold after the message; a field that is not named is not in the message. `HELD_OUT` was not
looked at while the rules were made.
"""

from __future__ import annotations

Said = tuple[str, dict[str, str]]


def person(name: str, unit: str = "", seniority: str = "", summary: str = "", phone: str = "", email: str = "") -> dict[str, str]:
    values = {"kind": "individual", "name": name, "unit": unit, "seniority": seniority, "summary": summary, "phone": phone, "email": email}
    return {field: value for field, value in values.items() if value}


def group(name: str, unit: str = "", contact: str = "", summary: str = "", phone: str = "", email: str = "") -> dict[str, str]:
    values = {"kind": "collective", "name": name, "unit": unit, "contact": contact, "summary": summary, "phone": phone, "email": email}
    return {field: value for field, value in values.items() if value}


MENDED: list[Said] = [
    (
        "đề cử cô Nguyễn Thị Hoa khoa CNTT, 12 năm, 0912 345 678, hoa@x.edu.vn, thành tích dạy giỏi 3 năm liền",
        person("Nguyễn Thị Hoa", "Khoa CNTT", "12 năm", "dạy giỏi 3 năm liền", "0912 345 678", "hoa@x.edu.vn"),
    ),
    (
        "Em xin đề cử thầy Trần Văn Bình - tổ Toán, sđt 0912.345.678, mail Binh.TV@Truong.edu.vn, công tác từ 2010. "
        "Thành tích: giáo viên dạy giỏi cấp tỉnh",
        person("Trần Văn Bình", "Tổ Toán", "từ 2010", "giáo viên dạy giỏi cấp tỉnh", "0912.345.678", "Binh.TV@Truong.edu.vn"),
    ),
    (
        "Họ tên: Lê Thị Mai\nĐơn vị: Trường THCS Bình Minh\nThâm niên: 15 năm\nĐT: 0987654321\nEmail: mai@x.edu.vn\nThành tích: dạy giỏi",
        person("Lê Thị Mai", "Trường THCS Bình Minh", "15 năm", "dạy giỏi", "0987654321", "mai@x.edu.vn"),
    ),
    (
        "de cu co Nguyen Thi Hoa, to Van, 12 nam, 0912345678, hoa@x.edu.vn, thanh tich giao vien day gioi cap huyen",
        person("Nguyen Thi Hoa", "To Van", "12 năm", "giao vien day gioi cap huyen", "0912345678", "hoa@x.edu.vn"),
    ),
    (
        "0912345678, Nguyễn Văn An, tổ Lý, 8 năm công tác, an@x.edu.vn, thành tích: 2 sáng kiến cấp trường",
        person("Nguyễn Văn An", "Tổ Lý", "8 năm", "2 sáng kiến cấp trường", "0912345678", "an@x.edu.vn"),
    ),
    (
        "Phạm Quốc An\nTổ Hóa\n20 năm\n0903 111 222\nan.pq@x.edu.vn\nBồi dưỡng 5 học sinh giỏi cấp tỉnh, chủ nhiệm lớp xuất sắc",
        person(
            "Phạm Quốc An",
            "Tổ Hóa",
            "20 năm",
            "Bồi dưỡng 5 học sinh giỏi cấp tỉnh, chủ nhiệm lớp xuất sắc",
            "0903 111 222",
            "an.pq@x.edu.vn",
        ),
    ),
    (
        "Tôi đề cử cô H'Hen Niê, giáo viên tổ Ngữ văn, tel: 0905 123 456, không có email, dạy được 9 năm, thành tích "
        "vận động học sinh ra lớp",
        person("H'Hen Niê", "Tổ Ngữ văn", "9 năm", "vận động học sinh ra lớp", "0905 123 456", "không có"),
    ),
    (
        "Đề cử tập thể tổ Toán - Tin, Trường THPT A, đại diện: Trần Văn An, ĐT 0912345678, thành tích: 100% giáo viên "
        "đạt lao động tiên tiến",
        group("Tổ Toán - Tin", "Trường THPT A", "Trần Văn An", "100% giáo viên đạt lao động tiên tiến", "0912345678"),
    ),
    (
        "Đề cử tập thể khoa Sư phạm gồm 25 người, người đại diện cô Lê Thị Mai, sdt 0987654321, email khoasp@x.edu.vn, "
        "thành tích: dẫn đầu NCKH",
        group("Khoa Sư phạm", "", "Lê Thị Mai", "dẫn đầu NCKH", "0987654321", "khoasp@x.edu.vn"),
    ),
    (
        "Y Kim Ny Ayun, tổ Sinh, 0912000111, ykim@x.edu.vn, 6 năm 3 tháng, thành tích: giáo viên dạy giỏi",
        person("Y Kim Ny Ayun", "Tổ Sinh", "6 năm 3 tháng", "giáo viên dạy giỏi", "0912000111", "ykim@x.edu.vn"),
    ),
    (
        "Giới thiệu đồng chí Điểu K'Ré, đơn vị Phòng Đào tạo, thâm niên 11 năm; ĐT: +84 912 345 678; Email: kre@x.edu.vn; "
        "thành tích nổi bật: hoàn thành xuất sắc nhiệm vụ",
        person("Điểu K'Ré", "Phòng Đào tạo", "11 năm", "hoàn thành xuất sắc nhiệm vụ", "+84 912 345 678", "kre@x.edu.vn"),
    ),
    (
        "Cô Vũ Thị Lan (tổ Anh, 14 năm, 0911222333, lan@x.edu.vn) có nhiều sáng kiến được công nhận, học sinh đạt giải quốc gia",
        person(
            "Vũ Thị Lan", "Tổ Anh", "14 năm", "có nhiều sáng kiến được công nhận, học sinh đạt giải quốc gia", "0911222333", "lan@x.edu.vn"
        ),
    ),
    (
        "đề cử thầy nguyễn văn bình tổ toán 12 năm 0912345678 thành tích dạy giỏi",
        person("Nguyễn Văn Bình", "Tổ toán", "12 năm", "dạy giỏi", "0912345678"),
    ),
    (
        "1. Họ và tên: Rơ Châm H'Phik\n2. Đơn vị công tác: Trường PTDTNT Ia Grai\n3. Thâm niên giảng dạy: 7 năm\n"
        "4. Tóm tắt thành tích: dạy chữ cho trẻ em làng\n5. Số điện thoại, email: ĐT: 0977888999 Email: hphik@x.edu.vn",
        person("Rơ Châm H'Phik", "Trường PTDTNT Ia Grai", "7 năm", "dạy chữ cho trẻ em làng", "0977888999", "hphik@x.edu.vn"),
    ),
    (
        "NGUYỄN THỊ HOA - KHOA CNTT - 12 NĂM - 0912345678 - HOA@X.EDU.VN - DẠY GIỎI CẤP TỈNH NHIỀU NĂM LIỀN",
        person("NGUYỄN THỊ HOA", "KHOA CNTT", "12 NĂM", "DẠY GIỎI CẤP TỈNH NHIỀU NĂM LIỀN", "0912345678", "HOA@X.EDU.VN"),
    ),
    (
        "Xin đề cử: cô Ksor H'Nâng. Đơn vị: tổ Mầm non. Công tác từ năm 2009. Điện thoại: 0966 777 888. Thành tích: tự "
        "làm 30 đồ dùng dạy học.",
        person("Ksor H'Nâng", "Tổ Mầm non", "từ năm 2009", "tự làm 30 đồ dùng dạy học", "0966 777 888"),
    ),
    (
        "đề cử em Trần Minh Khôi lớp CNTT K12, sinh viên 5 tốt cấp trường, ĐT 0933444555, khoi@sv.x.edu.vn",
        person("Trần Minh Khôi", "Lớp CNTT K12", "", "sinh viên 5 tốt cấp trường", "0933444555", "khoi@sv.x.edu.vn"),
    ),
    (
        "Đề cử ThS. Lê Hoàng Nam, Bộ môn Điện, thâm niên: 10 năm. Liên hệ: 0909 090 909 / nam.lh@x.edu.vn. Thành tích: 3 bài báo quốc tế",
        person("Lê Hoàng Nam", "Bộ môn Điện", "10 năm", "3 bài báo quốc tế", "0909 090 909", "nam.lh@x.edu.vn"),
    ),
    (
        "Tên: A Lăng Thị Nhum; Trường: Tiểu học Zuôih; SĐT: 0383 111 222; mail: không có; số năm dạy: 5; thành tích: bám bản",
        person("A Lăng Thị Nhum", "Tiểu học Zuôih", "5 năm", "bám bản", "0383 111 222", "không có"),
    ),
    (
        "Mình đề nghị khen cô Hồ Thị Kim Loan bên phòng Công tác HSSV nhé, số 0901234567, loan@x.edu.vn, làm 18 năm rồi, "
        "thành tích hỗ trợ 200 sinh viên khó khăn",
        person("Hồ Thị Kim Loan", "Phòng Công tác HSSV", "18 năm", "hỗ trợ 200 sinh viên khó khăn", "0901234567", "loan@x.edu.vn"),
    ),
    (
        "Thành tích: chiến sĩ thi đua cơ sở 2 năm liền. Người được đề cử: Đặng Thu Hà, tổ Sử. 13 năm. 0944555666. ha@x.edu.vn",
        person("Đặng Thu Hà", "Tổ Sử", "13 năm", "chiến sĩ thi đua cơ sở 2 năm liền", "0944555666", "ha@x.edu.vn"),
    ),
    (
        "đề cử thầy Bùi Xuân Trường, trường THPT Bến Xuân, dạy từ 2005, đt 0918.777.666, thành tích: bồi dưỡng HSG",
        person("Bùi Xuân Trường", "Trường THPT Bến Xuân", "từ 2005", "bồi dưỡng HSG", "0918.777.666"),
    ),
    (
        "đề cử cô Phạm Thị Phòng, phòng Tài chính, 0912345678",
        person("Phạm Thị Phòng", "Phòng Tài chính", phone="0912345678"),
    ),
    (
        "đề cử cô Nguyễn Thị Hoa\nkhoa CNTT\n12 năm\nđt 0912 345 678\nhoa@x.edu.vn\nthành tích:\n- dạy giỏi\n- 2 sáng kiến",
        person("Nguyễn Thị Hoa", "Khoa CNTT", "12 năm", "- dạy giỏi\n- 2 sáng kiến", "0912 345 678", "hoa@x.edu.vn"),
    ),
    (
        "Tổ Ngoại ngữ trường THCS Hoa Sen xin đề cử cô Lý Thị Tuyết, 0922333444, tuyet@x.edu.vn",
        person("Lý Thị Tuyết", "Tổ Ngoại ngữ trường THCS Hoa Sen", phone="0922333444", email="tuyet@x.edu.vn"),
    ),
    (
        "Họ tên Nguyễn Thị Hoa, đơn vị khoa CNTT, thâm niên 12 năm, điện thoại 0912345678, email hoa@x.edu.vn, thành tích dạy giỏi",
        person("Nguyễn Thị Hoa", "Khoa CNTT", "12 năm", "dạy giỏi", "0912345678", "hoa@x.edu.vn"),
    ),
    (
        "Đề cử bà Thạch Thị Sa Rây, nhân viên thư viện, 22 năm công tác, không có email, không có điện thoại, thành "
        "tích xây dựng thư viện xanh",
        person("Thạch Thị Sa Rây", "", "22 năm", "xây dựng thư viện xanh", "không có", "không có"),
    ),
    (
        "tập thể: Lớp 12A1; trường: THPT A; thành tích: 100% đỗ đại học; liên hệ: cô Mai 0912345678",
        group("Lớp 12A1", "THPT A", "Mai", "100% đỗ đại học", "0912345678"),
    ),
    (
        "Đề cử cô Nguyễn Thị Hoa, sinh năm 1985, khoa CNTT, vào ngành năm 2008, ĐT: 0912345678, thành tích: dạy giỏi",
        person("Nguyễn Thị Hoa", "Khoa CNTT", "từ năm 2008", "dạy giỏi", "0912345678"),
    ),
    (
        "đề cử anh Giàng A Páo; 3 năm; Trường PTDTBT Tà Xùa; giangapao@x.edu.vn; 0399 888 777; thành tích: nấu cơm cho học trò",
        person("Giàng A Páo", "Trường PTDTBT Tà Xùa", "3 năm", "nấu cơm cho học trò", "0399 888 777", "giangapao@x.edu.vn"),
    ),
    (
        "Nguyễn Thị Hoa khoa CNTT 12 năm 0912345678 hoa@x.edu.vn dạy giỏi cấp tỉnh ba năm liền",
        person("Nguyễn Thị Hoa", "Khoa CNTT", "12 năm", "dạy giỏi cấp tỉnh ba năm liền", "0912345678", "hoa@x.edu.vn"),
    ),
    (
        "Kính gửi thư ký, đơn vị em đề cử cô Trương Mỹ Linh (Khoa Dược), thâm niên giảng dạy 9 năm, thành tích: chủ nhiệm đề tài cấp tỉnh. "
        "SĐT cô Linh: 0988 123 123, email: linh@x.edu.vn. Em cảm ơn!",
        person("Trương Mỹ Linh", "Khoa Dược", "9 năm", "chủ nhiệm đề tài cấp tỉnh", "0988 123 123", "linh@x.edu.vn"),
    ),
]

HELD_OUT: list[Said] = [
    (
        "Đề cử thầy Hoàng Đức Thắng, tổ Thể dục, 16 năm giảng dạy, số điện thoại 0935 246 810, email thang.hd@x.edu.vn, "
        "thành tích huấn luyện đội tuyển điền kinh đạt 3 huy chương cấp tỉnh",
        person(
            "Hoàng Đức Thắng",
            "Tổ Thể dục",
            "16 năm",
            "huấn luyện đội tuyển điền kinh đạt 3 huy chương cấp tỉnh",
            "0935 246 810",
            "thang.hd@x.edu.vn",
        ),
    ),
    (
        "em de cu thay Tran Quoc Toan to Vat ly, sdt 0913579246, mail toan@x.edu.vn, day 11 nam, thanh tich co 2 sang kien cap so",
        person("Tran Quoc Toan", "To Vat ly", "11 năm", "co 2 sang kien cap so", "0913579246", "toan@x.edu.vn"),
    ),
    (
        "Họ và tên: Cao Thị Bích Ngọc\nĐơn vị công tác: Trường Mầm non Hoa Mai\nThâm niên: 6 năm 4 tháng\n"
        "Tóm tắt thành tích:\n- Giáo viên giỏi cấp huyện\n- Đồ dùng tự làm giải nhì\nĐT: 0965 432 100\nEmail: ngoc@x.edu.vn",
        person(
            "Cao Thị Bích Ngọc",
            "Trường Mầm non Hoa Mai",
            "6 năm 4 tháng",
            "- Giáo viên giỏi cấp huyện\n- Đồ dùng tự làm giải nhì",
            "0965 432 100",
            "ngoc@x.edu.vn",
        ),
    ),
    (
        "Cô Đỗ Hồng Nhung; Tổ Hóa - Sinh; 0976.543.210; nhung.dh@x.edu.vn; 8 năm; có 12 học sinh đạt giải học sinh giỏi tỉnh",
        person(
            "Đỗ Hồng Nhung", "Tổ Hóa - Sinh", "8 năm", "có 12 học sinh đạt giải học sinh giỏi tỉnh", "0976.543.210", "nhung.dh@x.edu.vn"
        ),
    ),
    (
        "Đề cử tập thể Tổ Xã hội, trường THCS Lê Lợi, người đại diện: Phan Thị Thu, điện thoại 0914 222 333, không có email, "
        "thành tích: tập thể lao động xuất sắc 3 năm liền",
        group("Tổ Xã hội", "Trường THCS Lê Lợi", "Phan Thị Thu", "tập thể lao động xuất sắc 3 năm liền", "0914 222 333", "không có"),
    ),
    (
        "Phòng Đào tạo xin giới thiệu chị Nguyễn Thu Trang, chuyên viên, 0908 765 432, trang@x.edu.vn, thành tích số hóa 4.000 hồ sơ",
        person("Nguyễn Thu Trang", "Phòng Đào tạo", "", "số hóa 4.000 hồ sơ", "0908 765 432", "trang@x.edu.vn"),
    ),
    (
        "đề cử cô K' Thị Mỹ Hạnh, trường tiểu học Đạ Sar, từ năm 2012, 0388 123 987, email: không có, thành tích: dạy xóa mù cho phụ nữ",
        person("K' Thị Mỹ Hạnh", "Trường tiểu học Đạ Sar", "từ năm 2012", "dạy xóa mù cho phụ nữ", "0388 123 987", "không có"),
    ),
    (
        "Tên nhà giáo: Võ Minh Trí\nTổ: Tin học\nCông tác từ: 2015\nSĐT: 0932.111.999\nGmail: trivm@gmail.com\nThành "
        "tích nổi bật: phần mềm quản lý thư viện",
        person("Võ Minh Trí", "Tin học", "từ năm 2015", "phần mềm quản lý thư viện", "0932.111.999", "trivm@gmail.com"),
    ),
    (
        "Đề cử PGS.TS. Nguyễn Hữu Phước, khoa Cơ khí, 25 năm, ĐT: (028) 3865 4321, email phuoc.nh@x.edu.vn. Thành "
        "tích: 10 bài báo ISI, 2 bằng sáng chế",
        person("Nguyễn Hữu Phước", "Khoa Cơ khí", "25 năm", "10 bài báo ISI, 2 bằng sáng chế", "(028) 3865 4321", "phuoc.nh@x.edu.vn"),
    ),
    (
        "Lê Văn Sĩ / tổ bảo vệ / 17 năm / 0945 678 123 / không có email / trực đêm, bắt trộm, giữ an toàn tài sản nhà trường",
        person("Lê Văn Sĩ", "Tổ bảo vệ", "17 năm", "trực đêm, bắt trộm, giữ an toàn tài sản nhà trường", "0945 678 123", "không có"),
    ),
    (
        "xin đề cử thầy Siu Blơ dạy ở trường THCS Kpă Klơng, thâm niên 10 năm, số đt: 0978 000 111, thành tích mở lớp học cồng chiêng",
        person("Siu Blơ", "Trường THCS Kpă Klơng", "10 năm", "mở lớp học cồng chiêng", "0978 000 111"),
    ),
    (
        "đề cử sinh viên Phan Gia Bảo, lớp K65 Điện tử, 0866 123 123, bao.pg@sv.x.edu.vn, thành tích giải nhất Olympic Vật lý",
        person("Phan Gia Bảo", "Lớp K65 Điện tử", "", "giải nhất Olympic Vật lý", "0866 123 123", "bao.pg@sv.x.edu.vn"),
    ),
    (
        "ĐỀ CỬ: TRẦN THỊ THU HÀ, KHOA NGOẠI NGỮ, 0919 191 919, THU.HA@X.EDU.VN, THÂM NIÊN 19 NĂM, THÀNH TÍCH: CHIẾN SĨ THI ĐUA",
        person("TRẦN THỊ THU HÀ", "KHOA NGOẠI NGỮ", "19 NĂM", "CHIẾN SĨ THI ĐUA", "0919 191 919", "THU.HA@X.EDU.VN"),
    ),
    (
        "Cá nhân: Mai Thanh Tùng. Đơn vị: Khoa Điều dưỡng. Thâm niên: 7 năm. Điện thoại: 0918 273 645. Email: tung@x.edu.vn. "
        "Thành tích: tình nguyện chống dịch 4 tháng tại tâm dịch.",
        person(
            "Mai Thanh Tùng", "Khoa Điều dưỡng", "7 năm", "tình nguyện chống dịch 4 tháng tại tâm dịch", "0918 273 645", "tung@x.edu.vn"
        ),
    ),
    (
        "Chào thư ký, em gửi đề cử cô Tạ Bích Loan ở tổ Địa. Cô dạy 21 năm. Số của cô: 0904 050 607, mail loan.tb@x.edu.vn. "
        "Thành tích: giáo viên dạy giỏi cấp tỉnh",
        person("Tạ Bích Loan", "Tổ Địa", "21 năm", "giáo viên dạy giỏi cấp tỉnh", "0904 050 607", "loan.tb@x.edu.vn"),
    ),
    (
        "đề cử thầy Lương Văn Phong phòng Tổ chức Hành chính, 0912 000 999, thành tích cải cách thủ tục",
        person("Lương Văn Phong", "Phòng Tổ chức Hành chính", "", "cải cách thủ tục", "0912 000 999"),
    ),
    (
        "đề cử cô Trịnh Khoa Diệu khoa Kinh tế, 5 năm, dieu@x.edu.vn",
        person("Trịnh Khoa Diệu", "Khoa Kinh tế", "5 năm", email="dieu@x.edu.vn"),
    ),
    (
        "đề cử cô Nguyễn Thị Tổ Uyên, tổ Văn phòng, 9 năm, 0967 676 767",
        person("Nguyễn Thị Tổ Uyên", "Tổ Văn phòng", "9 năm", phone="0967 676 767"),
    ),
    (
        "Tập thể Chi đoàn giáo viên, trường THPT Nguyễn Du, đại diện là thầy Hà Văn Quân (0981 234 567), thành tích hiến 120 đơn vị máu",
        group("Chi đoàn giáo viên", "Trường THPT Nguyễn Du", "Hà Văn Quân", "hiến 120 đơn vị máu", "0981 234 567"),
    ),
    (
        "Tên tập thể: Phòng Công tác sinh viên\nThuộc đơn vị: Trường Cao đẳng Y tế\nNgười đại diện: Bùi Thị Nga\n"
        "ĐT: 0273 3872 222\nEmail: ctsv@x.edu.vn\nThành tích: vận động 2 tỷ đồng học bổng",
        group(
            "Phòng Công tác sinh viên",
            "Trường Cao đẳng Y tế",
            "Bùi Thị Nga",
            "vận động 2 tỷ đồng học bổng",
            "0273 3872 222",
            "ctsv@x.edu.vn",
        ),
    ),
    (
        "de cu tap the to Khoa hoc tu nhien, truong THCS Binh Minh, 0912345678, thanh tich dan dau thi dua khoi",
        group("To Khoa hoc tu nhien", "Truong THCS Binh Minh", "", "dan dau thi dua khoi", "0912345678"),
    ),
    (
        "Nguyễn Văn Đông, 0913 131 313, tổ Công nghệ, thành tích robot đạt giải ba quốc gia, thâm niên 4 năm, dong@x.edu.vn",
        person("Nguyễn Văn Đông", "Tổ Công nghệ", "4 năm", "robot đạt giải ba quốc gia", "0913 131 313", "dong@x.edu.vn"),
    ),
    (
        "mail: xuan@x.edu.vn\nsđt: 0915 151 515\ntên: Đinh Thị Xuân\nđv: tổ Âm nhạc\nthâm niên: 3 năm rưỡi\nthành tích: giải A văn nghệ",
        person("Đinh Thị Xuân", "tổ Âm nhạc", "3 năm rưỡi", "giải A văn nghệ", "0915 151 515", "xuan@x.edu.vn"),
    ),
    (
        "Đề nghị xét thầy Kiều Văn Sơn, Trung tâm Tin học - Ngoại ngữ, gần 15 năm công tác, điện thoại: 0906.060.606, "
        "thành tích: xây 3 phòng máy",
        person("Kiều Văn Sơn", "Trung tâm Tin học - Ngoại ngữ", "gần 15 năm", "xây 3 phòng máy", "0906.060.606"),
    ),
    (
        "đề cử cô Lù Thị Sua (trường Tiểu học Xín Cái), cô dạy 12 năm, đt 0399111222, không dùng email. Thành tích: 12 năm bám bản dạy chữ",
        person("Lù Thị Sua", "Trường Tiểu học Xín Cái", "12 năm", "12 năm bám bản dạy chữ", "0399111222", "không có"),
    ),
    (
        "Đề cử Nguyễn Thị Hoa. Khoa CNTT. 12 năm. 0912345678. hoa@x.edu.vn. Dạy giỏi cấp tỉnh, hướng dẫn 3 đề tài sinh viên.",
        person("Nguyễn Thị Hoa", "Khoa CNTT", "12 năm", "Dạy giỏi cấp tỉnh, hướng dẫn 3 đề tài sinh viên", "0912345678", "hoa@x.edu.vn"),
    ),
    (
        "cô Hoa Nguyễn tổ 4 trường tiểu học Kim Đồng, 0912 333 444",
        person("Hoa Nguyễn", "Tổ 4 trường tiểu học Kim Đồng", phone="0912 333 444"),
    ),
    (
        "đề cử Thầy Trần Đại Nghĩa (ĐT 0912-345-678) của Viện Cơ khí, thâm niên giảng dạy: 30 năm, thành tích: Huân "
        "chương Lao động hạng Ba",
        person("Trần Đại Nghĩa", "Viện Cơ khí", "30 năm", "Huân chương Lao động hạng Ba", "0912-345-678"),
    ),
    (
        "Giới thiệu cô giáo Sùng Thị Mỷ, công tác tại trường PTDTBT THCS Sủng Trà, 8 năm trong nghề, 0374 555 666, my@x.edu.vn, "
        "thành tích: vận động 100% học sinh ra lớp",
        person("Sùng Thị Mỷ", "Trường PTDTBT THCS Sủng Trà", "8 năm", "vận động 100% học sinh ra lớp", "0374 555 666", "my@x.edu.vn"),
    ),
    (
        "đề cử nhóm nghiên cứu Vật liệu mới, viện Vật lý kỹ thuật, 0986 868 686, thành tích 5 bài Q1",
        group("Nhóm nghiên cứu Vật liệu mới", "Viện Vật lý kỹ thuật", "", "5 bài Q1", "0986 868 686"),
    ),
    (
        "Họ tên: Trần Thị B\nĐơn vị: \nThâm niên: 2 năm\nThành tích: ",
        person("Trần Thị B", seniority="2 năm"),
    ),
    (
        "Hi bạn, mình là trưởng khoa Luật. Khoa mình đề cử ThS Phạm Hồng Quân nhé, giảng viên 13 năm, sđt 0903 456 789, quan.ph@x.edu.vn, "
        "thành tích: hướng dẫn đội thi phiên tòa giả định vô địch",
        person(
            "Phạm Hồng Quân",
            "",
            "13 năm",
            "hướng dẫn đội thi phiên tòa giả định vô địch",
            "0903 456 789",
            "quan.ph@x.edu.vn",
        ),
    ),
]
