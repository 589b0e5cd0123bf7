import type { TrustLevel } from '../engine/trust.ts';

/** What `petrel` is asked to do. */
export interface Arguments {
  readonly file: string;
  /** Path of a JSON file with the network's parameters. */
  readonly network: string | undefined;
  readonly trusted: readonly string[];
  readonly minLevel: TrustLevel | undefined;
}

export const usage = `petrel verify [options] <file>

Verifies a proof file (.petrel) of Nimiq Albatross, HotStuff-2, Moloch or Stacks, without connecting to anything. Ends with 0 if it is proven, else with 1.

  --network <file>    JSON file with the parameters of a network that is not built in; for other chains than Albatross always:
                      what it names is trusted, its validators or its checkpoint
  --trust <hash>      Albatross: an election block that you trust, by its hash (64 hex digits); may be repeated
  --level <level>     Albatross: the least that counts: proven, pinned (default) or claimed`;

const levels: readonly TrustLevel[] = ['claimed', 'pinned', 'proven'];

/** The arguments after the script's name; undefined if they are not as `usage` says. */
export function readArguments([command, ...rest]: readonly string[]): Arguments | undefined {
  if (command !== 'verify') return undefined;
  const files: string[] = [];
  const trusted: string[] = [];
  let network: string | undefined;
  let minLevel: TrustLevel | undefined;
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] ?? '';
    if (!word.startsWith('--')) {
      files.push(word);
      continue;
    }
    at += 1;
    const value = rest[at];
    if (value === undefined) return undefined;
    if (word === '--trust' && /^[0-9a-fA-F]{64}$/u.test(value)) trusted.push(value.toLowerCase());
    else if (word === '--network') network = value;
    else if (word === '--level') {
      minLevel = levels.find((level) => level === value);
      if (minLevel === undefined) return undefined;
    } else return undefined;
  }
  const [file] = files;
  return file === undefined || files.length > 1 ? undefined : { file, network, trusted, minLevel };
}
