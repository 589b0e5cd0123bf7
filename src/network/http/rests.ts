// Tests: `src/network/http/http-gets.test.ts`.
/** Servers whose rests are remembered; at the bound the one that was told first is forgotten. A client has at most 64 addresses. */
const MAX_SERVERS = 64;

/** Until when servers want to be left alone. It outlives connections, so that dialling a server again does not ask it too early. */
export class Rests {
  /** Monotonic milliseconds by server. */
  readonly #until = new Map<string, number>();

  /** Monotonic milliseconds; -Infinity: it does not say so. */
  until(server: string): number {
    return this.#until.get(server) ?? -Infinity;
  }

  /** A later time of the same server counts. */
  add(server: string, until: number): void {
    const latest = Math.max(until, this.until(server));
    this.#until.delete(server);
    this.#until.set(server, latest);
    if (this.#until.size > MAX_SERVERS) this.#until.delete(this.#until.keys().next().value!);
  }
}
