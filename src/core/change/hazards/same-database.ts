import type { HazardRule } from './hazard-rule.js';

/** Source and target are one server, by its own identity and not by its address, and the names are the same. */
export const sameDatabase: HazardRule = ({ from, to, sourceServer, targetServer }) => {
  const fold = (name: string): string => (targetServer.lowerCaseTableNames === 0 ? name : name.toLowerCase());
  if (sourceServer.identity !== targetServer.identity || fold(from) !== fold(to)) return [];
  return [
    {
      code: 'SAME_DATABASE',
      severity: 'blocks',
      message: `source and target are the same server, and ${from} would replace itself`,
      hint: 'Point target at another server, or copy under another name with "as".',
    },
  ];
};
