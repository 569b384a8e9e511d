import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { openInput } from '../../../../../lib/cli/use/input/open-input.ts';

const IMPORT = 'intel import - --source NAME';

describe('openInput', () => {
  it.each<[string, string | undefined, string]>([
    [
      'https://logs.example.org/a',
      undefined,
      'curl -fsSL https://logs.example.org/a | npx threat-consensus push -',
    ],
    [
      'https://lists.example.org/a',
      IMPORT,
      `curl -fsSL https://lists.example.org/a | npx threat-consensus ${IMPORT}`,
    ],
    ['s3://bucket/a', IMPORT, `aws s3 cp s3://bucket/a - | npx threat-consensus ${IMPORT}`],
    ['ftp://example.org/a', IMPORT, 'ftp://example.org/a is a URL: name a file on this machine'],
  ])('says how %s comes to this machine, for the command that is called', async (url, command, advice) => {
    await expect(openInput(url, command)).rejects.toThrow(advice);
  });

  it('sends all files of a folder, and imports none', async () => {
    await expect(openInput(tmpdir())).rejects.toThrow('threat-consensus push {} ');
    await expect(openInput(tmpdir(), IMPORT)).rejects.toThrow(/: name a file in it$/);
  });
});
