/** How much a service takes from a stranger, and how long it waits. */
export interface Limits {
  /** Bytes of a request's body; a picture inside JSON is a third larger than its file. */
  readonly bodyBytes: number;
  /** Bytes of the bodies of all requests that are not answered yet, streams apart. */
  readonly allBodyBytes: number;
  /** Bytes of a picture's file. */
  readonly imageBytes: number;
  /** Captions in one request that is not a stream. */
  readonly batch: number;
  /** Mentions of a caption. */
  readonly mentions: number;
  /** UTF-16 code units of a caption's text. */
  readonly textLength: number;
  /** Captions that wait or are being linked. */
  readonly queue: number;
  /** Streams open at a time, and captions of one that are under way. */
  readonly streams: number;
  readonly streamWindow: number;
  /** Seconds for a request to come in, or for a stream to say something. */
  readonly receiveSeconds: number;
  /** Seconds for an answer. */
  readonly answerSeconds: number;
  /** Connections open at a time, and not less than twice `queue`. */
  readonly connections: number;
  /** Requests of one address a minute; 0: as many as it likes. */
  readonly ratePerMinute: number;
}

export const LIMITS: Limits = {
  bodyBytes: 16 * 2 ** 20,
  allBodyBytes: 256 * 2 ** 20,
  imageBytes: 10 * 2 ** 20,
  batch: 256,
  mentions: 200,
  textLength: 20_000,
  queue: 512,
  streams: 8,
  streamWindow: 64,
  receiveSeconds: 20,
  answerSeconds: 60,
  connections: 1000,
  ratePerMinute: 0,
};
