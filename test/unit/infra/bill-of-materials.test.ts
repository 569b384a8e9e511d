import { describe, expect, it } from 'vitest';
import { billOfMaterials, type LockedPackages } from '../../../infra/packaging/bill-of-materials.ts';
import { bundledInputs } from '../../../infra/packaging/bundled-inputs.ts';
import lockfile from '../../../package-lock.json' with { type: 'json' };

const APPLICATION = { name: 'own', version: '1.0.0-rc.1', license: 'MIT' };
const LOCKED: LockedPackages = {
  'node_modules/zod': { version: '4.6.7', license: 'MIT', integrity: `sha512-${btoa('hash')}` },
  'node_modules/@scope/part': { version: '1.2.3', license: '(MIT OR Apache-2.0)' },
  'node_modules/zod/node_modules/tslib': { version: '2.3.0', license: '0BSD' },
  'node_modules/emulator/node_modules/tslib': { version: '2.3.0', license: '0BSD' },
  'node_modules/emulator': { version: '5.0.0' },
};

interface Component {
  readonly name: string;
  readonly purl: string;
  readonly properties: readonly { readonly value: string }[];
}

const componentsOf = (bill: object) => (bill as { readonly components: readonly Component[] }).components;

describe('a bill of materials', () => {
  it('names each package once, with its licence, its hash and the bundles that have it', () => {
    const bill = billOfMaterials(
      APPLICATION,
      {
        cli: [
          'lib/a.ts',
          'node_modules/zod/index.js',
          'node_modules/zod/b.js',
          'node_modules/@scope/part/x.js',
        ],
        function: [
          'node_modules/zod/index.js',
          'node_modules/zod/node_modules/tslib/t.js',
          'node_modules/emulator/node_modules/tslib/t.js',
        ],
      },
      ['emulator'],
      LOCKED,
    );

    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component: { type: 'application', purl: 'pkg:npm/own@1.0.0-rc.1' } },
    });
    expect(componentsOf(bill)).toEqual([
      {
        type: 'library',
        'bom-ref': 'pkg:npm/%40scope/part@1.2.3',
        group: '@scope',
        name: 'part',
        version: '1.2.3',
        licenses: [{ expression: '(MIT OR Apache-2.0)' }],
        purl: 'pkg:npm/%40scope/part@1.2.3',
        properties: [{ name: 'threat-consensus:bundle', value: 'cli' }],
      },
      expect.objectContaining({
        purl: 'pkg:npm/emulator@5.0.0',
        properties: [{ name: 'threat-consensus:bundle', value: 'installed beside' }],
      }),
      expect.objectContaining({ name: 'tslib', version: '2.3.0' }),
      expect.objectContaining({
        name: 'zod',
        licenses: [{ license: { id: 'MIT' } }],
        hashes: [{ alg: 'SHA-512', content: '68617368' }],
        properties: ['cli', 'function'].map((value) => ({ name: 'threat-consensus:bundle', value })),
      }),
    ]);
  });

  it('is not made where a package is not in the lockfile', () => {
    const make = () => billOfMaterials(APPLICATION, { cli: ['node_modules/unknown/a.js'] }, [], LOCKED);

    expect(make).toThrow('node_modules/unknown is not in the lockfile');
  });

  it('of this project covers every function, and knows every package in it', async () => {
    const inputs = await bundledInputs();

    const bill = billOfMaterials(APPLICATION, inputs, ['dynalite'], lockfile.packages as LockedPackages);
    const scoring = componentsOf(bill).filter(({ properties }) =>
      properties.some(({ value }) => value === 'score-connections'),
    );
    expect(Object.keys(inputs)).toEqual([
      'package',
      'announce-findings',
      'read-log-file',
      'refresh-feeds',
      'roll-back-cutover',
      'score-connections',
    ]);
    expect(scoring.map(({ name }) => name)).toEqual(expect.arrayContaining(['client-dynamodb', 'zod']));
    // Used only by commands.
    expect(scoring.map(({ name }) => name)).not.toContain('commander');
    expect(componentsOf(bill).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['commander', 'dynalite']),
    );
  });
});
