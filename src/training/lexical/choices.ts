import type { Row } from "../../models/lexical/row.js";

/**
 * Choices to learn from: each is a list of sparse rows of features one of which is right. Flat growing arrays, since
 * there are some 50 million entries; values are kept as float32, sums are float64.
 */
export class Choices {
  /** Choice i holds the rows starts[i] to starts[i + 1]; row r the entries rowStarts[r] to rowStarts[r + 1]. */
  readonly starts = [0];
  readonly rowStarts = [0];
  /** The right row of each choice, counted within it. */
  readonly right: number[] = [];
  /** What is added to each row's score besides the weighted features. */
  readonly offsets: number[] = [];
  indices = new Uint16Array(1024);
  values = new Float32Array(1024);

  /** Adds a row to the choice at work. */
  addRow(row: Pick<Row, "indices" | "values" | "length">, offset = 0): void {
    const from = this.rowStarts.at(-1)!;
    while (from + row.length > this.values.length) this.grow();
    this.indices.set(row.indices.subarray(0, row.length), from);
    this.values.set(row.values.subarray(0, row.length), from);
    this.rowStarts.push(from + row.length);
    this.offsets.push(offset);
  }

  /** Ends the choice at work. */
  endChoice(right: number): void {
    this.starts.push(this.rowStarts.length - 1);
    this.right.push(right);
  }

  get length(): number {
    return this.right.length;
  }

  private grow(): void {
    const { indices, values } = this;
    this.indices = new Uint16Array(2 * indices.length);
    this.values = new Float32Array(2 * values.length);
    this.indices.set(indices);
    this.values.set(values);
  }
}
