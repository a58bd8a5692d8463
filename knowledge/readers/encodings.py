"""Legacy Vietnamese encodings: TCVN3 (fonts .VnTime), VNI (fonts VNI-Times), Windows-1258, and text that is already Unicode.

TCVN3 follows TCVN 5712:1993 VN3, one byte a letter, whose capitals with a tone exist only as capital fonts (.VnTimeH). VNI
follows the chart of VNI Windows: a letter followed by one byte for its marks. Both are kept here as text decoded from
Windows-1252, which is how Word and antiword hand it over.
"""

from __future__ import annotations

import re
import unicodedata

# --- TCVN3 ---------------------------------------------------------------------------------------------------------

_TCVN3_CODES = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ¡¢§£¤¥¦"
_TCVN3_LETTERS = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ"
_TCVN3 = str.maketrans(_TCVN3_CODES, _TCVN3_LETTERS)


def from_tcvn3(text: str, *, capitals: bool = False) -> str:
    """TCVN3 as Unicode. `capitals`: the font was a capital font (its name ends in H), every letter is a capital."""
    converted = text.translate(_TCVN3)
    return converted.upper() if capitals else converted


# --- VNI -----------------------------------------------------------------------------------------------------------

_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_CIRCUMFLEX = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_WHOLE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_table() -> dict[str, str]:
    table = dict(_VNI_WHOLE)
    for base, letter in (*((v, v) for v in "aeouy"), ("ô", "ơ"), ("ö", "ư")):
        table |= {base + mark: letter + tone for mark, tone in _TONES.items()}
    for base in "aeo":
        table |= {base + mark: base + "\u0302" + tone for mark, tone in _CIRCUMFLEX.items()}
    table |= {"a" + mark: "a\u0306" + tone for mark, tone in _BREVE.items()}
    composed = {code: unicodedata.normalize("NFC", letter) for code, letter in table.items()}
    return composed | {code.upper(): letter.upper() for code, letter in composed.items()}


_VNI = _vni_table()
# A capital letter may carry a small mark and the other way round: people typed with either shift.
_VNI |= {code[0] + code[1].swapcase(): letter for code, letter in list(_VNI.items()) if len(code) == 2}
_VNI_CODES = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def from_vni(text: str) -> str:
    """VNI Windows as Unicode."""
    return _VNI_CODES.sub(lambda found: _VNI[found.group()], text)


def to_tcvn3(text: str) -> str:
    """Unicode as TCVN3; capitals that the chart has not become small letters, as they are stored under a capital font."""
    back = {ord(letter): code for letter, code in zip(_TCVN3_LETTERS, _TCVN3_CODES, strict=True)}
    return "".join(
        char if ord(char) < 128 or ord(char) in back else char.lower() for char in unicodedata.normalize("NFC", text)
    ).translate(back)


def to_vni(text: str) -> str:
    """Unicode as VNI Windows."""
    back: dict[int, str] = {}
    for code, letter in _VNI.items():
        if code.islower() or code.isupper():
            back.setdefault(ord(letter), code)
    return unicodedata.normalize("NFC", text).translate(back)


# --- statistics ----------------------------------------------------------------------------------------------------

_ONSET = "b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x"
_NUCLEUS = (
    "a|ă|â|e|ê|i|o|ô|ơ|u|ư|y|ia|iê|ya|yê|ua|uâ|uê|uô|uơ|ưa|ươ|oa|oă|oe|oo|uy|uya|uyê|oai|oay|oao|oeo|uyu|ai|ao|au|ay|âu|ây|"
    "eo|êu|iu|iêu|yêu|oi|ôi|ơi|ui|uôi|ươi|ưi|ưu|ươu|uây|uêu"
)
_SYLLABLE = re.compile(f"(?:{_ONSET})?(?:{_NUCLEUS})(?:ch|c|m|ng|nh|n|p|t)?")
_TONE_MARKS = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_MARKED = re.compile(r"[^\W\d_]+", re.UNICODE)


def is_syllable(word: str) -> bool:
    """Whether a word is spelled as a Vietnamese syllable can be: onset, nucleus, coda, one tone at most."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    bare = "".join(char for char in decomposed if char not in _TONE_MARKS)
    return len(decomposed) - len(bare) <= 1 and bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)))


def syllable_share(text: str) -> float | None:
    """The share of well-spelled syllables among the words that hold a non-ASCII letter; None if there are under 5."""
    # Symbols of a legacy chart (µ, ¸, §) are no word characters everywhere: white space alone separates words here.
    marked = [word.strip(".,;:()[]\"'“”‘’!?-–…/*") for word in text.split() if not word.isascii()]
    marked = [word for word in marked if word and not word.isascii()]
    if len(marked) < 5:
        return None
    return sum(is_syllable(word) for word in marked) / len(marked)


_SAMPLE = 40_000
_CONVERSIONS = {"tcvn3": from_tcvn3, "vni": from_vni}


def legacy_charset(text: str) -> str | None:
    """ "tcvn3" or "vni" where a text read as Windows-1252 is Vietnamese only after conversion, else None."""
    sample = text[:_SAMPLE]
    before = syllable_share(sample)
    if before is None or before > 0.6:
        return None
    shares = {name: syllable_share(convert(sample)) or 0.0 for name, convert in _CONVERSIONS.items()}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] > 0.8 and shares[best] > before + 0.25 else None


def converted(text: str) -> tuple[str, str | None]:
    """A text in Unicode, and the legacy encoding it was in, None if it was Unicode already."""
    charset = legacy_charset(text)
    if charset is None:
        return text, None
    unicode = _CONVERSIONS[charset](text)
    return (_HYPHENATED.sub(_horned, unicode) if charset == "tcvn3" else unicode), charset


_HYPHENATED = re.compile(r"(?<![\w-])([^\W\d_]{0,3})-([^\W\d_]{0,4})(?![\w-])")


def _horned(found: re.Match[str]) -> str:
    """Code AD, the letter ư, comes out of many programs as a hyphen: "tr-ờng" is "trường", "hành-chính" is not."""
    before, after = found.groups()
    if not before + after or (is_syllable(before) and is_syllable(after)):
        return found.group()
    whole = f"{before}ư{after}"
    return whole if is_syllable(whole) else found.group()


def charset_of_font(font: str | None) -> str | None:
    """What a font's name says: ".VnTime" tcvn3, ".VnTimeH" tcvn3 capitals, "VNI-Times" vni, others None."""
    name = (font or "").strip().lower()
    if name.startswith(".vn"):
        return "tcvn3-capitals" if name.endswith("h") else "tcvn3"
    return "vni" if name.startswith("vni-") or name.startswith("vni ") else None


def from_font(text: str, font: str | None) -> str:
    """The text of a run as its font shows it."""
    charset = charset_of_font(font)
    if charset == "vni":
        return from_vni(text)
    return from_tcvn3(text, capitals=charset == "tcvn3-capitals") if charset else text
