import type { Random } from "../../src/core/index.js";
import type { Sparse } from "./features.js";

/** Number of subspace iterations. */
const STEPS = 12;

/**
 * Returns the first right singular vectors of the matrix [entities, features], each divided by its singular value and
 * multiplied by √entities, so that the entities' coordinates have a mean square of 1. The result is a matrix [features,
 * rank], row by row.
 */
export function latentDirections(
  rows: readonly Sparse[],
  size: number,
  rank: number,
  random: Random,
): Float64Array {
  let basis = Float64Array.from({ length: size * rank }, () => random.normal());
  orthonormalise(basis, rank);
  for (let step = 0; step < STEPS; step++) {
    basis = product(rows, basis, rank);
    orthonormalise(basis, rank);
  }
  const squares = new Float64Array(rank);
  const row = new Float64Array(rank);
  for (const sparse of rows) {
    project(sparse, basis, rank, row);
    for (let k = 0; k < rank; k++) squares[k]! += row[k]! * row[k]!;
  }
  return basis.map((value, at) => value * Math.sqrt(rows.length / squares[at % rank]!));
}

/** Writes the product of a sparse vector and a matrix [features, rank] to `result`. */
export function project(
  { indices, values }: Sparse,
  table: Float64Array,
  rank: number,
  result: Float64Array,
): void {
  result.fill(0);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i]! * rank;
    const value = values[i]!;
    for (let k = 0; k < rank; k++) result[k]! += value * table[from + k]!;
  }
}

/** Adds the outer product of a sparse vector and `row` to a matrix [features, rank]. */
export function addOuter(
  { indices, values }: Sparse,
  row: Float64Array,
  rank: number,
  table: Float64Array,
): void {
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i]! * rank;
    const value = values[i]!;
    for (let k = 0; k < rank; k++) table[from + k]! += value * row[k]!;
  }
}

/** Computes XᵀX · basis. */
function product(rows: readonly Sparse[], basis: Float64Array, rank: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(basis.length);
  const row = new Float64Array(rank);
  for (const sparse of rows) {
    project(sparse, basis, rank, row);
    addOuter(sparse, row, rank, result);
  }
  return result;
}

/** Makes the columns of a matrix [features, rank] orthonormal (Gram–Schmidt). */
function orthonormalise(matrix: Float64Array, rank: number): void {
  for (let column = 0; column < rank; column++) {
    for (let earlier = 0; earlier < column; earlier++) {
      const shared = dotColumns(matrix, rank, column, earlier);
      for (let at = 0; at < matrix.length; at += rank) matrix[at + column]! -= shared * matrix[at + earlier]!;
    }
    const length = Math.sqrt(dotColumns(matrix, rank, column, column));
    for (let at = column; at < matrix.length; at += rank) matrix[at]! /= length;
  }
}

function dotColumns(matrix: Float64Array, rank: number, one: number, other: number): number {
  let sum = 0;
  for (let at = 0; at < matrix.length; at += rank) sum += matrix[at + one]! * matrix[at + other]!;
  return sum;
}
