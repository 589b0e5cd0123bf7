import type { Clock } from '../base/clock.ts';

/** Milliseconds in which the page takes no input after it appeared or got the focus. */
export const GUARD = 500;

/** What a person does with keys and pointers. */
const inputs = ['keydown', 'keypress', 'keyup', 'pointerdown', 'pointerup', 'mousedown', 'mouseup', 'touchstart', 'touchend', 'click', 'dblclick', 'submit'] as const;
/** When the page may have appeared under a pointer or a key that was meant for another one. */
const appearances = ['focus', 'pageshow', 'visibilitychange'] as const;

/**
 * A site could open this page, or bring it to the front, at the moment in which a person clicks or presses a key for something else. So
 * input is dropped, before any other listener sees it, until the page has been seen for half a second.
 */
export class InputGuard {
  readonly #clock: Clock;
  readonly #target: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
  readonly #listeners = new Set<() => void>();
  #open = false;
  #cancel: (() => void) | undefined;

  /** `target`: the window. The first half second begins now. */
  constructor(target: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
    for (const name of inputs) target.addEventListener(name, this.#drop, { capture: true, passive: false });
    for (const name of appearances) target.addEventListener(name, this.#shut, { capture: true });
    this.#shut();
  }

  /** Whether input counts. */
  readonly isOpen = (): boolean => this.#open;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  close(): void {
    this.#cancel?.();
    for (const name of inputs) this.#target.removeEventListener(name, this.#drop, { capture: true });
    for (const name of appearances) this.#target.removeEventListener(name, this.#shut, { capture: true });
  }

  readonly #drop = (event: Event): void => {
    if (this.#open) return;
    event.stopImmediatePropagation();
    event.preventDefault();
  };

  readonly #shut = (event?: Event): void => {
    // `focus` of an element inside reaches the window too, while it is captured.
    if (event?.type === 'focus' && event.target !== this.#target) return;
    this.#cancel?.();
    this.#set(false);
    this.#cancel = this.#clock.after(GUARD, () => this.#set(true));
  };

  #set(open: boolean): void {
    if (open === this.#open) return;
    this.#open = open;
    for (const listener of Array.from(this.#listeners)) listener();
  }
}
