import type { Plugin } from 'esbuild';

const ASKING = /[\\/]@smithy[\\/]core[\\/].*[\\/]getInstanceMetadataRegion\.js$/;

/**
 * Leaves out of a bundle, 1 kB, how the SDK reads the region from an EC2 instance: Lambda has it in the environment.
 * The stub answers as if that service were disabled.
 */
export const regionOfEnvironment: Plugin = {
  name: 'region-of-environment',
  setup(build) {
    build.onLoad({ filter: ASKING }, () => ({
      contents: 'export const getInstanceMetadataRegion = async () => undefined;',
      loader: 'js',
    }));
  },
};
