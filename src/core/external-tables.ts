/**
 * Storage engines whose tables show data that is kept elsewhere: in other tables, on other servers, in files. Dump
 * clients of both vendors leave their rows out without a word.
 */
const EXTERNAL_ENGINES: ReadonlySet<string> = new Set([
  ...['MRG_MYISAM', 'MERGE', 'FEDERATED', 'FEDERATEDX', 'SPIDER', 'CONNECT', 'S3', 'OQGRAPH', 'SPHINX', 'VP'],
]);

export const isExternalEngine = (engine: string | undefined): boolean =>
  EXTERNAL_ENGINES.has(engine?.toUpperCase() ?? '');

/** By what the table opens data outside of its database's folder; undefined when it does not. */
export const describeExternal = ({
  engine,
  hasDirectory,
}: {
  readonly engine?: string | undefined;
  readonly hasDirectory?: boolean | undefined;
}): string | undefined => (isExternalEngine(engine) ? engine : hasDirectory ? 'DATA DIRECTORY' : undefined);
