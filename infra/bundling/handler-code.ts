import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';

const COMMAND = fileURLToPath(new URL('./bundle-command.ts', import.meta.url));
/** Asked for, and never used: bundling happens on this machine. */
const NO_IMAGE = DockerImage.fromRegistry('none');

/**
 * The code of a function as an asset, known by what is in it.
 *
 * @param name folder below `functions/`
 * @param isInParts whether what it imports only now and then is apart
 */
export function handlerCode(name: string, isInParts = false): Code {
  const entry = fileURLToPath(new URL(`../../functions/${name}/handler.ts`, import.meta.url));
  return Code.fromAsset(dirname(entry), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: NO_IMAGE,
      local: {
        tryBundle: (folder) => {
          execFileSync(process.execPath, [COMMAND, entry, folder, ...(isInParts ? ['in-parts'] : [])], {
            stdio: ['ignore', 'ignore', 'inherit'],
          });
          return true;
        },
      },
    },
  });
}
