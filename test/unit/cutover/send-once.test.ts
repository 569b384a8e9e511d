import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { sendOnce } from '../../../lib/cutover/send-once.ts';

/** A client whose every request fails with a retryable error, and its number of requests. */
function failingClient() {
  const sent = { requests: 0 };
  const requestHandler = {
    handle: () => {
      sent.requests++;
      return Promise.reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    },
  };
  const client = new SSMClient({
    region: 'eu-central-1',
    maxAttempts: 3,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: requestHandler as never,
  });
  return { client, sent };
}

describe.each([
  ['a write', () => new PutParameterCommand({ Name: '/settings', Value: '{}', Overwrite: true })],
  ['a deletion', () => new DeleteParameterCommand({ Name: '/settings' }) as never as PutParameterCommand],
])('sendOnce of %s', (_, command) => {
  it('keeps the SDK from repeating what failed', async () => {
    const { client, sent } = failingClient();

    await expect(client.send(sendOnce(command()))).rejects.toThrow('socket hang up');

    expect(sent.requests).toBe(1);
  });

  // Without this, the test above would prove nothing.
  it('is what keeps it: the SDK repeats it otherwise', async () => {
    const { client, sent } = failingClient();

    await expect(client.send(command())).rejects.toThrow('socket hang up');

    expect(sent.requests).toBe(3);
  });
});
