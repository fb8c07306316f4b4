export const PROGRAM_KINDS = [
  'function',
  'procedure',
  'package',
  'package body',
  'view',
  'trigger',
  'event',
] as const;

export type ProgramKind = (typeof PROGRAM_KINDS)[number];
