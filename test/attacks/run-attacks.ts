import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Devnet } from '../../devnet/devnet.ts';
import type { RawPeer } from '../support/raw-peer-fixture.ts';
import { AttackWorld, type Attacker } from './attack-world.ts';
import { madeNodes } from './client-nodes.ts';
import type { Figures } from './figures.ts';
import type { NodeClientOptions } from '../support/node-client.ts';

/** At full size, as in `npm run test:long`; the report is then a file with a line of JSON for each attack. */
const report = process.env['PETREL_ATTACKS_REPORT'];
export const long = report !== undefined;

/** One attack: it runs beside honest peers that make blocks, and has attackers of its own. */
export interface Attack {
  readonly name: string;
  /** How often the attackers do what they do, in `npm test` and in full. */
  readonly size: { readonly short: number; readonly long: number };
  /** Default 1. */
  readonly attackers?: number;
  /** They do not answer the client's handshake. */
  readonly silent?: boolean;
  /** Called for each before the client starts. */
  readonly prepare?: (attacker: RawPeer, devnet: Devnet) => Promise<void> | void;
  /** Blocks that are made while it runs; each must be followed before the next. Default 1. */
  readonly blocks?: number;
  /** Blocks that the client's head may be behind the network's while it runs; when it is over, none. Default 0. */
  readonly lag?: number;
  /** Does it, at most `size` times. Resolves with how often it came to that. */
  act(attackers: readonly Attacker[], size: number, world: AttackWorld): Promise<number>;
  /** Bytes that may be kept while it is held, beside what any attack may cost. Default 8 MB. */
  readonly heap?: number;
  /** Streams that may be open for each attacker. Default 192, as many as the client lets in, and 16 of its own. */
  readonly streams?: number;
  /** What else must hold. */
  readonly verdict?: (figures: Figures, world: AttackWorld) => void | Promise<void>;
}

/**
 * Runs attacks one after the other in one world. Whatever the attack: the client has the network's head, by the same number of blocks; its three honest peers are
 * live and not blamed; what it keeps is bounded. Nothing is judged by time.
 */
export function runAttacks(title: string, attacks: readonly Attack[], client?: Partial<NodeClientOptions>): void {
  describe(`${title} (issue 11.12)`, () => {
    let world: AttackWorld;
    const owner: Attack[] = attacks.flatMap((attack) => Array.from({ length: attack.attackers ?? 1 }, () => attack));
    beforeAll(async () => {
      world = await AttackWorld.open({
        attackers: owner.length, client,
        silent: (index) => owner[index]?.silent === true,
        prepare: (raw, index, devnet) => owner[index]?.prepare?.(raw, devnet),
      }, () => madeNodes);
    });
    afterAll(() => world?.close());

    it.each(attacks.map((attack) => [attack.name, attack] as const))('%s', async (name, attack) => {
      const attackers = world.attackers.filter((_, index) => owner[index] === attack);
      const size = long ? attack.size.long : attack.size.short;
      await Promise.all(attackers.map((attacker) => attacker.nextConnection()));
      await world.begin();
      const [acts] = await Promise.all([attack.act(attackers, size, world), world.follow(attack.blocks ?? 1, attack.lag)]);
      // Where it was on another branch of the same length, the second block decides.
      await world.devnet.produce(attack.lag ?? 0);
      await world.follow(1);
      const figures = await world.end(name, attackers, acts, size);
      record(figures);
      const held = {
        heap: figures.heap < (attack.heap ?? 8_000_000),
        streams: figures.streams <= (attack.streams ?? 208) * attackers.length,
        connections: figures.connections <= 2 * attackers.length,
      };
      // All in one, so that a failure shows all figures.
      expect({ ...figures, held, tookPlace: acts > 0 }).toMatchObject({ client: figures.network, wronged: 0, live: 3, held: { heap: true, streams: true, connections: true }, tookPlace: true });
      await attack.verdict?.(figures, world);
    });
  });
}

/** A line of the report, if there is one. */
export function record(figures: Figures): void {
  if (report) appendFileSync(report, `${JSON.stringify(figures)}\n`);
}

/** A turn of the event loop, in which sockets have theirs. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

/** Does `step` until it was done `size` times or the client has ended the connection. Resolves with how often. */
export async function whileOpen(attacker: Attacker, size: number, step: (from: number, count: number) => void, perTurn = 500): Promise<number> {
  let done = 0;
  while (done < size && attacker.open) {
    const count = Math.min(perTurn, size - done);
    step(done, count);
    done += count;
    await nextTurn();
  }
  return done;
}
