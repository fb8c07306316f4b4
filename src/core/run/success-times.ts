/** Of which plan and target a file of metrics tells. */
export interface MetricsOwner {
  readonly plan: string;
  readonly target: string;
}

/** When each database was last copied, in seconds since 1970. */
export type SuccessTimes = ReadonlyMap<string, number>;

export const LAST_SUCCESS = 'mysql_sync_database_last_success_timestamp_seconds';

const TEXT = String.raw`"((?:[^"\\\n]|\\[\\"n])*)"`;
const LINE = new RegExp(
  `^${LAST_SUCCESS}\\{plan=${TEXT},target=${TEXT},database=${TEXT}\\} (\\d{1,10}(?:\\.\\d{1,3})?)$`,
);

/** As label values of the Prometheus text format have it (0.0.4): those three characters and no others. */
export const escapeLabel = (text: string): string =>
  text.replaceAll(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));

const unescapeLabel = (text: string): string =>
  text.replaceAll(/\\([\\"n])/g, (_, character: string) => (character === 'n' ? '\n' : character));

/**
 * The times that an earlier file of this plan tells. Others may have written it: lines of any other form are left out, and a
 * time to come would hide that nothing is copied any more.
 */
export const readSuccessTimes = (text: string, { plan, target }: MetricsOwner, now: Date): SuccessTimes => {
  const times = text.split('\n').flatMap((line): readonly [string, number][] => {
    const [, ofPlan, ofTarget, database, seconds] = LINE.exec(line) ?? [];
    if (ofPlan !== escapeLabel(plan) || ofTarget !== escapeLabel(target) || database === undefined) return [];
    const time = Number(seconds);
    return time * 1000 <= now.getTime() ? [[unescapeLabel(database), time]] : [];
  });
  return new Map(times);
};
