import { MmelError } from "../core/index.js";
import { decodeText } from "./json-text.js";

/** Maximum number of parameters in a form. */
const MAX_PARAMETERS = 20;

/**
 * Parses a form (`application/x-www-form-urlencoded`). Throws `ENCODING` if it is not UTF-8, also where characters are
 * percent-encoded, and `USAGE` if it has too many parameters.
 */
export function parseForm(body: Uint8Array): Record<string, string> {
  const text = decodeText(body);
  if (text.split("&", MAX_PARAMETERS + 1).length > MAX_PARAMETERS)
    throw new MmelError("USAGE", {
      what: "the form has too many parameters",
      expected: `at most ${MAX_PARAMETERS}`,
    });
  const form = Object.fromEntries(new URLSearchParams(text));
  const isReplaced = Object.values(form).some((value) => value.includes("\ufffd"));
  if (isReplaced && !text.includes("\ufffd") && !/%ef%bf%bd/i.test(text))
    throw new MmelError("ENCODING", { what: "the form is not UTF-8", expected: "UTF-8 text" });
  return form;
}
