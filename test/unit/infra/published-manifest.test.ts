import { describe, expect, it } from 'vitest';
import { publishedManifest } from '../../../infra/packaging/published-manifest.ts';

const MANIFEST = {
  name: 'threat-consensus',
  version: '1.2.3',
  private: true,
  license: 'MIT',
  files: ['dist'],
  scripts: { postinstall: 'rm -rf /' },
  exports: { './part': './part.ts' },
  dependencies: { bundled: '1.0.0', needed: '2.0.0', shared: '3.1.0' },
  devDependencies: { tool: '3.0.0' },
  optionalDependencies: { node: '24.0.0' },
};

const PUBLISHED = {
  dependencies: ['needed'],
  peers: ['shared'],
  exports: { './part': './dist/part.js' },
};

describe('the manifest that is published', () => {
  it('has the dependencies that are not bundled, and nothing that is for a checkout', () => {
    expect(publishedManifest(MANIFEST, PUBLISHED)).toEqual({
      name: 'threat-consensus',
      version: '1.2.3',
      license: 'MIT',
      files: ['dist'],
      exports: { './part': './dist/part.js' },
      dependencies: { needed: '2.0.0' },
      peerDependencies: { shared: '^3.1.0' },
      peerDependenciesMeta: { shared: { optional: true } },
    });
  });

  it.each([
    { ...PUBLISHED, dependencies: ['missing'] },
    { ...PUBLISHED, peers: ['missing'] },
  ])('refuses a dependency that the checkout does not have', (published) => {
    expect(() => publishedManifest(MANIFEST, published)).toThrow('missing is not among the dependencies');
  });
});
