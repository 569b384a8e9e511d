/** A change of one file of the product, made while it is bundled. */
export interface SourceEdit {
  /** The end of the file's path: `lib/store/keys.ts`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}
