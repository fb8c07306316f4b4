import { expect, test } from 'vitest';
import { createTunnels } from '../../../src/adapters/ssh/tunnels.js';
import { Secret } from '../../../src/core/secret.js';
import { anEndpoint } from '../../support/inventory.js';

test('an endpoint gets the same one each time, because connections are kept for that', () => {
  const tunnels = createTunnels({ variables: {}, canPrompt: false, onBroken: () => undefined });
  const make = () =>
    anEndpoint('target', 'staging', {
      address: { kind: 'tcp', host: 'db', port: 3306, ssh: 'bastion' },
      user: 'tester',
      password: new Secret('not asked for'),
    });
  const endpoint = make();
  const attached = tunnels.attach(endpoint);
  expect(attached.tunnel).toBeDefined();
  expect(tunnels.attach(endpoint)).toBe(attached);
  expect(tunnels.attach(make())).not.toBe(attached);
  tunnels.close();
});
