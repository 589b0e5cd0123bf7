import type { Epoch } from '../../src/chains/stacks/chain/network.ts';

/** Above any Bitcoin height of this century: nodes write it for an epoch that is not decided. */
const NEVER = 2 ** 31;

/**
 * The epochs in an answer of `/v2/pox`: `Epoch25` is 2.5, `Epoch2_05` is 2.05. Ones without a Bitcoin block, and ones that are not decided, are left out. Undefined:
 * the answer has no such list.
 */
export function readEpochs(pox: unknown): readonly Epoch[] | undefined {
  const list = typeof pox === 'object' && pox !== null ? (pox as { readonly epochs?: unknown }).epochs : undefined;
  if (!Array.isArray(list)) return undefined;
  const epochs: Epoch[] = [];
  for (const entry of list as readonly unknown[]) {
    const { epoch_id: name, start_height: startHeight } = (typeof entry === 'object' && entry !== null ? entry : {}) as { readonly epoch_id?: unknown; readonly start_height?: unknown };
    const [, major, minor] = /^Epoch(\d)_?(\d{1,2})$/u.exec(String(name)) ?? [];
    if (major === undefined || minor === undefined || !Number.isSafeInteger(startHeight)) return undefined;
    const epoch = { id: `${major}.${minor}`, startHeight: startHeight as number };
    if (epoch.startHeight >= NEVER) continue;
    // The one before has no block.
    if (epochs.at(-1)?.startHeight === epoch.startHeight) epochs.pop();
    epochs.push(epoch);
  }
  return epochs;
}
