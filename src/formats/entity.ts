import type { Entity } from "../core/index.js";
import type { WireEntity } from "./wire.js";

/** The entity that a wire entity stands for; a property without values is none. */
export function entityFromWire(wire: WireEntity): Entity {
  const { id, label, description, popularity, url } = wire;
  return {
    id,
    label,
    aliases: wire.aliases ?? [],
    ...(description && { description }),
    properties: Object.fromEntries(
      Object.entries(wire.properties ?? {}).filter(([, values]) => values.length > 0),
    ),
    images: wire.images ?? [],
    ...(popularity !== undefined && { popularity }),
    ...(url !== undefined && { url }),
  };
}

/** The wire form; empty lists are left out. */
export function entityToWire(entity: Entity): WireEntity {
  const { id, label, aliases, description, properties, images, popularity, url } = entity;
  return {
    id,
    label,
    ...(aliases.length > 0 && { aliases: [...aliases] }),
    ...(description !== undefined && { description }),
    ...(Object.keys(properties).length > 0 && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, values]) => [key, [...values]])),
    }),
    ...(images.length > 0 && { images: [...images] }),
    ...(popularity !== undefined && { popularity }),
    ...(url !== undefined && { url }),
  };
}
