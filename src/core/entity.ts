/** A node of the knowledge base with the part of its neighbourhood that a linker may use. */
export interface Entity {
  readonly id: string;
  readonly label: string;
  readonly aliases: readonly string[];
  readonly description?: string;
  /** Property name to its values, both in the order given: `birth` → `["1891, Central Falls"]`. */
  readonly properties: Readonly<Record<string, readonly string[]>>;
  /** Paths below the images folder; or addresses, of which only files of Wikimedia Commons have a place there: `localImage`. */
  readonly images: readonly string[];
  /** The knowledge base's own measure of fame (sitelinks, page views): finite, at least 0. */
  readonly popularity?: number;
  readonly url?: string;
}
