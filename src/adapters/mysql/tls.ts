import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SslOptions } from 'mysql2/promise';
import type { Endpoint } from '../../core/connection.js';
import { SyncError } from '../../core/errors.js';
import { describeEvidence } from './errors.js';

/** One way to try: with these TLS options, or without TLS. */
export type TlsAttempt = SslOptions | undefined;

const UNVERIFIED: SslOptions = { rejectUnauthorized: false };

/**
 * The ways to try, in their order. The second one is for servers that have no TLS and for no other failure:
 * falling back on any error would let whoever breaks the handshake read the traffic. A unix socket never leaves the
 * machine, so there `preferred` means plain, as for the vendors' clients.
 * @throws SyncError CONN_TLS when the CA file cannot be used.
 */
export const listTlsAttempts = async (endpoint: Endpoint): Promise<readonly TlsAttempt[]> => {
  const { tls, address } = endpoint;
  switch (tls.mode) {
    case 'disabled':
      return [undefined];
    case 'preferred':
      return address.kind === 'socket'
        ? [undefined]
        : [UNVERIFIED, undefined].map((way) => way && { ...way });
    case 'required':
      return [{ ...UNVERIFIED }];
    case 'verify-ca':
    case 'verify-identity':
      return [
        {
          rejectUnauthorized: true,
          verifyIdentity: tls.mode === 'verify-identity',
          ...(tls.ca === undefined ? {} : { ca: await readAuthorities(endpoint, tls.ca) }),
        },
      ];
  }
};

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g;

/** Node ignores what it cannot parse in a CA file and then distrusts every server, so the file is checked here. */
const readAuthorities = async ({ name }: Endpoint, path: string): Promise<string[]> => {
  try {
    const certificates = (await readFile(path, 'utf8')).match(CERTIFICATE) ?? [];
    if (certificates.length === 0) throw new Error('there is no PEM certificate in it');
    for (const certificate of certificates) new X509Certificate(certificate);
    return certificates;
  } catch (error) {
    throw new SyncError('CONN_TLS', {
      message: `${name}: cannot use the CA file ${path}: ${describeEvidence(error)}`,
      hints: ['It must hold the signing certificates in PEM format (-----BEGIN CERTIFICATE-----).'],
      cause: error,
    });
  }
};
