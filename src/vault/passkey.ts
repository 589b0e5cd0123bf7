/**
 * Passkeys that give a secret (WebAuthn, extension `prf`): for the same salt the same 32 bytes, and only after the person has confirmed on
 * the device. They encrypt the key of an account; they sign nothing.
 * @module
 * @see https://www.w3.org/TR/webauthn-3/#prf-extension
 */
import { KEY_LENGTH } from './secret-box.ts';
import { VaultError } from './vault-error.ts';

export interface Passkeys {
  /** Whether this browser may have passkeys that give secrets. Whether the device does shows only when one is made. */
  isSupported(): Promise<boolean>;
  /** Makes one. @throws {VaultError} `passkey-failed`, `no-passkey` if it gives no secret. */
  create(name: string, salt: Uint8Array): Promise<{ readonly credential: Uint8Array; readonly secret: Uint8Array }>;
  /** The secret of a passkey, 32 bytes. @throws {VaultError} `passkey-failed`, `no-passkey`. */
  secret(credential: Uint8Array, salt: Uint8Array): Promise<Uint8Array>;
}

/** Milliseconds for the person. */
const TIMEOUT = 120_000;
/** COSE: EdDSA, ES256, RS256. */
const ALGORITHMS = [-8, -7, -257];

/** The passkeys of the browser, for this site. */
export const browserPasskeys: Passkeys = {
  async isSupported() {
    if (typeof PublicKeyCredential === 'undefined') return false;
    const capabilities = await PublicKeyCredential.getClientCapabilities?.();
    return capabilities?.['extension:prf'] !== false;
  },

  async create(name, salt) {
    const credential = await asked(() =>
      navigator.credentials.create({
        publicKey: {
          rp: { name: 'Petrel' },
          user: { id: crypto.getRandomValues(new Uint8Array(16)), name, displayName: name },
          // Nobody checks an attestation: the secret is what counts.
          challenge: crypto.getRandomValues(new Uint8Array(32)),
          pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
          authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
          timeout: TIMEOUT,
          extensions: prf(salt),
        },
      }),
    );
    const id = new Uint8Array(credential.rawId);
    const results = credential.getClientExtensionResults().prf;
    if (results?.enabled !== true) throw new VaultError('no-passkey', 'this passkey gives no secret');
    // Many devices give it only at the second question.
    return { credential: id, secret: secretIn(results.results?.first) ?? (await browserPasskeys.secret(id, salt)) };
  },

  async secret(id, salt) {
    const credential = await asked(() =>
      navigator.credentials.get({
        publicKey: {
          challenge: crypto.getRandomValues(new Uint8Array(32)),
          allowCredentials: [{ type: 'public-key', id: new Uint8Array(id) }],
          userVerification: 'required',
          timeout: TIMEOUT,
          extensions: prf(salt),
        },
      }),
    );
    const secret = secretIn(credential.getClientExtensionResults().prf?.results?.first);
    if (!secret) throw new VaultError('no-passkey', 'this passkey gives no secret');
    return secret;
  },
};

function prf(salt: Uint8Array): AuthenticationExtensionsClientInputs {
  return { prf: { eval: { first: new Uint8Array(salt) } } };
}

async function asked(question: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let credential: Credential | null;
  try {
    credential = await question();
  } catch (cause) {
    throw new VaultError('passkey-failed', `the passkey was not used: ${cause instanceof Error ? cause.message : String(cause)}`, undefined, { cause });
  }
  if (!(credential instanceof PublicKeyCredential)) throw new VaultError('passkey-failed', 'the browser gave no passkey');
  return credential;
}

function secretIn(first: BufferSource | undefined): Uint8Array | undefined {
  if (!first) return undefined;
  const bytes = ArrayBuffer.isView(first) ? new Uint8Array(first.buffer.slice(first.byteOffset, first.byteOffset + first.byteLength)) : new Uint8Array(first);
  return bytes.length === KEY_LENGTH ? bytes : undefined;
}
