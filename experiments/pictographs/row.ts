/** A row in results.json: the results of one model under one condition. */
export interface Row {
  readonly name: string;
  readonly seed?: number;
  readonly pictures: string;
  /**
   * The evaluated captions: `kept` are test captions, whose pictures are by held-out artists; `learnt` are training
   * captions.
   */
  readonly artists: "kept" | "learnt";
  readonly mentions: number;
  readonly top1: number;
  readonly interval95: readonly [number, number];
  readonly single: number;
  readonly multi: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly trainingSeconds?: number;
}
