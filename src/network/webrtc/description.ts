import type { RtcCandidate } from './rtc-host.ts';

/** Characters of a description; one for a data channel alone has some 400 to 700, and 100 more for each candidate in it. */
export const MAX_DESCRIPTION = 8_192;

/** Characters of a candidate; the longest seen have 200. */
export const MAX_CANDIDATE = 512;

/** Candidates taken from one side: more than the interfaces of any machine, and a bound on whom a stranger can have us send packets to. */
export const MAX_CANDIDATES = 24;

/**
 * Whether a stranger's description (SDP, RFC 8866) is one we hand to the browser: printable lines, one section, and that for data channels. Sound and
 * pictures would be negotiated too, if they stood there.
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
