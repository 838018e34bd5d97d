/** A picture that was opened, with the sidecars next to it. */
export interface PictureFile {
  readonly file: File;
  /** Path in the folder that was opened; otherwise, the name of the file. */
  readonly path: string;
  /** In order of precedence: `photo.jpg.xmp`, then `photo.xmp`. */
  readonly sidecars: readonly File[];
}

export const isSidecar = ({ name }: File): boolean => /\.xmp$/i.test(name);

/** Finds the sidecars of pictures that were opened together. */
export function picturesOf(pictures: readonly File[], sidecars: readonly File[]): PictureFile[] {
  const all = [...pictures, ...sidecars].map(({ webkitRelativePath, name }) => webkitRelativePath || name);
  const [folder = ""] = all[0]?.split("/") ?? [];
  const start = all.every((path) => path.startsWith(`${folder}/`)) ? folder.length + 1 : 0;
  const pathOf = ({ webkitRelativePath, name }: File): string => (webkitRelativePath || name).slice(start);
  const byPicture = new Map(sidecars.map((file) => [pathOf(file).replace(/\.xmp$/i, ""), file]));
  return pictures.map((file) => {
    const path = pathOf(file);
    const found = [path, path.replace(/\.[^./]*$/, "")].map((name) => byPicture.get(name));
    return { file, path, sidecars: [...new Set(found)].filter((one) => one !== undefined) };
  });
}

/** Returns whether a picture that was opened is the picture of a caption. Folders count only if both have them. */
export function isPictureOf(image: string, { path }: PictureFile): boolean {
  const own = image.replaceAll("\\", "/");
  return own === path || own.endsWith(`/${path}`) || path.endsWith(`/${own}`);
}
