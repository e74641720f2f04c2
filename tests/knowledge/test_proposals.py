"""What is proposed, and above all what is not."""

from collections.abc import Mapping

from knowledge.fate import Fate
from knowledge.findings import Proposal
from knowledge.gaps import find_gaps
from knowledge.nearness import Examples, Scale
from knowledge.proposals import propose
from tests.knowledge.told import KNOWN, examples, fate, helped, vectors, with_person


def proposals(*fates: Fate, known: Mapping[str, Examples] = KNOWN) -> list[Proposal]:
    by_question = vectors(*fates)
    return propose(fates, find_gaps(fates, by_question, known, Scale()), by_question, known, Scale())


# An example question.


def test_words_that_a_choice_helped_with_become_an_example_question() -> None:
    (found,) = proposals(helped("slow netflix", "slow"), helped("slow netflix again", "slow"))

    assert (found.kind, found.articles) == ("example_question", ("slow",))
    assert found.question in {"slow netflix", "slow netflix again"}
    assert found.evidence == {"questions": 2, "contacts": 2}
    assert found.text == (
        f"Add “{found.question}” to the questions of slow (“About slow”): 2 customers who asked so were helped by it, "
        "but not at once."
    )


def test_words_that_were_answered_after_other_words_count_too() -> None:
    first = fate("slow netflix", "ask_back", "unanswered", articles=("tv", "roaming"), helped_by="slow")

    assert [found.articles for found in proposals(first, helped("slow netflix", "slow"))] == [("slow",)]


def test_one_customer_is_no_evidence_however_often_they_ask() -> None:
    assert proposals(*(helped(f"slow {word}", "slow", contact_id="c1") for word in ("a", "b", "c"))) == []


def test_what_is_answered_at_once_needs_no_example() -> None:
    answered = [fate(f"slow {word}", "answer", "helped", articles=("slow",), helped_by="slow") for word in ("a", "b")]

    assert proposals(*answered) == []


def test_what_is_an_example_already_is_not_proposed_again() -> None:
    assert proposals(helped("slow internet", "slow"), helped("slow  Internet", "slow")) == []


def test_articles_that_helped_about_equally_often_propose_nothing() -> None:
    both = [helped("slow telly", "slow"), helped("slow telly", "slow"), helped("slow telly", "tv")]

    assert [found.kind for found in proposals(*both)] == []


def test_an_article_that_often_did_not_help_proposes_nothing() -> None:
    good = [helped("slow netflix", "slow") for _ in range(3)]
    bad = [fate("slow netflix", "answer", "not_helped", articles=("slow",)) for _ in range(2)]

    assert [found.kind for found in proposals(*good, *bad[:1])] == ["example_question"]
    assert proposals(*good, *bad) == []


def test_what_was_taken_for_off_topic_teaches_nothing() -> None:
    greeted = [fate(f"hello {word}", "off_topic", "unanswered", helped_by="slow") for word in ("there", "you")]

    assert proposals(*greeted) == []


def test_long_stories_and_masked_words_are_no_examples() -> None:
    story = "slow " + "and then it went on " * 8
    told = [helped(story, "slow"), helped("slow for account [number]", "slow")]

    assert proposals(*told) == []


def test_an_article_that_is_gone_gets_no_example() -> None:
    assert proposals(helped("puk code", "puk"), helped("puk lock", "puk")) == []


# A missing article.


def test_a_far_question_of_three_customers_has_no_article() -> None:
    (found,) = proposals(
        with_person("satellite dish", category="plans-offers", done="We do not offer it."),
        with_person("satellite tv", category="plans-offers"),
        fate("satellite internet"),
    )

    assert (found.kind, found.articles) == ("missing_article", ())
    assert found.evidence == {"questions": 3, "contacts": 3, "without_answer": 3}
    assert found.text == (
        "No article answers this. 3 customers asked, 3 ended without an answer or with a person. "
        "Tickets were filed under plans-offers (2). What agents said in the end: “We do not offer it.”"
    )


def test_two_customers_do_not_make_an_article() -> None:
    asked = [fate("satellite dish", contact_id=contact) for contact in ("c1", "c1", "c2")]

    assert proposals(*asked) == []


def test_a_question_near_an_article_is_no_missing_one() -> None:
    assert proposals(*(fate(f"slow {word}") for word in ("a", "b", "c"))) == []


def test_junk_is_not_missing() -> None:
    assert proposals(*(fate(f"joke {word}", "off_topic") for word in ("a", "b", "c", "d"))) == []


# Two articles that fight.


def test_articles_between_which_customers_choose_both_ways_fight() -> None:
    told = [fate(f"slow {word}", "ask_back", "picked", articles=("slow", "tv"), picked="slow") for word in ("a", "b")]
    told += [fate(f"tv {word}", "ask_back", "picked", articles=("tv", "slow"), picked="tv") for word in ("a", "b")]

    (found,) = proposals(*told)

    assert (found.kind, found.articles) == ("fighting_articles", ("slow", "tv"))
    assert found.evidence == {"offered_both": 4, "chose_first": 2, "chose_second": 2, "astray": 0}
    assert found.text.startswith("slow (“About slow”) and tv (“About tv”) fight for the same questions.")


def test_articles_of_which_only_one_is_chosen_do_not_fight() -> None:
    told = [fate(f"slow {word}", "ask_back", "picked", articles=("slow", "tv"), picked="slow") for word in ("a", "b")]

    assert proposals(*told) == []


def test_one_customer_who_chooses_both_ways_makes_no_fight() -> None:
    told = [
        fate("slow tv", "ask_back", "picked", articles=("slow", "tv"), picked=picked, contact_id="c1")
        for picked in ("slow", "tv", "slow", "tv")
    ]

    assert proposals(*told) == []


def test_articles_whose_own_questions_lie_among_each_other_fight_by_themselves() -> None:
    mixed = examples(
        bill=("bill a", "slow b", "tv c", "roaming d"), card=("bill b", "slow a", "tv d", "roaming c"), puk=("puk a",)
    )

    (found,) = proposals(known={"en": mixed})

    assert (found.articles, found.evidence["astray"]) == (("bill", "card"), 8)
    assert "8 of their example questions lie nearer to the other's" in found.text


# Their identity.


def test_more_evidence_does_not_make_another_proposal() -> None:
    two = [helped("slow netflix", "slow"), helped("slow netflix", "slow")]

    assert proposals(*two)[0].id == proposals(*two, helped("slow netflix", "slow"))[0].id


def test_proposals_differ_in_their_id() -> None:
    told = [fate(f"{meaning} a") for meaning in ("satellite", "bill") for _ in range(3)]

    assert len({found.id for found in proposals(*told)}) == 2
