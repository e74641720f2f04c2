"""One build and the encoder it was made with: questions are decided by both together."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Self

from knowledge.article import Article
from knowledge.decide import Question, ask, decide, for_a_person, nothing_said, rank, rank_part
from knowledge.decision import Context, Decision, HandOver
from knowledge.encoder import Encoder
from knowledge.flow import Flow
from knowledge.judge import Ranking
from knowledge.lexicon import Numbers
from knowledge.parts import choose_part, parts_of
from knowledge.people import Kind
from knowledge.rows import Mask
from knowledge.store import Build, Store
from knowledge.words import Words


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
        begun = self._begin(said, context)
        if not isinstance(begun, tuple):
            return begun
        text, *parts = begun
        return self._finish(begun, await self.encoder.read(text, parts), context)

    def decide_now(self, said: str, context: Context) -> Decision:
        """As `decide`, in this thread, for programs that serve nobody meanwhile."""
        begun = self._begin(said, context)
        if not isinstance(begun, tuple):
            return begun
        text, *parts = begun
        return self._finish(begun, self.encoder.read_now(text, parts), context)

    def rank(self, question: Question, context: Context) -> Ranking:
        return rank(self.build.index, self.build.judge, question, self._may_offer(context))

    def rank_part(self, question: Question, context: Context) -> Ranking | None:
        """Of a part of a message."""
        return rank_part(self.build.index, self.build.judge, question, self._may_offer(context))

    def _may_offer(self, context: Context) -> Mask:
        return self.build.catalogue.offerable(context.language, context.product, context.offered, date.today())

    def _begin(self, said: str, context: Context) -> Decision | tuple[str, ...]:
        """What words alone decide; or the message, and its parts when it is long."""
        if for_person := for_a_person(said, context):
            return for_person
        text = ask(said, context.language)
        return (text, *parts_of(text, Words.of(context.language))) if text else nothing_said()

    def _finish(self, texts: Sequence[str], vectors: Numbers, context: Context) -> Decision:
        """`texts` are the message and its parts, `vectors` a row for each."""
        asked = [Question(text, vector) for text, vector in zip(texts, vectors, strict=True)]
        people, judge = self.build.people, self.build.judge
        needed = [people.kind(question.vector, context.language) for question in asked]
        safety = [found for found in needed if found and found[0].reason == "safety"]
        if safety:
            return _to_a_person(*safety[0])
        whole = self.rank(asked[0], context)
        rankings = [self.rank_part(question, context) for question in asked[1:]]
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
