"""Teaches a model which questions mean the same: contrastive fine-tuning on example questions, repeatable by a seed.

Two losses together: supervised contrastive (Khosla et al. 2020) draws the questions of an owner together, and a
softmax over the cosines to a middle of each owner keeps owners apart. Texts that nothing answers are held equally far
from every middle. `python -m benchmarks.labelled_sets` measures it.
"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import FullModel
from knowledge.lexicon import Numbers
from knowledge.light import cores

NOBODY = -1  # the owner of a text that nothing answers


@dataclass(frozen=True, slots=True)
class Course:
    """How much is practised. The defaults keep 15,000 short questions under 15 minutes on two cores."""

    rounds: int = 6
    most_lessons: int = 100_000  # texts read in all; more examples mean fewer rounds
    fewest_steps: int = 150  # few examples mean more rounds
    batch: int = 128
    rate: float = 1e-4
    temperature: float = 0.07
    sharpness: float = 20.0
    forget: float = 0.1  # of a text's words left out, in every other reading of it
    seed: int = 0


def tune(
    model: FullModel,
    texts: Sequence[str],
    owner: NDArray[np.int32],
    course: Course = Course(),  # frozen
    say: Callable[[str], None] = lambda _: None,
) -> float:
    """Changes `model` in place. `owner` holds `NOBODY` for texts that nothing answers. Gives the seconds it took.

    Needs at least two owners with two texts each; with fewer there is nothing to learn and nothing changes.
    """
    import torch

    began = perf_counter()
    if (np.bincount(owner[owner >= 0]) > 1).sum() < 2:
        return 0.0
    torch.manual_seed(course.seed)
    chance = np.random.default_rng(course.seed)
    network, tokens = model.network, model.tokens(texts)
    middles = torch.nn.Parameter(torch.tensor(_middles(model.encode(texts), owner)))
    threads = torch.get_num_threads()
    torch.set_num_threads(cores())
    optimizer = torch.optim.AdamW(_groups(network, middles, course.rate), fused=True)
    steps_a_round = -(-len(texts) // course.batch)
    rounds = max(1, min(course.rounds, course.most_lessons // len(texts)))
    rounds = max(rounds, -(-course.fewest_steps // steps_a_round))
    steps = rounds * steps_a_round
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps))
    average = torch.optim.swa_utils.AveragedModel(
        network,
        multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.99),  # type: ignore[no-untyped-call]
    )
    network.train()
    for number in range(rounds):
        total = 0.0
        order = chance.permutation(len(texts))
        for begin in range(0, len(order), course.batch):
            some = order[begin : begin + course.batch]
            vectors, of = _vectors(network, [_forgetful(tokens[row], course.forget, chance) for row in some])
            loss = _loss(vectors, torch.tensor(owner[some][of]).long(), middles, course)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            if number >= rounds // 2:
                average.update_parameters(network)
            total += loss.item()
        say(f"round {number + 1} of {rounds}: loss {total / steps_a_round:.3f}, {perf_counter() - began:.0f} s")
    network.load_state_dict(average.module.state_dict())
    network.eval()
    torch.set_num_threads(threads)
    return perf_counter() - began


def _loss(vectors: Any, owner: Any, middles: Any, course: Course) -> Any:
    import torch

    known = owner >= 0
    cosines = vectors @ torch.nn.functional.normalize(middles).T
    chances = torch.log_softmax(cosines * course.sharpness, dim=1)
    loss = -chances[known, owner[known]].sum() / max(int(known.sum()), 1)
    if not known.all():
        loss = loss - chances[~known].mean(dim=1).sum() / (2 * len(owner))
    itself = torch.eye(len(owner), dtype=torch.bool)
    alike = (owner[:, None] == owner[None]) & known[:, None] & ~itself
    near = torch.log_softmax((vectors @ vectors.T / course.temperature).masked_fill(itself, -1e9), dim=1)
    partners = alike.sum(dim=1)
    paired = partners > 0
    if paired.any():
        loss = loss - ((near * alike).sum(dim=1)[paired] / partners[paired]).mean()
    return loss


def _vectors(network: Any, tokens: list[list[int]]) -> tuple[Any, NDArray[np.int64]]:
    """The texts' vectors, and which text each is of: read in three parts, short ones together."""
    import torch

    order = np.argsort([len(text) for text in tokens], kind="stable")
    parts = []
    for part in np.array_split(order, min(3, len(order))):
        longest = max(len(tokens[row]) for row in part)
        ids = torch.zeros(len(part), longest, dtype=torch.long)
        there = torch.zeros(len(part), longest, dtype=torch.long)
        for place, row in enumerate(part):
            ids[place, : len(tokens[row])] = torch.tensor(tokens[row])
            there[place, : len(tokens[row])] = 1
        with torch.autocast("cpu", dtype=torch.bfloat16) if _is_quick_in_halves() else nullcontext():
            hidden = network(input_ids=ids, attention_mask=there).last_hidden_state
        weight = there.unsqueeze(-1).float()
        parts.append(torch.nn.functional.normalize((hidden.float() * weight).sum(dim=1) / weight.sum(dim=1)))
    return torch.cat(parts), order


def _forgetful(tokens: list[int], share: float, chance: np.random.Generator) -> list[int]:
    if chance.random() < 0.5:
        return tokens
    inside = [token for token in tokens[1:-1] if chance.random() >= share]
    return [tokens[0], *(inside or tokens[1:-1]), tokens[-1]]


def _middles(vectors: Numbers, owner: NDArray[np.int32]) -> Numbers:
    sums = np.zeros((owner.max() + 1, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, owner[owner >= 0], vectors[owner >= 0])
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _groups(network: Any, middles: Any, rate: float) -> list[dict[str, Any]]:
    """Weights decay, biases and norms don't; the middles move faster than the network."""
    named = list(network.named_parameters())
    free = [value for name, value in named if name.endswith("bias") or "LayerNorm" in name]
    free_ids = {id(value) for value in free}
    return [
        {"params": [value for _, value in named if id(value) not in free_ids], "lr": rate, "weight_decay": 0.01},
        {"params": free, "lr": rate, "weight_decay": 0.0},
        {"params": [middles], "lr": 10 * rate, "weight_decay": 0.0},
    ]


def _rate(step: int, steps: int) -> float:
    """Rises over the first twentieth, then falls to nearly nothing."""
    return min(1.0, (step + 1) / max(1, steps // 20)) * max(0.02, 1 - step / steps)


def _is_quick_in_halves() -> bool:
    """Whether the processor multiplies 16-bit numbers itself."""
    import torch

    return bool(getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)())
