import { createHmac } from 'node:crypto';
import type { Secret } from '../secret.js';

/**
 * Tells in a saved plan, and of a copy, whether a key is the one that it was made with: 16 hex digits. Short keys could be tried against
 * it until one fits; of a long random one, as `openssl rand -hex 32` makes it, there are too many to try, and 64 bits of an
 * HMAC tell nothing of the masks, which are made of other texts.
 */
export const keyFingerprint = (key: Secret): string =>
  createHmac('sha256', key.reveal())
    .update('mysql-sync: fingerprint of a mask key')
    .digest('hex')
    .slice(0, 16);
