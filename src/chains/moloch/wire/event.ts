/**
 * Events (Moloch reference, 2.1): canonical bytes, which are hashed to the event's id and signed, and the attestation after them.
 * @module
 */
import { bytes, decode, encode, key, kinds, list, names, option, signature, struct, text, time, type Codec, type DecodeOptions } from './codec.ts';
import { eventType, type EventType } from './event-type.ts';

export type ActorKind = 'User' | 'System' | 'Agent' | 'Integration';

export interface Actor {
  readonly key: string;
  readonly name: string | undefined;
  readonly kind: ActorKind;
}

export type ResourceKind =
  | 'Repository' | 'Commit' | 'Branch' | 'Tag' | 'PullRequest' | 'Issue' | 'File' | 'User' | 'Organization' | 'Credential' | 'Config' | 'Document' | 'Other';

export interface Resource {
  readonly kind: ResourceKind;
  readonly id: string;
  /** At most 32 resources are inside of each other. */
  readonly parent: Resource | undefined;
}

export type EventOutcome = { readonly kind: 'Success' | 'Pending' } | { readonly kind: 'Failure' | 'Denied'; readonly reason: string };

/** A signature over the 64 bytes of the signature before it. Its time is not signed. */
export interface AttestationLink {
  readonly attester: string;
  readonly signature: Uint8Array;
  readonly time: number;
}

/** `signature`: over the event's canonical bytes. */
export interface Attestation {
  readonly attester: string;
  readonly signature: Uint8Array;
  readonly chain: readonly AttestationLink[];
}

/** What is hashed and signed of an event. `metadata` is opaque; by convention it is JSON. */
export interface EventContent {
  /** Unix milliseconds. */
  readonly time: number;
  readonly type: EventType;
  readonly actor: Actor;
  readonly resource: Resource;
  readonly outcome: EventOutcome;
  readonly metadata: Uint8Array;
}

export interface MolochEvent extends EventContent {
  readonly attestation: Attestation;
}

const resourceKind = names<ResourceKind>(
  'Repository', 'Commit', 'Branch', 'Tag', 'PullRequest', 'Issue', 'File', 'User', 'Organization', 'Credential', 'Config', 'Document', 'Other',
);

const resource: Codec<Resource> = {
  read: (r) => r.nested(() => ({ kind: resourceKind.read(r), id: r.text(), parent: parent.read(r) })),
  write: (w, value) =>
    w.nested(() => {
      resourceKind.write(w, value.kind);
      w.text(value.id);
      parent.write(w, value.parent);
    }),
  minSize: 13,
};
const parent = option(resource);

const contentFields = {
  time,
  type: eventType,
  actor: struct<Actor>({ key, name: option(text), kind: names<ActorKind>('User', 'System', 'Agent', 'Integration') }),
  resource,
  outcome: kinds<EventOutcome>({ Success: {}, Failure: { reason: text }, Denied: { reason: text }, Pending: {} }),
  metadata: bytes,
};
const content: Codec<EventContent> = struct<EventContent>(contentFields);

export const event: Codec<MolochEvent> = struct<MolochEvent>({
  ...contentFields,
  attestation: struct<Attestation>({ attester: key, signature, chain: list(struct<AttestationLink>({ attester: key, signature, time })) }),
});

/** The bytes that are hashed to the event's id, and signed. */
export function canonicalEventBytes(value: EventContent): Uint8Array {
  return encode(content, value);
}

export function encodeEvent(value: MolochEvent): Uint8Array {
  return encode(event, value);
}

/** Throws `MolochCodecError`. */
export function decodeEvent(data: Uint8Array, options?: DecodeOptions): MolochEvent {
  return decode(event, data, options);
}
