"""knowledge.quantised: matrices that widen calculate in 8 bits, those that narrow do not; the result stays near."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime  # type: ignore[import-untyped]  # it ships no types
import pytest
from onnx import TensorProto, helper, numpy_helper

from knowledge.quantised import quantise

WIDTH, INNER = 16, 64


@pytest.fixture
def networks(tmp_path: Path) -> tuple[Path, Path]:
    """One that widens and narrows again, and its form in 8 bits."""
    chance = np.random.default_rng(0)
    wide, narrow = (chance.normal(size=shape).astype(np.float32) for shape in ((WIDTH, INNER), (INNER, WIDTH)))
    nodes = [
        helper.make_node("MatMul", ["text", "wide"], ["inside"], name="widens"),
        helper.make_node("Relu", ["inside"], ["bent"]),
        helper.make_node("MatMul", ["bent", "narrow"], ["vector"], name="narrows"),
    ]
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["words", WIDTH]) for name in ("text", "vector")]
    learned = [numpy_helper.from_array(wide, "wide"), numpy_helper.from_array(narrow, "narrow")]
    graph = helper.make_graph(nodes, "network", ends[:1], ends[1:], learned)
    exact, small = tmp_path / "exact.onnx", tmp_path / "small.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10), str(exact))
    quantise(exact, small)
    return exact, small


def test_what_widens_calculates_in_8_bits_and_what_narrows_does_not(networks: tuple[Path, Path]) -> None:
    _, small = networks

    kinds = [node.op_type for node in onnx.load(str(small)).graph.node]

    assert (kinds.count("MatMulInteger"), kinds.count("MatMul")) == (1, 1)


def test_the_vectors_stay_near(networks: tuple[Path, Path]) -> None:
    text = np.random.default_rng(1).normal(size=(5, WIDTH)).astype(np.float32)

    exact, small = (
        onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"]).run(None, {"text": text})[0]
        for file in networks
    )

    lengths = np.linalg.norm(exact, axis=1) * np.linalg.norm(small, axis=1)
    assert not np.array_equal(exact, small)
    assert ((exact * small).sum(axis=1) / lengths).min() > 0.999
