import type { Plugin } from 'esbuild';

const NAMESPACE = 'no-event-streams';

/**
 * Leaves the SDK's event streams out of a bundle, 15 kB. Every client loads them on demand, when an operation streams
 * events; none of DynamoDB's, SQS's and Systems Manager's does.
 */
export const noEventStreams: Plugin = {
  name: NAMESPACE,
  setup(build) {
    build.onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: NAMESPACE } : undefined,
    );
    build.onLoad({ filter: /./, namespace: NAMESPACE }, () => ({
      contents: "throw new Error('bundled without event streams');",
      loader: 'js',
    }));
  },
};
