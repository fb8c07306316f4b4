import { type HazardRule, listNames } from './hazard-rule.js';

/** MySQL 9.2 and newer keep code in JavaScript that routines use (CREATE LIBRARY), which no copy carries. */
export const librariesLeft: HazardRule = ({ from, source, target }) => {
  const there = new Set(target?.libraries);
  const left = (source.libraries ?? []).filter((name) => !there.has(name));
  if (left.length === 0) return [];
  return [
    {
      code: 'LIBRARIES_LEFT',
      severity: 'note',
      message: `libraries are not copied: ${listNames(left)}`,
      hint: `Create them on the target, in a database that is there; SHOW CREATE LIBRARY in ${from} prints them. Routines that use them cannot be copied before.`,
    },
  ];
};
