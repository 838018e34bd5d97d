import { createClient } from "mmel/client";
import {
  captionFromWire,
  captionToWire,
  entityFromWire,
  entityToWire,
  linksFromWire,
  linksSchema,
  linksToAnnotations,
  linksToWire,
  type WireCaption,
  type WireEntity,
} from "mmel/formats";

/** What `runs-in-browsers.test.ts` bundles for browsers and calls there. */
export async function roundTrips(caption: WireCaption, entity: WireEntity, url: string) {
  const client = createClient({ url });
  const links = linksSchema.parse(await client.link(caption));
  return {
    caption: captionToWire(captionFromWire(caption)),
    entity: entityToWire(entityFromWire(entity)),
    links: linksToWire(linksFromWire(links)),
    annotations: linksToAnnotations(linksFromWire(links), caption.text),
  };
}
