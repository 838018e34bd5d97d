import { MmelError } from "../core/index.js";
import { plain } from "./table.js";

/** The parts of the process that a command uses: output streams, an abort signal and the exit code. */
export interface Context {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Fires at the first Ctrl-C or SIGTERM. The second one kills the process. */
  readonly signal: AbortSignal;
  /** Sets the exit code of a command that finishes without an error. */
  setExitCode(code: number): void;
}

/**
 * Returns a signal that fires at the first Ctrl-C or SIGTERM, so that commands can stop and flush finished work.
 * `dispose` removes the signal handlers.
 */
export function interruptible(): { signal: AbortSignal; dispose: () => void } {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort(new MmelError("ABORTED", { what: "interrupted" }));
    dispose();
  };
  const dispose = (): void => {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return { signal: controller.signal, dispose };
}

/**
 * Calls `reload` at each SIGHUP until the result is disposed. In a terminal, SIGHUP still ends the process, because the
 * terminal sends it when it is closed.
 */
export function onHangup({ stderr }: Context, reload: () => void): Disposable {
  if (!stderr.isTTY) process.on("SIGHUP", reload);
  return { [Symbol.dispose]: () => void process.off("SIGHUP", reload) };
}

/** Writes a message for the user to stderr. */
export function note(context: Context, line: string): void {
  context.stderr.write(`mmel: ${plain(line)}\n`);
}

/** Writes to stdout. If the buffer of the stream is full, waits until the buffer is empty. */
export async function print(context: Context, text: string): Promise<void> {
  if (context.stdout.write(text)) return;
  await new Promise<void>((resolve) => context.stdout.once("drain", resolve));
}
