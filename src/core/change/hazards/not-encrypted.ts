import type { Hazard, ServerSummary } from '../change-set.js';

/** Where TLS was wanted and is not had, whoever is on the way reads along. Said once a server, not once a database. */
export const notEncrypted = (servers: readonly ServerSummary[]): readonly Hazard[] =>
  servers
    .filter(({ tls }) => tls.mode === 'preferred' && tls.version === null && !tls.isLocal)
    .map(({ name, address }) => ({
      code: 'NOT_ENCRYPTED',
      severity: 'note',
      message: `${name} (${address}) offers no TLS: what is copied can be read and changed on the network`,
      hint: NOT_ENCRYPTED_HINT,
    }));

/** What to do about a connection that is not encrypted. */
export const NOT_ENCRYPTED_HINT =
  'Switch TLS on there, and insist on it with the TLS mode "required"; "disabled" says that it is meant.';
