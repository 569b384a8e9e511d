import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callWith, jsonLines, ONE_LINE_ERROR, startCall, variablesOf } from '../../fixtures/cli/calls.ts';
import { ACCUSED, connection, ndjson } from '../../fixtures/service/connections.ts';
import {
  EVENTUALLY,
  type ScoringService,
  startScoringService,
} from '../../fixtures/service/scoring-service.ts';

let service: ScoringService;
let place = 0;

beforeAll(async () => {
  service = await startScoringService();
});

afterAll(async () => await service?.stop());

/** A local host calls a malicious address. */
async function callOne(): Promise<string> {
  const address = `203.0.113.${++place}`;
  await service.push(ndjson([connection({ dst_ip: address, threat_intel: ACCUSED })]));
  await service.drained();
  return address;
}

describe('watch', () => {
  it('prints what came since then as JSON, and ends after as many lines as asked for', async () => {
    const address = await callOne();
    const { end, stdout, stderr } = await callWith(variablesOf(service.stack))(
      'watch',
      '--limit',
      '1',
      '--json',
    );

    expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
    expect(jsonLines(stdout)).toMatchObject([
      { address, direction: 'outbound', urgency: 'calling', local_hosts: ['10.20.4.9'] },
    ]);
  });

  it('follows what comes while it runs, each once, and ends well on Ctrl-C', async () => {
    const command = startCall(variablesOf(service.stack), ['watch', '--since', '0m', '--interval', '1']);
    let printed = '';
    command.process.stdout.on('data', (chunk: Buffer) => {
      printed += chunk;
    });
    const addresses = [await callOne(), await callOne()];
    await vi.waitFor(() => {
      for (const address of addresses) expect(printed).toContain(address);
    }, EVENTUALLY);

    command.process.kill('SIGINT');
    const { end } = await command.ended;

    expect(end).toBe(0);
    const lines = printed.trimEnd().split('\n');
    expect(lines.filter((line) => line.includes(addresses[0] ?? ''))).toEqual([
      expect.stringMatching(
        /^\d\d:\d\d:\d\d {2}CALLED {4}[01]\.\d\d {2}outbound {2}203\.0\.113\.\d+ {2}443\/tcp {2}10\.20\.4\.9/,
      ),
    ]);
  });

  it.each([['0'], ['x'], ['9999']])('refuses to look every %s seconds', async (interval) => {
    const { end, stderr } = await callWith({ TABLE_NAME: 'table' })('watch', '--interval', interval);

    expect(end).toBe(2);
    expect(stderr).toMatch(ONE_LINE_ERROR);
  });
});
