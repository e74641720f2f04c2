"""Templates into pages: one environment, autoescaping on, undefined names an error."""

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.responses import Response

from console import view
from console.places import places_of

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"


@cache
def htmx_file() -> Path:
    """htmx 2 as it comes in the wheel `django-htmx`; nothing of that package is imported."""
    spec = find_spec("django_htmx")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package django-htmx is not installed: run scripts/setup")
    return Path(spec.origin).parent / "static" / "django_htmx" / "htmx-2.min.js"


@cache
def templates() -> Jinja2Templates:
    env = Environment(
        loader=FileSystemLoader(HERE / "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(view=view, places_of=places_of, version=_version())
    env.filters["markdown"] = markdown
    env.filters["commands"] = commands
    return Jinja2Templates(env=env)


@cache
def _markdown() -> MarkdownIt:
    """Emphasis and lists, as the assistant writes them; HTML, links and images stay text."""
    return MarkdownIt("zero", {"html": False, "breaks": True}).enable(["emphasis", "list", "newline"])


def markdown(text: str) -> Markup:
    return Markup(_markdown().render(text))  # noqa: S704 - everything but its own tags is escaped by the renderer


@cache
def _commands() -> MarkdownIt:
    return MarkdownIt("zero", {"html": False}).enable("backticks")


def commands(text: str) -> Markup:
    """A sentence with what stands in backticks as code."""
    return Markup(_commands().renderInline(text))  # noqa: S704 - everything but its own tags is escaped by the renderer


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """Render `page/<template>`; every template knows `base` (where the console is mounted), `operator`, `zone`."""
    state = request.app.state
    shared = {"base": request.scope.get("root_path", ""), "operator": state.operator_name, "zone": state.zone.key}
    return templates().TemplateResponse(request, template, {**shared, **context}, status_code=status)


def is_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of the page it is on."""
    return request.headers.get("hx-request") == "true"


def _version() -> str:
    """Changes when a static file does, so that browsers may keep them for long."""
    digest = hashlib.sha256(htmx_file().read_bytes())
    for file in sorted(STATIC.iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
