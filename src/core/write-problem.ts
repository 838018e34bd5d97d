const DISK_FULL = /^(ENOSPC|EDQUOT|EFBIG|SQLITE_FULL)$/;

const PROBLEMS: readonly (readonly [code: RegExp, problem: string])[] = [
  [DISK_FULL, "not enough disk space"],
  [/^(EROFS|SQLITE_READONLY.*)$/, "the file system is read-only"],
  [/^(EACCES|EPERM|SQLITE_PERM)$/, "permission denied"],
];

/** Describes why the file system or SQLite refused to write: "not enough disk space (ENOSPC)". */
export function writeProblem(error: unknown): string {
  const code = codeOf(error);
  const [, problem] = PROBLEMS.find(([codes]) => codes.test(code ?? "")) ?? [];
  if (problem !== undefined) return `${problem} (${code})`;
  return code || (error instanceof Error ? error.message : String(error));
}

/** Returns whether the disk or the user's share of it is full. */
export const isDiskFull = (error: unknown): boolean => DISK_FULL.test(codeOf(error) ?? "");

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
