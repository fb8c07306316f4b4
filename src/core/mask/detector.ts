/** What looks like personal data or a credential in text that a plan keeps. */
export const DETECTORS = ['email', 'phone', 'card', 'iban', 'ip', 'key', 'token'] as const;
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
