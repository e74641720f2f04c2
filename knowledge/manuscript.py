"""An article's file as text: one more question in it, and the beginning of a new one. Pure."""

import json
import re
from collections.abc import Sequence

_FENCE = "---"
_WORDS_IN_ID = 6
_NEXT_FIELD = re.compile(r"[^\s#-]")  # a line that ends a list
_ITEM = re.compile(r"( *)-\s")


def with_question(text: str, question: str) -> str:
    """One quoted line more, below the last of `questions:`; everything else stays as it is.

    Raises `ValueError` when the questions are not a list with a line for each.
    """
    lines = text.splitlines(keepends=True)
    begin = next((place for place, line in enumerate(lines) if line.split("#")[0].rstrip() == "questions:"), None)
    if begin is None:
        raise ValueError("its questions are not written as a list with a line for each")
    fence = next((place for place, line in enumerate(lines) if place > begin and line.rstrip() == _FENCE), len(lines))
    end = next((place for place in range(begin + 1, fence) if _NEXT_FIELD.match(lines[place])), fence)
    items = [found for line in lines[begin + 1 : end] if (found := _ITEM.match(line))]
    if not items:
        raise ValueError("it has no question yet")
    while not lines[end - 1].strip() or lines[end - 1].startswith("#"):
        end -= 1
    newline = "\r\n" if lines[begin].endswith("\r\n") else "\n"
    lines.insert(end, f"{items[0].group(1)}- {quoted(question)}{newline}")
    return "".join(lines)


def quoted(words: str) -> str:
    """For YAML, on one line."""
    return json.dumps(" ".join(words.split()), ensure_ascii=False)


def id_for(question: str) -> str:
    """An id out of a question's first words; "article" when it has no letter of a to z."""
    words = re.findall(r"[a-z0-9]+", question.casefold().replace("'", ""))
    return "-".join(words[:_WORDS_IN_ID]) or "article"


def outline(
    article_id: str, language: str, questions: Sequence[str], why: str, topics: Sequence[str], *, body: str = ""
) -> str:
    """A file with the questions filled in. The build would refuse it until all that is empty is written."""
    return "\n".join(
        (
            _FENCE,
            f"# {' '.join(why.split())}",
            f"id: {article_id}",
            f"topic:  # one of: {', '.join(topics)}",
            "title:",
            "label:  # how a choice names it, in the customer's words",
            f"language: {language}",
            "owner:  # the team that keeps it right",
            "reviewed:  # the day, such as 2026-11-01",
            "questions:  # eight or more, as different as customers ask",
            *(f"  - {quoted(question)}" for question in questions),
            "ear:  # at most 60 words, to be spoken",
            "if_not_helped:",
            _FENCE,
            *([body.strip()] if body.strip() else []),
            "",
        )
    )
