/** A block as the page's URL names it: its height, or its hash (64 lower-case hex digits). */
export type BlockKey = number | string;

/** What the part of the URL after `#` opens. It is not sent to any server, so it works on any static host, under any path and offline. */
export interface Route {
  /** Undefined, as `account`: the overview. */
  readonly block: BlockKey | undefined;
  /** The address of an account as the URL has it; the page of the account says what is wrong with it. */
  readonly account?: string;
  /** The page that opens proof files. */
  readonly proof?: true;
  /** A text in place of a block that is no block name; the overview says so. */
  readonly wrong?: string;
}

/** `#/block/300`, `#/block/<hash>`, `#/account/<address without blanks>`, `#/proof` or `#/proof/<the file>`. Anything else is the overview. */
export function parseRoute(hash: string): Route {
  if (hash === proofHref || hash.startsWith(`${proofHref}/`)) return { block: undefined, proof: true };
  const account = /^#\/account\/(.+?)\/?$/u.exec(hash)?.[1];
  if (account !== undefined) return { block: undefined, account: decoded(account) };
  const key = /^#\/block\/(.+?)\/?$/u.exec(hash)?.[1];
  if (key === undefined) return { block: undefined };
  const block = blockKeyOf(key);
  return block === undefined ? { block, wrong: key } : { block };
}

export const blockHref = (key: BlockKey): string => `#/block/${key}`;
export const accountHref = (address: string): string => `#/account/${address.replaceAll(' ', '')}`;
export const proofHref = '#/proof';
export const overviewHref = '#/';

/** Heights are unsigned 32-bit numbers. */
export function blockKeyOf(text: string): BlockKey | undefined {
  if (/^[0-9a-fA-F]{64}$/u.test(text)) return text.toLowerCase();
  return /^\d{1,10}$/u.test(text) && Number(text) <= 0xffff_ffff ? Number(text) : undefined;
}

/** Blanks in an address that a person wrote into the URL. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
