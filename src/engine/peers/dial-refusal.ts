/** Why an address may not be dialled. */
export type DialRefusal = 'not-a-socket-address' | 'insecure' | 'secure-needs-name' | 'loopback' | 'private';
