import type { Entity } from "../core/index.js";
import { type EntityAnswer, excerptOf } from "../formats/index.js";
import type { EntityStore } from "../kb/index.js";
import { createValueReader, type Relations } from "../relations/index.js";

type EntityRelations = NonNullable<EntityAnswer["relations"]>;
type RelatedEntity = EntityRelations["namedBy"][number]["entity"];

/** Minimum probability that a value means an entity. Less probable entities are left out. */
const MIN_SHARE = 0.3;
/** Maximum number of values that name other entities, and maximum number of different entities that they name. */
const MAX_VALUES = 100;
/** Maximum number of entities with values that name the entity. */
const MAX_NAMED_BY = 50;

/**
 * Returns the values of an entity that name other entities, and the entities that name this entity. Returns undefined
 * if the knowledge base has no relations, for example because an older version of mmel imported it. Throws the errors
 * of the store.
 */
export async function relationsOf(
  entity: Entity,
  relations: Relations,
  store: EntityStore,
): Promise<EntityRelations | undefined> {
  if (relations.size === 0) return undefined;
  const shares = sharesByProperty(relations, entity.id);
  const targets = [...new Set([...shares.values()].flatMap((ofProperty) => [...ofProperty.keys()]))];
  const { first, count } = relations.naming(entity.id, { minShare: MIN_SHARE, limit: MAX_NAMED_BY });
  const named = targets.slice(0, MAX_VALUES);
  const known = await store.getMany([...named, ...first.map(({ id }) => id)]);
  return {
    values: valuesThatName(
      entity,
      shares,
      named.flatMap((id) => known.get(id) ?? []),
    ),
    namedBy: first
      .flatMap(({ id, ...naming }) => {
        const other = known.get(id);
        return other === undefined ? [] : [{ other, ...naming }];
      })
      .sort((a, b) => b.share - a.share || popularityOf(b.other) - popularityOf(a.other))
      .map(({ other, properties, share }) => ({
        properties: [...properties],
        entity: toRelated(other, share),
      })),
    namedByCount: count,
  };
}

/** For each property, the entities that its values name, with the probability that they mean this entity. */
type Shares = ReadonlyMap<string, ReadonlyMap<string, number>>;

function sharesByProperty(relations: Relations, id: string): Shares {
  const shares = new Map<string, Map<string, number>>();
  for (const { property, targets } of relations.of(id)) {
    const ofProperty = shares.get(property) ?? new Map<string, number>();
    for (const target of targets)
      if (target.share >= MIN_SHARE)
        ofProperty.set(target.id, Math.max(target.share, ofProperty.get(target.id) ?? 0));
    shares.set(property, ofProperty);
  }
  return shares;
}

function valuesThatName(
  { properties }: Entity,
  shares: Shares,
  named: readonly Entity[],
): EntityRelations["values"] {
  const read = createValueReader(named);
  const found: EntityRelations["values"] = [];
  for (const [property, ofProperty] of shares)
    for (const value of new Set(ofProperty.size === 0 ? [] : properties[property])) {
      const entities = read(value).flatMap((other) => {
        const share = ofProperty.get(other.id);
        return share === undefined ? [] : [toRelated(other, share)];
      });
      if (entities.length === 0) continue;
      found.push({ property, value, entities: entities.sort((a, b) => b.share - a.share) });
      if (found.length === MAX_VALUES) return found;
    }
  return found;
}

const toRelated = ({ id, label, description }: Entity, share: number): RelatedEntity => ({
  id,
  label,
  ...(description !== undefined && { description: excerptOf(description) }),
  share,
});

const popularityOf = ({ popularity }: Entity): number => popularity ?? -1;
