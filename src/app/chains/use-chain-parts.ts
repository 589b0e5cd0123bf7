import { useEffect, useState } from 'react';
import type { ChainParts } from './chain-parts.ts';
import { loadChainParts } from './load-chain-parts.ts';

/** What the page shows of this chain only; undefined until it is loaded. Without it the page shows what every chain has. */
export function useChainParts(chain: string | undefined): ChainParts | undefined {
  const [loaded, setLoaded] = useState<{ readonly chain: string; readonly parts: ChainParts }>();
  useEffect(() => {
    if (chain === undefined) return undefined;
    let wanted = true;
    // If its files are gone, the page says so where it needs others of them; the head does not depend on it.
    loadChainParts(chain).then((parts) => void (wanted && setLoaded({ chain, parts })), () => undefined);
    return () => void (wanted = false);
  }, [chain]);
  return loaded && loaded.chain === chain ? loaded.parts : undefined;
}
