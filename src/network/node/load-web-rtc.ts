import type { RtcHost } from '../../engine/rtc-host.ts';
import { parseBrowserAddress } from '../browser-addresses.ts';
import type { WebRtc, WebRtcOptions } from '../webrtc/webrtc.ts';

export interface LoadWebRtcOptions extends Omit<WebRtcOptions, 'host'> {
  readonly host: RtcHost | undefined;
  readonly onFailed: () => void;
}

/** Loads the WebRTC code only if there is a relay or a browser to dial. Resolves with undefined if there is none, or if the code could not be loaded. */
export async function loadWebRtc({ host, onFailed, ...options }: LoadWebRtcOptions): Promise<WebRtc | undefined> {
  const { relays, seeds } = options;
  if (host === undefined || (relays.length === 0 && seeds.every((seed) => parseBrowserAddress(seed) === undefined))) return undefined;
  // The file may be missing, for example after another build was deployed. Nodes are reached without it.
  const loaded = await import('../webrtc/webrtc.ts').catch(onFailed);
  return loaded?.createWebRtc({ ...options, host });
}
