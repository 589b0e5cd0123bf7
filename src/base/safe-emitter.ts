import { Emitter } from './emitter.ts';

/**
 * An emitter for listeners of outside code: an error that they throw must not reach the chain in the middle of a push. The errors are
 * dropped here, because the log is itself one of the emitted events.
 */
export class SafeEmitter<Events extends object> extends Emitter<Events> {
  override emit<K extends keyof Events>(name: K, event: Events[K]): void {
    try {
      super.emit(name, event);
    } catch {
      // Listeners must handle their own errors.
    }
  }
}
