"""A model as it serves, on ONNX Runtime: the same vectors without PyTorch."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Encoding

Vectors = NDArray[np.float32]

MOST_TOKENS = 128  # a longer text is cut: the problem is told first
LIGHT = "reader.onnx"
_RUN_AT_MOST = 32  # texts
_SHARE = 256  # texts that one core reads before it takes others
_FILLED_UP = 4  # tokens by which a text is filled up sooner than read in a run of its own, which costs as much as 5
VECTOR, TOKENS = "vector", "tokens"  # what the light form gives: of the text; of each token, where a mean of them is it


class LightModel:
    """What `FullModel.prepare` wrote, on ONNX Runtime: the same vectors without PyTorch."""

    def __init__(self, name: str, folder: Path, file: str = LIGHT) -> None:
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # read at its import: it would report to its maker
        import onnxruntime  # type: ignore[import-untyped]  # it ships no types
        from tokenizers import Tokenizer

        self.name = name
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(folder / file), options, providers=["CPUExecutionProvider"])
        self._inputs = [put_in.name for put_in in self._session.get_inputs()]
        self._size: int = self._session.get_outputs()[0].shape[-1]
        self._gives_tokens = any(output.name == TOKENS for output in self._session.get_outputs())
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Texts of about one length in one run: it begins faster than two, and hardly anything is filled up."""
        tokens = [self._tokenizer.encode(text) for text in texts]
        vectors: dict[int, Vectors] = {}
        for places in of_about_one_length([len(some) for some in tokens]):
            vectors |= zip(places, self._run([tokens[place] for place in places]), strict=True)
        return np.stack([vectors[place] for place in range(len(texts))])

    def read(self, text: str, parts: Sequence[str]) -> Vectors:
        """A row for the text, and one for each part of it, which are parts of the text in their order.

        A part is the mean of its tokens as the whole text makes them understood (late chunking, Günther et al. 2024):
        the text is read once. A part that was cut off is read alone; each is, where the model takes no mean of tokens.
        """
        if not parts or not self._gives_tokens:
            return self.encode([text, *parts])
        read = self._tokenizer.encode(text)
        vector, tokens = self._session.run([VECTOR, TOKENS], self._given([read]))
        found = [_mean(tokens[0], within) for within in tokens_within(read.offsets, text, parts)]
        alone = [part for part, mean in zip(parts, found, strict=True) if mean is None]
        read_alone = iter(self.encode(alone)) if alone else iter(())
        return np.stack([vector[0], *(next(read_alone) if mean is None else mean for mean in found)])

    def encode_many(self, texts: Sequence[str]) -> Vectors:
        """As `encode`, on every core."""
        shares = [texts[begin : begin + _SHARE] for begin in range(0, len(texts), _SHARE)]
        with ThreadPoolExecutor(cores()) as pool:
            return np.concatenate([np.zeros((0, self._size), np.float32), *pool.map(self.encode, shares)])

    def _run(self, tokens: "Sequence[Encoding]") -> Vectors:
        """Of texts in one run, the longest one first."""
        for some in tokens[1:]:
            some.pad(len(tokens[0]))
        return np.asarray(self._session.run([VECTOR], self._given(tokens))[0], dtype=np.float32)

    def _given(self, tokens: "Sequence[Encoding]") -> dict[str, NDArray[np.int64]]:
        """To the network: texts of one length."""
        values = {
            "input_ids": [some.ids for some in tokens],
            "attention_mask": [some.attention_mask for some in tokens],
            "token_type_ids": [some.type_ids for some in tokens],
        }
        return {name: np.asarray(values[name], dtype=np.int64) for name in self._inputs}


def tokens_within(offsets: Sequence[tuple[int, int]], text: str, parts: Sequence[str]) -> Iterator[NDArray[np.bool_]]:
    """Which tokens lie in each part; `offsets` are where each begins and ends in the text, those of no letter empty."""
    begins, ends = np.asarray(offsets).T
    place = 0
    for part in parts:
        begin = text.index(part, place)
        place = begin + len(part)
        yield (begin <= begins) & (ends <= place) & (begins < ends)


def _mean(tokens: Vectors, within: NDArray[np.bool_]) -> Vectors | None:
    """Of those within, of length 1; None when there are none."""
    if not within.any():
        return None
    mean = tokens[within].mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def of_about_one_length(lengths: Sequence[int]) -> list[list[int]]:
    """Places of those to read in one run, the longest first: at most a batch, none of them filled up by much."""
    runs: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        run = runs[-1] if runs else []
        if run and len(run) < _RUN_AT_MOST and lengths[run[0]] - lengths[place] <= _FILLED_UP:
            run.append(place)
        else:
            runs.append([place])
    return runs


def cores() -> int:
    """How many this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def is_light(folder: Path) -> bool:
    """Whether the light form of a model is there and can be run."""
    return (folder / LIGHT).exists() and find_spec("onnxruntime") is not None
