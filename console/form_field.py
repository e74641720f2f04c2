"""A field of a form: made of its JSON schema, and what was filled in as the schema wants it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from console import view
from escalation.client import KindForm

Shape = Literal["line", "words", "lines", "choice", "choices", "day", "instant", "yes"]
Options = tuple[tuple[str, str], ...]  # code, words

LINE_MAX = 200  # characters; what may be longer gets a box of several lines
MISSING = "Please fill this in."


@dataclass(frozen=True, slots=True)
class FormField:
    """`longest`: characters, of a text. An instant is written in one stated time zone."""

    name: str
    label: str
    shape: Shape
    required: bool = False
    options: Options = ()
    longest: int | None = None


def fields_of(form: KindForm, systems: Mapping[str, str]) -> list[FormField]:
    """What a person fills in of this kind's form. A field with one possible value is set by a program alone."""
    needed = {*form.fields.get("required", ()), *form.required}
    found = []
    for name, schema in form.fields.get("properties", {}).items():
        core = _core(schema)
        if "const" in core:
            continue
        options = tuple(systems.items()) if name == "system" else _options(core)
        shape: Shape = "choice" if name == "system" else _shape(core)
        label = str(schema.get("title", view.name_of(name)))
        found.append(FormField(name, label, shape, name in needed, options, core.get("maxLength")))
    return found


def value_of(field: FormField, written: Sequence[str], zone: ZoneInfo) -> JsonValue:
    """What the form says in this field; None when nothing. What cannot be read goes on as it is, to be refused."""
    texts = [text.strip() for text in written if text.strip()]
    if field.shape == "yes":
        return True if texts else None
    if not texts:
        return None
    if field.shape == "choices":
        return list(texts)
    if field.shape == "lines":
        return [line.strip() for line in texts[0].splitlines() if line.strip()]
    return _instant(texts[0], zone) if field.shape == "instant" else texts[0]


def faults_of(detail: str, names: Sequence[str]) -> dict[str, str]:
    """By field, what a refusal says of it: "about: Field required; stage: ..."; empty when it names none of them."""
    return dict(_faults(detail, names))


def in_words(fault: str) -> str:
    return MISSING if fault == "Field required" else fault


def _faults(detail: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for part in detail.split("; "):
        where, _, said = part.partition(": ")
        name = where.split(".")[0]
        if name in names and said:
            yield name, in_words(said)


def _core(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without the alternative that nothing is given."""
    some = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return some[0] if some else schema


def _options(core: Mapping[str, Any]) -> Options:
    codes = core.get("enum") or core.get("items", {}).get("enum") or ()
    return tuple((str(code), view.name_of(str(code))) for code in codes)


def _shape(core: Mapping[str, Any]) -> Shape:
    if core.get("type") == "boolean":
        return "yes"
    if core.get("type") == "array":
        return "choices" if "enum" in core.get("items", {}) else "lines"
    if "enum" in core:
        return "choice"
    by_format: dict[str, Shape] = {"date": "day", "date-time": "instant"}
    return by_format.get(core.get("format", "")) or ("words" if core.get("maxLength", 0) > LINE_MAX else "line")


def _instant(text: str, zone: ZoneInfo) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (at if at.tzinfo else at.replace(tzinfo=zone)).isoformat()
