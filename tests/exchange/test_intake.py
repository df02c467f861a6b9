"""What comes from outside and means harm, or was only saved oddly: refused at once with a sentence, or cleaned."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from time import perf_counter

import pytest

from lms.core.yaml import read_yaml, write_yaml
from lms.exchange.errors import UnreadableFile
from lms.exchange.formats.shapes import Status
from lms.exchange.intake import archive, decoding, xml
from lms.exchange.intake.html import to_plain
from lms.exchange.taking_in import find_format, read_questions
from tests.exchange.test_qti import SINGLE, package

TRUE = (
    '<quiz><question type="truefalse"><name><text>n</text></name><questiontext format="html"><text>{}</text>'
    '</questiontext><answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
    "</question></quiz>"
)
LAUGHS = '<!DOCTYPE q [<!ENTITY a "ha">' + "".join(f'<!ENTITY a{n + 1} "{f"&a{n or str()};" * 10}">' for n in range(9))


def refuse(content: bytes, form: str = "") -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(UnreadableFile) as refusal:
        read_questions(content, language="en", form=form)
    return refusal.value.sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (f"{LAUGHS}]><quiz>&a9;</quiz>", "declares a document type"),
        ('<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>', "declares a document type"),
        ('<!DOCTYPE q SYSTEM "http://example.org/q.dtd"><quiz/>', "declares a document type"),
        ('<!DOCTYPE q [<!ENTITY % p SYSTEM "http://example.org/p"> %p;]><quiz/>', "declares a document type"),
        ('<quiz xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="/etc/passwd"/></quiz>', "read another file"),
        ("<quiz>&x;</quiz>", "not XML: undefined entity"),
        ("<quiz>" + "<a>" * 100_000 + "</quiz>", "inside each other"),
        ("<quiz>" + "<a/>" * 400_000 + "</quiz>", "more than 200000 elements"),
        ("<quiz><question type='a' type='b'/></quiz>", "not XML: duplicate attribute"),
        ('<?xml version="1.0" encoding="UTF-7"?><quiz/>', "written in utf-7"),
        ('<?xml version="1.0" encoding="ebcdic-cp-us"?><quiz/>', "written in ebcdic"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_xml_that_would_do_something(content: str, sentence: str) -> None:
    assert sentence in refuse(content.encode())
    assert sentence in refuse(b"\xef\xbb\xbf" + content.encode()) or "encoding=" in content
    for coded in ("utf-16-le", "utf-16-be"):
        mark = "\ufeff".encode(coded)
        if "encoding=" not in content:
            assert sentence in refuse(mark + content.encode(coded))


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (TRUE.format("Да").encode(), Status.IMPORTED),
        (b"\xef\xbb\xbf" + TRUE.format("Да").encode(), Status.IMPORTED),
        ("\ufeff".encode("utf-16-le") + TRUE.format("Да").encode("utf-16-le"), Status.IMPORTED),
        ("\ufeff".encode("utf-16-be") + TRUE.format("Да").encode("utf-16-be"), Status.IMPORTED),
        ("\ufeff".encode("utf-32-le") + TRUE.format("Да").encode("utf-32-le"), Status.IMPORTED),
        (f'<?xml version="1.0" encoding="windows-1251"?>{TRUE.format("Да")}'.encode("cp1251"), Status.IMPORTED),
        (f'<?xml version="1.0" encoding="koi8-r"?>{TRUE.format("Да")}'.encode("koi8-r"), Status.IMPORTED),
        (TRUE.format("Да").encode("cp1251"), Status.CHANGED),
        (TRUE.format("Да\x0b").encode(), Status.CHANGED),
    ],
)
def test_encodings(content: bytes, status: Status) -> None:
    (item,) = read_questions(content, language="ru").items
    assert item.question is not None
    assert item.question["text"] == {"ru": "Да"}
    assert item.status is status
    assert bool(item.sentences) == (status is Status.CHANGED)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b" \n\xef\xbb\xbf", "looks like none"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"<quiz/>".replace(b"", b"\x00"), "not a text file"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "looks like none"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "not a text file"),
        (b"What?\x98 {T}", "Line 1 holds bytes"),
        (b"x" * (decoding.LARGEST + 1), "larger than 20 MB"),
        (b"Hello there, no questions here.", "looks like none of the formats"),
    ],
)
def test_what_is_no_text_of_questions(content: bytes, sentence: str) -> None:
    assert sentence in refuse(content)


def bomb(claimed: int) -> bytes:
    """A gigabyte in a megabyte, in an archive that claims to unpack to so many bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = (packer.compress(bytes(1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)) * 1024 + packer.flush()
    content = bytearray(package({"a.xml": packed}))
    head = content.index(b"PK\x01\x02")
    for method, size in ((8, 22), (head + 10, head + 24)):
        content[method : method + 2] = zipfile.ZIP_DEFLATED.to_bytes(2, "little")
        content[size : size + 4] = claimed.to_bytes(4, "little")
    return bytes(content)


def test_a_gigabyte_in_a_megabyte_is_refused() -> None:
    content = bomb(1024**3)
    assert len(content) < 1_200_000
    assert "unpacks to more" in refuse(content)
    assert "damaged" in refuse(bomb(50_000_000))
    assert "damaged" in refuse(bomb(1000))


def link() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        entry = zipfile.ZipInfo("a.xml")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        files.writestr(entry, "/etc/passwd")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (package({"../a.xml": SINGLE}), "outside itself"),
        (package({"a/../../b.xml": SINGLE}), "outside itself"),
        (package({"/etc/a.xml": SINGLE}), "outside itself"),
        (package({"C:/a.xml": SINGLE}), "outside itself"),
        (package({"a\\b.xml": SINGLE}), "outside itself"),
        (link(), "link instead of a file"),
        (package({"inner.zip": package({"a.xml": SINGLE})}), "another archive"),
        (package({f"{n}.xml": "x" for n in range(archive.MOST_FILES + 1)}), "more than 2000 files"),
        (package({"a.xml": SINGLE})[:-40], "damaged"),
        (b"PK\x03\x04" + b"\x00" * 100, "damaged"),
        (package({"a.xml": b"\x00" * 5_000_000}), "holds no question"),
    ],
)
def test_archives(content: bytes, sentence: str) -> None:
    assert sentence in refuse(content)


def test_a_ratio_that_no_questions_have() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("a.xml", b" " * 20_000_000)
    assert "unpacks to more" in refuse(packed.getvalue())


def test_two_files_of_one_name_and_a_password() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        files.writestr("a.xml", SINGLE)
        with pytest.warns(UserWarning, match="Duplicate"):
            files.writestr("a.xml", SINGLE)
    assert "the same name" in refuse(packed.getvalue())
    plain = package({"a.xml": SINGLE})
    place = plain.index(b"PK\x01\x02") + 8
    assert "password" in refuse(plain[:place] + b"\x01" + plain[place + 1 :])


VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=http://example.org/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/x>alert(1)</script>",
    "<script\n>alert(1)</script\n>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<svg><foreignObject><script>alert(1)</script></foreignObject></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)>alert(1)</object>",
    "<embed src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<base href=javascript:alert(1)//>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<style><img src='</style><img src=x onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<title><img src=x onerror=alert(1)></title>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--!><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><img src=x onerror=alert(1)>",
    "<!DOCTYPE html><img src=x onerror=alert(1)>",
    "<img src=x:x onerror=alert(1)//",
    "<img src='x' onerror\n=\nalert(1)>",
    "<img `src=x onerror=alert(1)`>",
    "<img/src/onerror=alert(1)>",
    "<img src=x onerror=alert(1)",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<form><button formaction=javascript:alert(1)>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video src=x onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<body onload=alert(1)>",
    "<html manifest=javascript:alert(1)>",
    "<table background=javascript:alert(1)><td>x</td></table>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<div style=width:expression(alert(1))>x</div>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<isindex action=javascript:alert(1)>",
    "<applet code=javascript:alert(1)></applet>",
    "<frameset onload=alert(1)></frameset>",
    "<x onclick=alert(1)>x</x>",
    "<\x00script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</script>",
    "\u00abscript\u00bbalert(1)\u00ab/script\u00bb<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    '<p title="</p><img src=x onerror=alert(1)>">x</p>',
    "<b><script>alert(1)</b></script>",
]
EVENTS = (
    *("abort", "blur", "change", "click", "copy", "cut", "drag", "drop", "error", "focus", "input", "keydown", "keyup"),
    *("load", "mouseover", "paste", "pointerdown", "reset", "resize", "scroll", "select", "submit", "toggle", "wheel"),
    *(
        "animationstart",
        "beforeinput",
        "canplay",
        "contextmenu",
        "transitionend",
        "touchstart",
        "message",
        "hashchange",
    ),
)
VECTORS += [f"<p on{event}=alert(1)>x</p>" for event in EVENTS]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("One <![C two]> three", "One <![C two]> three"),
        ("One <![CDATA[two]]>", "One two]]>"),
        ("One<!--[if mso]><table><![endif]--> <![if !vml]>two<![endif]>", "One two"),
        ("One<!-- <!-- two <table> --> three", "One three"),
    ],
)
def test_sections_that_html_has_not(html: str, words: str) -> None:
    plain = to_plain(html)
    assert (plain.text, plain.dropped) == (words, [])


@pytest.mark.parametrize(
    "unit", ["<ul><li>", "<div></b>", "<x y='", "<p a=b ", "<img alt=a ", "<!--", "<![", "<dl><dd>"]
)
def test_html_without_an_end_is_read_at_once(unit: str) -> None:
    begin = perf_counter()
    plain = to_plain("<p>Before</p>" + unit * (200_000 // len(unit)))
    assert plain.text.strip().startswith("Before")
    assert perf_counter() - begin < 5


def test_words_in_elements_too_deep_inside_each_other_stay() -> None:
    plain = to_plain(f"{'<div>' * 300}<table>Deep<img src='a.png'>{'</div>' * 300} words")
    assert (plain.text.split(), plain.dropped, plain.pictures) == (["Deep", "words"], ["table"], [""])


def test_a_hundred_scripts_stay_words_or_nothing() -> None:
    assert len(VECTORS) >= 100
    for vector in VECTORS:
        first = to_plain(f"<p>Before</p>{vector}")
        assert first.text.lstrip().startswith("Before"), vector
        active = any(vector.lower().startswith(f"<{name}") for name in ("script", "svg", "style", "iframe", "template"))
        assert not active or "alert" not in first.text.replace("<img src=x onerror=alert(1)>", ""), vector
        assert not hasattr(first.text, "__html__")
        (item,) = read_questions(
            TRUE.format("").replace("<text></text>", f"<text><![CDATA[{clean(vector)}Q]]></text>").encode(),
            language="en",
        ).items
        assert item.question is None or isinstance(item.question["text"]["en"], str)


def clean(vector: str) -> str:
    """The vector as it can stand in CDATA."""
    return vector.replace("]]>", "]] >").replace("\x00", "")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<b>When</b>?\nA) At six\nB) At ten\nANSWER: A\n", "aiken"),
        ("<quiz>\n<question type='essay'/>\nA) no\nANSWER: A\n</quiz>", "moodle"),
        ("<quiz>\n<question type='essay'", "moodle"),
        ("<item>", "qti21"),
    ],
)
def test_a_question_may_begin_as_xml_does(text: str, name: str) -> None:
    assert find_format(text.encode()).name == name


def test_questions_that_would_get_lost_refuse_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    form = find_format(b"What? {T}")
    assert form.name == "gift"
    monkeypatch.setattr("lms.exchange.formats.gift.reading._questions", lambda _block, _language: iter(()))
    assert "1 questions were counted in this file and 0 were read" in refuse(b"What? {T}", "gift")


def test_more_questions_than_are_taken() -> None:
    assert "questions are taken at once" in refuse(b"\n\n".join([b"Is it? {T}"] * 5_001))


def test_yaml_in_quotes_behind_a_backslash_comes_back() -> None:
    text = "#" + "word " * 21 + "end\\\\: and\n more " * 12
    assert read_yaml(write_yaml([{"a": text}]))[0] == [{"a": text}]


def test_a_node_finds_its_parts() -> None:
    root, _decoded = xml.read_xml(b"<a><b x=' 1 '>t<c>u</c></b>\n<b/></a>")
    assert [node.line for node in root.all("b")] == [1, 2]
    assert (root.said("b", "c"), root.said("b", "d"), root.children("b")[0].get("x")) == ("u", "", "1")


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"q? {" + b"~a" * 500_000 + b"}", "more than 100 answers"),
        (b"q? {=" + b"x" * 500_000 + b" ~b}", "longer than"),
        (b"q? {>" + b"9" * 500_000 + b"}", "longer than"),
        (TRUE.format("<![CDATA[" + "<b>x" * 90_000 + "]]>").encode(), "longer than"),
        (TRUE.replace("truefalse", "cloze").format("{1:SA:" * 50_000).encode(), "longer than"),
    ],
    ids=["answers", "text", "steps", "tags", "gaps"],
)
def test_what_would_take_long_is_left_out(content: bytes, sentence: str) -> None:
    (item,) = read_questions(content, language="en").items
    assert sentence in item.sentences[0]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "content",
    [b"\n" * 5_000_000 + b"x", b"x\n" * 1_000_000, b"<!--" * 500_000, b"- id: x\n" * 300_000, b"{a} x" * 200_000],
    ids=["lines", "words", "comments", "entries", "braces"],
)
def test_what_would_take_long_is_refused(content: bytes) -> None:
    assert refuse(content)
