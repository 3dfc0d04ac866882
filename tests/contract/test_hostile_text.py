"""Whatever is written, readers get text: no script, no handler, no address that runs, no word that reads as another."""

import re
import time
import unicodedata
import xml.etree.ElementTree as Tree
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from guildry.community.timeline import queries
from guildry.kernel import clock, text
from guildry.people.accounts.models import Member
from guildry.people.profiles.actions import edit_story
from tests.contract.conftest import Caller
from tests.factories.timeline import comment, publish

SCRIPTS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x0b>alert(1)</script>",
    "<script/x>alert(1)</script >",
    "<<script>alert(1)//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\x0c=\x0calert(1)>",
    "<img/src='x'/onerror='alert(1)'>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href='javascript:alert(1)'>x</math>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'>",
    "<object data='data:text/html,<script>alert(1)</script>'>",
    "<embed src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<form action='javascript:alert(1)'><button>x</button></form>",
    "<button formaction='javascript:alert(1)'>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<body onload=alert(1)>",
    "<base href='//evil.example/'>",
    "<link rel=stylesheet href='//evil.example/x.css'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<style>@import '//evil.example/x.css';</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<div hx-get='/settings/' hx-trigger='load'>x</div>",
    "<template shadowrootmode=open><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "</p><script>alert(1)</script><p>",
    "`</code><script>alert(1)</script>`",
    "```</code></pre><script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\ncode\n```',
    "    <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script>alert(1)</script>",
]
LINKS = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](  javascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A;&#x61;vascript:alert(1))",
    "[x](&#0000106avascript:alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](%6Aavascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](<java script:alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](data:image/svg+xml,<svg onload=alert(1)>)",
    "[x](blob:https://evil.example/1)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example/)",
    '[x](https://good.example"onmouseover=alert(1))',
    "[x](https://good.example 'title\" onmouseover=\"alert(1)')",
    "[x](https://good.example \"title' onmouseover='alert(1)\")",
    "[x]: javascript:alert(1)\n\n[x]",
    "[x][y]\n\n[y]: <javascript:alert(1)> 'onclick=alert(1)'",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.gif)",
    "[![x](https://evil.example/pixel.gif)](javascript:alert(1))",
    "[[x](javascript:alert(1))](https://good.example)",
    "[<script>alert(1)</script>](https://good.example)",
    "https://good.example/<script>alert(1)</script>",
    'https://good.example/"onmouseover=alert(1)',
    "www.good.example/'onmouseover='alert(1)",
    'me@good.example"onmouseover=alert(1)',
    "javascript:alert(1)//https://good.example",
]
NAMES = [
    "@<script>alert(1)</script>",
    '@ada"onmouseover=alert(1)',
    "#<img/src=x>",
    '#tag"onmouseover=alert(1)',
    "#\u202egnp.exe",
    "@\u0430da",
    "#" + "a" * 5000,
]
LARGE = [
    "[" * 5000,
    "![" * 3000,
    "[x](" * 2000,
    "*" * 5000,
    "**a" * 1500,
    "> " * 2400 + "x",
    "- " * 2400 + "x",
    "`" * 5000,
    "<" * 5000,
    "&" * 5000,
    "_a_" * 1600,
    "|a" * 2500,
    "https://" + "a." * 2400 + "example",
    "a@" * 2400 + "example.org",
    "\n".join(" " * depth + "- x" for depth in range(90)),
]
TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h3", "h4", "hr"}
ATTRIBUTES = {"a": {"href", "rel", "class"}, "ol": {"start"}}


class Reader(HTMLParser):
    """Notes every tag, attribute and address that a browser would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, set()):
                self.wrong.append((tag, name))
            if name == "href" and not _is_harmless(str(value)):
                self.wrong.append((tag, name, value))

    def handle_comment(self, data: str) -> None:
        self.wrong.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(("declaration", decl))

    def handle_pi(self, data: str) -> None:
        self.wrong.append(("instruction", data))

    def unknown_decl(self, data: str) -> None:
        self.wrong.append(("declaration", data))


def _is_harmless(address: str) -> bool:
    shown = "".join(character for character in address if unicodedata.category(character)[0] != "C").strip()
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", shown, re.IGNORECASE)
    return scheme is None or scheme[1].lower() in ("http", "https", "mailto")


def what_runs_in(html: str) -> list[Any]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.wrong


@pytest.mark.parametrize("written", SCRIPTS + LINKS + NAMES)
def test_what_is_written_becomes_text(written: str, ada: Member) -> None:
    for body in (
        written,
        f"before {written} after",
        f"> {written}",
        f"- {written}",
        f"*{written}*",
        f"# {written}",
    ):
        assert what_runs_in(queries.rendered(body).html) == []


@pytest.mark.parametrize("written", LARGE, ids=range(len(LARGE)))
def test_a_text_made_to_take_for_ever_does_not(written: str, ada: Member) -> None:
    began = time.process_time()
    html = queries.rendered(written[:5000]).html

    assert what_runs_in(html) == []
    assert time.process_time() - began < 1.5


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("user\u202egnp.exe", "usergnp.exe"),
        ("\u2066a\u2069\u200bb\u2060c\ufeff", "abc"),
        ("a\x00b\x08c\x1bd\x7fe", "abcde"),
        ("e\u0301", "é"),
        ("line\r\nline\rline", "line\nline\nline"),
    ],
)
def test_characters_that_deceive_are_taken_out(written: str, kept: str) -> None:
    assert text.clean(written) == kept


def test_a_page_shows_every_hostile_text_as_text(ada: Member, ben: Member) -> None:
    Member.objects.filter(pk=ada.pk).update(
        name="<script>alert('name')</script>", headline="\"><img src=x onerror=alert('headline')>"
    )
    ada.refresh_from_db()
    hostile = "\n\n".join(SCRIPTS[:24] + LINKS[:24])
    post = publish(ada, hostile[:4900])
    comment(ada, post, hostile[-1900:])
    edit_story(ada, story=hostile[:5900], place="<svg onload=alert('place')>")
    client = Client()

    pages = {
        address: client.get(address).content.decode()
        for address in (f"/timeline/posts/{post.pk}/", "/timeline/", "/people/ada/", "/people/")
    }

    for address, page in pages.items():
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address
        assert "<svg onload" not in page, address
        assert 'href="javascript' not in page.lower(), address


def test_the_rendering_of_the_api_is_the_same_safe_one(program: Caller) -> None:
    answer = program(
        "POST", "timeline/rendering", {"body": "**bold** <script>alert(1)</script> @ada #bridge"}
    )

    found = answer.json()
    assert answer.status_code == 200
    assert what_runs_in(found["html"]) == []
    assert (found["hashtags"], len(found["mentioned_ids"])) == (["bridge"], 1)


def test_the_feed_of_a_hashtag_is_valid_and_holds_only_public_posts(ada: Member, ben: Member) -> None:
    open_post = publish(ada, "Open & <b>bold</b> ]]> \u202e #works <script>alert(1)</script>")
    publish(ada, "Only for friends #works", audience="connections")
    gone = publish(ada, "Deleted #works")
    type(gone).objects.filter(pk=gone.pk).update(deleted_at=clock.now())

    answer = Client().get("/timeline/hashtags/works/rss/")
    feed = Tree.fromstring(answer.content)

    channel = feed.find("channel")
    assert channel is not None
    items = channel.findall("item")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/rss+xml; charset=utf-8")
    assert (feed.tag, feed.get("version")) == ("rss", "2.0")
    assert [channel.findtext(name) for name in ("title", "description")] == ["#works", "Posts about works"]
    assert [item.findtext("guid") for item in items] == [f"http://testserver/timeline/posts/{open_post.pk}/"]
    assert parsedate_to_datetime(str(items[0].findtext("pubDate"))) == open_post.published_at.replace(
        microsecond=0
    )
    assert what_runs_in(str(items[0].findtext("description"))) == []
