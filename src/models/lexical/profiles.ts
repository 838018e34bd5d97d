import type { Entity } from "../../core/index.js";
import { type Profile, readProfile } from "./entity-profile.js";

/** Profiles by entity, at most about twice `limit` of them: when the young are that many, the old that were not asked for go. */
export class ProfileCache {
  private readonly limit: number;
  private young = new Map<string, Profile>();
  private old = new Map<string, Profile>();

  constructor(limit: number) {
    this.limit = limit;
  }

  get(entity: Entity): Profile {
    const known = this.young.get(entity.id) ?? this.old.get(entity.id);
    const profile = known !== undefined && sameContent(known.entity, entity) ? known : readProfile(entity);
    if (profile !== this.young.get(entity.id)) this.keep(entity.id, profile);
    return profile;
  }

  private keep(id: string, profile: Profile): void {
    if (this.young.size >= this.limit) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(id, profile);
  }
}

/** Whether two knowledge bases, or two readings of one, say the same of an id. */
function sameContent(a: Entity, b: Entity): boolean {
  if (a === b) return true;
  if (a.label !== b.label || a.description !== b.description || a.popularity !== b.popularity) return false;
  const keys = Object.keys(a.properties);
  return (
    sameList(a.aliases, b.aliases) &&
    keys.length === Object.keys(b.properties).length &&
    keys.every((key) => sameList(a.properties[key] ?? [], b.properties[key]))
  );
}

function sameList(a: readonly string[], b: readonly string[] | undefined): boolean {
  return a === b || (b !== undefined && a.length === b.length && a.every((text, at) => text === b[at]));
}
