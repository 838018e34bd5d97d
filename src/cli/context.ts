import { MmelError } from "../core/index.js";
import { plain } from "./plain.js";

/** What a command gets from the world around it. */
export interface Context {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Fires at the first Ctrl-C; the second one kills. */
  readonly signal: AbortSignal;
  /** Lets a command that did its work, but not on all its input, exit with another code than 0. */
  setExitCode(code: number): void;
}

/** Stops the work at Ctrl-C or SIGTERM so that what is finished is flushed. */
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

/** Writes a line to stderr that does not end the work. */
export function note(context: Context, line: string): void {
  context.stderr.write(`mmel: ${plain(line)}\n`);
}

/** Writes to stdout and waits when the reader is slower than we are. */
export async function print(context: Context, text: string): Promise<void> {
  if (context.stdout.write(text)) return;
  await new Promise<void>((resolve) => context.stdout.once("drain", resolve));
}
