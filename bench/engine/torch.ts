import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { least, type Seconds, type Side } from "./ours.js";
import { MICRO, SHAPE } from "./shape.js";

interface Torch extends Side {
  readonly version: string;
}

/**
 * Starts PyTorch in a separate process (torch_peer.py), which runs each command and measures its time. A training step is run
 * once with the complete batch and once with the engine's micro-batches; the result is the shorter time. Rejects if the Python
 * interpreter cannot import torch or transformers.
 */
export async function torchSide(python: string): Promise<Torch> {
  const peer = spawn(
    python,
    [fileURLToPath(new URL("./torch_peer.py", import.meta.url)), JSON.stringify(SHAPE)],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const lines = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done)
      throw new Error(`${python} exited; install torch and transformers for it (see bench/engine/README.md)`);
    return JSON.parse(value);
  };
  const ask = async (command: string): Promise<Seconds> => {
    peer.stdin.write(`${command}\n`);
    return (await next()) as Seconds;
  };
  const { torch } = (await next()) as { torch: string };
  return {
    version: torch,
    forward: () => ask("forward"),
    step: async () => least([await ask(`step ${SHAPE.batch}`), await ask(`step ${MICRO}`)]),
    async [Symbol.asyncDispose]() {
      peer.stdin.end();
    },
  };
}
