/** Sparse features of one candidate: pairs of index and value; an index may come more than once and then adds up. */
export class Row {
  indices = new Uint16Array(64);
  values = new Float64Array(64);
  length = 0;
  /** Added to every index: where the features of the group at work begin. */
  base = 0;

  put(feature: number, value: number): void {
    if (value === 0) return;
    if (this.length === this.indices.length) this.grow();
    this.indices[this.length] = this.base + feature;
    this.values[this.length++] = value;
  }

  clear(): void {
    this.length = 0;
  }

  /** The weighted sum. */
  dot(weights: Float64Array): number {
    let sum = 0;
    for (let at = 0; at < this.length; at++) sum += weights[this.indices[at]!]! * this.values[at]!;
    return sum;
  }

  private grow(): void {
    const { indices, values } = this;
    this.indices = new Uint16Array(2 * indices.length);
    this.values = new Float64Array(2 * values.length);
    this.indices.set(indices);
    this.values.set(values);
  }
}
