/** Prints the bill of materials: `npm run -s sbom > sbom.cdx.json`. */
import { billText } from './bill-text.ts';

process.stdout.write(await billText());
