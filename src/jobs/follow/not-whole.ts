import { MmelError } from "../../core/index.js";

export function notWhole(submission: string): MmelError {
  return new MmelError("USAGE", {
    what: "this submission was cut off before it was whole, or is being submitted",
    where: submission,
    hint: `mmel jobs submit with the same file, which goes on with it, or mmel jobs delete ${submission}`,
  });
}
