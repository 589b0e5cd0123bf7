/**
 * How one validator set hands over to the next (HotStuff-2 reference, 4.6): a header announces a set; it is used when the announcing block is final by the
 * old set alone.
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import type { FinalityProof } from '../wire/finality-proof.ts';
import type { Header } from '../wire/header.ts';
import { payloadRoot } from './payload-root.ts';
import type { RuleCode } from './rule-code.ts';

/** What a block says of its chain's sets, with what came before it. */
export interface SetStanding {
  readonly header: Header;
  /** Whether the announcing block of an open announcement is final by the announcing set alone. */
  readonly announcementFinal: boolean;
}

/** Whether a header announces a set, or is a descendant of one that did, before the switch. */
export function hasOpenAnnouncement({ validators, nextValidators }: Header): boolean {
  return validators !== nextValidators;
}

/** The standing of a block from which a client starts: genesis, or a pinned final block, whose announcement is final with it. */
export function pinnedStanding(header: Header): SetStanding {
  return { header, announcementFinal: hasOpenAnnouncement(header) };
}

/** The set that a finality proof, which was verified, shows to be announced: both of its blocks are of the announcing set. Undefined: none. */
export function announcedBy({ final, child }: FinalityProof): Hash | undefined {
  return hasOpenAnnouncement(final.header) && child.header.validators === final.header.validators ? final.header.nextValidators : undefined;
}

const emptyRoot = payloadRoot([]);

/** The standing of a child, or the rule that it breaks. Both blocks must be certified; their certificates are checked elsewhere. */
export function handOver(parent: SetStanding, child: Header): SetStanding | RuleCode {
  const { validators, nextValidators, view } = parent.header;
  const isOpen = hasOpenAnnouncement(parent.header);
  if (child.validators === validators) {
    if (!isOpen) return { header: child, announcementFinal: false };
    if (child.nextValidators !== nextValidators) return 'announcement-changed';
    if (child.payloadRoot !== emptyRoot) return 'not-empty';
    return { header: child, announcementFinal: parent.announcementFinal || child.view === view + 1 };
  }
  if (!isOpen || child.validators !== nextValidators) return 'unknown-set';
  if (!parent.announcementFinal) return 'handover-not-final';
  return child.nextValidators === child.validators ? { header: child, announcementFinal: false } : 'second-announcement';
}

/** The rule of validator sets that a block and its child break by themselves, whatever came before them. */
export function checkSetsOfPair(parent: Header, child: Header): RuleCode | undefined {
  const standing = handOver({ header: parent, announcementFinal: true }, child);
  return typeof standing === 'string' ? standing : undefined;
}
