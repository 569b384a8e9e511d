import type { BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';

/**
 * How a handler is bundled, as an ES module.
 * - `mainFields`: with `module` before `main`, the SDK's ES modules can be tree-shaken, which saves a third.
 * - `externalModules`: a function has its credentials in the environment; the SDK loads the providers for profiles,
 *   single sign-on and the like only where there are none, and without them the bundle is a fifth smaller. All else
 *   of the SDK is bundled: what is tested is what runs.
 * - `banner`: CommonJS dependencies call `require`, which ES modules do not have.
 */
export const BUNDLING = {
  target: 'node24',
  mainFields: ['module', 'main'],
  externalModules: ['ini', 'login', 'process', 'sso', 'web-identity'].map(
    (provider) => `@aws-sdk/credential-provider-${provider}`,
  ),
  minify: true,
  sourceMap: true,
  banner:
    "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
} satisfies BundlingOptions;
