import { expect, test } from 'vitest';
import { describeUnknownConnections } from '../../../src/core/server/unknown-connection.js';

test.each([
  [['prod', 'local'], undefined],
  [[], undefined],
  [['prdo', 'prod'], 'no connection is called "prdo" (did you mean "prod"?)'],
  [['x', 'PROD'], 'no connection is called "x", "PROD" (did you mean "prod"?)'],
])('%j', (names, message) => {
  expect(describeUnknownConnections(names, ['prod', 'local'])?.message).toBe(message);
});
