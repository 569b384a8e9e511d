import type { Plugin } from 'esbuild';

const ASKING = /[\\/]@smithy[\\/]core[\\/].*[\\/]getInstanceMetadataRegion\.js$/;

/**
 * Leaves out of a bundle, 1 kB, how the SDK asks an EC2 instance for its region: Lambda has it in the environment. What is
 * left answers as where that service is disabled.
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
