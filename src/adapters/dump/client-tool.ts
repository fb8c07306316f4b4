import { type Flavor, parseFlavor } from '../../core/flavor.js';

/** A client program of either vendor: what it is and which options it takes, by its own words. */
export interface ClientTool {
  /** Absolute path of the program. */
  readonly path: string;
  readonly flavor: Flavor;
  /** Long names of the options that its `--help` lists, without dashes in front. */
  readonly options: ReadonlySet<string>;
}

const OPTION_LINE = /^ {0,2}(?:-\S, )?--([a-z0-9][\w-]*)/gm;

/** Deeper indents are prose, which names options of other programs and versions. Underscores and dashes are equal to the clients. */
export const readOptionNames = (help: string): ReadonlySet<string> =>
  new Set([...help.matchAll(OPTION_LINE)].map(([, name = '']) => name.replaceAll('_', '-')));

/**
 * The release stands after `Distrib` or `from` where there is one; the number after `Ver` is then that of the
 * program alone (`mysqldump  Ver 10.13 Distrib 5.7.41` is MySQL 5.7).
 */
export const readClientFlavor = (versionLine: string): Flavor | undefined => {
  const release = /(?:Distrib|from) (\S+)/.exec(versionLine) ?? /\bVer (\S+)/.exec(versionLine);
  return release?.[1] === undefined ? undefined : parseFlavor(release[1], versionLine);
};
