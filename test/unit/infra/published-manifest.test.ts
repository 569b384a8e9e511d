import { describe, expect, it } from 'vitest';
import { publishedManifest } from '../../../infra/packaging/published-manifest.ts';

const MANIFEST = {
  name: 'threat-consensus',
  version: '1.2.3',
  private: true,
  license: 'MIT',
  files: ['dist'],
  scripts: { postinstall: 'rm -rf /' },
  dependencies: { bundled: '1.0.0', needed: '2.0.0' },
  devDependencies: { tool: '3.0.0' },
  optionalDependencies: { node: '24.0.0' },
};

describe('the manifest that is published', () => {
  it('has the dependencies that are not bundled, and nothing that is for a checkout', () => {
    expect(publishedManifest(MANIFEST, ['needed'])).toEqual({
      name: 'threat-consensus',
      version: '1.2.3',
      license: 'MIT',
      files: ['dist'],
      dependencies: { needed: '2.0.0' },
    });
  });

  it('refuses a dependency that the checkout does not have', () => {
    expect(() => publishedManifest(MANIFEST, ['missing'])).toThrow('missing is not among the dependencies');
  });
});
