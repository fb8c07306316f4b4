import { isAnyMatch } from './pattern.js';
import type { TableRules } from './sync-plan.js';

type LeftOut = Required<Pick<TableRules, 'only' | 'exclude'>>;

/** Does the plan leave the table as it is on the target? */
export const isTableLeftOut = (rules: LeftOut, table: string): boolean =>
  (isOfSomeTables(rules) && !isAnyMatch(rules.only, table)) || isAnyMatch(rules.exclude, table);

/** Are only some tables copied? What belongs to none of them stays as it is then. */
export const isOfSomeTables = ({ only }: Pick<LeftOut, 'only'>): boolean => only.length > 0;
