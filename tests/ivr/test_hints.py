"""What speech recognition is told to expect: the menu at once, the articles' words as soon as they are known."""

from ivr.call import Prompt
from ivr.hints import MOST, MOST_CHARS, Hints
from ivr.words import words
from knowledge.client import KnowledgeUnavailable

ENGLISH = words("en")


class Articles:
    def __init__(self, *phrases: str, is_away: bool = False) -> None:
        self.phrases, self.is_away = list(phrases), is_away

    async def vocabulary(self, language: str, *, most: int) -> list[str]:
        if self.is_away:
            raise KnowledgeUnavailable("away")
        return self.phrases[:most] if language == "en" else []


async def test_articles_words_follow_what_is_on_offer_and_the_menu() -> None:
    hints = Hints()

    assert await hints.learn(Articles("zeppelin", "eSIM", "router's lights"))

    told = hints.of(Prompt("", choices=("My SIM is locked",)), ENGLISH).split(", ")
    assert told[0] == "My SIM is locked"
    assert "broadband" in told
    assert told[-3:] == ["zeppelin", "eSIM", "router's lights"]


async def test_while_the_knowledge_base_is_away_the_last_words_stay() -> None:
    hints = Hints()
    await hints.learn(Articles("zeppelin"))

    assert not await hints.learn(Articles(is_away=True))

    assert hints.of(Prompt(""), ENGLISH).endswith("zeppelin")


async def test_the_networks_limits_are_kept() -> None:
    hints = Hints()
    await hints.learn(Articles(*(f"word{number}, with a comma " + "x" * 200 for number in range(900))))

    told = hints.of(Prompt(""), ENGLISH).split(", ")

    assert len(told) <= MOST
    assert max(map(len, told)) <= MOST_CHARS
    assert len(set(told)) == len(told)
