import { publicKeyFromRaw } from '@libp2p/crypto/keys';
import type { Ed25519PrivateKey } from '@libp2p/interface';
import { peerIdFromPublicKey } from '@libp2p/peer-id';
import { contactSigningBytes, MAX_CONTACT_ADDRESSES, signingTags, taggedMessage } from '../wire/discovery.ts';
import type { PeerContact, SignedPeerContact } from '../wire/discovery.ts';

/** The peer id that belongs to a contact's key, as text; undefined when the bytes are no Ed25519 key. */
export function contactPeerId(contact: PeerContact): string | undefined {
  try {
    const key = publicKeyFromRaw(contact.publicKey);
    return key.type === 'Ed25519' ? peerIdFromPublicKey(key).toString() : undefined;
  } catch {
    return undefined;
  }
}

async function verifies(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  try {
    return await publicKeyFromRaw(publicKey).verify(message, signature);
  } catch {
    // The key or the signature cannot be decoded.
    return false;
  }
}

/** Whether a contact is signed by its key and has at most 15 addresses. Albatross network reference, 2.5 and 2.6. */
export async function verifyContact(signed: SignedPeerContact): Promise<boolean> {
  if (signed.contact.addresses.length > MAX_CONTACT_ADDRESSES || signed.signature.length !== 64) return false;
  return verifies(signed.contact.publicKey, contactSigningBytes(signed.contact), signed.signature);
}

/** Whether the holder of `publicKey` signed our nonce. */
export function verifyChallenge(publicKey: Uint8Array, nonce: Uint8Array, signature: Uint8Array): Promise<boolean> {
  return verifies(publicKey, taggedMessage(signingTags.challenge, nonce), signature);
}

export async function signContact(key: Ed25519PrivateKey, contact: PeerContact): Promise<SignedPeerContact> {
  return { contact, signature: await key.sign(contactSigningBytes(contact)) };
}

/** Our answer to the other side's nonce, 64 bytes. */
export async function signChallenge(key: Ed25519PrivateKey, nonce: Uint8Array): Promise<Uint8Array> {
  return key.sign(taggedMessage(signingTags.challenge, nonce));
}
