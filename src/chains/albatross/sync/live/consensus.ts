/** `connecting`: not yet established; `lost`: was established, too few live peers are left. */
export type ConsensusState = 'connecting' | 'established' | 'lost';

export interface ConsensusRule {
  readonly minPeers: number;
  /** Number of accepted announcements that suffice. */
  readonly announcements: number;
}

/**
 * The consensus rule. Established: enough live peers, and either enough accepted announcements or a head round in which we knew at least
 * twice as many heads as we did not. Lost: too few live peers. A round without answers changes nothing (the reference lets it pass), and
 * counts from before a loss do not count after it. Albatross block reference, section 7. In addition, the chain must rest on the required
 * trust level.
 */
export class Consensus {
  readonly #rule: ConsensusRule;
  #state: ConsensusState = 'connecting';
  #peers = 0;
  #announcements = 0;
  #roundPassed = false;
  #trusted = true;

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

  /** Whether the chain rests on at least the required trust level. */
  trusted(trusted: boolean): void {
    this.#trusted = trusted;
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

  /** The chain was replaced. */
  reset(): void {
    this.#announcements = 0;
    this.#roundPassed = false;
    if (this.#state === 'established') this.#state = 'lost';
  }

  #decide(): void {
    if (this.#state === 'established' && !(this.ready && this.#trusted)) {
      this.reset();
      return;
    }
    if (this.#state !== 'established' && this.ready && this.#trusted && (this.#roundPassed || this.#announcements >= this.#rule.announcements)) this.#state = 'established';
  }
}
