import type { FastifyRequest } from "fastify";
import { MmelError } from "../../core/index.js";
import type { Service } from "../service.js";
import { type LinkJsonOptions, linkJson } from "./link-json.js";

/** Links the caption of a form: its field `caption` is a caption object in JSON, its file `image` the picture. */
export async function linkForm(
  service: Service,
  request: FastifyRequest,
  options: Omit<LinkJsonOptions, "picture">,
): ReturnType<typeof linkJson> {
  let caption: unknown;
  let picture: Uint8Array | undefined;
  for await (const part of request.parts()) {
    if (part.type === "file" && part.fieldname === "image") picture = await part.toBuffer();
    else if (part.type === "field" && part.fieldname === "caption") caption = parsed(String(part.value));
    else throw wrongForm(`a part ${JSON.stringify(part.fieldname)}`);
  }
  if (caption === undefined) throw wrongForm("no field caption");
  return await linkJson(service, caption, { ...options, picture });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MmelError("FORMAT", { what: "the field caption is not JSON", cause });
  }
}

const wrongForm = (what: string): MmelError =>
  new MmelError("FORMAT", { what, where: "the form", expected: "a field caption (JSON) and a file image" });
