import { clearScreenDown, cursorTo } from "node:readline";
import { escapeCharacter, escapeControls } from "../core/controls.js";
import { cutEchoes } from "../core/echo.js";
import { MmelError } from "../core/index.js";
import { writeLines } from "../formats/output.js";
import { plain } from "./table.js";

/** The parts of the process that a command uses: its streams, an abort signal and the exit code. */
export interface Context {
  readonly stdin: NodeJS.ReadStream;
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

/**
 * Returns text as it may be written to a stream of the process: without control characters that a terminal would obey.
 * All text that commands print passes through this function.
 */
export function printable(stream: { readonly isTTY?: boolean }, text: string): string {
  const escaped = escapeControls(text);
  return stream.isTTY ? escaped.replaceAll("\r", escapeCharacter) : escaped;
}

/** Writes a message for the user to stderr. */
export function note({ stderr }: Context, line: string): void {
  stderr.write(printable(stderr, `mmel: ${plain(cutEchoes(line))}\n`));
}

/** Writes a table, which ends with a line break, to stderr. */
export function noteTable({ stderr }: Context, lines: string): void {
  stderr.write(printable(stderr, lines));
}

/** Writes to stdout. If the buffer of the stream is full, waits until the buffer is empty. */
export async function print({ stdout }: Context, text: string): Promise<void> {
  if (stdout.write(printable(stdout, text))) return;
  await new Promise<void>((resolve) => stdout.once("drain", resolve));
}

/** Clears the screen if stdout is a terminal. */
export function clearScreen({ stdout }: Context): void {
  if (!stdout.isTTY) return;
  cursorTo(stdout, 0, 0);
  clearScreenDown(stdout);
}

/** Writes lines to stdout. Throws the errors of `writeLines`. */
export async function printLines(
  { stdout }: Context,
  lines: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  async function* escaped(): AsyncGenerator<string> {
    for await (const line of lines) yield printable(stdout, line);
  }
  await writeLines(stdout, escaped());
}
