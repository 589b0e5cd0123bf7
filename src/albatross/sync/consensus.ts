/** `connecting`: not yet established; `lost`: was established, too few live peers are left. */
export type ConsensusState = 'connecting' | 'established' | 'lost';

export interface ConsensusRule {
  readonly minPeers: number;
  /** Accepted announcements that suffice. */
  readonly announcements: number;
}

/**
 * The consensus rule: established with enough live peers and either enough accepted announcements or a head round in which we knew at
 * least twice as many heads as we did not; lost when the live peers get too few. A round that nobody answered says nothing (the reference
 * lets it pass), and what was counted before a loss does not count after it. Albatross block reference, section 7.
 */
export class Consensus {
  readonly #rule: ConsensusRule;
  #state: ConsensusState = 'connecting';
  #peers = 0;
  #announcements = 0;
  #roundPassed = false;

  constructor(rule: ConsensusRule) {
    this.#rule = rule;
  }

  get state(): ConsensusState {
    return this.#state;
  }

  /** Whether a head round could establish it now. */
  get ready(): boolean {
    return this.#peers >= this.#rule.minPeers;
  }

  /** The number of live peers. */
  peers(count: number): void {
    this.#peers = count;
    if (!this.ready) this.#roundPassed = false;
    this.#decide();
  }

  /** An announced block that became the head. */
  announcementAccepted(): void {
    this.#announcements += 1;
    this.#decide();
  }

  /** The outcome of a head round. */
  round(known: number, unknown: number): void {
    this.#roundPassed = this.ready && known > 0 && known >= 2 * unknown;
    this.#decide();
  }

  /** The chain starts over. */
  reset(): void {
    this.#announcements = 0;
    this.#roundPassed = false;
    if (this.#state === 'established') this.#state = 'lost';
  }

  #decide(): void {
    if (this.#state === 'established' && !this.ready) {
      this.reset();
      return;
    }
    if (this.#state !== 'established' && this.ready && (this.#roundPassed || this.#announcements >= this.#rule.announcements)) this.#state = 'established';
  }
}
