import { useEffect, useState } from "preact/hooks";
import { useApp, useStore } from "./context.js";

/** Returns an object URL of a blob, revoked when the component no longer uses it. */
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

/** Returns an address that an `<img>` can load a server picture from. `<img>` sends no token, so with one the picture is fetched first. */
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
