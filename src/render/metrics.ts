import type { ApplyEnd } from '../core/run/apply-end.js';
import { type DatabaseOutcome, isOfOthers } from '../core/run/outcome.js';
import {
  LAST_SUCCESS,
  type MetricsOwner,
  type SuccessTimes,
  escapeLabel,
} from '../core/run/success-times.js';

interface Gauge {
  readonly name: string;
  readonly help: string;
  /** A line for the run, or one for each database. */
  readonly values: readonly (readonly [database: string | undefined, value: number])[];
}

/** What an apply leaves for node_exporter's textfile collector, in the Prometheus text format 0.0.4. */
export const renderMetrics = (
  {
    outcomes,
    durationMilliseconds,
    exitCode,
  }: Pick<ApplyEnd, 'outcomes' | 'durationMilliseconds' | 'exitCode'>,
  owner: MetricsOwner,
  { earlier, now }: { readonly earlier: SuccessTimes; readonly now: Date },
): string => {
  const seconds = now.getTime() / 1000;
  const applied = outcomes.filter(isApplied).map(({ to }) => [to, seconds] as const);
  const each = (value: (outcome: DatabaseOutcome) => number): Gauge['values'] =>
    outcomes.filter((outcome) => !isOfOthers(outcome)).map((outcome) => [outcome.to, value(outcome)]);
  const gauges: readonly Gauge[] = [
    {
      name: 'mysql_sync_last_run_timestamp_seconds',
      help: 'When the last apply ended.',
      values: [[undefined, seconds]],
    },
    {
      name: 'mysql_sync_last_run_exit_code',
      help: 'Its exit code: 0 is success.',
      values: [[undefined, exitCode]],
    },
    {
      name: 'mysql_sync_last_run_duration_seconds',
      help: 'How long it took.',
      values: [[undefined, durationMilliseconds / 1000]],
    },
    {
      name: 'mysql_sync_database_applied',
      help: '1 when the last apply copied the database, 0 when it failed, was interrupted or did not start.',
      values: each((outcome) => Number(isApplied(outcome))),
    },
    {
      name: 'mysql_sync_database_duration_seconds',
      help: 'How long the database took.',
      values: each((outcome) => outcome.durationMilliseconds / 1000),
    },
    { name: 'mysql_sync_database_rows', help: 'Rows copied.', values: each(({ rows }) => rows) },
    { name: 'mysql_sync_database_bytes', help: 'Bytes copied.', values: each(({ bytes }) => bytes) },
    {
      name: LAST_SUCCESS,
      help: 'When the database was last copied; its age is time() minus this.',
      values: [...new Map([...earlier, ...applied])],
    },
  ];
  return gauges.flatMap((gauge) => renderGauge(gauge, owner)).join('');
};

const isApplied = ({ status }: DatabaseOutcome): boolean => status === 'applied';

const renderGauge = ({ name, help, values }: Gauge, { plan, target }: MetricsOwner): readonly string[] =>
  values.length === 0
    ? []
    : [
        `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`,
        ...values.map(([database, value]) => {
          const labels = { plan, target, ...(database !== undefined && { database }) };
          const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
          return `${name}{${pairs.join(',')}} ${String(value)}\n`;
        }),
      ];
