import type { Client, Submittable } from "pg";

/** The methods of `pg`'s connection that COPY needs. */
interface CopyConnection {
  query(sql: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/**
 * Runs a COPY … FROM STDIN statement with rows in COPY's text format. Stores all rows, or none if the server rejects
 * a row.
 */
export function copyInto(client: Client, sql: string, rows: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(rows, "utf8");
    let failed: Error | undefined;
    const copy = {
      submit: (connection: CopyConnection) => connection.query(sql),
      handleCopyInResponse(connection: CopyConnection) {
        connection.sendCopyFromChunk(bytes);
        connection.endCopyFrom();
      },
      handleCommandComplete() {},
      handleError(error: Error) {
        failed ??= error;
        reject(error);
      },
      handleReadyForQuery() {
        if (failed === undefined) resolve();
      },
    };
    client.query(copy as unknown as Submittable);
  });
}

const SPECIAL = /[\\\t\n\r]/g;
const ESCAPED: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** Escapes a text for COPY. The text must not contain NUL, which PostgreSQL cannot store. */
export function copyText(text: string): string {
  return text.replace(SPECIAL, (character) => ESCAPED[character]!);
}

/** Formats bytes as a value for COPY. */
export function copyBytes(bytes: Buffer): string {
  return `\\\\x${bytes.toString("hex")}`;
}
