import type { Plugin } from 'esbuild';

const NAMESPACE = 'no-event-streams';
const REFUSAL = "throw new Error('bundled without event streams');";
/** What S3's client makes use of when it is made. */
const NAMES = `
export const resolveEventStreamSerdeConfig = (config) => config;
export const eventStreamSerdeProvider = () => { ${REFUSAL} };
`;

/**
 * Leaves the SDK's event streams out of a bundle, 15 kB. Every client loads them on demand, when an operation streams
 * events; none of DynamoDB's, SQS's and Systems Manager's does, and of S3's, whose client loads them at once, only the
 * search within an object, which nothing uses.
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
