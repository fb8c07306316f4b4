import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromDocument, toDocument } from '../../src/core/document.js';

test('keys are in snake case at every depth, values as they are', () => {
  expect(toDocument({ isProtected: true, list: [{ writtenAt: 'isProtected' }], exit_code: null })).toEqual({
    is_protected: true,
    list: [{ written_at: 'isProtected' }],
    exit_code: null,
  });
});

test('a document gives back what it was made of', () => {
  const key = fc.stringMatching(/^[a-z]+([A-Z][a-z]+)*$/);
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(key, tie('value'), { noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, (made) => {
      expect(fromDocument(toDocument(made))).toEqual(made);
    }),
  );
});

test('a key that would take the place of another one is left out', () => {
  const text = '{"is_protected": true, "isProtected": false, "__proto__": {"access": "read-write"}}';
  const value = fromDocument<{ isProtected?: boolean; access?: string }>(JSON.parse(text) as object);
  expect([value.isProtected, value.access]).toEqual([true, undefined]);
});
