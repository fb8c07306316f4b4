import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DatabaseName } from '../names.js';

/** As many random bytes as SHA-256 gives. */
export const JOURNAL_KEY_BYTES = 32;

const SEALED = /^hmac-sha256 ([0-9a-f]{64})\n/;

/** Signs the text of a journal for the database that it stands in: elsewhere it says nothing. */
export const sealJournal = (key: Uint8Array, database: DatabaseName, text: string): string =>
  `hmac-sha256 ${signatureOf(key, database, text)}\n${text}`;

export interface OpenedJournal {
  /** `checked`: signed with one of the keys. `unsigned`: no signature stands before it. */
  readonly seal: 'checked' | 'unchecked' | 'unsigned';
  readonly text: string;
}

/** Takes the signature off, and says whether one of the keys made it for this database. */
export const openJournal = (
  keys: readonly Uint8Array[],
  database: DatabaseName,
  body: string,
): OpenedJournal => {
  const [head, signature] = SEALED.exec(body) ?? [];
  if (head === undefined || signature === undefined) return { seal: 'unsigned', text: body };
  const text = body.slice(head.length);
  const isSigned = keys.some((key) =>
    timingSafeEqual(Buffer.from(signature), Buffer.from(signatureOf(key, database, text))),
  );
  return { seal: isSigned ? 'checked' : 'unchecked', text };
};

const signatureOf = (key: Uint8Array, database: DatabaseName, text: string): string =>
  createHmac('sha256', key).update(`mysql-sync journal\n${database}\n${text}`).digest('hex');
