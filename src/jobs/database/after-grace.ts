/** Does something some time after `signal` fires, or has fired; what it returns calls that off. */
export function afterGrace(signal: AbortSignal | undefined, graceMs: number, act: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    if (graceMs === 0) act();
    else timer = setTimeout(act, graceMs);
  };
  if (signal?.aborted) start();
  else signal?.addEventListener("abort", start, { once: true });
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", start);
  };
}
