/** What decides whether the frame needs the network. */
export interface Attention {
  /** The frame is on the screen. */
  seen: boolean;
  /** Requests of the host that wait for an answer. */
  open: number;
  /** A signed payment is being given to the network. */
  sending: boolean;
  /** A payment can still change. */
  following: boolean;
}

/** Pauses the client while nobody sees the frame, asks it anything or waits for a payment. */
export function attentionOf(client: { pause(): void; resume(): void }): { change(change: Partial<Attention>): void } {
  const now: Attention = { seen: true, open: 0, sending: false, following: false };
  let paused = false;
  return {
    change(change) {
      Object.assign(now, change);
      const idle = !now.seen && now.open === 0 && !now.sending && !now.following;
      if (idle === paused) return;
      paused = idle;
      if (idle) client.pause();
      else client.resume();
    },
  };
}

/** Calls `onChange` when the page comes onto the screen or leaves it. */
export function watchSeen(document: Document, onChange: (seen: boolean) => void): void {
  let intersects = true;
  const tell = () => onChange(intersects && document.visibilityState !== 'hidden');
  document.addEventListener('visibilitychange', tell);
  new IntersectionObserver((entries) => {
    intersects = entries.at(-1)?.isIntersecting ?? true;
    tell();
  }).observe(document.documentElement);
}
