import { MmelError } from "../../../core/index.js";
import { mul } from "../graph/elementwise.js";
import { createGraph } from "../graph/graph.js";
import { compile } from "../program.js";
import { openSession } from "./session.js";

/**
 * Verifies that onnxruntime writes its results into the buffers passed to it, as training requires. Throws `ENGINE` if
 * it does not.
 */
export async function verifyBuffers(): Promise<void> {
  const x = createGraph().input("x", [3]);
  const program = compile({ doubled: mul(x, 2) });
  await using session = await openSession(program, new Map(), { threads: 1 });
  const buffer = new Float32Array(3);
  const inputs = { x: { data: Float32Array.of(1, 2, 3), shape: [3] } };
  await session.run({ inputs, into: new Map([[program.outputs.doubled!.name, buffer]]) });
  if (buffer.join() === "2,4,6") return;
  throw new MmelError("ENGINE", {
    what: "onnxruntime did not write its result into the buffer passed to it",
    expected: "onnxruntime-node 1.30.0",
    hint: "Check the installed version with `npm ls onnxruntime-node`.",
  });
}
