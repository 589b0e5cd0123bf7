import { fieldsOf } from '../widget/plain-data.ts';
import { type FromFrame, type Hello, VERSIONS } from '../widget/protocol.ts';
import { newNonce } from './new-nonce.ts';

/** What the frame knows of its host when both have agreed. */
export interface Session {
  /** The origin of the embedding page, as the browser tells it; `null` for pages without one. */
  readonly host: string;
  readonly port: MessagePort;
  /** Unchecked. */
  readonly options: unknown;
  readonly version: number;
}

/** The parts of the frame's window that the handshake needs. */
export interface HandshakeWindow {
  readonly parent: Pick<Window, 'postMessage'>;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/**
 * Says hello to the embedding page, and takes one port from it. Everything else that arrives is ignored and counted: from another window,
 * with another nonce, before or after the one answer.
 */
export function shakeHands(window: HandshakeWindow, onSession: (session: Session) => void, onRefused: (reason: 'version') => void, versions: readonly number[] = VERSIONS): { readonly ignored: number } {
  const { parent } = window;
  const nonce = newNonce();
  const state = { ignored: 0 };
  let done = false;
  window.addEventListener('message', ({ data, origin, source, ports }) => {
    const welcome = source === parent && !done ? fieldsOf(data) : undefined;
    const [port] = ports;
    if (!welcome || welcome['petrel'] !== 1 || welcome['nonce'] !== nonce || ports.length !== 1 || !port) {
      state.ignored += 1;
      return;
    }
    done = true;
    const spoken = Array.isArray(welcome['versions']) ? (welcome['versions'] as readonly unknown[]) : [];
    const version = Math.max(...versions.filter((own) => spoken.includes(own)));
    if (!Number.isFinite(version)) {
      port.postMessage({ refused: 'version' } satisfies FromFrame, []);
      onRefused('version');
      return;
    }
    onSession({ host: origin, port, options: welcome['options'], version });
  });
  parent.postMessage({ petrel: 1, hello: nonce } satisfies Hello, '*');
  return state;
}
