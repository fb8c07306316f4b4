/** Which family of servers, decided by the server's own words and never by its number (hazard: MySQL 26.7). */
export type Vendor = 'mysql' | 'mariadb';

export interface Flavor {
  readonly vendor: Vendor;
  /** Major, minor, patch. */
  readonly version: readonly [number, number, number];
}

const NUMBERS = /(\d+)\.(\d+)(?:\.(\d+))?/;

/**
 * Reads `@@version` and `@@version_comment`. MariaDB says its name in one of them; replication handshakes prefix
 * its version with `5.5.5-`. Forks of MySQL (Percona, Aurora) count as MySQL.
 */
export const parseFlavor = (version: string, versionComment: string): Flavor => {
  const vendor: Vendor = /mariadb/i.test(`${version} ${versionComment}`) ? 'mariadb' : 'mysql';
  const match = NUMBERS.exec(version.replace(/^5\.5\.5-(?=\d)/, ''));
  const part = (index: number): number => Number(match?.[index] ?? 0);
  return { vendor, version: [part(1), part(2), part(3)] };
};

type FirstVersion = 'always' | 'never' | readonly [major: number, minor: number, patch?: number];

/** The first version of each vendor that has something. `always`: every version that is supported. */
export type Since = Readonly<Record<Vendor, FirstVersion>>;

/** What has a version is a row of a table: `core/server/features.ts` or `column-types.ts`. */
export const isAtLeast = ({ vendor, version }: Flavor, since: Since): boolean => {
  const first = since[vendor];
  if (typeof first === 'string') return first === 'always';
  const wanted = [...first, 0, 0];
  const index = version.findIndex((number, position) => number !== wanted[position]);
  return index === -1 || (version[index] ?? 0) > (wanted[index] ?? 0);
};

export const VENDOR_LABELS: Record<Vendor, string> = { mysql: 'MySQL', mariadb: 'MariaDB' };

/** `MariaDB 10.11.19` */
export const describeFlavor = ({ vendor, version }: Flavor): string =>
  `${VENDOR_LABELS[vendor]} ${version.join('.')}`;

/** The versions the tool was made for; below them it refuses. */
export const isSupported = (flavor: Flavor): boolean =>
  isAtLeast(flavor, { mysql: [5, 7], mariadb: [10, 0] });

/** What crosses between vendors is converted; within one the server's own words are taken. */
export const isSameVendor = (
  source: { readonly flavor: Flavor },
  target: { readonly flavor: Flavor },
): boolean => source.flavor.vendor === target.flavor.vendor;
