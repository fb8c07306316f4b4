import type { ColumnInventory } from '../server/inventory.js';
import { columnTypeOf } from '../sql/column-types.js';
import type { MaskRule, PlainMask } from './mask-rule.js';

/** Masks that suit a column by its type alone, the best first. */
export const rulesForType = (
  { dataType, isNotNull }: Pick<ColumnInventory, 'dataType' | 'isNotNull'>,
  isUnique: boolean,
): readonly MaskRule[] => {
  const plain = listPlain(dataType, isUnique).map((kind): MaskRule => ({ kind }));
  return isNotNull !== true && !isUnique ? [...plain, { kind: 'null' }] : plain;
};

const listPlain = (dataType: string, isUnique: boolean): readonly PlainMask[] => {
  switch (columnTypeOf(dataType)?.family) {
    case 'integer':
      return isUnique ? ['id'] : ['number', 'id'];
    case 'decimal':
    case 'floating':
      return ['number'];
    case 'temporal':
      return ['date'];
    case 'text':
      return isUnique ? ['token', 'id'] : ['text', 'token'];
    case 'bytes':
      return ['token', 'id'];
    case 'address':
      return dataType === 'uuid' ? ['uuid'] : ['ip'];
    default:
      return [];
  }
};
