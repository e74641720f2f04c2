"""A model as it serves, on ONNX Runtime: the same vectors without PyTorch."""

import os
from collections.abc import Sequence
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
LIGHT = "model.onnx"
_RUN_AT_MOST = 32  # texts
_SHARE = 256  # texts that one core reads before it takes others
_FILLED_UP = 4  # tokens by which a text is filled up sooner than read in a run of its own, which costs as much as 5


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

    def encode_many(self, texts: Sequence[str]) -> Vectors:
        """As `encode`, on every core."""
        shares = [texts[begin : begin + _SHARE] for begin in range(0, len(texts), _SHARE)]
        with ThreadPoolExecutor(cores()) as pool:
            return np.concatenate([np.zeros((0, self._size), np.float32), *pool.map(self.encode, shares)])

    def _run(self, tokens: "Sequence[Encoding]") -> Vectors:
        """Of texts in one run, the longest one first."""
        for some in tokens[1:]:
            some.pad(len(tokens[0]))
        values = {
            "input_ids": [some.ids for some in tokens],
            "attention_mask": [some.attention_mask for some in tokens],
            "token_type_ids": [some.type_ids for some in tokens],
        }
        given = {name: np.asarray(values[name], dtype=np.int64) for name in self._inputs}
        return np.asarray(self._session.run(None, given)[0], dtype=np.float32)


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
