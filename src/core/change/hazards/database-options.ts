import { describeFlavor } from '../../flavor.js';
import { supports } from '../../server/features.js';
import type { HazardRule, Situation } from './hazard-rule.js';

/** What MySQL keeps of a database beside its character set: whether it is encrypted by default, and read only. */
export const databaseOptions: HazardRule = (situation) => [
  ...readOnlyTarget(situation),
  ...readOnlySource(situation),
  ...encryptedByDefault(situation),
];

const readOnlyTarget: HazardRule = ({ target }) =>
  target?.isReadOnly
    ? [
        {
          code: 'DATABASE_READ_ONLY',
          severity: 'blocks',
          message: `${target.name} is READ ONLY on the target`,
          hint: 'Make it writable there (ALTER DATABASE ... READ ONLY = 0).',
        },
      ]
    : [];

/** A copy that is read only could not be overwritten by the next apply. */
const readOnlySource: HazardRule = ({ source }) =>
  source.isReadOnly
    ? [
        {
          code: 'READ_ONLY_NOT_COPIED',
          severity: 'note',
          message: `${source.name} is READ ONLY on the source, and its copy is not`,
          hint: 'Set it after the copy (ALTER DATABASE ... READ ONLY = 1); before the next copy it has to be writable.',
        },
      ]
    : [];

const canEncrypt = ({ targetServer }: Situation): boolean =>
  supports(targetServer.flavor, 'databaseEncryption');

const encryptedByDefault: HazardRule = (situation) => {
  const { source, targetServer } = situation;
  if (!source.isEncrypted) return [];
  return [
    {
      code: 'ENCRYPTED_BY_DEFAULT',
      severity: 'note',
      message: canEncrypt(situation)
        ? `new tables of ${source.name} are encrypted unless they say otherwise (DEFAULT ENCRYPTION = 'Y'), on the target too`
        : `new tables of ${source.name} are encrypted unless they say otherwise (DEFAULT ENCRYPTION = 'Y'), and ${describeFlavor(targetServer.flavor)} has no such default`,
      hint: canEncrypt(situation)
        ? 'The target needs a keyring to make such tables.'
        : 'Encrypt them there some other way if that matters.',
    },
  ];
};
