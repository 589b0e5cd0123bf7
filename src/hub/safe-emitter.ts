import { Emitter } from '../engine/emitter.ts';

/**
 * An emitter whose listeners belong to somebody else: what they throw must not get back into the chain in the middle of a push. Their
 * errors are dropped here, since the log is one of the things that are emitted.
 */
export class SafeEmitter<Events extends object> extends Emitter<Events> {
  override emit<K extends keyof Events>(name: K, event: Events[K]): void {
    try {
      super.emit(name, event);
    } catch {
      // Theirs to handle.
    }
  }
}
