import { expect, it } from 'vitest';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';
import { startScoringService } from '../../fixtures/service/scoring-service.ts';

it.each<[string, Record<string, string>, RegExp]>([
  ['no table', { TABLE_NAME: '' }, /TABLE_NAME: /],
  ['no queue for what is rejected', { REJECTED_QUEUE_URL: 'rejected' }, /REJECTED_QUEUE_URL: /],
  ['a retention that is no number', { RETENTION_DAYS: 'long' }, /RETENTION_DAYS: /],
  ['home networks that are none', { HOME_NETWORKS: '192.0.2.0/24, here' }, /"here" is not a CIDR block/],
  ['several mistakes', { TABLE_NAME: '', RETENTION_DAYS: '0' }, /TABLE_NAME: .*; RETENTION_DAYS: /],
])('with %s the function cannot start, and one line says why', async (_, functionEnvironment, reason) => {
  const started = startScoringService({ functionEnvironment });

  await expect(started).rejects.toMatchObject({
    code: 'function_initialization_failed',
    message: expect.stringMatching(/^The function cannot start: [^\n]+$/),
  });
  await expect(started).rejects.toThrow(reason);
});

it('without a variable the function cannot start, and one line names it', async () => {
  const { TABLE_NAME: _, ...environment } = DEPLOYED.definition.function.environment;
  const definition = { ...DEPLOYED.definition, function: { ...DEPLOYED.definition.function, environment } };

  const started = startScoringService({ definition });

  await expect(started).rejects.toMatchObject({
    code: 'function_initialization_failed',
    message: expect.stringMatching(/^The function cannot start: [^\n]*TABLE_NAME: [^\n]+$/),
  });
});
