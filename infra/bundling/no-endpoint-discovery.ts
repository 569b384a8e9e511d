import type { Plugin } from 'esbuild';

const NAMESPACE = 'no-endpoint-discovery';

/**
 * Leaves out of a bundle, 8 kB, what DynamoDB's client remembers addresses in that the service hands out where it is asked
 * for some, which is off unless somebody turns it on.
 */
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
