import { useEffect, useState } from "preact/hooks";
import { useApp, useStore } from "./context.js";

/** Returns an object URL for a blob. The URL is revoked when the blob changes or the component is removed. */
export function useObjectUrl(blob: Blob | undefined): string | undefined {
  const [src, setSrc] = useState<string>();
  useEffect(() => {
    if (blob === undefined) return setSrc(undefined);
    const address = URL.createObjectURL(blob);
    setSrc(address);
    return () => URL.revokeObjectURL(address);
  }, [blob]);
  return src;
}

/**
 * Returns a URL from which `<img>` can load a picture of the server. `<img>` cannot send a token. If the reviewer has
 * entered a token, the picture is therefore fetched with the token first, and an object URL is returned. Returns
 * undefined until the picture is fetched.
 */
export function useServerPicture(address: string | undefined): string | undefined {
  const app = useApp();
  const token = useStore(app.token);
  const [fetched, setFetched] = useState<Blob>();
  const fetchFrom = token === undefined ? undefined : address;
  useEffect(() => {
    setFetched(undefined);
    if (fetchFrom === undefined) return;
    const control = new AbortController();
    app.api.picture(fetchFrom, control.signal).then(setFetched, () => setFetched(undefined));
    return () => control.abort();
  }, [app, fetchFrom, token]); // retries when the token changes
  const blobUrl = useObjectUrl(fetched);
  return token === undefined ? address : blobUrl;
}
