import { fromHex, toHex } from '../../../base/bytes.ts';
import { decodeAddress, encodeAddress } from './c32.ts';
import { ClarityError } from './clarity-error.ts';

/** An account, or a contract of an account. */
export interface Principal {
  /** 0 to 31: network and kind of the address. */
  readonly version: number;
  /** 40 hex digits: hash160 of a key or of a script. */
  readonly hash: string;
  /** Name of the contract; undefined: the account itself. */
  readonly contract?: string | undefined;
}

/** Address versions: of one signature and of several, on the main network and on test networks. */
export const ADDRESS_VERSION = { mainSingle: 22, mainMulti: 20, testSingle: 26, testMulti: 21 } as const;

/** Whether a text is the name of a contract: 1 to 128 characters. A contract that is published today has at most 40. */
export function isContractName(text: string): boolean {
  return text.length <= 128 && /^(?:[a-zA-Z][a-zA-Z0-9\-_]*|__transient)$/u.test(text);
}

/** The address, and for a contract "." and its name. Throws `ClarityError`. */
export function principalText({ version, hash, contract }: Principal): string {
  if (!/^[0-9a-f]{40}$/u.test(hash)) throw new ClarityError('principal', 'a hash160 has 40 lower-case hex digits');
  if (contract !== undefined && !isContractName(contract)) throw new ClarityError('name', 'no name of a contract');
  const address = encodeAddress(version, fromHex(hash));
  return contract === undefined ? address : `${address}.${contract}`;
}

/** Reads what `principalText` writes. Throws `ClarityError`. */
export function parsePrincipal(text: string): Principal {
  const dot = text.indexOf('.');
  const { version, hash } = decodeAddress(dot < 0 ? text : text.slice(0, dot));
  if (dot < 0) return { version, hash: toHex(hash) };
  const contract = text.slice(dot + 1);
  if (!isContractName(contract)) throw new ClarityError('name', 'no name of a contract');
  return { version, hash: toHex(hash), contract };
}
