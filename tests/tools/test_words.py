"""The glossary's words to avoid are found in prose and left alone in code."""

from tools import words

TABLE = "| term | meaning | avoid |\n|---|---|---|\n| **Timeline** | the stream | newsfeed, news feed |\n"


def test_a_word_to_avoid_is_found_with_the_term_to_use() -> None:
    assert list(words.misused("Open\nyour News feed", words.avoided(TABLE))) == [(2, "news feed", "Timeline")]


def test_markup_and_code_are_not_prose() -> None:
    assert (
        list(words.misused('<a class="newsfeed">{{ newsfeed }}</a> `newsfeed`', words.avoided(TABLE))) == []
    )
