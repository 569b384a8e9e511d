/** What of `package.json` matters here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  /** What the package holds beside `package.json`, README and licence. */
  readonly files: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** What is for a checkout alone. All else is published as it stands. */
const FOR_A_CHECKOUT = [
  'private',
  'scripts',
  'allowScripts',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'exports',
];

/** What is published in place of what a checkout has. */
export interface Published {
  /** Dependencies that have to be installed beside the package. */
  readonly dependencies: readonly string[];
  /** Those that only apps bring which import the package: of the same major version, and not older. */
  readonly peers: readonly string[];
  /** What such apps import, by the name after the package's. */
  readonly exports: Readonly<Record<string, unknown>>;
}

/**
 * `package.json` as it is published: dependencies are bundled, but for a few.
 *
 * @throws {Error} if one of them is none of the dependencies
 */
export function publishedManifest(
  manifest: Manifest,
  { dependencies, peers, exports }: Published,
): Record<string, unknown> {
  const kept = Object.entries(manifest).filter(([key]) => !FOR_A_CHECKOUT.includes(key));
  const versionOf = (name: string) => {
    const version = manifest.dependencies[name];
    if (version === undefined) throw new Error(`${name} is not among the dependencies`);
    return version;
  };
  return {
    ...Object.fromEntries(kept),
    exports,
    dependencies: Object.fromEntries(dependencies.map((name) => [name, versionOf(name)])),
    peerDependencies: Object.fromEntries(peers.map((name) => [name, `^${versionOf(name)}`])),
    peerDependenciesMeta: Object.fromEntries(peers.map((name) => [name, { optional: true }])),
  };
}
