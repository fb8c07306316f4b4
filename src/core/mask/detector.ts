/** What looks like personal data or a credential in text that a plan keeps. */
export const DETECTORS = ['email', 'phone', 'card', 'iban', 'ip', 'key', 'token'] as const;

/**
 * Of what is found in which columns. To be raised when anything else is found than before, so that rows which an earlier version has searched
 * are searched again: by a detector, by its hints, by the watch over rows, or by the choice of columns that it watches.
 */
export const DETECTORS_VERSION = 1;

export type Detector = (typeof DETECTORS)[number];

export const isDetector = (text: unknown): text is Detector =>
  (DETECTORS as readonly unknown[]).includes(text);

/** For people. */
export const DETECTED: Readonly<Record<Detector, string>> = {
  email: 'an e-mail address',
  phone: 'a phone number',
  card: 'a card number',
  iban: 'an IBAN',
  ip: 'a public IPv4 address',
  key: 'a private key',
  token: 'an access token',
};
