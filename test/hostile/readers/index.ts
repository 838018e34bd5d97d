import type { Reader } from "../reader.js";
import { BASE_READERS } from "./bases.js";
import { DATA_SET_READERS } from "./data-sets.js";
import { MODEL_READERS } from "./models.js";
import { PICTURE_READERS } from "./pictures.js";
import { RECORD_READERS } from "./records.js";
import { SERVICE_READERS } from "./service.js";

/** The table of the campaign. A new reader or format joins by a row. */
export const READERS: readonly Reader[] = [
  ...RECORD_READERS,
  ...MODEL_READERS,
  ...PICTURE_READERS,
  ...DATA_SET_READERS,
  ...BASE_READERS,
  ...SERVICE_READERS,
];
