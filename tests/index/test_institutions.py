from __future__ import annotations

import pytest

from index.institutions import Named, Names
from knowledge.library import Institution

NAMES = Names(
    [
        Institution("lamgiang", "Trường Đại học Kỹ nghệ Lam Giang", aliases=("ĐHKN Lam Giang",)),
        Institution("vandoi", "Trường Đại học Sư phạm Vân Đồi"),
        Institution("ytevandoi", "Trường Cao đẳng Y tế Vân Đồi"),
        Institution("trakhe", "Phòng Giáo dục và Đào tạo Trà Khê"),
    ]
)


@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        ("bên Lam Giang nộp hồ sơ ở đâu", ("lamgiang",)),
        ("truong su pham van doi xet the nao", ("vandoi",)),
        ("trường y tế Vân Đồi có bao nhiêu tiêu chí", ("ytevandoi",)),
        ("pgd tra khe gui truoc ngay nao", ("trakhe",)),
        ("phong tra khee", ("trakhe",)),
        ("hồ sơ gồm những gì", ()),
    ],
)
def test_find_institution_named_in_words(question: str, slugs: tuple[str, ...]) -> None:
    assert NAMES.find(question).slugs == slugs


def test_find_name_that_fits_two_gives_both() -> None:
    assert NAMES.find("Vân Đồi thì sao").slugs == ("vandoi", "ytevandoi")


def test_find_own_institution_wins_over_one_with_the_same_place() -> None:
    assert NAMES.find("Vân Đồi thì sao", own="vandoi").slugs == ("vandoi",)


def test_find_place_that_the_own_plan_speaks_of_names_no_other_institution() -> None:
    assert NAMES.find("kế hoạch của huyện Trà Khê", own="vandoi", own_text=" theo ubnd huyen tra khe ") == Named()


def test_find_common_words_do_not_lead_elsewhere() -> None:
    assert NAMES.find("chuyện kỹ nghệ thì tính sao", own="trakhe").slugs == ()


def test_find_institution_that_is_not_here_is_said() -> None:
    assert NAMES.find("Trường THPT Nguyễn Trãi có xét không?", own="vandoi").unknown == "Trường THPT Nguyễn Trãi"
