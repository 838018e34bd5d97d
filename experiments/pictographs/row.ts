/** One row of results.json: a model under one condition. */
export interface Row {
  readonly name: string;
  readonly seed?: number;
  readonly pictures: string;
  /** The captions: `kept` by held-out artists, `learnt` the training captions themselves. */
  readonly artists: "kept" | "learnt";
  readonly mentions: number;
  readonly top1: number;
  readonly interval95: readonly [number, number];
  readonly single: number;
  readonly multi: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly trainingSeconds?: number;
}
