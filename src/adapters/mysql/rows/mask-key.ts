import { createHash } from 'node:crypto';

/**
 * Sent as a prepared statement, so that the key is in no statement text. Its values are those of `maskKeyValues`. MariaDB would
 * cut an array of JSON that is made of rows; 1 GiB, the longest packet, is the most that its later versions take.
 */
export const maskKeyStatement =
  'SET @mysql_sync_mask_i = UNHEX(?), @mysql_sync_mask_o = UNHEX(?), SESSION group_concat_max_len = 1073741824';

const BLOCK_BYTES = 64;

/** The blocks that HMAC-SHA256 begins its two hashes with (RFC 2104), in hexadecimal: inner and outer. */
export const maskKeyValues = (key: string): [string, string] => {
  const bytes = Buffer.from(key, 'utf8');
  const short = bytes.length > BLOCK_BYTES ? createHash('sha256').update(bytes).digest() : bytes;
  const block = Buffer.concat([short, Buffer.alloc(BLOCK_BYTES - short.length)]);
  const padWith = (pad: number): string => Buffer.from(block.map((byte) => byte ^ pad)).toString('hex');
  return [padWith(0x36), padWith(0x5c)];
};

/**
 * An error of every server (1690, out of range) for a value that is neither NULL nor ''. Without its key a mask
 * would otherwise be NULL, which a copy could take for the value.
 */
export const renderMissing = (value: string): string => `LENGTH(${value}) + 9223372036854775807`;

/** So that one value has unlike masks of unlike kinds. */
export const renderTag = (kind: string): string => `0x${Buffer.from(`${kind}:`).toString('hex')}`;

/**
 * HMAC-SHA256 of the kind and the value, 64 hexadecimal digits. It cannot be kept for a second use within one
 * expression, so that each use is two hashes more.
 *
 * @param bytes SQL of a binary string; NULL gives NULL
 */
export const renderHmac = (kind: string, bytes: string): string =>
  `IFNULL(SHA2(CONCAT(@mysql_sync_mask_o, UNHEX(SHA2(CONCAT(@mysql_sync_mask_i, ${renderTag(kind)}, ${bytes}), 256))), 256), ${renderMissing(bytes)})`;

/** The first 32 bits of a hash as a number. */
export const renderNumber = (hash: string): string => `CAST(CONV(LEFT(${hash}, 8), 16, 10) AS UNSIGNED)`;
