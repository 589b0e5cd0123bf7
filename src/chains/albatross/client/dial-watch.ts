import type { Clock } from '../../../base/clock.ts';
import type { ClientLog } from '../../../engine/client-log.ts';
import { DialLog } from '../../../engine/live/dial-log.ts';
import type { PeerId } from '../../../engine/peers/peer-net.ts';
import type { AlbatrossNode } from '../net/node-types.ts';
import { AddressBook } from './peer-views.ts';

/** Dials in a row that must fail before the peers count as unreachable: as many as are tried at once. */
const FAILED_DIALS = 4;

/** Follows how dials end: keeps the addresses for display, logs failures, and tells whether peers can be reached at all. */
export class DialWatch {
  readonly addresses = new AddressBook();
  readonly #log: DialLog;
  readonly #isBanned: (peer: PeerId) => boolean;
  /** Failed dials since the last peer joined. */
  #failed = 0;

  constructor(clock: Clock, log: ClientLog, isBanned: (peer: PeerId) => boolean) {
    this.#isBanned = isBanned;
    this.#log = new DialLog(clock, (data) => void log.add('peers', 'info', 'peer-not-reached', data));
  }

  listen({ events }: Pick<AlbatrossNode, 'events'>): void {
    events.on('joined', (peer) => {
      this.#failed = 0;
      this.addresses.joined(peer);
    });
    events.on('dialing', (event) => this.addresses.dialing(event));
    events.on('down', (event) => {
      if (event.code !== 'surplus') this.#failed++;
      this.addresses.down(event);
      if (event.dial && event.code !== 'surplus') this.#log.failed(event);
    });
  }

  /** Why the addresses that were dialled last are not connected, as codes, and the number of dials under way. An address of a banned peer is not dialled, whatever ended its connection. */
  get dials(): { readonly failed: readonly string[]; readonly underWay: number } {
    const entries = this.addresses.entries();
    const codeOf = (id: PeerId | undefined, code: string) => (id !== undefined && this.#isBanned(id) ? 'banned' : code);
    return { failed: entries.flatMap(({ state, id, reason }) => (state === 'down' && reason ? [codeOf(id, reason.code)] : [])), underWay: entries.filter(({ state }) => state === 'connecting').length };
  }

  /** Whether so many dials failed, one after the other, that no peer seems to be reachable. `seeds`: number of seeds. */
  unreachable(seeds: number): boolean {
    return this.#failed >= Math.min(FAILED_DIALS, seeds);
  }
}
