import { type Command, InvalidArgumentError, Option } from "commander";
import { withPictureOptions } from "./pictures.js";

/** A whole number of at least `least`. */
export const integer =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least) {
      throw new InvalidArgumentError(`a whole number of at least ${least}.`);
    }
    return value;
  };

/** A number of at least `least`. */
export const number =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < least) {
      throw new InvalidArgumentError(`a number of at least ${least}.`);
    }
    return value;
  };

export const kbOption = (): Option =>
  new Option("--kb <target>", "the knowledge base: a folder, or postgres://…").makeOptionMandatory();

export const onErrorOption = (): Option =>
  new Option("--on-error <what>", "after a line that is rejected").choices(["skip", "fail"]).default("skip");

export const rejectsOption = (): Option =>
  new Option("--rejects <file>", "where rejected lines go, with their error");

export const offsetsOption = (): Option =>
  new Option("--offsets <unit>", "what start and end count, read and written")
    .choices(["utf16", "codepoint", "byte"])
    .default("utf16");

export const jsonOption = (): Option => new Option("--json", "print one machine-readable object");

/** The options by which `link` and `evaluate` choose a linker. */
export function withLinkerOptions(command: Command): Command {
  const model = command
    .addOption(kbOption())
    .option("--model <name|dir>", "a bundled model (`mmel models list`) or a checkpoint folder");
  return withPictureOptions(model)
    .option("--candidates <n>", "candidates a mention", integer(1), 100)
    .option("--no-collaborative", "rank every mention on its own");
}
