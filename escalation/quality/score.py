"""What the marks of a form come to: a weighted share of the best that could be, in percent."""

from collections.abc import Mapping

from escalation.errors import Incomplete
from escalation.quality.quality_file import CriterionEntry, ScaleEntry


def check(marks: Mapping[str, int | None], form: Mapping[str, CriterionEntry], scale: ScaleEntry) -> None:
    """Raises Incomplete, which names what is missing or wrong. None: it does not apply."""
    if strange := sorted(marks.keys() - form.keys()):
        raise Incomplete(f"The form has no criterion {', '.join(strange)[:100]}")
    for key, criterion in form.items():
        mark = marks.get(key)
        if mark is None and not criterion.optional:
            raise Incomplete(f"{criterion.name} needs a mark from {scale.least} to {scale.most}")
        if mark is not None and not scale.least <= mark <= scale.most:
            raise Incomplete(f"{criterion.name}: a mark is from {scale.least} to {scale.most}")


def share_pct(mark: int, scale: ScaleEntry) -> float:
    """0 for the least, 100 for the most: comparable when the scale changes later."""
    return 100 * (mark - scale.least) / (scale.most - scale.least)


def score_pct(marks: Mapping[str, int | None], form: Mapping[str, CriterionEntry], scale: ScaleEntry) -> float:
    """Of marks that passed `check`. What does not apply counts neither way."""
    given = {key: mark for key in form if (mark := marks.get(key)) is not None}
    weight = sum(form[key].weight for key in given)
    return sum(form[key].weight * share_pct(mark, scale) for key, mark in given.items()) / weight
