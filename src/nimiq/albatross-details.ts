import type { AlbatrossBlock, AlbatrossHead, AlbatrossNetwork, BlockView, HeadView, Status } from '../client/types.ts';
import { unsupported } from './nimiq-error.ts';

interface Details {
  readonly chain: string;
}

/** The official client knows one chain. */
function ofAlbatross<T extends Details>(details: Details): T {
  if (details.chain !== 'albatross') throw unsupported(`the chain ${details.chain}`);
  return details as T;
}

/** @throws {NimiqError} `unsupported` for a client of another chain; the same in the two below. */
export function albatrossHead({ details }: HeadView): AlbatrossHead {
  return ofAlbatross(details);
}

export function albatrossBlock({ details }: BlockView): AlbatrossBlock {
  return ofAlbatross(details);
}

export function albatrossNetwork({ network }: Pick<Status, 'network'>): AlbatrossNetwork {
  return ofAlbatross(network.details);
}
