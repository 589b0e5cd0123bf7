import type { DialRefusal } from '../engine/peers/dial-refusal.ts';
import { dialRefusal, socketText } from './addresses.ts';
import { parseBrowserAddress } from './browser-addresses.ts';

/** Why a seed will never be dialled; undefined if it can be. `browsers`: whether browsers can be dialled, through their relays. */
export function seedRefusal(seed: string, { allowInsecure, browsers }: { readonly allowInsecure: boolean; readonly browsers: boolean }): DialRefusal | undefined {
  const relay = browsers ? parseBrowserAddress(seed)?.relay : undefined;
  return dialRefusal(relay ?? socketText(seed), { source: 'seed', allowInsecure });
}
