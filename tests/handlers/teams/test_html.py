"""The HTML of messages, as Teams writes it and as nobody should, becomes spans."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model.posts import Code, File, Link, Mention, Span, Text
from handlers.teams.html import read_html


def mention(number: str, words: str) -> Span:
    return Mention(f"U{number}", words)


def body(html: str) -> tuple[Span, ...]:
    return read_html(html, mention).spans


def words(html: str) -> str:
    (span,) = body(html) or (Text(""),)
    assert isinstance(span, Text)
    return span.text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p>\n<p>Two</p>", "One\nTwo"),
        ("<div><div>One</div><div>&nbsp;</div><div>Two</div></div>", "One\n\nTwo"),
        ("One<br>Two<br/><br>Three<br>", "One\nTwo\n\nThree"),
        ("<p>One<br></p><p>Two</p>", "One\nTwo"),
        ("<p>a &nbsp;b&nbsp; c</p>", "a  b  c"),
        ("<p>\n  a\n  b\n</p>", "a b"),
        ("<p>a <b>b</b><i> c</i> <s>d</s></p>", "a b c d"),
        ("<p>4 &lt; 5 &amp;amp; &#128161; &bogus;</p>", "4 < 5 &amp; 💡 &bogus;"),
        ("<h3>Book tasting</h3><p>at lunch</p>", "Book tasting\nat lunch"),
        ("<ul><li>a</li><li><p>b</p></li></ul>c", "• a\n• b\nc"),
        ("<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li></ul>", "• a\n    ◦ b\n        1. c"),
        ('<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b"),
        ("<ul><li></li></ul><p>a</p>", "a"),
        ("<blockquote><p>a</p><p>b</p></blockquote><p>c</p>", "> a\n> b\nc"),
        (
            "<table><tr><th>a</th><th><p>b</p><p>c</p></th></tr><tr><td></td><td>d</td></tr></table>e",
            "a | b c\n | d\ne",
        ),
        ('<emoji id="smile" alt="😄" title="Smile"></emoji> a', "😄 a"),
        ('<customemoji id="x" alt="Party Parrot!" source="y"></customemoji> a', ":partyparrot: a"),
        ('<img itemtype="http://schema.skype.com/Emoji" alt="💡" src="https://e.org/x.png">', "💡"),
        ("<script>alert(1)</script><style>p {}</style>a", "a"),
        ('<attachment id="5f1"></attachment>a', "a"),
        ("<systemEventMessage/>", ""),
    ],
)
def test_words_stand_as_they_are_seen(html: str, text: str) -> None:
    """Lines, items, quotes and cells as on the screen; styles are left out."""
    assert text == words(html)


def test_links_mentions_and_code_are_spans() -> None:
    """A link whose words are its address has no words; what stands in code acts no more."""
    assert (
        Text("See "),
        Link("https://example.org/a?b=1&c=2", "the plan"),
        Text(" by "),
        Mention("U0", "Ben"),
        Text(", "),
        Link("https://example.org"),
        Text(", "),
        Code("`#include <a>`"),
        Text("\n"),
        Code("```a = 1\n#b```"),
        Text("\nask "),
        Link("mailto:info@example.org", "info@example.org"),
    ) == body(
        '<p>See <a href="https://example.org/a?b=1&amp;c=2" title="x">the <b>plan</b></a> by '
        '<at id="0">Ben</at>, <a href="https://example.org">https://example.org</a>, '
        "<code>#include &lt;a&gt;</code></p>"
        '<codeblock class="Python"><code>a = 1<br>#b</code></codeblock>'
        '<p>ask <a href="mailto:info@example.org">info@example.org</a></p>'
    )


def test_typed_code_and_bare_addresses_are_spans_too() -> None:
    """As where a platform marks them up itself."""
    assert (
        Code("`#a`"),
        Text(" see "),
        Link("https://example.org/a"),
        Text("."),
    ) == body("<p>`#a` see https://example.org/a.</p>")


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", " JAVASCRIPT:x", ""])
def test_a_link_that_leads_nowhere_is_its_words(href: str) -> None:
    """Only addresses of the web, of mail and of telephones are links."""
    assert (Text("click"),) == body(f'<a href="{href}">click</a>')


def test_a_quotation_above_a_reply_is_not_the_authors() -> None:
    """What Teams shows of the message that is answered is left out, with its tags and names."""
    assert "mine" == words(
        '<blockquote itemscope itemtype="http://schema.skype.com/Reply" itemid="1"><strong>Ben'
        "</strong><blockquote>deep</blockquote><p>#old</p></blockquote><p>mine</p>"
    )


def test_pictures_are_files_and_moods_are_not() -> None:
    """A picture within Teams has no address for members; a GIF that shows a mood is none."""
    pictures = read_html(
        '<img src="https://graph.microsoft.com/v1.0/teams/x/hostedContents/y/$value" alt="image">'
        '<img src="https://us-api.asm.skype.com/v1/objects/x" alt="Our reading garden">'
        '<img src="https://example.org/garden.png" alt="">'
        '<img src="https://media.giphy.com/x.gif" itemtype="http://schema.skype.com/Giphy">',
        mention,
    ).pictures
    assert (
        File("", "", "image/*"),
        File("", "Our reading garden", "image/*"),
        File("https://example.org/garden.png", "", "image/*"),
    ) == pictures


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a<p>b", "a\nb"),
        ("a</p></div></ul></blockquote></table>b", "a\nb"),
        ("<b>a", "a"),
        ("a <3 b < c <", "a <3 b < c <"),
        ("<![foo[ <!DOCTYPE x><?php x ?>a<!-- b", "a"),
        ("<p title='x>y'>a</p>", "a"),
        ("<P CLASS=x>a</P>", "a"),
        ("<td>a</td><td>b</td>", "a | b"),
        ("<script>a", ""),
        ("a\x00b", "ab"),
    ],
)
def test_broken_html_is_read_as_far_as_it_goes(html: str, text: str) -> None:
    """No end tag need be there, and what is no tag is words."""
    assert text == words(html)


def test_what_never_ends_still_counts() -> None:
    """A link or mention without an end holds the words up to the next, or to the end."""
    assert (Link("https://a.example", "x"), Link("https://b.example", "y")) == body(
        '<a href="https://a.example">x<a href="https://b.example">y'
    )
    assert (Mention("U0", "Ben and all"),) == body('<at id="0">Ben and all')


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<div>", "<br>", "<ul>", "<li>", "</ul>", "<ol start='9'>", "<table>"),
        *(
            "<tr>",
            "<td>",
            "</table>",
            "<blockquote>",
            "</blockquote>",
            "<code>",
            "</code>",
            "<pre>",
        ),
        *("<a href='https://a.example'>", "</a>", '<at id="0">', "</at>", "<emoji alt='x'/>", "<"),
        *("<span itemtype='http://schema.skype.com/Mention' itemid='0'>", "</span>", "&nbsp;", "&"),
        *(
            "<img alt='x' src='y'>",
            "<attachment id='1'>",
            "word ",
            "\n",
            "<!--",
            "-->",
            "<![",
            "<?",
        ),
        *("<script>", "</script>", "<textarea>", "<title>", "<svg/>", "'", '"', ">", "&#0;", "`"),
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=40).map("".join))
def test_any_html_is_read(html: str) -> None:
    """Whatever comes, spans come of it, none of them empty, and no two texts in a row."""
    spans = body(html)
    assert all(span != Text("") for span in spans)
    texts = [isinstance(span, Text) for span in spans]
    assert (True, True) not in set(pairwise(texts))


@given(st.text(alphabet=st.characters(blacklist_characters="<&`\x00"), max_size=60))
def test_words_without_markup_stay(text: str) -> None:
    """Beside blanks, which HTML joins, and addresses, which become links."""
    if "://" not in text:
        shown = "".join(span.text for span in body(text) if isinstance(span, Text))
        assert shown.split() == text.split()


@pytest.mark.parametrize(
    "piece",
    ["<a", "<a ", "<", "<!", "<!--", "&", "<a href=", "<a b='", "</", "<script>", "<div>", "<a/"],
)
def test_a_hostile_message_takes_no_longer(piece: str) -> None:
    """What begins a hundred thousand tags and ends none is read at once."""
    began = time.perf_counter()
    body(piece * 100_000)
    assert time.perf_counter() - began < 5
