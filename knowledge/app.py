"""The door over HTTP, for programs that do not hold the model: internal, on the loopback address."""

import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

from knowledge import answer, contributing_api, deciding_api, work_list
from knowledge.accepting import Accepting
from knowledge.article import Article
from knowledge.contribution import Contributions
from knowledge.decision import Answer, AskBack, Context, HandOver
from knowledge.fate import Fate
from knowledge.findings import Gap, Match, Proposal, Wish
from knowledge.rulings import Rulings
from knowledge.vocabulary import vocabulary
from knowledge.wishes import WishList
from secret_values import fits
from settings import Settings

UNWRITABLE = "The folder of the knowledge base is read-only or full here: nothing was kept. Do this in a checkout."
_UNWRITABLE = frozenset({errno.EROFS, errno.EACCES, errno.ENOSPC, errno.EDQUOT})
_bearer = HTTPBearer(auto_error=False)


class Asked(BaseModel):
    question: str
    context: Context = Context()


class Learned(BaseModel):
    """What became of answers: escalation's `AnswerFate`s as they are."""

    fates: tuple[Fate, ...]


class OneWish(BaseModel):
    reference: str = Field(min_length=1, max_length=40)
    text: str = Field(min_length=1, max_length=4000)
    askers: int = Field(default=1, ge=1)


class Wished(BaseModel):
    """In the order they came."""

    wishes: tuple[OneWish, ...] = Field(max_length=1000)


class Compared(BaseModel):
    text: str = Field(min_length=1, max_length=4000)
    others: dict[str, Annotated[str, Field(max_length=4000)]] = Field(max_length=200)


class Health(BaseModel):
    status: str
    index: str
    articles: int
    built_at: datetime


class Unreviewed(BaseModel):
    """`oldest`: ids, at most ten."""

    count: int
    oldest: list[str]


def create_app(settings: Settings) -> FastAPI:
    tokens = settings.internal_tokens
    if not tokens:
        raise ValueError("FIRSTLINE_INTERNAL_TOKEN is empty")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.shelf = answer.open(settings)
        app.state.wish_list = WishList(lambda: app.state.shelf.opened.encoder)
        app.state.rulings = Rulings(app.state.shelf.folder)
        app.state.contributions = Contributions(app.state.shelf.folder)
        app.state.accepting = Accepting(app.state.shelf.folder)
        yield
        await app.state.accepting.stop()
        answer.close()

    def only_ours(shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> None:
        if shown is None or not fits(shown.credentials, tokens):
            raise HTTPException(401, "internal token required", headers={"WWW-Authenticate": "Bearer"})

    app = FastAPI(title="Firstline knowledge", lifespan=lifespan)
    app.add_exception_handler(OSError, _cannot_keep)
    for router in (deciding_api.router, contributing_api.router):
        app.include_router(router, dependencies=[Depends(only_ours)])

    @app.post("/knowledge/v1/decide", dependencies=[Depends(only_ours)])
    async def decide(asked: Asked) -> Answer | AskBack | HandOver:
        return await answer.decide(asked.question, asked.context)

    @app.get("/knowledge/v1/articles/{article_id}", dependencies=[Depends(only_ours)])
    async def article(article_id: str, language: str = "en") -> Article:
        try:
            return answer.article(article_id, language)
        except KeyError as error:
            raise HTTPException(404, "no such article") from error

    @app.post("/knowledge/v1/gaps", dependencies=[Depends(only_ours)])
    async def gaps(learned: Learned, request: Request) -> list[Gap]:
        return await work_list.gaps(request.app.state.shelf, learned.fates)

    @app.post("/knowledge/v1/proposals", dependencies=[Depends(only_ours)])
    async def proposals(learned: Learned, request: Request) -> list[Proposal]:
        return await work_list.proposals(request.app.state.shelf, learned.fates)

    @app.post("/knowledge/v1/same-wishes", dependencies=[Depends(only_ours)])
    async def same_wishes(asked: Wished, request: Request) -> list[Match]:
        wishes = [Wish(**one.model_dump()) for one in asked.wishes]
        return await request.app.state.wish_list.same(wishes)  # type: ignore[no-any-return]

    @app.post("/knowledge/v1/alike", dependencies=[Depends(only_ours)])
    async def alike(asked: Compared, request: Request) -> list[str]:
        return await request.app.state.wish_list.alike(asked.text, asked.others)  # type: ignore[no-any-return]

    @app.get("/knowledge/v1/vocabulary", dependencies=[Depends(only_ours)])
    def hints(request: Request, language: str = "en", most: Annotated[int, Query(ge=1, le=1000)] = 300) -> list[str]:
        """In a thread, because every article is read."""
        articles = request.app.state.shelf.live.catalogue.articles()
        return list(vocabulary(articles, language, date.today(), most=most))

    @app.get("/knowledge/v1/health", dependencies=[Depends(only_ours)])
    async def health(request: Request) -> Health:
        shelf = request.app.state.shelf
        live = shelf.live
        return Health(status="ok", index=live.name, articles=len(live.catalogue), built_at=shelf.built_at)

    @app.get("/knowledge/v1/unreviewed", dependencies=[Depends(only_ours)])
    def unreviewed(request: Request, before: date) -> Unreviewed:
        """Articles that nobody has looked at since `before`; in a thread, because every article is read."""
        count, oldest = request.app.state.shelf.live.catalogue.reviewed_before(before, most=10)
        return Unreviewed(count=count, oldest=oldest)

    return app


async def _cannot_keep(_: Request, error: Exception) -> JSONResponse:
    """What a person proposes or decides is refused in words where the folder is read-only, as in a container, or full;
    any other error of the system is a fault of ours."""
    if not isinstance(error, OSError) or error.errno not in _UNWRITABLE:
        raise error
    return JSONResponse({"detail": UNWRITABLE}, status_code=409)
