/** The first chain of Petrel. Its databases got their names before there was a second chain, so its name is not part of them. */
const FIRST_CHAIN = 'albatross';

/** A network, as pages, hub and database name it. */
export interface NetworkRef {
  /** Lower-case letters, digits and hyphens; undefined means `albatross`. */
  readonly chain?: string | undefined;
  /** 64 hex digits. */
  readonly genesisHash: string;
}

/** The chain of the network that a page asked for, as it stands in its parameters; undefined if that is no name of a chain. */
export function chainOf(parameters: object | undefined): string | undefined {
  const { chain = FIRST_CHAIN } = (parameters ?? {}) as { readonly chain?: unknown };
  return typeof chain === 'string' && /^[a-z0-9-]{1,32}$/.test(chain) ? chain : undefined;
}

/**
 * The name that a network has within an origin: `petrel/<chain>/<first 8 hex digits of the genesis hash>`, for Albatross without the chain.
 * The names of database, worker, locks and channels begin with it.
 */
export function originName({ chain = FIRST_CHAIN, genesisHash }: NetworkRef): string {
  return `petrel/${chain === FIRST_CHAIN ? '' : `${chain}/`}${genesisHash.slice(0, 8).toLowerCase()}`;
}

/** The chain in a name that begins with an `originName`; undefined for other names. */
export function chainIn(name: string): string | undefined {
  const [, chain = FIRST_CHAIN] = /^petrel\/(?:([a-z0-9-]{1,32})\/)?[0-9a-f]{8}\//.exec(name) ?? ['', ''];
  return chain === '' ? undefined : chain;
}
