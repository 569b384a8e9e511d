import type { Plugin } from 'esbuild';

const NAMESPACE = 'no-event-streams';
const REFUSAL = "throw new Error('bundled without event streams');";
/** Names that S3's client uses at creation. */
const NAMES = `
export const resolveEventStreamSerdeConfig = (config) => config;
export const eventStreamSerdeProvider = () => { ${REFUSAL} };
`;

/**
 * Leaves the SDK's event streams out of a bundle, 15 kB. Clients load them on demand, for operations that stream
 * events. DynamoDB, SQS and Systems Manager have none; S3's client loads them at once, but only the search within an
 * object needs them, which is not used here.
 */
export const noEventStreams: Plugin = {
  name: NAMESPACE,
  setup(build) {
    build.onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ kind }) => ({
      path: kind === 'dynamic-import' ? 'on demand' : 'at once',
      namespace: NAMESPACE,
    }));
    build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({
      contents: path === 'on demand' ? REFUSAL : NAMES,
      loader: 'js',
    }));
  },
};
