import type {
  CaptionRequest,
  LinkOptions,
  ModelsAnswer,
  SearchAnswer,
} from "../../../src/formats/service.js";
import type { WireEntity, WireLinks } from "../../../src/formats/wire.js";

/** A caption as it is sent to be linked, with its picture when the reviewer gave one. */
export type LinkRequest = CaptionRequest & LinkOptions;

export type SearchHit = SearchAnswer["hits"][number];

export type ServerInfo = ModelsAnswer;

export type { WireEntity, WireLinks };
