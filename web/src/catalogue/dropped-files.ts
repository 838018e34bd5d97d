/** Files in a folder that the page can open. All other files are skipped. */
const OPENABLE = /\.(jpe?g|png|webp|gif|avif|bmp|tiff?|svg|xmp|csv|tsv|xlsx|jsonl|ndjson)(\.gz)?$/i;

/** Returns the files that were dropped or pasted. A folder is replaced with the files in it that the page can open. */
export async function droppedFiles(data: DataTransfer): Promise<File[]> {
  const files = [...data.files];
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []); // empty for pasted files
  if (!entries.some(({ isDirectory }) => isDirectory)) return files;
  return (await Promise.all(entries.map(filesIn))).flat();
}

/** Returns the files that the page can open of a folder that was chosen, in the order of their paths. */
export const openable = (files: Iterable<File>): File[] =>
  [...files]
    .filter(({ name }) => OPENABLE.test(name))
    .sort((a, b) => a.webkitRelativePath.localeCompare(b.webkitRelativePath, "en", { numeric: true }));

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) return [await fileOf(entry as FileSystemFileEntry)];
  const found: File[] = [];
  for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) {
    if (child.isDirectory || OPENABLE.test(child.name)) found.push(...(await filesIn(child)));
  }
  return found;
}

/** Returns a file of a dropped folder, with its path as if the folder had been chosen. */
async function fileOf(entry: FileSystemFileEntry): Promise<File> {
  const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
  const value = entry.fullPath.replace(/^\//, "");
  return value === file.name ? file : Object.defineProperty(file, "webkitRelativePath", { value });
}

async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const more = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (more.length === 0) break; // browsers return at most 100 entries at a time
    children.push(...more);
  }
  return children.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}
