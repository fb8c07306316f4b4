import { X509Certificate, createPrivateKey, createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import mysql, { type ConnectionOptions, type SslOptions } from 'mysql2';
import type { Endpoint } from '../../../core/server/connection.js';
import { SyncError } from '../../../core/errors.js';
import { describeEvidence } from './errors.js';
import { UnsafeLogin } from './unsafe-login.js';

/** One way to log in, as mysql2 is told: with these TLS options or without TLS, and how a password may travel there. */
export type LoginWay = Pick<ConnectionOptions, 'authPlugins'> & { readonly ssl?: SslOptions };

const UNVERIFIED: SslOptions = { rejectUnauthorized: false };

/**
 * The ways to try, in their order. The second one is for servers that have no TLS and for no other failure:
 * falling back on any error would let whoever breaks the handshake read the traffic. Whoever strips the offer of TLS
 * from a handshake gets there too, so no password travels on it. A unix socket never leaves the machine, so there
 * `preferred` means plain, as for the vendors' clients.
 * @throws SyncError CONN_TLS when a file of the connection cannot be used.
 */
export const listLoginWays = async (endpoint: Endpoint): Promise<readonly LoginWay[]> => {
  const { tls, address } = endpoint;
  const isSocket = address.kind === 'socket';
  const plain = async (): Promise<LoginWay> => (isSocket ? {} : guardPassword(endpoint));
  const encrypted = async (ssl: SslOptions): Promise<LoginWay> => ({
    ssl: { ...ssl, ...(await readClientCertificate(endpoint)) },
  });
  switch (tls.mode) {
    case 'disabled':
      return [await plain()];
    case 'preferred':
      return isSocket ? [{}] : [await encrypted(UNVERIFIED), await plain()];
    case 'required':
      return [await encrypted(UNVERIFIED)];
    case 'verify-ca':
    case 'verify-identity':
      return [
        await encrypted({
          rejectUnauthorized: true,
          verifyIdentity: tls.mode === 'verify-identity',
          ...(tls.ca === undefined ? {} : { ca: await readAuthorities(endpoint, tls.ca) }),
        }),
      ];
  }
};

/**
 * A wire that is not encrypted. Scrambles travel on it, and a password under the pinned key. Under a key that
 * the other side sends it travels only where the person switched TLS off. In clear it never does: mysql2 refuses that.
 */
const guardPassword = async (endpoint: Endpoint): Promise<LoginWay> => {
  const { mode, serverPublicKey } = endpoint.tls;
  if (serverPublicKey === undefined && mode === 'disabled') return {};
  const options =
    serverPublicKey === undefined
      ? { onServerPublicKey: refuseUnknownKey }
      : { serverPublicKey: await readPublicKey(endpoint, serverPublicKey) };
  return {
    authPlugins: {
      caching_sha2_password: mysql.authPlugins.caching_sha2_password(options),
      sha256_password: mysql.authPlugins.sha256_password(options),
    },
  };
};

const refuseUnknownKey = (): never => {
  throw new UnsafeLogin();
};

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g;

const findCertificates = (text: string): string[] => {
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw new Error('there is no PEM certificate in it');
  for (const certificate of certificates) new X509Certificate(certificate);
  return certificates;
};

/** Node ignores what it cannot parse in a CA file and then distrusts every server, so the file is checked here. */
const readAuthorities = async (endpoint: Endpoint, path: string): Promise<string[]> =>
  readPem(endpoint, { path, what: 'CA file', need: 'the signing certificates' }, findCertificates);

const readPublicKey = async (endpoint: Endpoint, path: string): Promise<Buffer> =>
  readPem(endpoint, { path, what: "file of the server's public key", need: 'the RSA public key' }, (text) => {
    const { asymmetricKeyType = 'unknown' } = createPublicKey(text);
    if (asymmetricKeyType !== 'rsa') throw new Error(`the key is of type ${asymmetricKeyType}, not RSA`);
    return Buffer.from(text);
  });

const readClientCertificate = async (endpoint: Endpoint): Promise<SslOptions> => {
  const { cert, key } = endpoint.tls;
  if (cert === undefined || key === undefined) return {};
  const certificates = await readPem(
    endpoint,
    { path: cert, what: 'client certificate', need: 'the certificate' },
    findCertificates,
  );
  return readPem(
    endpoint,
    { path: key, what: 'client key', need: 'its key, without a passphrase,' },
    (text) => {
      if (text.includes('ENCRYPTED')) throw new Error('it has a passphrase');
      const privateKey = createPrivateKey(text);
      if (!new X509Certificate(certificates[0] ?? '').checkPrivateKey(privateKey))
        throw new Error(`it does not belong to the certificate ${cert}`);
      return { cert: certificates.join('\n'), key: text };
    },
  );
};

interface PemFile {
  readonly path: string;
  readonly what: string;
  readonly need: string;
}

const readPem = async <Content>(
  { name }: Endpoint,
  { path, what, need }: PemFile,
  parse: (text: string) => Content,
): Promise<Content> => {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new SyncError('CONN_TLS', {
      message: isMissing
        ? `${name}: there is no ${what} ${path}`
        : `${name}: cannot use the ${what} ${path}: ${describeEvidence(error)}`,
      hints: [`It must hold ${need} in PEM format (-----BEGIN ...-----).`],
      cause: error,
    });
  }
};
