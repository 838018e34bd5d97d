import { join } from "node:path";

const SHARED = process.env.MMEL_SHARED ?? "../shared/data";

/** A tiny random BERT with the outputs of transformers, from `test/reference/encoder.py`. */
export const TINY = join("test", "reference", "encoder");
export const MINILM = join(SHARED, "models", "all-MiniLM-L6-v2");
export const WIKIMEL = join(SHARED, "wikimel");
