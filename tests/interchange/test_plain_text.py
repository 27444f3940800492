import pytest

from bot.interchange.plain_text import plain_line, plain_text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("plain", "plain"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("AT&T & co", "AT&T & co"),
        ("AT&amp;T", "AT&T"),
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ("<ul>\n <li>a</li>\n <li>b</li>\n</ul>", "• a\n• b"),
        ("<b>bold</b> and <a href='x'>link</a>", "bold and link"),
        ("before<script>alert(1)</script><style>p {}</style>after", "beforeafter"),
        ("<!-- note -->text", "text"),
        ("**Markdown** stays\n\n- as it is", "**Markdown** stays\n\n- as it is"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("tab\there\x00\x1b\ufeff", "tab here"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("- Markdown &amp; *stars*\n- with <b>tags</b>", "- Markdown & *stars*\n- with tags"),
        ("", ""),
    ],
)
def test_markup_and_invisible_characters_go_and_words_stay(text: str, words: str) -> None:
    assert plain_text(text) == words


def test_a_line_has_no_breaks() -> None:
    assert plain_line("<p>One</p>\n<p>Two</p>") == "One Two"


def test_malformed_markup_is_no_obstacle() -> None:
    assert plain_text("<![bad[<i>x</i>").endswith("x")
