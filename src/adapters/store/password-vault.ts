import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { ConnectionName } from '../../core/names.js';
import type { PasswordStorage } from '../../core/server/connection.js';
import { SyncError } from '../../core/errors.js';
import { Secret } from '../../core/secret.js';
import { quoteShellWord, suggestCommand } from '../../core/shell-word.js';
import { KEY_BYTES, createKeyFile, readKeyFile } from './key-file.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A password as it stands in the database. */
export interface KeptPassword {
  readonly storage: PasswordStorage;
  /** Base64: of nonce, tag and ciphertext, or of the password itself; nothing where there is none. */
  readonly text: string;
}

export const NO_PASSWORD: KeptPassword = { storage: 'none', text: '' };

/** Turns passwords into what may stand in the database, and back. */
export interface PasswordVault {
  keep(name: ConnectionName, password: Secret, storage: PasswordStorage): Promise<KeptPassword>;
  /** Rejects with CONN_PASSWORD when the key is not the one that the password was encrypted with. */
  reveal(name: ConnectionName, kept: KeptPassword): Promise<Secret>;
}

/** The key is a file of 32 random bytes, mode 0600, made when the first password is kept. */
export const createPasswordVault = (keyFile: string, warn: (line: string) => void): PasswordVault => ({
  keep: async (name, password, storage) => {
    if (password.reveal() === '') return NO_PASSWORD;
    if (storage === 'base64') return { storage, text: Buffer.from(password.reveal()).toString('base64') };
    const key = (await readKey(keyFile, warn)) ?? (await createKeyFile(keyFile));
    return { storage, text: encrypt(key, name, password) };
  },
  reveal: async (name, { storage, text }) => {
    if (storage === 'none') return new Secret('');
    const bytes = Buffer.from(text, 'base64');
    if (storage === 'base64') return new Secret(bytes.toString('utf8'));
    const key = await readKey(keyFile, warn);
    if (!key) throw describeUnreadable(name, `its key ${keyFile} is missing`);
    try {
      return decrypt(key, name, bytes);
    } catch (error) {
      throw describeUnreadable(name, `it was encrypted with another key than ${keyFile}`, error);
    }
  },
});

// The connection's name is authenticated with the password, so that nobody can give one connection another's.
const encrypt = (key: Buffer, name: ConnectionName, password: Secret): string => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(name));
  const ciphertext = Buffer.concat([cipher.update(password.reveal(), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString('base64');
};

const decrypt = (key: Buffer, name: ConnectionName, bytes: Buffer): Secret => {
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(name))
    .setAuthTag(tag);
  const ciphertext = bytes.subarray(NONCE_BYTES + TAG_BYTES);
  return new Secret(Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8'));
};

const readKey = async (keyFile: string, warn: (line: string) => void): Promise<Buffer | undefined> => {
  const key = await readKeyFile(keyFile, warn);
  if (key === undefined || key.length === KEY_BYTES) return key;
  const word = quoteShellWord(keyFile);
  throw new SyncError('CONN_PASSWORD', {
    message: `the key of the kept passwords is damaged: ${keyFile} has ${key.length} bytes, not ${KEY_BYTES}`,
    hints: [
      `Put it back from a backup, or move it aside:  mv ${word} ${quoteShellWord(`${keyFile}.damaged`)}`,
      'Then enter the passwords again:  mysql-sync connections add NAME --replace',
    ],
  });
};

const describeUnreadable = (name: ConnectionName, reason: string, cause?: unknown): SyncError =>
  new SyncError('CONN_PASSWORD', {
    message: `${name}: the kept password cannot be read: ${reason}`,
    hints: [
      `Enter it again:      ${suggestCommand`connections add ${name} --replace`}`,
      `Without a terminal:  ${suggestCommand`connections add ${name} --replace --password-stdin`}`,
    ],
    cause,
  });
