/** A decoded image: 8-bit sRGB without alpha, row by row, with the EXIF orientation already applied. */
export interface Pixels {
  /** Bytes of the pixels, [height, width, 3]. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Returns the part of an image inside a box, which must be within the image. */
export function cropPixels({ data, width }: Pixels, box: Box): Pixels {
  const part = new Uint8Array(box.width * box.height * 3);
  for (let row = 0; row < box.height; row++) {
    const start = ((box.top + row) * width + box.left) * 3;
    part.set(data.subarray(start, start + box.width * 3), row * box.width * 3);
  }
  return { data: part, width: box.width, height: box.height };
}
