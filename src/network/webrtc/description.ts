import type { CandidateHosts } from './candidate-hosts.ts';
import type { RtcCandidate } from '../../engine/rtc-host.ts';

/** Maximum characters of a description. A description for one data channel has some 400 to 700, and 100 more for each candidate in it. */
export const MAX_DESCRIPTION = 8_192;

/** Maximum characters of a candidate; the longest seen have 200. */
export const MAX_CANDIDATE = 512;

/**
 * Candidates taken from one side: more than any machine has interfaces. It bounds how many hosts an unknown peer can make us send packets
 * to.
 */
export const MAX_CANDIDATES = 24;

/**
 * Whether an unknown peer's description (SDP, RFC 8866) may be handed to the browser: printable lines, with exactly one section, for data
 * channels. Otherwise the browser would negotiate audio and video sections too.
 */
export function isDataDescription(text: string): boolean {
  if (text.length > MAX_DESCRIPTION || !/^v=0\r\n(?:[a-z]=[\x20-\x7e]*\r\n)+$/.test(text)) return false;
  const lines = text.split('\r\n');
  const sections = lines.filter((line) => line.startsWith('m='));
  if (lines.filter((line) => line.startsWith('a=candidate:')).length > MAX_CANDIDATES) return false;
  return sections.length === 1 && /^m=application \d{1,5} (?:UDP|TCP)\/DTLS\/SCTP webrtc-datachannel$/.test(sections[0] as string);
}

export function isCandidate({ candidate, mid }: RtcCandidate): boolean {
  return candidate.length <= MAX_CANDIDATE && /^candidate:[\x20-\x7e]+$/.test(candidate) && /^[\x21-\x7e]{0,16}$/.test(mid);
}

/**
 * Whether a candidate that passed `isCandidate` is handed to the browser. TCP candidates are not: no browser listens on TCP, and a browser
 * would connect to whatever does. The candidate must have the exact form of RFC 8839, so that the browser reads the same host.
 */
export function isReachable(candidate: string, hosts: CandidateHosts): boolean {
  const host = /^candidate:[^ ]+ \d+ udp \d+ ([^ ]+) \d+ typ (?:host|srflx|prflx|relay)(?: |$)/i.exec(candidate)?.[1];
  return host !== undefined && hosts(host);
}

/** The description without the candidates that are not handed to the browser. */
export function withReachable(description: string, hosts: CandidateHosts): string {
  const lines = description.split('\r\n');
  return lines.filter((line) => !/^a=candidate/i.test(line) || isReachable(line.slice(2), hosts)).join('\r\n');
}
