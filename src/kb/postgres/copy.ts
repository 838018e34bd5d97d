import type { Client, Submittable } from "pg";

/** The part of `pg`'s connection that COPY needs. */
interface CopyConnection {
  query(sql: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** Sends rows, in COPY's text form, to where a COPY says: all of them or, when the server refuses one, none. */
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

/** A text as COPY reads it. It must hold no NUL, which PostgreSQL stores in no text. */
export function copyText(text: string): string {
  return text.replace(SPECIAL, (character) => ESCAPED[character]!);
}

export function copyBytes(bytes: Buffer): string {
  return `\\\\x${bytes.toString("hex")}`;
}
