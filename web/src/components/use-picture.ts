import { useEffect, useState } from "preact/hooks";
import { useApp, useStore } from "./context.js";

/** An address of a blob for as long as the component shows it. */
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

/** What an `<img>` can show of a picture on the server. It sends no token, so that behind one the picture is fetched. */
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
  }, [app, fetchFrom, token]); // another token may be let in where one was not
  const blobUrl = useObjectUrl(fetched);
  return token === undefined ? address : blobUrl;
}
