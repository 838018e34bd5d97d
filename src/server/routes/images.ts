import { readFile, stat } from "node:fs/promises";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { decodeImage, loadSharp } from "../../encoders/image/index.js";
import { fileBelow } from "../../pictures/index.js";
import { parseParameters } from "../parameters.js";
import type { Route } from "../route.js";
import type { Service } from "../service.js";

const answers = { 200: { description: "a thumbnail", content: [{ type: "image/jpeg" }] } };
const parameters = z.object({
  path: z.string().min(1).max(1000).meta({ description: "path relative to the images folder" }),
});

/** The route `GET /v1/images?path=…`, which returns a thumbnail of a picture in the images folder. */
export const imageRoute: Route = {
  method: "GET",
  path: "/v1/images",
  scope: "link",
  isPerCatalogue: true,
  tag: "pictures",
  summary: "A thumbnail of a picture in the images folder",
  query: parameters,
  answers,
  problems: [404, 413, 422],
  handle: async (request, reply, service) =>
    sendThumbnail(service, reply, parseParameters(parameters, request.query).path),
};

/**
 * The route `GET /v1/entities/{id}/images/{n}`, which returns a thumbnail of an entity's picture. `n` is the
 * index of the picture, from 0.
 */
export const entityImageRoute: Route = {
  method: "GET",
  path: "/v1/entities/{id}/images/{n}",
  scope: "link",
  isPerCatalogue: true,
  tag: "pictures",
  summary: "A thumbnail of an entity's picture",
  params: { id: "the entity's id", n: "index of the picture, from 0" },
  answers,
  problems: [404, 413, 422],
  async handle(request, reply, service) {
    const { id, n } = request.params as { id: string; n: string };
    const entity = (await service.store.getMany([id])).get(id);
    const path = /^\d{1,4}$/.test(n) ? entity?.images[Number(n)] : undefined;
    return await sendThumbnail(service, reply, path);
  },
};

async function sendThumbnail(
  { images, limits }: Service,
  reply: FastifyReply,
  path: string | undefined,
): Promise<Buffer> {
  if (images === undefined || path === undefined) throw notFound();
  const jpeg = await createThumbnail(images, path, limits.imageBytes);
  reply.type("image/jpeg").header("cache-control", "private, max-age=3600");
  return jpeg;
}

/** Longer side of a thumbnail, in pixels. */
const THUMBNAIL_SIDE = 480;
const MAX_PIXELS = 50_000_000;

/**
 * Decodes a picture from the images folder and encodes it again as a small JPEG. This way, a browser never receives
 * bytes from the original file. Throws `NOT_FOUND` if the file does not exist or is outside the folder,
 * `IMAGE_TOO_LARGE` if the picture is too large, and `IMAGE_UNREADABLE` or `IMAGE_UNSUPPORTED` if the picture cannot be
 * decoded.
 */
async function createThumbnail(folder: string, path: string, maxBytes: number): Promise<Buffer> {
  const file = await fileBelow(folder, path).catch((cause: unknown) => {
    throw notFound(path, cause);
  });
  const stats = await stat(file);
  if (!stats.isFile()) throw notFound(path);
  if (stats.size > maxBytes)
    throw new MmelError("IMAGE_TOO_LARGE", {
      what: `the picture file is too large: ${stats.size} bytes`,
      expected: `at most ${maxBytes} bytes`,
    });
  const { data, width, height } = await decodeImage(await readFile(file), {
    bytes: maxBytes,
    pixels: MAX_PIXELS,
  });
  const sharp = await loadSharp();
  return await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE, fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: 82 })
    .toBuffer();
}

const notFound = (path?: string, cause?: unknown): MmelError =>
  new MmelError("NOT_FOUND", {
    what: "the picture does not exist",
    ...(path !== undefined && { where: JSON.stringify(path) }),
    cause,
  });
