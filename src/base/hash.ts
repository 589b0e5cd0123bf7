/** 32-byte hash as 64 lower-case hex digits. */
export type Hash = string;
