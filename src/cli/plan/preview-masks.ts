import { findMaskHazards } from '../../core/change/hazards/masks.js';
import { masksOfTable } from '../../core/change/plan-masks.js';
import { SyncError } from '../../core/errors.js';
import type { ExitName } from '../../core/exit-codes.js';
import { suggestNearest } from '../../core/nearest.js';
import { isTableMatch, parseTablePattern } from '../../core/plan/column-pattern.js';
import { makePrintable } from '../../core/printable.js';
import type { DatabaseName } from '../../core/names.js';
import type { CopyTable } from '../../engine/ports/rows.js';
import type { SourceServer } from '../../engine/ports/server.js';
import { formatPlural } from '../../core/plural.js';
import { type PreviewedTable, renderPreview } from '../../render/mask-preview.js';
import type { Screen } from '../frame/screen.js';
import { type MaskServices, type SourceOfPlan, withSource } from './mask-source.js';

interface MaskedTable extends CopyTable {
  readonly database: DatabaseName;
  readonly masks: NonNullable<CopyTable['masks']>;
}

/**
 * Shows rows of the source before and after their masks to a person who has said yes to it. Values go to the terminal and
 * nowhere else: no pipe, no JSON, no log.
 */
export const previewMasks = async (
  services: MaskServices,
  file: string,
  { table: written, rows }: { readonly table: string | undefined; readonly rows: number },
  screen: Screen,
): Promise<ExitName> => {
  if (!screen.canPrompt || !screen.output.isTerminal)
    throw new SyncError('APPROVAL_REQUIRED', {
      message: 'mask preview shows values as they are on the source, and does so on a terminal only',
      hints: ['Call it at a terminal, without --json, --no-input or a pipe.'],
    });
  return withSource<ExitName>(services, file, screen, async (found, server) => {
    const tables = chooseTables(found, written);
    refuseUnfit(found, tables);
    const what = tables.length === 1 ? tables.map(nameOf).join('') : formatPlural(tables.length, 'table');
    const prompts = await services.person.prompts();
    const isMeant = await prompts.yesNo(
      `Show values of ${makePrintable(what)} as they are on ${makePrintable(found.plan.source.name)}, personal data, on this screen?`,
    );
    if (!isMeant) throw new SyncError('APPROVAL_DECLINED', { message: 'Aborted. Nothing was shown.' });
    screen.print(renderPreview(await readTables(found, server, tables, rows), screen.output));
    return 'done';
  });
};

const nameOf = ({ database, table }: MaskedTable): string => `${database}.${table.name}`;

/** @throws SyncError SELECTION_INVALID where no masked table has such a name */
const chooseTables = (
  { planned, databases, selected }: SourceOfPlan,
  written: string | undefined,
): readonly MaskedTable[] => {
  const all = databases.flatMap(({ name: database, tables }) =>
    tables.flatMap((table): readonly MaskedTable[] => {
      const masks = masksOfTable(planned, database, table.name);
      const where = selected.find(({ from }) => from === database)?.rules.tables.where ?? {};
      return masks
        ? [
            {
              database,
              table,
              masks,
              where: Object.hasOwn(where, table.name) ? (where[table.name] ?? null) : null,
            },
          ]
        : [];
    }),
  );
  const pattern = written === undefined ? {} : parseTablePattern(written);
  const chosen = all.filter(
    (one) => pattern && isTableMatch(pattern, { database: one.database, table: one.table.name }),
  );
  if (chosen.length > 0) return chosen;
  const nearest = written === undefined ? undefined : suggestNearest(written, all.map(nameOf));
  throw new SyncError('SELECTION_INVALID', {
    message:
      written === undefined
        ? 'no table of the plan has a masked column'
        : `no masked table of the plan is ${written}${nearest === undefined ? '' : `; ${nearest}`}`,
    hints: ['Tables are named DATABASE.TABLE or TABLE, and may be globs.'],
  });
};

/** What the source cannot compute cannot be shown. */
const refuseUnfit = ({ masks }: SourceOfPlan, tables: readonly MaskedTable[]): void => {
  const wrong = tables.flatMap(({ database, table }) => {
    const own = masks.get(database);
    if (!own) return [];
    const columns = own.columns.filter((column) => column.table === table.name);
    const refused = own.refused.filter((one) => one.table === table.name);
    return findMaskHazards({ ...own, columns, refused }, false).filter(({ code }) => IMPOSSIBLE.has(code));
  });
  if (wrong.length === 0) return;
  throw new SyncError('INPUT_INVALID', {
    message: wrong.map(({ message }) => message).join('; '),
    hints: [...new Set(wrong.map(({ hint }) => hint))],
  });
};

const IMPOSSIBLE: ReadonlySet<string> = new Set(['MASK_UNFIT', 'MASK_REFUSED']);

const readTables = async (
  { plan }: SourceOfPlan,
  server: SourceServer,
  tables: readonly MaskedTable[],
  most: number,
): Promise<readonly PreviewedTable[]> => {
  const snapshot = await server.openSnapshot(plan.mask?.key);
  try {
    const previewed: PreviewedTable[] = [];
    for (const one of tables)
      previewed.push({
        name: nameOf(one),
        columns: one.masks.columns,
        rows: await snapshot.previewRows(one.database, one, most),
      });
    return previewed;
  } finally {
    await snapshot.close();
  }
};
