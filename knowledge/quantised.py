"""A network that calculates with 8 bits where they are enough: faster on one core, a little less exact."""

from pathlib import Path


def quantise(file: Path, to: Path) -> None:
    """Write the ONNX network in `file` to `to`, its learned matrices in 8 bits, those that narrow left as they are.

    What narrows reads the few very large numbers that the layer before it makes, which 8 bits would round most of all.
    Weights get 7 of the 8 bits: processors without instructions for it add up two products in 16 bits, which 8 would
    overflow, so that the vectors would differ from machine to machine.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]
    from onnxruntime.quantization.quant_utils import add_pre_process_metadata  # type: ignore[import-untyped]

    network = onnx.load(str(file))
    shapes = {matrix.name: tuple(matrix.dims) for matrix in network.graph.initializer}
    narrowing = [
        node.name
        for node in network.graph.node
        if node.op_type == "MatMul" and (shape := shapes.get(node.input[1])) and shape[0] > shape[-1]
    ]
    add_pre_process_metadata(network)  # it was made ready by the exporter: no warning that it was not
    quantize_dynamic(
        network,
        str(to),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        op_types_to_quantize=["MatMul"],
        nodes_to_exclude=narrowing,
    )
