import { holdsDates } from '../../../../core/server/holds-dates.js';
import type { TableInventory } from '../../../../core/server/inventory.js';
import { COMPUTING_MODES, LENIENT_MODE, STRICT_MODE } from '../../../../core/session/target-modes.js';
import { quoteText } from '../../connection/identifiers.js';
import type { LaneConnection } from '../lanes/lane-connection.js';
import type { Lane } from '../lanes/lanes.js';
import type { EnumForm } from '../statements/transfer-columns.js';

/** What the values depend on that the target works out as rows are written. */
export interface WritingSession {
  readonly mode: string;
  /** Rows are read in it too: TIMESTAMP is text of it. */
  readonly zone: string;
}

const UTC = '+00:00';

export const STRICT_SESSION: WritingSession = { mode: STRICT_MODE, zone: UTC };

export const isStrict = ({ mode }: WritingSession): boolean => mode === STRICT_MODE;

/** The one to begin with. */
export const chooseSession = (table: TableInventory, enums: EnumForm): WritingSession => {
  if (table.computes === 'stored') return { mode: listModes(table)[0] ?? LENIENT_MODE, zone: UTC };
  return table.computes === undefined && enums === 'labels'
    ? STRICT_SESSION
    : { mode: LENIENT_MODE, zone: UTC };
};

const listModes = (table: TableInventory): readonly string[] =>
  COMPUTING_MODES[holdsDates(table) ? 'with-dates' : 'without-dates'];

/** Those in which the rows are written again when the target made others of them, one after the other. */
export const listFurtherSessions = async (
  { source, target }: Lane,
  table: TableInventory,
  first: WritingSession,
): Promise<readonly WritingSession[]> => {
  if (table.computes !== 'stored') return [first];
  const zone = await readZone(source);
  const isKnown = zone !== UTC && (await knowsZone(target, zone));
  const further = listModes(table).slice(1);
  return [...(isKnown ? [{ ...first, zone }] : []), ...further.map((mode) => ({ mode, zone: UTC }))];
};

const knowsZone = async (target: LaneConnection, zone: string): Promise<boolean> => {
  const [row] = await target.queryRows(`SELECT CONVERT_TZ('2020-01-01', '${UTC}', ${quoteText(zone)})`);
  return row?.[0] !== null;
};

/** In which sessions of the source work that ask for no other. That of its machine has no name that the target knows. */
const readZone = async (source: LaneConnection): Promise<string> => {
  const [row] = await source.queryRows('SELECT @@GLOBAL.time_zone');
  const zone = row?.[0]?.toString() ?? UTC;
  if (zone !== 'SYSTEM') return zone;
  await source.run(`SET time_zone = 'SYSTEM'`);
  const [difference] = await source.queryRows('SELECT TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), NOW())');
  await source.run(`SET time_zone = '${UTC}'`);
  const minutes = Number(difference?.[0]?.toString());
  const pad = (number: number): string => String(number).padStart(2, '0');
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${pad(hours)}:${pad(rest)}`;
};

export const enterSession = async (
  { source, target }: Lane,
  { mode, zone }: WritingSession,
): Promise<void> => {
  if (mode !== STRICT_MODE) await target.run(`SET SESSION sql_mode = '${mode}'`);
  if (zone === UTC) return;
  for (const side of [source, target]) await side.run(`SET time_zone = ${quoteText(zone)}`);
};

export const leaveSession = async (
  { source, target }: Lane,
  { mode, zone }: WritingSession,
): Promise<void> => {
  if (mode !== STRICT_MODE) await target.run(`SET SESSION sql_mode = '${STRICT_MODE}'`);
  if (zone === UTC) return;
  for (const side of [source, target]) await side.run(`SET time_zone = '${UTC}'`);
};
