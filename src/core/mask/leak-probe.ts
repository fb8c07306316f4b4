import { createHmac } from 'node:crypto';
import type { Secret } from '../secret.js';
import type { Detector } from './detector.js';

/** How values are compared: letters in lower case, or digits and letters without what people write between them. */
export type ProbeForm = 'word' | 'number';

const FORMS: Readonly<Record<Detector, ProbeForm | undefined>> = {
  email: 'word',
  ip: 'word',
  token: 'word',
  phone: 'number',
  card: 'number',
  iban: 'number',
  // What is found of it is its first line, which all have.
  key: undefined,
};

/** Keyed hashes of values in one form. */
export interface Probes {
  readonly form: ProbeForm;
  readonly hashes: readonly string[];
}

export const probeFormOf = (kind: Detector): ProbeForm | undefined => FORMS[kind];

/** What a number may be written with, and zeros in front: `0049` and `+49` are one. */
export const PROBE_SEPARATORS = [' ', '-', '.', '(', ')', '/', '+'] as const;

export const normalizeProbe = (form: ProbeForm, text: string): string => {
  if (form === 'word') return text.trim().toLowerCase();
  const separators: readonly string[] = PROBE_SEPARATORS;
  const bare = Array.from(text).filter((character) => !separators.includes(character));
  return bare.join('').toUpperCase().replace(/^0+/, '');
};

/** Its hashes are no masks: those are of other texts. */
export const PROBE_TAG = 'probe';

/** HMAC-SHA256 of what was found, in its form, as 64 hexadecimal digits: nobody can tell the value by it without the key. */
export const hashProbe = (key: Secret, normalized: string): string =>
  createHmac('sha256', key.reveal()).update(`${PROBE_TAG}:${normalized}`).digest('hex');

/** So many different values of one kind are looked up of a column. */
export const MOST_PROBES = 100;
