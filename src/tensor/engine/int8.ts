import { compile, createGraph, int8Linear, type Program } from "../onnx/index.js";
import type { Engine } from "./engine.js";

const SHAPE = { rows: 8, inner: 64, width: 16 };
/** The largest input and the largest word. The sum of two of their products does not fit into 16 bits. */
const [INPUT, WORD] = [1, 127];

/**
 * Returns whether products in int8 are exact on this machine. Older x86 processors (those without VNNI) add pairs of
 * products in 16 bits and lose the overflow; for them, int8 is neither right nor much faster than float32.
 */
export async function isInt8Exact(engine: Pick<Engine, "define" | "run">): Promise<boolean> {
  const { rows, inner } = SHAPE;
  await engine.define("int8 test", testProgram());
  const x = { data: new Float32Array(rows * inner).fill(INPUT), shape: [rows, inner] };
  const { y } = await engine.run("int8 test", { x });
  return (y!.data as Float32Array).every((sum) => Math.abs(sum - inner * WORD * INPUT) < 1);
}

/** A product of the largest elements: y = INPUT · WORD · inner everywhere. */
function testProgram(): Program {
  const { rows, inner, width } = SHAPE;
  const graph = createGraph();
  const weight = {
    words: graph.constant(new Int8Array(inner * width).fill(WORD), [inner, width]),
    scales: graph.constant(new Float32Array(width).fill(1)),
  };
  const divisors = new Float32Array(inner).fill(1);
  return compile({ y: int8Linear(graph.input("x", [rows, inner]), divisors, weight) });
}
