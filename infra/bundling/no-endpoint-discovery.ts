import type { Plugin } from 'esbuild';

const NAMESPACE = 'no-endpoint-discovery';

/** Leaves out of a bundle, 8 kB, the cache for DynamoDB's endpoint discovery, which is off by default. */
export const noEndpointDiscovery: Plugin = {
  name: NAMESPACE,
  setup(build) {
    build.onResolve({ filter: /^@aws-sdk\/endpoint-cache$/ }, ({ path }) => ({ path, namespace: NAMESPACE }));
    build.onLoad({ filter: /./, namespace: NAMESPACE }, () => ({
      contents: 'export class EndpointCache {}',
      loader: 'js',
    }));
  },
};
