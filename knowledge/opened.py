"""One build and the encoder it was made with: questions are decided by both together."""

from collections.abc import Generator, Sequence
from dataclasses import replace
from datetime import date
from typing import Self

from knowledge.article import Article
from knowledge.decide import Question, ask, decide, for_a_person, looked_up, nothing_said, rank, rank_parts
from knowledge.decision import Context, Decision, HandOver
from knowledge.encoder import Encoder
from knowledge.flow import Flow
from knowledge.judge import Ranking
from knowledge.light import Vectors
from knowledge.parts import choose_part, nearly_sure, parts_of, pointed_to
from knowledge.people import Kind
from knowledge.rows import Mask
from knowledge.store import Build, Store
from knowledge.words import Words

Deciding = Generator[tuple[str, Sequence[str]], Vectors, Decision]  # a text and its parts to be read; their vectors


class Opened:
    def __init__(self, build: Build, encoder: Encoder) -> None:
        self.build, self.encoder = build, encoder
        self._flows = {(flow.id, flow.language): flow for flow in build.flows}

    @classmethod
    def load(cls, store: Store, name: str = "") -> Self:
        """The live build, or another by its name. Raises `FileNotFoundError` when there is none.

        It encodes once, so that the first customer does not wait for it.
        """
        build = store.load(name)
        encoder = Encoder.load(build.model, store.model_folder(build.model))
        encoder.warm_up()
        return cls(build, encoder)

    async def decide(self, said: str, context: Context) -> Decision:
        deciding = self._decide(said, context)
        try:
            asked = next(deciding)
            while True:
                asked = deciding.send(await self.encoder.read(*asked))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

    def decide_now(self, said: str, context: Context) -> Decision:
        """As `decide`, in this thread, for programs that serve nobody meanwhile."""
        deciding = self._decide(said, context)
        try:
            asked = next(deciding)
            while True:
                asked = deciding.send(self.encoder.read_now(*asked))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

    def look_up(self, texts: Sequence[str], vectors: Vectors, context: Context) -> list[Question]:
        return looked_up(self.build.index, texts, vectors, self._may_offer(context))

    def rank(self, question: Question, context: Context) -> Ranking:
        return rank(self.build.index, self.build.judge, question, self._may_offer(context))

    def rank_parts(self, parts: Sequence[Question], context: Context, whole: Ranking) -> list[Ranking | None]:
        """Of a message, which as a whole is ranked so."""
        may_offer = self._may_offer(context)
        return rank_parts(self.build.index, self.build.judge, parts, may_offer, pointed_to(whole))

    def _may_offer(self, context: Context) -> Mask:
        return self.build.catalogue.offerable(context.language, context.product, context.offered, date.today())

    def _decide(self, said: str, context: Context) -> Deciding:
        """Asks for the message to be read with its parts, and for a part alone that is nearly sure."""
        if for_person := for_a_person(said, context):
            return for_person
        text = ask(said, context.language)
        if not text:
            return nothing_said()
        parts = parts_of(text, Words.of(context.language))
        vectors = yield text, parts
        people, judge = self.build.people, self.build.judge
        needed = [people.kind(vector, context.language) for vector in vectors]
        safety = [found for found in needed if found and found[0].reason == "safety"]
        if safety:
            return _to_a_person(*safety[0])
        asked = self.look_up((text, *parts), vectors, context)
        whole = self.rank(asked[0], context)
        rankings = self.rank_parts(asked[1:], context, whole)
        for number in nearly_sure(whole, rankings, judge.thresholds):
            alone = yield parts[number], ()
            [rankings[number]] = self.rank_parts([Question(parts[number], alone[0])], context, whole)
        speaks, others = choose_part(whole, rankings, judge.thresholds)
        ranking = (rankings[speaks] if speaks is not None else None) or whole
        decision = decide(judge, ranking, self.build.catalogue.article)
        waiting = {1 + number for number in others}  # a problem that comes later calls them then
        called = [found for number, found in enumerate(needed) if found and number not in waiting]
        if called and not (isinstance(decision, HandOver) and decision.article):  # an article that calls them says why
            return _to_a_person(*called[0])
        return replace(decision, others=tuple(asked[1 + number].text for number in others))

    def article(self, article_id: str, language: str) -> Article:
        catalogue = self.build.catalogue
        return catalogue.article(catalogue.place(article_id, language))

    def flow(self, flow_id: str, language: str) -> Flow:
        return self._flows[flow_id, language]

    def close(self) -> None:
        self.encoder.close()


def _to_a_person(kind: Kind, sure: float) -> HandOver:
    return HandOver(kind.reason, kind.hints.category, sure, kind.hints)
