/** A change of the product's sources, made while they are bundled, wherever the text stands. */
export interface SourceEdit {
  readonly from: string;
  readonly to: string;
}
