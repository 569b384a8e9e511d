import type { Plugin } from 'esbuild';

/** The SDK's own SHA-256, SHA-1, MD5 and CRC-32, for runtimes without them. */
const FALLBACK =
  /[\\/](?:@smithy[\\/]core|@aws-sdk[\\/]checksums)[\\/].*[\\/](Sha256Js|Sha1Js|Md5Js|Crc32Js)\.js$/;

/**
 * Leaves JavaScript checksums out of a bundle, 5 kB, and 8 kB with S3's client: Node has its own, which the SDK
 * prefers. The classes stay, so that they can be referenced, and throw when used.
 */
export const nativeChecksums: Plugin = {
  name: 'native-checksums',
  setup(build) {
    build.onLoad({ filter: FALLBACK }, ({ path }) => {
      const [, name] = FALLBACK.exec(path) ?? [];
      const refuse = "constructor() { throw new Error('bundled without checksums in JavaScript'); }";
      return { contents: `export class ${name} { ${refuse} }`, loader: 'js' };
    });
  },
};
