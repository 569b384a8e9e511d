import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { IS_BUILT, PACKAGE_FOLDER } from '../../lib/files/package-folder.ts';
import { BUILT_HANDLERS, HANDLERS, type HandlerName } from './handlers.ts';

const COMMAND = fileURLToPath(new URL('./bundle-command.ts', import.meta.url));
/** Required by the type but never used: bundling happens on this machine. */
const NO_IMAGE = DockerImage.fromRegistry('none');

/** The code of a function as an asset, identified by its content: bundled now, or when the package was built. */
export function handlerCode(name: HandlerName): Code {
  if (IS_BUILT) return Code.fromAsset(join(PACKAGE_FOLDER, BUILT_HANDLERS, name));
  const entry = join(PACKAGE_FOLDER, 'functions', name, 'handler.ts');
  return Code.fromAsset(dirname(entry), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: NO_IMAGE,
      local: {
        tryBundle: (folder) => {
          const parts = HANDLERS[name].isInParts ? ['in-parts'] : [];
          execFileSync(process.execPath, [COMMAND, entry, folder, ...parts], {
            stdio: ['ignore', 'ignore', 'inherit'],
          });
          return true;
        },
      },
    },
  });
}
