import type { WireCaption, WireEntity, WireLinks } from "../../../src/formats/wire.js";

/** A caption as it is sent to be linked, with its picture when the reviewer gave one. */
export interface LinkRequest extends WireCaption {
  /** Base64. */
  readonly imageData?: string;
  readonly topK?: number;
  readonly detect?: boolean;
}

export interface SearchHit {
  readonly entity: WireEntity;
  /** The label or alias that fitted best. */
  readonly name: string;
  readonly score: number;
}

export interface ServerInfo {
  readonly model: string;
  readonly kb: string;
}

export type { WireEntity, WireLinks };
