import type { DatabaseDefaults, ServerFacts } from '../../../core/server/inventory.js';
import { chooseUtf8Name, renameUtf8, renameUtf8InSql } from '../../../core/sql/utf8-name.js';
import type { ProgramDefinition, TableDefinition } from '../../../engine/ports/server.js';

/** Definitions as one server printed them, with the names of character sets and collations that another one knows. */
export interface Spelling {
  readonly defaults: (defaults: DatabaseDefaults) => DatabaseDefaults;
  readonly table: (definition: TableDefinition) => TableDefinition;
  readonly program: (definition: ProgramDefinition) => ProgramDefinition;
}

export const spellForTarget = ({ collations }: Pick<ServerFacts, 'collations'>): Spelling => {
  const utf8 = chooseUtf8Name(collations);
  return {
    defaults: (defaults) => ({
      ...defaults,
      charset: renameUtf8(defaults.charset, utf8),
      collation: renameUtf8(defaults.collation, utf8),
    }),
    table: (definition) => ({ ...definition, statement: renameUtf8InSql(definition.statement, utf8) }),
    program: (definition) => {
      const { kind, statement, sqlMode, charsetClient, collationConnection, databaseCollation } = definition;
      // Newer servers know both names, and what a person wrote stays as it is where it can.
      const isLeft = kind !== 'view' && utf8 === 'utf8mb3';
      return {
        ...definition,
        statement: isLeft ? statement : renameUtf8InSql(statement, utf8, sqlMode),
        charsetClient: renameUtf8(charsetClient, utf8),
        collationConnection: renameUtf8(collationConnection, utf8),
        ...(databaseCollation === undefined
          ? {}
          : { databaseCollation: renameUtf8(databaseCollation, utf8) }),
      };
    },
  };
};
