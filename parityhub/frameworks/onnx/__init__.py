"""Networks in ONNX: run by onnxruntime, and asked for their weights. Runs in a child."""
