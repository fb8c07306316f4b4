import { hash } from 'node:crypto';

/** SHA-256 of the text, as 64 lower-case hex digits. */
export const sha256Hex = (text: string): string => hash('sha256', text, 'hex');

/** A short, stable name for a list of facts: the first 16 hex digits of SHA-256 over their JSON. */
export const fingerprintOf = (facts: unknown): string => sha256Hex(JSON.stringify(facts)).slice(0, 16);
