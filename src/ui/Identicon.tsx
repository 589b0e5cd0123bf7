import { useEffect, useState } from 'react';

/** URLs of drawings, by address. They are small and the same for ever. */
const drawn = new Map<string, string>();

/** Drawings kept; a page with more addresses draws anew. */
const KEPT = 500;

/** The parts of all drawings are 90 kB, so they are loaded when the first is shown. */
async function urlOf(address: string): Promise<string> {
  const [{ drawIdenticon }, { default: parts }] = await Promise.all([import('./draw-identicon.ts'), import('@nimiq/iqons/dist/iqons.min.svg?raw')]);
  const url = `data:image/svg+xml,${encodeURIComponent(drawIdenticon(address, parts))}`;
  if (drawn.size >= KEPT) drawn.clear();
  drawn.set(address, url);
  return url;
}

/**
 * The official drawing of an address, so that a person can recognise it. It is decoration beside the address: two addresses can look alike, so
 * the text counts. An empty hexagon as long as there is no drawing.
 * @param address in groups of four.
 */
export function Identicon({ address, size = 'small' }: { readonly address?: string | undefined; readonly size?: 'small' | 'medium' | 'large' }) {
  const [loaded, setLoaded] = useState<{ readonly address: string; readonly url: string }>();
  useEffect(() => {
    if (address === undefined || drawn.has(address)) return undefined;
    let gone = false;
    // Without its file the page still has the address.
    void urlOf(address).then((url) => !gone && setLoaded({ address, url }), () => undefined);
    return () => {
      gone = true;
    };
  }, [address]);
  const url = address === undefined ? undefined : (drawn.get(address) ?? (loaded?.address === address ? loaded.url : undefined));
  return (
    <span className="identicon" data-size={size} data-drawn={url !== undefined} data-testid="identicon">
      {url !== undefined && <img src={url} alt="" />}
    </span>
  );
}
