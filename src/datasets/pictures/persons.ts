import type { CaptionLinks } from "../../core/index.js";

/** Somebody a picture shows. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** Who is linked in the captions of each picture. */
export type PersonsByImage = ReadonlyMap<string, readonly Person[]>;

interface PersonOptions {
  /** The picture of a caption; undefined for one without. */
  readonly imageOf: (caption: string) => string | undefined;
  /** Leave out links less probable than this, and those without a probability. */
  readonly minProbability?: number;
}

/** Gathers the linked entities by picture, each once, in order. Memory: some 200 bytes a picture and a link. */
export async function personsByImage(
  links: AsyncIterable<CaptionLinks>,
  { imageOf, minProbability = 0 }: PersonOptions,
): Promise<PersonsByImage> {
  const images = new Map<string, Person[]>();
  for await (const { id, mentions } of links) {
    const image = imageOf(id);
    if (image === undefined) continue;
    const persons = images.get(image) ?? [];
    images.set(image, persons);
    for (const { entity, probability } of mentions) {
      if (entity === null || (minProbability > 0 && !((probability ?? 0) >= minProbability))) continue;
      if (!persons.some((person) => person.id === entity.id))
        persons.push({ id: entity.id, name: entity.label });
    }
  }
  return images;
}
