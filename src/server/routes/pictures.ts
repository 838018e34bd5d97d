import { z } from "zod";
import { parseWire, pictureCaptionSchema } from "../../formats/index.js";
import { requestSignal } from "../request-signal.js";
import type { Route } from "../route.js";
import { receive } from "./tables.js";

const pathField = z
  .string()
  .min(1)
  .max(1000)
  .meta({ description: "the picture's name or path, which becomes the caption's `id` and `image`" });
const sidecarField = z.string().optional().meta({ description: "the text of the sidecar PICTURE.jpg.xmp" });
const otherSidecarField = z.string().optional().meta({ description: "the text of the sidecar PICTURE.xmp" });

/** The route `POST /v1/pictures/caption`, which reads the caption in a picture's metadata. */
export const pictureCaptionRoute: Route = {
  method: "POST",
  path: "/v1/pictures/caption",
  scope: "link",
  isUpload: true,
  tag: "pictures",
  summary: "The caption in the metadata of a picture (IPTC, XMP, EXIF, names of faces) and its sidecars",
  description: "Stores nothing. Reads at most 64 MiB.",
  body: [
    {
      type: "multipart/form-data",
      schema: z.object({
        file: z.string().meta({ description: "the picture", format: "binary" }),
        path: pathField,
        sidecar: sidecarField,
        otherSidecar: otherSidecarField,
      }),
    },
  ],
  answers: {
    200: {
      description: "the caption, whose mentions are the people shown",
      content: [{ type: "application/json", schema: pictureCaptionSchema }],
    },
  },
  problems: [413, 415, 422, 429, 504, 507],
  async handle(request, reply, service) {
    using _place = service.tables.admit();
    await using picture = await receive(request, reply, service, ["path", "sidecar", "otherSidecar"]);
    const { file, fields } = picture;
    const { path } = parseWire(z.object({ path: pathField }), { path: fields.get("path") }, "FORMAT");
    const sidecars = ["sidecar", "otherSidecar"].flatMap((name) => fields.get(name) ?? []);
    using signal = requestSignal(reply, service.limits.answerSeconds);
    return await service.tables.pictureCaption({ file, path, sidecars }, signal);
  },
};
